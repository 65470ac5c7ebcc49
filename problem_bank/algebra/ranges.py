"""Where the values of a tree must lie, whatever its letters are in their domains: interval arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import TypeAlias

from problem_bank.algebra.caps import constant
from problem_bank.algebra.effort import allowance
from problem_bank.algebra.tree import Node

Bound: TypeAlias = Fraction | float
"""A fraction or an infinity."""

_BITS = 400  # of a bound; beyond, nothing is said
_INF = math.inf


@dataclass(frozen=True)
class Range:
    """From low to high; the ends belong to it or not. Never smaller than the true range."""

    low: Bound
    high: Bound
    low_open: bool = True
    high_open: bool = True

    @property
    def positive(self) -> bool:
        """Are all values above zero?"""
        return self.low > 0 or (self.low == 0 and self.low_open)

    @property
    def negative(self) -> bool:
        """Are all values below zero?"""
        return self.high < 0 or (self.high == 0 and self.high_open)


def range_of(tree: Node, domains: Mapping[str, str]) -> Range:
    """A range that holds every value of the tree."""
    allowance().spend(1)
    found = _range(tree, domains)
    return found if _is_short(found.low) and _is_short(found.high) else _ALL


def _range(tree: Node, domains: Mapping[str, str]) -> Range:
    match tree.op:
        case "number":
            return _point(tree.value)
        case "symbol":
            return _DOMAINS.get(domains[str(tree.atom)], _ALL)
        case "index":
            return _ALL
        case "factorial":
            return Range(Fraction(1), _INF, low_open=False)
        case "binomial":
            return Range(Fraction(0), _INF, low_open=False)
        case "pi":
            return Range(Fraction(314, 100), Fraction(315, 100))
        case "^":
            base, exponent = (range_of(arg, domains) for arg in tree.args)
            return _power(base, exponent, constant(tree.args[1]))
    inner = [range_of(arg, domains) for arg in tree.args]
    match tree.op:
        case "+":
            return reduce(_plus, inner)
        case "*":
            return reduce(_times, inner)
        case "max" | "min":
            return reduce(_larger if tree.op == "max" else _smaller, inner)
    return _function(tree.op, inner[0])


_ALL = Range(-_INF, _INF)
_DOMAINS = {
    "positive": Range(Fraction(0), _INF),
    "natural": Range(Fraction(1), _INF, low_open=False),
    "unit": Range(Fraction(0), Fraction(1)),
}
_FIXED = {
    "exp": Range(Fraction(0), _INF), "softplus": Range(Fraction(0), _INF), "cosh": Range(Fraction(1), _INF, False),
    "sigmoid": Range(Fraction(0), Fraction(1)), "tanh": Range(Fraction(-1), Fraction(1)),
    "erf": Range(Fraction(-1), Fraction(1)),
    "atan": Range(Fraction(-2), Fraction(2)),
    "sin": Range(Fraction(-1), Fraction(1), False, False), "cos": Range(Fraction(-1), Fraction(1), False, False),
    "sign": Range(Fraction(-1), Fraction(1), False, False), "sqrt": Range(Fraction(0), _INF, False),
    "acos": Range(Fraction(0), Fraction(4), False), "asin": Range(Fraction(-2), Fraction(2)),
}  # fmt: skip
_PIVOTS = {
    "exp": (Fraction(0), Fraction(1)),
    "sigmoid": (Fraction(0), Fraction(1, 2)),
    "ln": (Fraction(1), Fraction(0)),
    "sqrt": (Fraction(1), Fraction(1)),
    **dict.fromkeys(("tanh", "atan", "asin", "sinh", "sign", "erf"), (Fraction(0), Fraction(0))),
}
"""An argument and its value, for growing functions: larger arguments have larger values."""


def _point(value: Fraction) -> Range:
    return Range(value, value, low_open=False, high_open=False)


def _function(op: str, u: Range) -> Range:
    match op:
        case "neg":
            return Range(-u.high, -u.low, u.high_open, u.low_open)
        case "inv":
            return _inverse(u)
        case "abs":
            return _absolute(u)
        case "relu":
            return _larger(u, _point(Fraction(0)))
        case "floor":
            return Range(_whole(u.low, math.floor), u.high, low_open=False, high_open=u.high_open)
        case "ceil":
            return Range(u.low, _whole(u.high, math.ceil), u.low_open, high_open=False)
    found = _FIXED.get(op, _ALL)
    if op == "sqrt" and u.positive:
        found = Range(Fraction(0), _INF)
    if op in _PIVOTS:
        found = _grown(found, u, *_PIVOTS[op])
    return found


def _absolute(u: Range) -> Range:
    if u.low >= 0:
        return u
    turned = _function("neg", u)
    return turned if u.high <= 0 else replace(_larger(u, turned), low=Fraction(0), low_open=False)


def _grown(found: Range, u: Range, at: Fraction, value: Fraction) -> Range:
    """A growing function's range, cut at one known value."""
    if u.low >= at:
        return _smallest(found, Range(value, _INF, u.low_open or u.low > at))
    if u.high <= at:
        return _smallest(found, Range(-_INF, value, high_open=u.high_open or u.high < at))
    return found


