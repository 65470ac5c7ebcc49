"""Who is in the demo class, and what each of them hands in.

Answers are made from the student's own sheet: the key, bent by the misconceptions that the families
know. Code is the reference layer with a fault planted in it.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assignments.handouts import handouts
from assignments.sheet import Item, Sheet
from problem_bank.exercise import Part

Answers = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Person:
    """A student of the demo.

    `slips` are misconceptions answered, by question.part; `typed` are raw answers in place of the
    key; `blank` are questions left out. `code` replaces a text in the reference layer by another;
    None hands in no module.
    """

    id: str
    name: str
    story: str
    slips: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    code: tuple[str, str] | None = ("", "")


FORWARD = 'x @ self.params["weight"].T + self.params["bias"]'

CLASS = (
    Person("ada", "Ada Lovelace", "knows everything"),
    Person(
        "emmy",
        "Emmy Noether",
        "flips the kernel",
        slips={"q3a.Y": "flipped"},
        code=("rows.T @ x ", "rows.T @ x / len(rows) "),
    ),
    Person(
        "alan",
        "Alan Turing",
        "forgets the biases",
        slips={"q6a.dense": "no_bias", "q6a.conv": "no_bias"},
        code=(FORWARD, 'x @ self.params["weight"].T'),
    ),
    Person(
        "kurt",
        "Kurt Gödel",
        "writes what cannot be read, and a module that crashes",
        typed={"q3a.size": "about nine numbers", "q6a.dense": "many"},
        code=("import numpy as np", "import numpy as np\n\nnp.zeros(3)[7]"),
    ),
    Person(
        "grace",
        "Grace Hopper",
        "forgets the 2 of the penalty, and to hand in the module",
        slips={"q1a.gradient": "no_two"},
        code=None,
    ),
    Person(
        "john",
        "John von Neumann",
        "leaves questions out, and loops for ever",
        blank=("q4", "q5a"),
        code=("self._x = x", "while True:\n            self._x = x"),
    ),
)
ABSENT = ("blaise", "Blaise Pascal")


def answers(person: Person, sheet: Sheet) -> Answers:
    """What this person answers to their own sheet."""
    return {
        item.id: {part.name: _answer(person, item, part) for part in item.variant.parts if part.answer.kind != "code"}
        for item in sheet.items
        if item.id not in person.blank
    }


def _answer(person: Person, item: Item, part: Part) -> Any:
    """The raw answer to one part: typed, bent by a misconception, or the key."""
    name = f"{item.id}.{part.name}"
    if name in person.typed:
        return person.typed[name]
    if name not in person.slips:
        return part.answer.show(part.answer.key)
    bent = {slip.name: slip for slip in part.misconceptions}[person.slips[name]]
    return part.answer.show(bent.worked(item.variant.exercise.keys()))


def module(person: Person) -> str | None:
    """The modules.py of this person; None where none is handed in."""
    from solutions.numpy_nn import linear

    if person.code is None:
        return None
    source, (old, new) = inspect.getsource(linear), person.code
    if old not in source:
        raise ValueError(f"the reference layer holds no {old!r} to plant a fault in")
    return source.replace(old, new, 1) if old else source


def write(person: Person, sheet: Sheet, folder: Path) -> None:
    """Write this person's submission to folder/<id>/."""
    place = folder / person.id
    place.mkdir(parents=True, exist_ok=True)
    (place / "answers.toml").write_text(_toml(answers(person, sheet)), "utf-8")
    source = module(person)
    if source is not None and "modules.py" in handouts(sheet):
        (place / "modules.py").write_text(source, "utf-8")


def _toml(tables: Answers) -> str:
    """The tables as TOML; JSON's texts are TOML's too."""
    lines = []
    for question, table in tables.items():
        lines += [f"[{question}]", *(f"{name} = {json.dumps(value)}" for name, value in table.items()), ""]
    return "\n".join(lines)
