"""Gradients whose running squares have rational roots, so that AdaGrad and RMSProp stay exact."""

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from itertools import permutations
from math import isqrt

from problem_bank.errors import BadGiven
from problem_bank.values import Number, Vector, whole

LARGEST = 20
DENOMINATOR = 30  # of r, at most: numbers to be worked by hand


def root(square: Number) -> Number:
    """The exact square root. Raises BadGiven for a number that is no square of a fraction."""
    exact = Fraction(square)
    over, under = isqrt(max(exact.numerator, 0)), isqrt(exact.denominator)
    if over * over != exact.numerator or under * under != exact.denominator:
        raise BadGiven(f"gradients: they lead to r = {square}, which has no exact root; choose such as 3 then 4")
    return whole(Fraction(over, under))


def averages(rho: Number | None, gradients: Iterable[Number]) -> Vector:
    """r after every gradient, from r = 0: the sum of the squares, or with `rho` their running average."""
    r: Number = 0
    rows: list[Number] = []
    for g in gradients:
        r = r + g * g if rho is None else rho * r + (1 - rho) * g * g
        rows.append(r)
    return tuple(rows)


@cache
def histories(rho: Number | None) -> tuple[Vector, ...]:
    """All pairs of gradients, of either sign, for which both roots are rational."""
    pairs = [
        pair for pair in permutations(range(1, LARGEST + 1), 2) if all(map(_is_simple_square, averages(rho, pair)))
    ]
    return tuple((a * s, b * t) for a, b in pairs for s in (1, -1) for t in (1, -1))


def _is_simple_square(value: Number) -> bool:
    try:
        return root(value) > 0 and value.denominator <= DENOMINATOR
    except BadGiven:
        return False
