"""Units whose weights are whole multiples of ln 2 or ln 3, so that sigmoid and tanh of their sums are fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple, TypeAlias

from problem_bank.exact import dot
from problem_bank.rng import Rng
from problem_bank.values import Matrix, Number, Vector, whole

BIASES = (*range(-5, 0), *range(1, 6))
Counts: TypeAlias = Mapping[int, tuple[int, ...]]
"""The multiples of ln k that a sum may be, for each base k; base 1 stands for units without logarithms."""
_ROWS = tuple(product((-2, -1, 1, 2, 3), repeat=2))


class LogUnits(NamedTuple):
    """Unit j has the weights ln(bases[j]) * rows[j] and the bias ln(bases[j]) * shifts[j]."""

    bases: Vector
    rows: Matrix
    shifts: Vector

    def exponentials(self, x: Vector, *, biased: bool = True) -> Vector:
        """exp(a) of every sum a = w . x + b; a bias that is left out is a misconception."""
        return tuple(power(k, n) for k, n in zip(self.bases, self.counts(x, biased=biased), strict=True))

    def counts(self, x: Vector, *, biased: bool = True) -> Vector:
        """How many times ln(bases[j]) the sums are."""
        return tuple(dot(row, x) + b * biased for row, b in zip(self.rows, self.shifts, strict=True))

    @property
    def lines(self) -> list[str]:
        """Weights and bias of every unit in LaTeX."""
        return [
            rf"w = \ln {k} \cdot ({row[0]}, {row[1]}), \; b = {times_log(shift, k)}"
            for k, row, shift in zip(self.bases, self.rows, self.shifts, strict=True)
        ]


def draw_log_units(rng: Rng, inputs: Sequence[Vector], units: int, counts: Counts) -> LogUnits:
    """Units on two inputs whose sums are, for each of these inputs, one of counts[base] times ln base.

    The streams are bases, W and b.
    """
    bases = rng.choices("bases", tuple(counts), units)
    pools = [[row for row in _ROWS if _shifts(row, inputs, counts[k])] for k in bases]
    rng.require(all(pools), "small weights and biases make every sum pleasant")
    rows = rng.each("W", [pool or _ROWS for pool in pools])
    shifts = rng.each("b", [_shifts(row, inputs, counts[k]) or [1] for k, row in zip(bases, rows, strict=True)])
    rng.require(len({*zip(bases, rows, strict=True)}) == units, "the units differ")
    return LogUnits(bases, rows, shifts)


def _shifts(row: Vector, inputs: Sequence[Vector], counts: Sequence[int]) -> list[int]:
    """The small biases that make the sum one of these counts for every input."""
    sums = [int(dot(row, x)) for x in inputs]
    return [b for b in BIASES if all(s + b in counts for s in sums)]


def power(base: Number, n: Number) -> Number:
    """base ** n, exact for negative n as well."""
    return whole(Fraction(base) ** int(n))


def logistic(k: Number) -> Fraction:
    """sigmoid(ln k)"""
    return Fraction(k) / (1 + Fraction(k))


def hyperbolic(k: Number) -> Fraction:
    """tanh(ln k)"""
    square = Fraction(k) ** 2
    return (square - 1) / (square + 1)


def times_log(n: Number, base: Number) -> str:
    r"""LaTeX of n ln base: -2 \ln 3, and \ln 3 for n = 1."""
    return {1: "", -1: "-"}.get(int(n), rf"{n} ") + rf"\ln {base}"