def _smallest(a: Range, b: Range) -> Range:
    """What both hold."""
    low = max((a.low, a.low_open), (b.low, b.low_open))
    high = min((a.high, not a.high_open), (b.high, not b.high_open))
    return Range(low[0], high[0], low[1], not high[1])


def _plus(a: Range, b: Range) -> Range:
    return Range(a.low + b.low, a.high + b.high, a.low_open or b.low_open, a.high_open or b.high_open)


def _times(a: Range, b: Range) -> Range:
    ends = [_end(x, y) for x, y in product(_ends(a), _ends(b))]
    low = min(ends, key=lambda end: (end[0], end[1]))
    high = max(ends, key=lambda end: (end[0], not end[1]))
    return Range(low[0], high[0], low[1], high[1])


def _ends(a: Range) -> tuple[tuple[Bound, bool], tuple[Bound, bool]]:
    return (a.low, a.low_open), (a.high, a.high_open)


def _end(a: tuple[Bound, bool], b: tuple[Bound, bool]) -> tuple[Bound, bool]:
    """The product of two ends, and whether it is only approached; zero times infinity is zero."""
    attained = any(value == 0 and not is_open for value, is_open in (a, b))
    if a[0] == 0 or b[0] == 0:
        return Fraction(0), not attained
    return a[0] * b[0], a[1] or b[1]


def _inverse(u: Range) -> Range:
    if not (u.low >= 0 or u.high <= 0):
        return _ALL
    if u.low >= 0:
        high: Bound = 1 / u.low if u.low and u.low != _INF else _INF
        low: Bound = 1 / u.high if u.high and u.high != _INF else Fraction(0)
        return Range(low, high, u.high_open or u.high == _INF, u.low_open or u.low == 0)
    return _function("neg", _inverse(_function("neg", u)))


def _power(base: Range, exponent: Range, n: Fraction | None) -> Range:
    if n is None or n.denominator != 1:
        return _real_power(base, exponent) if base.positive or n is not None else _ALL
    if n < 0:
        return _inverse(_power(base, _function("neg", exponent), -n))
    if n == 0:
        return _point(Fraction(1))
    base = _absolute(base) if n % 2 == 0 else base
    if not (_is_short(base.low, int(n)) and _is_short(base.high, int(n))):
        return Range(Fraction(0), _INF, base.positive) if base.low >= 0 else _ALL
    return Range(base.low ** int(n), base.high ** int(n), base.low_open, base.high_open)


def _real_power(base: Range, exponent: Range) -> Range:
    """Of a base that is never negative."""
    one = Fraction(1)
    if exponent.low >= 0 and base.high <= 1:
        strict = exponent.positive and (base.high < 1 or base.high_open)
        return Range(Fraction(0), one, base.positive, strict)
    if exponent.low >= 0 and base.low >= 1:
        return Range(one, _INF, exponent.positive and (base.low > 1 or base.low_open))
    return Range(Fraction(0), _INF, base.positive)


def _larger(a: Range, b: Range) -> Range:
    low = max((a.low, a.low_open), (b.low, b.low_open))
    high = max((a.high, not a.high_open), (b.high, not b.high_open))
    return Range(low[0], high[0], low[1], not high[1])


def _smaller(a: Range, b: Range) -> Range:
    return _function("neg", _larger(_function("neg", a), _function("neg", b)))


def _whole(value: Bound, rounded: Callable[[Bound], int]) -> Bound:
    return value if abs(value) == _INF else Fraction(rounded(value))


def _is_short(value: Bound, times: int = 1) -> bool:
    """An infinity, or a fraction of few bits even when it is raised to this power."""
    if isinstance(value, float):
        return True
    return (value.numerator.bit_length() + value.denominator.bit_length()) * times <= _BITS
