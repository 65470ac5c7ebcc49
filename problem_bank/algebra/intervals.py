"""Intervals of real numbers and their unions: the values, and comparing them exactly.

At one point of the letters' domains, every end is a number: a union is brought to its one normal
form there, disjoint and in order, and two of them are equal or not. With letters in the ends this
is done at random points; agreement there is taken only where each part of one also equals, end by
end, a part of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from itertools import islice
from typing import TypeAlias

from problem_bank.algebra.decision import UNDECIDED, Judgement
from problem_bank.algebra.equality import compare
from problem_bank.algebra.numeric import Outcome, compare_at, larger_at
from problem_bank.algebra.points import random_points
from problem_bank.algebra.tree import Node, names

Point: TypeAlias = Mapping[str, Fraction]

INFINITE = Node("infinity")
_POINTS = 8
_OPEN = "This could not be compared with certainty."


class Unordered(ArithmeticError):
    """Two ends whose order could not be found out."""


@dataclass(frozen=True)
class Part:
    """One interval from `low` to `high`; INFINITE ends (minus infinity when low) are never closed."""

    low: Node
    high: Node
    low_closed: bool = False
    high_closed: bool = False

    def show(self) -> str:
        """Text that reads back."""
        if self.low == self.high and self.low_closed:
            return f"{{{self.low.show()}}}"
        low = "-inf" if self.low == INFINITE else self.low.show()
        high = "inf" if self.high == INFINITE else self.high.show()
        return f"{'[' if self.low_closed else '('}{low}, {high}{']' if self.high_closed else ')'}"

    def tex(self) -> str:
        """LaTeX, without dollars."""
        if self.low == self.high and self.low_closed:
            return rf"\left\{{{self.low.tex()}\right\}}"
        low = r"-\infty" if self.low == INFINITE else self.low.tex()
        high = r"\infty" if self.high == INFINITE else self.high.tex()
        return rf"\left{'[' if self.low_closed else '('}{low},\, {high}\right{']' if self.high_closed else ')'}"


@dataclass(frozen=True)
class Union:
    """Parts in the order in which they were typed; none is the empty set."""

    parts: tuple[Part, ...]

    def show(self) -> str:
        """Text that reads back."""
        return " ∪ ".join(part.show() for part in self.parts) or "empty set"

    def tex(self) -> str:
        """LaTeX, without dollars."""
        return r" \cup ".join(part.tex() for part in self.parts) or r"\varnothing"

    def __str__(self) -> str:
        return self.show()

    @property
    def letters(self) -> set[str]:
        """The names in its ends."""
        return {name for part in self.parts for end in (part.low, part.high) for name in names(end)}


REALS = Union((Part(INFINITE, INFINITE),))


def compare_unions(first: Union, second: Union, domains: Mapping[str, str]) -> Judgement:
    """Are both the same set of numbers?"""
    used = {name: domains[name] for name in sorted(first.letters | second.letters)}
    try:
        for point in islice(random_points(used), _POINTS if used else 1):
            mine, keys = normal(first, point), normal(second, point)
            if not _same_at(mine, keys, point):
                basis = "numeric: different at a random point" if used else "exact"
                return Judgement(False, basis, _hint(mine, keys, point))
    except ArithmeticError:
        return Judgement(None, UNDECIDED, _OPEN)
    if not used or _matched(first, second, used):
        return Judgement(True, "the same intervals")
    return Judgement(None, UNDECIDED, _OPEN)


def normal(union: Union, point: Point) -> list[Part]:
    """Disjoint, not touching, not empty, in order. Raises Unordered."""
    filled = [part for part in union.parts if not _is_empty(part, point)]
    filled.sort(key=cmp_to_key(lambda a, b: _order_of_lows(a, b, point)))
    found: list[Part] = []
    for part in filled:
        if found and _touch(found[-1], part, point):
            found[-1] = _joined(found[-1], part, point)
        else:
            found.append(part)
    return found


def order(a: Node, b: Node, point: Point) -> int:
    """-1, 0 or 1 for numbers a < b, a = b, a > b. Raises Unordered."""
    outcome = compare_at(a, b, point)
    if outcome is Outcome.SAME:
        return 0
    if outcome is not Outcome.DIFFERENT:
        raise Unordered("the ends of an interval have no order here")
    return 1 if larger_at(a, b, point) else -1


def _is_empty(part: Part, point: Point) -> bool:
    if INFINITE in (part.low, part.high):
        return False
    sign = order(part.low, part.high, point)
    return sign > 0 or (sign == 0 and not (part.low_closed and part.high_closed))


def _order_of_lows(a: Part, b: Part, point: Point) -> int:
    if INFINITE in (a.low, b.low):
        return (b.low == INFINITE) - (a.low == INFINITE)
    return order(a.low, b.low, point) or b.low_closed - a.low_closed


def _order_of_highs(a: Part, b: Part, point: Point) -> int:
    if INFINITE in (a.high, b.high):
        return (a.high == INFINITE) - (b.high == INFINITE)
    return order(a.high, b.high, point) or a.high_closed - b.high_closed


def _touch(left: Part, right: Part, point: Point) -> bool:
    """Is there no number between both, when left begins first?"""
    if INFINITE in (left.high, right.low):
        return True
    sign = order(left.high, right.low, point)
    return sign > 0 or (sign == 0 and (left.high_closed or right.low_closed))


def _joined(left: Part, right: Part, point: Point) -> Part:
    end = left if _order_of_highs(left, right, point) >= 0 else right
    return Part(left.low, end.high, left.low_closed, end.high_closed)


def _same_at(mine: list[Part], keys: list[Part], point: Point) -> bool:
    return len(mine) == len(keys) and all(
        _order_of_lows(a, b, point) == 0 and _order_of_highs(a, b, point) == 0 for a, b in zip(mine, keys, strict=True)
    )


def _hint(mine: list[Part], keys: list[Part], point: Point) -> str:
    """Right ends with the wrong brackets; nothing else gives as little away."""
    first, second = ([Part(p.low, p.high) for p in parts] for parts in (mine, keys))
    return "The ends are right, but not which of them belong to it." if _same_at(first, second, point) else ""


def _matched(first: Union, second: Union, domains: Mapping[str, str]) -> bool:
    """Has every part its equal on the other side, end by end?"""
    return all(
        any(_same_part(a, b, domains) for b in other.parts)
        for one, other in ((first, second), (second, first))
        for a in one.parts
        if a.low != a.high or a.low_closed or a.low == INFINITE
    )


def _same_part(a: Part, b: Part, domains: Mapping[str, str]) -> bool:
    if (a.low_closed, a.high_closed) != (b.low_closed, b.high_closed):
        return False
    return all(
        x == y or (INFINITE not in (x, y) and bool(compare(x, y, domains).equal))
        for x, y in ((a.low, b.low), (a.high, b.high))
    )
