"""The shape of an array: "3x3", "(n, d)", "scalar", "d x 1", "floor(H/2) x floor(W/2)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import Any, ClassVar

from problem_bank import algebra
from problem_bank.algebra import Node
from problem_bank.answers import reading
from problem_bank.answers.answer import UNDECIDED, Answer, Match, Samples
from problem_bank.errors import Unreadable
from problem_bank.values import is_number

Size = int | str | Node
_SEPARATOR = re.compile(r",|(?<=[\s)\]⌋⌉0-9])[xX](?=[\s(\[⌊⌈0-9A-Za-z\\])|×|✕|\\times(?![A-Za-z])|\bby\b")
_ORDER = (False, None, True)  # the worst decides
_SCALAR = {"scalar", "()", "1", "number", "a scalar", "0-d", "single number"}


@dataclass(frozen=True)
class Shape(Answer):
    """A tuple of sizes, each a whole number, a declared letter or an expression in these; () is a scalar.

    The letters stand for 1, 2, 3, ... A key may hold expressions as texts or trees.

    A vector may be answered as (d), (d, 1) or (1, d) unless `strict`: which of these a course
    writes is a convention, and costs nothing here.
    """

    kind: ClassVar[str] = "shape"
    private: ClassVar[tuple[str, ...]] = ("key", "strict")
    key: tuple[Size, ...]
    letters: tuple[str, ...] = ()
    strict: bool = False

    def __post_init__(self) -> None:
        if self.key is not None:  # a reader has no key
            object.__setattr__(self, "key", tuple(map(self._known, self.key)))

    def parse(self, raw: Any) -> tuple[Size, ...]:
        if isinstance(raw, list | tuple):
            return tuple(self._size(size) for size in raw)
        tidy = reading.text(raw)
        if tidy.lower() in _SCALAR:
            return ()
        inner = re.sub(r"\\times|\\cdot|[*]|\bby\b", " x ", tidy).strip("()[] ")
        split = re.split(r"\s*,\s*|\s+x\s+|(?<=\d)\s*x\s*(?=\d)|(?<=\w)\s*x(?=\d)|\s+", inner)
        if "x" not in self.letters and inner.count("x") == 1 and all(map(self._is_plain, inner.split("x"))):
            split = inner.split("x")  # HxW
        if not any(split):
            raise Unreadable(f"there is no size to read; write {self.hint}")
        if self.letters and not all(map(self._is_plain, split)):
            return tuple(map(self._expression, _split(str(raw))))
        return tuple(self._size(size) for size in split if size)

    def compare(self, value: tuple[Size, ...]) -> Match:
        value = tuple(map(self._known, value))
        if value == self.key:
            return Match(1)
        if any(isinstance(size, Node) for size in (*value, *self.key)) and len(value) == len(self.key):
            return self._compare_expressions(value)
        if self.strict or _squeeze(value) != _squeeze(self.key) or len(_squeeze(self.key)) > 1:
            return Match(0, "" if len(value) == len(self.key) else _count(value))
        return Match(1, "Right; mind which convention your course uses for row and column vectors.")

    def agrees(self, key: Any) -> bool:
        """As `compare`; with letters remembered: the same pairs return in many draws."""
        return _agree(self, tuple(key)) if self.letters else self.compare(key).right

    def show(self, value: tuple[Size, ...]) -> str:
        return " x ".join(map(str, value)) if len(value) > 1 else f"({value[0]})" if value else "scalar"

    def tex(self, value: tuple[Size, ...]) -> str:
        sizes = [size.tex() if isinstance(size, Node) else str(size) for size in value]
        return r" \times ".join(sizes) if value else r"\text{scalar}"

    @property
    def hint(self) -> str:
        return "a shape, such as 3 x 5, (4) or scalar"

    def samples(self) -> Samples:
        shown = self.show(self.key)
        right = (
            shown,
            [s.show() if isinstance(s, Node) else s for s in self.key],
            f"({', '.join(map(str, self.key))})",
            shown.replace("x", "×"),
        )
        wrong = (" x ".join(map(str, (*self.key, 9, 9))), [99, 98, 97, 96, 95])
        malformed = ("", "big", "3.5 x 2", "-1 x 2", {"a": 1}, "x x x")
        return Samples(right if self.key else ("scalar", "()"), wrong, malformed)

    def _size(self, size: Any) -> Size:
        tidy = reading.text(size) if is_number(size) else str(size).strip()
        if self._is_plain(tidy) and tidy:
            return tidy if tidy in self.letters else int(tidy)
        if self.letters and isinstance(size, str):
            return self._expression(tidy)
        known = f", which is a whole number or one of {', '.join(self.letters)}" if self.letters else ""
        raise Unreadable(f"{reading.clip(tidy)} is not a size{known}; write {self.hint}")

    def _is_plain(self, size: str) -> bool:
        return size in self.letters or not size or (size.isdecimal() and size.isascii() and len(size) < 9)

    def _expression(self, text: str) -> Size:
        size = self._known(algebra.read(text, self._domains()))
        if isinstance(size, Node) and not algebra.names(size):
            raise Unreadable(f"{reading.clip(text)} is not a size; write whole numbers or expressions in letters")
        return size

    def _known(self, size: Size) -> Size:
        """A size in its simplest form: a number, a letter, or else a tree."""
        if isinstance(size, int):
            return size
        if isinstance(size, str) and self.letters and size not in self.letters:
            size = algebra.tree_of(size, self._domains())
        if not isinstance(size, Node):
            return size
        if size.op == "symbol":
            return str(size.atom)
        whole = size.op == "number" and Fraction(size.atom).denominator == 1
        return int(Fraction(size.atom)) if whole else size

    def _domains(self) -> dict[str, str]:
        return dict.fromkeys(self.letters, "natural")

    def _compare_expressions(self, value: tuple[Size, ...]) -> Match:
        """Size by size; right if all are, undecided if none is wrong but one is undecided."""
        trees = [(self._tree(mine), self._tree(key)) for mine, key in zip(value, self.key, strict=True)]
        found = [algebra.compare(mine, key, self._domains()) for mine, key in trees]
        worst = min(found, key=lambda judgement: _ORDER.index(judgement.equal))
        if worst.equal is None:
            return Match(0, worst.reason, UNDECIDED)
        return Match(int(worst.equal), basis=worst.basis)

    def _tree(self, size: Size) -> Node:
        return algebra.symbol(size) if isinstance(size, str) else algebra.lift(size)


@lru_cache(maxsize=4096)
def _agree(answer: Shape, key: tuple[Size, ...]) -> bool:
    return answer.compare(key).right


def _split(text: str) -> list[str]:
    """The sizes of (a, b) or "a x b": cut where no bracket is open."""
    bare = text.strip("$ ")
    depth = list(accumulate(((c in "([{⌊⌈") - (c in ")]}⌋⌉") for c in bare), initial=0))
    if bare[:1] in ("(", "[") and bare[-1:] in (")", "]") and 0 not in depth[1:-1]:
        return _split(bare[1:-1])
    cuts = [found for found in _SEPARATOR.finditer(bare) if depth[found.start()] == 0]
    starts, ends = [0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(bare)]
    return [bare[start:end] for start, end in zip(starts, ends, strict=True)]


def _squeeze(value: tuple[Size, ...]) -> tuple[Size, ...]:
    return tuple(size for size in value if size != 1)


def _count(value: tuple[Size, ...]) -> str:
    return f"Your shape has {len(value)} dimension{'s' if len(value) != 1 else ''}; count them again."
