"""What a learning platform can mark by itself: fields with a right value, known mistakes and points.

A part is one field, or a field for each cell of an array. Parts that no comparison of values can judge (expressions,
proofs, code) have none; a person marks them, with the notes of `Block`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from assignments.documents.contents import Asked
from assignments.exports import amounts
from assignments.exports.markup import identifier
from problem_bank.answers import Integer
from problem_bank.exercise import Part


@dataclass(frozen=True)
class Mistake:
    """The value that a misconception leads to. `credit` is the share of the points that it keeps.

    `value` and `feedback` are as in `Field`; `names` are all misconceptions that lead there.
    """

    value: Fraction | str
    feedback: str
    credit: Fraction
    margin: Fraction
    names: tuple[str, ...]

    @property
    def typed(self) -> str:
        """The value as it is typed into a field."""
        return self.value if isinstance(self.value, str) else amounts.decimal(self.value)


@dataclass(frozen=True)
class Field:
    """One place to fill in.

    `kind` is number (`right` is exact, right within `margin`), choice (`right` is the number of one of `options`),
    several (`right` names any of the `options`, which count by the `rule`) or text (`right` in all `spellings`).
    Feedback and options are Markdown.
    """

    name: str
    kind: str
    points: Fraction
    right: Fraction | str
    margin: Fraction = Fraction(0)
    mistakes: tuple[Mistake, ...] = ()
    options: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True)
class Note:
    """A known mistake in words: its value as it would be typed, and what it still earns."""

    name: str
    value: str
    feedback: str
    points: Fraction


@dataclass(frozen=True)
class Block:
    """One part: what is asked (Markdown), its fields row by row (none where a person marks it), and the key.

    `notes` are the misconceptions that have a value here, and `values` these values.
    """

    asked: Asked
    part: Part
    points: Fraction
    grid: tuple[tuple[Field, ...], ...]
    key: str
    notes: tuple[Note, ...]
    values: tuple[Any, ...]

    @property
    def name(self) -> str:
        """The part's name."""
        return self.part.name

    @property
    def place(self) -> str:
        """Its number in the question: 1, 2, ..."""
        return self.asked.number.rpartition(".")[2]

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, in reading order."""
        return tuple(field for row in self.grid for field in row)

    @property
    def prompt(self) -> str:
        """Number, text, points, and the lines to choose from where no field lists them (Markdown)."""
        lines = [] if self.fields else [f"- ({letter}) {text}" for letter, text in self.asked.options]
        head = f"**{self.asked.number}** {self.asked.prompt} ({self.asked.points})"
        return "\n\n".join([head, "\n".join(lines)]).rstrip()

    @property
    def hint(self) -> str:
        """What to type here."""
        if self.fields and self.fields[0].options:
            return ""
        decimals = self.fields and self.fields[0].kind == "number" and not isinstance(self.part.answer, Integer)
        return amounts.HINT if decimals else self.asked.hint


@dataclass(frozen=True)
class Entry:
    """One question of one variant. `prompt` (with the question's own text) and `solution` are Markdown.

    `pictures` are the SVG files that they show, by name.
    """

    id: str
    variant: str
    title: str
    points: Fraction
    prompt: str
    solution: str
    blocks: tuple[Block, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Question and variant as one identifier, the same in every run."""
        return identifier(f"{self.id}_{self.variant}")
