"""A table of steps, one row each, in which every row is worked from the one before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from problem_bank.answers.answer import Match, Samples
from problem_bank.answers.array import Array
from problem_bank.answers.rows import read_rows
from problem_bank.values import Matrix, Number, Vector, entries

Step = Callable[[int, Vector], Vector | None]
"""The right row at this place (1 is the second one), from the row before it; None where that makes it trivial."""


@dataclass(frozen=True)
class Table(Array):
    """So many `rows` of numbers under named `columns`. A cell counts if it is right, or follows from the row before.

    `step` is the rule from row to row, for whatever numbers a student wrote, so that a slip costs the cells of its
    own row alone. With `start`, the state before the first row, the last columns hold a state that is carried on, and
    one of their cells that rightly repeats what was there before earns nothing: copying is no work. The others earn
    credit beyond what a guess would, as in an array; rows at the end may be missing.

    Readable are lists of rows, lines of text such as "1, 0, [1, 2]", CSV and Markdown, and rows whose
    cells have the names of the columns; a vector `w` fills w1, w2, ...
    """

    kind: ClassVar[str] = "table"
    private: ClassVar[tuple[str, ...]] = ("key", "tolerance", "step", "start")
    slips_add_up: ClassVar[bool] = True  # each costs the cells that it gets wrong
    ndim: int = 2
    columns: tuple[str, ...] = ()
    rows: int = 0
    step: Step | None = None
    start: Vector = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", self.rows or len(self.key))

    def parse(self, raw: Any) -> Matrix:
        return read_rows(raw, self.columns)

    def compare(self, value: Matrix) -> Match:
        basis = self._basis
        if len(value) > len(self.key):
            return Match(0, f"Your table has {len(value)} rows; there are fewer steps.", basis)
        counted = list(self._counted(value))
        right = sum(map(sum, counted))
        if right == len(tuple(entries(self.key))):
            return Match(1, basis=basis)
        first = next((i for i, row in enumerate(counted) if not all(row)), len(value))
        fault = "is the first that goes wrong" if first < len(value) else "is missing"
        cells = f"{right} of {len(self.key) * len(self.columns)} entries"
        remark = f"Row {first + 1} {fault}; {cells} are right, or follow from your own row before."
        return Match(self._earned(value, counted), remark, basis)

    @property
    def hint(self) -> str:
        cells = ", ".join(self.columns)
        return f"a row for each step, [[{cells}], [{cells}], ...], or a line of text for each"

    def samples(self) -> Samples:
        lines = [self.show(row)[1:-1] for row in self.key]
        named = [dict(zip(self.columns, map(str, row), strict=True)) for row in self.key]
        marked = "\n".join([" | ".join(self.columns), "---|---", *(line.replace(",", " |") for line in lines)])
        right = (self.show(self.key), "\n".join(lines), "; ".join(lines), marked, lines, named)
        other = tuple(tuple(cell + 1 for cell in row) for row in self.key)
        malformed: list[Any] = ["", "[[1], [3]]", "many rows", "[" * 9999, [], [[1]], {"y": 1}, [{"y": 1}], True, 3]
        return Samples(right, (self.show(other), self.show((*self.key, self.key[0]))), tuple(malformed))

    def _earned(self, value: Matrix, counted: list[list[bool]]) -> Fraction:
        """The share of the cells that are worked, in the key or (if there are more) in the student's own table."""
        keys = [cell for cell, repeats in self._repeated(self.key) if not repeats]
        pairs = zip((cell for row in counted for cell in row), self._repeated(value), strict=True)
        worked = [right for right, (_, repeats) in pairs if not (right and repeats)]
        return max(Fraction(0), self._beyond_a_guess(sum(worked), keys, max(len(keys), len(worked))))

    def _repeated(self, rows: Matrix) -> Iterator[tuple[Number, bool]]:
        """Every cell of a table, and whether it repeats the state before."""
        before: tuple[Number | None, ...] = (*(None for _ in self.columns[len(self.start) :]), *self.start)
        for row in rows:
            for at, cell in enumerate(row):
                yield cell, at >= len(self.columns) - len(self.start) and cell == before[at]
            before = row

    def _counted(self, value: Matrix) -> Iterator[list[bool]]:
        """For each cell of an answer: is it right, or what the row before leads to?"""
        for at, row in enumerate(value):
            right = self.key[at]
            follows = (self.step(at, value[at - 1]) if self.step and at else None) or right
            yield [any(self._near(cell, key) for key in keys) for cell, *keys in zip(row, right, follows, strict=True)]
