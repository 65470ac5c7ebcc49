"""Batches of one unit, drawn so that their standard deviation is rational: normalising them leaves no roots."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from math import isqrt, sqrt
from typing import Any

from problem_bank.errors import BadGiven
from problem_bank.rng import Rng
from problem_bank.values import Number, Vector, is_number

LOW, HIGH = -6, 9  # of the values in a batch


def mean(x: Sequence[Number]) -> Fraction:
    """The sum over n."""
    return Fraction(sum(x)) / len(x)


def variance(x: Sequence[Number], about: Number | None = None) -> Fraction:
    """The mean squared distance from the mean, or from another number: divided by n."""
    centre = mean(x) if about is None else about
    return mean([(value - centre) ** 2 for value in x])


def root(square: Number) -> Fraction | None:
    """The rational square root, if there is one."""
    exact = Fraction(square)
    if exact < 0:
        return None
    top, bottom = isqrt(exact.numerator), isqrt(exact.denominator)
    return Fraction(top, bottom) if Fraction(top, bottom) ** 2 == exact else None


def deviation(x: Sequence[Number], epsilon: Number = 0) -> Fraction | float:
    """The root of variance plus epsilon: exact where it is rational, as for every batch that is drawn."""
    exact = root(variance(x) + epsilon)
    return sqrt(variance(x) + epsilon) if exact is None else exact


@cache
def batches(n: int, epsilon: Number = 0) -> tuple[tuple[Vector, ...], ...]:
    """All sorted batches of n small integers whose variance plus epsilon has a rational root, grouped by variance.

    Batches of fewer than three different values are left out: normalising them is too easy.
    """
    groups: dict[Number, list[Vector]] = {}
    for x in combinations_with_replacement(range(LOW, HIGH + 1), n):
        if len(set(x)) > 2 and root(variance(x) + epsilon):
            groups.setdefault(variance(x), []).append(x)
    return tuple(map(tuple, groups.values()))


def draw_batch(rng: Rng, name: str, n: int, epsilon: Number = 0) -> Vector:
    """A batch in random order; a given one may hold any numbers that are not all equal.

    Raises BadGiven for a given one of another length, or whose values are all equal.
    """

    def fresh(inner: Rng) -> Vector:
        alike = inner.choice("variance", batches(n, epsilon))  # no variance is more frequent than another
        return inner.sample("order", inner.choice("values", alike), n)

    x: Any = rng.built(name, fresh)
    if not isinstance(x, tuple) or len(x) != n or not all(map(is_number, x)):
        raise BadGiven(f"{name}: expected {n} numbers, got {x!r}")
    if not variance(x):
        raise BadGiven(f"{name}: the values {', '.join(map(str, x))} are all equal; there is nothing to normalise")
    return x
