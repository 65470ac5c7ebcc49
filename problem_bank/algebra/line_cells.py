"""Points in every piece of a line, where the pieces end at roots of polynomials and at jumps of floor(a x + b)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from random import SystemRandom

from problem_bank.algebra.points import inside
from problem_bank.algebra.roots import Coefficients, isolate, times, value

DEGREE = 10
MARKS = 120
_FAR = 40
_SAMPLES = 2
_RESIDUES = 4  # whole numbers in a row
_BOUNDS = {"positive": (0,), "unit": (0, 1), "natural": (1,)}
_random = SystemRandom()

Mark = tuple[Fraction, Fraction]
"""A root between both, or exactly there."""


def line_points(
    polynomials: Sequence[Coefficients], steps: Sequence[tuple[Fraction, Fraction]], domain: str, *, ends: bool
) -> tuple[list[list[Fraction]], list[Fraction]] | None:
    """Points of every piece of the domain, by piece; and the ends of the pieces that are simple fractions.

    `steps` are the (a, b) of floor(a x + b), a not zero. None where it would take too many, and with
    `ends` where some end of a piece is no simple fraction.
    """
    product = reduce(times, (p for p in polynomials if len(p) > 2), [Fraction(1)])
    if len(product) - 1 > DEGREE:
        return None
    lines = {-p[0] / p[1] for p in polynomials if len(p) == 2} | {Fraction(b) for b in _BOUNDS.get(domain, ())}
    others = [mark for mark in isolate(product) if not _is_among(mark, lines, product)]
    roots = [*((x, x) for x in lines), *others]
    if ends and any(low != high for low, high in others):
        return None
    marks = sorted({*roots, *_jumps(roots, steps)})
    if len(marks) > MARKS or any(a[1] >= b[0] for a, b in pairwise(marks)):
        return None
    whole = domain in ("integer", "natural")
    pieces = [_integers(*gap, domain) if whole else _between(*gap, domain) for gap in _gaps(marks)]
    met = [low for low, high in marks if low == high]
    if whole:
        met = [Fraction(n) for low, high in marks for n in (math.floor(low), math.ceil(high))]
    return [piece for piece in pieces if piece], [x for x in met if inside(x, domain)]


def _is_among(mark: Mark, lines: set[Fraction], product: Coefficients) -> bool:
    """Is the one root within this mark a root of a linear polynomial, too?"""
    return any(mark[0] <= x <= mark[1] and not value(product, x) for x in lines)


def _jumps(roots: Sequence[Mark], steps: Sequence[tuple[Fraction, Fraction]]) -> Iterator[Mark]:
    """The jumps within two periods around the roots; beyond, all repeats itself."""
    if not steps:
        return
    period = math.lcm(*(a.denominator for a, _ in steps))
    places = [end for root in roots for end in root] or [Fraction(0)]
    low, high = math.floor(min(places)) - period, math.ceil(max(places)) + period
    for a, b in steps:
        first, last = sorted((a * low + b, a * high + b))
        if last - first > MARKS:
            yield from ((Fraction(k), Fraction(k)) for k in range(MARKS + 1))  # too many: the caller gives up
            return
        yield from (((k - b) / a,) * 2 for k in range(math.ceil(first), math.floor(last) + 1))


def _gaps(marks: Sequence[Mark]) -> Iterator[tuple[Fraction, Fraction]]:
    """The open intervals between the marks and beyond."""
    if not marks:
        yield Fraction(-_FAR), Fraction(_FAR)
        return
    yield marks[0][0] - _FAR, marks[0][0]
    for left, right in pairwise(marks):
        yield left[1], right[0]
    yield marks[-1][1], marks[-1][1] + _FAR


def _between(low: Fraction, high: Fraction, domain: str) -> list[Fraction]:
    found = [low + (high - low) * Fraction(_random.randint(1, 996), 997) for _ in range(_SAMPLES)]
    if high - low == _FAR:  # unbounded: near its end, too, where no function has saturated
        nearby = Fraction(_random.randint(1, 996), 997)
        found += [low + nearby, high - nearby]
    return [x for x in found if inside(x, domain)]


def _integers(low: Fraction, high: Fraction, domain: str) -> list[Fraction]:
    first, last = math.floor(low) + 1, math.ceil(high) - 1
    if first > last:
        return []
    near = _random.randint(first, max(first, last - _RESIDUES))
    found = {first, last, *range(near, min(near + _RESIDUES, last + 1))}
    return [Fraction(n) for n in sorted(found) if inside(Fraction(n), domain)]
