"""Sizes in letters. A shape is (rows, columns): a vector of length d is the column (d, 1), a number is (1, 1).

A size is a whole number, a letter, or a product of letters such as "d*n" (of a Kronecker product).
Where the place decides (the I in X^T X + I), it is an unknown such as "?1", which `Bindings` finds out.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TypeAlias

from problem_bank.errors import Unreadable

Size: TypeAlias = int | str
Shape: TypeAlias = tuple[Size, Size]

NUMBER: Shape = (1, 1)
_FACTORS = 6  # letters in one size


class Bindings:
    """What the unknown sizes of one expression turned out to be."""

    def __init__(self) -> None:
        self._known: dict[Size, Size] = {}
        self._count = 0

    def unknown(self) -> Size:
        """A size that the place will decide."""
        self._count += 1
        return f"?{self._count}"

    def size(self, size: Size) -> Size:
        """A size as far as it is known."""
        while size in self._known:
            size = self._known[size]
        return size

    def shape(self, shape: Shape) -> Shape:
        """A shape as far as it is known."""
        return self.size(shape[0]), self.size(shape[1])

    def fit(self, *pairs: tuple[Size, Size]) -> bool:
        """Can all these pairs of sizes be equal? Then they are, from now on; else nothing changes."""
        before = dict(self._known)
        for first, second in pairs:
            a, b = self.size(first), self.size(second)
            if a == b:
                continue
            if is_unknown(a):
                self._known[a] = b
            elif is_unknown(b):
                self._known[b] = a
            else:
                self._known = before
                return False
        return True

    def could_fit(self, *pairs: tuple[Size, Size]) -> bool:
        """As `fit`, but nothing changes."""
        before = dict(self._known)
        fits = self.fit(*pairs)
        self._known = before
        return fits


def is_unknown(size: Size) -> bool:
    """Is it still to be found out?"""
    return isinstance(size, str) and size.startswith("?")


def times(first: Size, second: Size) -> Size:
    """The product of two sizes. Raises Unreadable for one of too many letters."""
    factors = [*str(first).split("*"), *str(second).split("*")]
    whole = prod(int(f) for f in factors if f.isdecimal())
    letters = sorted(f for f in factors if not f.isdecimal())
    if len(letters) > _FACTORS:
        raise Unreadable("a size that is a product of so many letters is too large here")
    return "*".join([*([str(whole)] if whole > 1 else []), *letters]) if letters else whole


def value(size: Size, sizes: Mapping[str, int]) -> int:
    """A size in numbers."""
    return size if isinstance(size, int) else prod(sizes[f] if f in sizes else int(f) for f in size.split("*"))


def show(shape: Shape) -> str:
    """A shape in words: (n × d), or "a number"."""
    return "a number" if shape == NUMBER else f"({_shown(shape[0])} × {_shown(shape[1])})"


def _shown(size: Size) -> str:
    return "?" if is_unknown(size) else str(size).replace("*", "·")
