"""Real roots of polynomials in one letter, isolated exactly by Sturm's theorem."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

Coefficients: TypeAlias = Sequence[Fraction]
"""Of 1, x, x^2, ...; the last is not zero, and zero is the empty sequence."""

_NARROW = Fraction(1, 1 << 14)
_SIMPLE = 1000  # denominators of roots that are looked for exactly


def isolate(p: Coefficients) -> list[tuple[Fraction, Fraction]]:
    """Narrow intervals (low, high], each around one real root of p, in order; (r, r) for a simple rational r.

    p is not zero. Multiple roots count once.
    """
    chain = _sturm(p)
    if len(chain[-1]) > 1:
        p = _divided(p, chain[-1])[0]
        chain = _sturm(p)
    if len(p) < 2:
        return []
    bound = 2 + max(abs(c / p[-1]) for c in p[:-1])
    found, waiting = [], [(-bound, bound)]
    while waiting:
        low, high = waiting.pop()
        roots = _changes(chain, low) - _changes(chain, high)
        if roots == 1 and high - low < _NARROW:
            found.append(_exactly(p, low, high))
        elif roots:
            middle = (low + high) / 2
            waiting += [(middle, high), (low, middle)]
    return found


def _exactly(p: Coefficients, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    simple = ((low + high) / 2).limit_denominator(_SIMPLE)
    return (simple, simple) if low < simple <= high and not value(p, simple) else (low, high)


def value(p: Coefficients, x: Fraction) -> Fraction:
    """p(x)."""
    total = Fraction(0)
    for c in reversed(p):
        total = total * x + c
    return total


def times(p: Coefficients, q: Coefficients) -> list[Fraction]:
    """The product."""
    found = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            found[i + j] += a * b
    return found


def _sturm(p: Coefficients) -> list[Coefficients]:
    """p, its derivative, and the negative remainders, each up to a positive factor; the last divides all."""
    chain: list[Coefficients] = [list(p), [i * c for i, c in enumerate(p)][1:]]
    while chain[-1]:
        rest = _divided(chain[-2], chain[-1])[1]
        chain.append([-c / abs(rest[-1]) for c in rest])
    return chain[:-1]


def _divided(p: Coefficients, q: Coefficients) -> tuple[Coefficients, Coefficients]:
    """Quotient and remainder."""
    rest, quotient = list(p), [Fraction(0)] * max(0, len(p) - len(q) + 1)
    while len(rest) >= len(q):
        shift = len(rest) - len(q)
        quotient[shift] = rest[-1] / q[-1]
        for i, c in enumerate(q):
            rest[shift + i] -= quotient[shift] * c
        while rest and not rest[-1]:
            rest.pop()
    return quotient, rest


def _changes(chain: list[Coefficients], x: Fraction) -> int:
    """The changes of sign along the chain at x."""
    signs = [v > 0 for p in chain if (v := value(p, x))]
    return sum(a != b for a, b in pairwise(signs))
