"""What is run of a submission to an otter assignment: the cells of its notebook, or its script."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from grader.contents import printable
from grader.notebook import code, read_cells
from grader.tables import Sheetful
from grader.text import decode

_BEGIN, _END = "<!-- BEGIN QUESTION -->", "<!-- END QUESTION -->"
_CHECK = re.compile(r"\.check\(")
_TITLE = 60  # characters of a question that is named


class Unfit(ValueError):
    """Nothing can be run; the message says why, and what to hand in."""


@dataclass(frozen=True)
class Step:
    """One cell (or the whole script), and the questions that its metadata ask to be tested after it."""

    name: str
    source: str
    checks: tuple[str, ...] = ()

    @property
    def seeded(self) -> bool:
        """Is the seed set before it? Not before a cell that is no Python."""
        return not self.source.startswith("%%")


@dataclass(frozen=True)
class HandedIn:
    """The file that is run, its steps, and the questions in it that a person grades."""

    file: str
    steps: tuple[Step, ...]
    manual: tuple[str, ...] = ()


def handed_in(files: Mapping[str, bytes], ours: Collection[str], assignment: str | None) -> HandedIn:
    """The notebook in these files, or else the one script; `ours` came with the autograder.

    Of several notebooks the one that names the assignment counts. Raises Unfit.
    """
    top = [name for name in files if "/" not in name and name not in ours]
    books = [name for name in top if name.lower().endswith(".ipynb")]
    if books:
        return _notebook(files, books, assignment)
    scripts = [name for name in top if name.lower().endswith(".py") and name != "__init__.py"]
    if len(scripts) != 1:
        raise Unfit(f"{_several(scripts)} there is no notebook. Hand in the notebook of this assignment")
    return HandedIn(scripts[0], (Step(scripts[0], decode(files[scripts[0]])[0]),))


def _notebook(files: Mapping[str, bytes], books: list[str], assignment: str | None) -> HandedIn:
    read = {name: _read(name, files[name]) for name in books}
    fitting = [name for name in books if assignment is None or _assignment(read[name][0]) == assignment]
    if not fitting:
        other = _assignment(read[books[0]][0])
        raise Unfit(f"{books[0]} belongs to “{other}”; this is “{assignment}”. Hand in the notebook of this assignment"
                    if other else f"{books[0]} does not say that it belongs to “{assignment}”")  # fmt: skip
    if len(fitting) > 1:
        raise Unfit(f"{_several(fitting)} only one notebook can be graded. Hand in that one alone")
    cells = read[fitting[0]][1]
    steps = [step for number, cell in enumerate(cells, 1) if (step := _step(number, cell))]
    return HandedIn(fitting[0], tuple(steps), tuple(_manual(cells)))


def _several(names: list[str]) -> str:
    shown = ", ".join(sorted(names)[:5])
    return f"The submission holds {shown};" if names else "The submission holds nothing that can be run;"


def _read(name: str, data: bytes) -> tuple[Mapping[str, Any], list[Any]]:
    source = Sheetful(name)
    notebook = read_cells(data, source)
    if source.notes:
        raise Unfit(str(source.notes[0]))
    return notebook


def _assignment(metadata: Mapping[str, Any]) -> str | None:
    name = _inner(metadata, "otter").get("assignment_name")
    return printable(name) if isinstance(name, str) else None


def _step(number: int, cell: Any) -> Step | None:
    """What is run for a cell; nothing for text, and for a cell that is marked to be ignored."""
    metadata = _inner(cell, "metadata")
    own, tags = _inner(metadata, "otter"), metadata.get("tags")
    if own.get("ignore") or (isinstance(tags, list) and "otter_ignore" in tags):
        return None
    tests = own.get("tests")
    checks = tuple(test for test in tests if isinstance(test, str)) if isinstance(tests, list) else ()
    source = code(cell)
    return Step(f"cell {number}", source, checks) if source.strip() or checks else None


def _manual(cells: list[Any]) -> list[str]:
    """The first lines of questions that are marked for export and never checked: a person grades those."""
    found: list[str] = []
    title = ""
    for cell in cells:
        text = _text(cell)
        if _END in text or (title and _CHECK.search(text)):
            found += [title] if title and _END in text else []
            title = ""
        if _BEGIN in text:
            lines = text.partition(_BEGIN)[2].replace("*", "").replace("#", "").split("\n")
            title = printable(next((line.strip() for line in lines if line.strip()), "a question"))[:_TITLE]
    return found + ([title] if title else [])


def _text(cell: Any) -> str:
    source = cell.get("source") if isinstance(cell, dict) else ""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _inner(table: Any, name: str) -> Mapping[str, Any]:
    """A table within a table; an empty one where there is none."""
    inner = table.get(name) if isinstance(table, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}
