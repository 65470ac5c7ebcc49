"""The shape of an array: "3x3", "(n, d)", "scalar", "d x 1"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from problem_bank.answers import reading
from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.errors import Unreadable

Size = int | str
_SCALAR = {"scalar", "()", "1", "number", "a scalar", "0-d", "single number"}


@dataclass(frozen=True)
class Shape(Answer):
    """A tuple of sizes, each a whole number or a declared letter; () is a scalar.

    A vector may be answered as (d), (d, 1) or (1, d) unless `strict`: which of these a course
    writes is a convention, and costs nothing here.
    """

    kind: ClassVar[str] = "shape"
    private: ClassVar[tuple[str, ...]] = ("key", "strict")
    key: tuple[Size, ...]
    letters: tuple[str, ...] = ()
    strict: bool = False

    def parse(self, raw: Any) -> tuple[Size, ...]:
        if isinstance(raw, list | tuple):
            return tuple(self._size(size) for size in raw)
        tidy = reading.text(raw)
        if tidy.lower() in _SCALAR:
            return ()
        inner = re.sub(r"\\times|\\cdot|[*]|\bby\b", " x ", tidy).strip("()[] ")
        split = re.split(r"\s*,\s*|\s+x\s+|(?<=\d)\s*x\s*(?=\d)|(?<=\w)\s*x(?=\d)|\s+", inner)
        return tuple(self._size(size) for size in split if size)

    def compare(self, value: tuple[Size, ...]) -> Match:
        if value == self.key:
            return Match(1)
        if self.strict or _squeeze(value) != _squeeze(self.key) or len(_squeeze(self.key)) > 1:
            return Match(0, "" if len(value) == len(self.key) else _count(value))
        return Match(1, "Right; mind which convention your course uses for row and column vectors.")

    def show(self, value: tuple[Size, ...]) -> str:
        return " x ".join(map(str, value)) if len(value) > 1 else f"({value[0]})" if value else "scalar"

    def tex(self, value: tuple[Size, ...]) -> str:
        return r" \times ".join(map(str, value)) if value else r"\text{scalar}"

    @property
    def hint(self) -> str:
        return "a shape, such as 3 x 5, (4) or scalar"

    def samples(self) -> Samples:
        shown = self.show(self.key)
        right = (shown, list(self.key), f"({', '.join(map(str, self.key))})", shown.replace("x", "×"))
        wrong = (" x ".join(map(str, (*self.key, 9, 9))), [99, 98, 97, 96, 95])
        return Samples(right if self.key else ("scalar", "()"), wrong, ("", "big", "3.5 x 2", "-1 x 2", {"a": 1}, "x x x"))

    def _size(self, size: Any) -> Size:
        tidy = str(size).strip()
        if tidy in self.letters:
            return tidy
        if tidy.isdecimal() and tidy.isascii() and len(tidy) < 9:
            return int(tidy)
        known = f" or one of {', '.join(self.letters)}" if self.letters else ""
        raise Unreadable(f"{reading.clip(tidy)} is not a size; write a whole number{known}, such as in {self.hint}")


def _squeeze(value: tuple[Size, ...]) -> tuple[Size, ...]:
    return tuple(size for size in value if size != 1)


def _count(value: tuple[Size, ...]) -> str:
    return f"Your shape has {len(value)} dimension{'s' if len(value) != 1 else ''}; count them again."
