"""Entries that are given numbers: what an expression says for the arrays of one exercise."""

# ruff: noqa: D102  (the methods are documented in evaluate.Arithmetic)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import mul
from typing import Any

from problem_bank.algebra.matrices.sizes import Size, value

Numbers = Mapping[str, Any]
_PIECES = {
    "relu": lambda x: max(x, 0),
    "abs": abs,
    "sign": lambda x: Fraction((x > 0) - (x < 0)),
    "max": max,
    "min": min,
    "greater": lambda x, y: Fraction(x > y),
}


class Exact:
    """Fractions. Functions whose values are not rational raise ArithmeticError, unless `functions` has them."""

    def __init__(self, arrays: Numbers, sizes: Mapping[str, int], functions: Mapping[str, Any]) -> None:
        self.arrays, self.sizes, self.functions = arrays, sizes, {**_PIECES, **functions}

    def number(self, value: Fraction) -> Fraction:
        return value

    def count(self, size: Size) -> Fraction:
        return Fraction(value(size, self.sizes))

    def entry(self, name: str, i: int, j: int) -> Fraction:
        return Fraction(self.arrays[name][i][j])

    def total(self, values: Sequence[Fraction]) -> Fraction:
        return sum(values, Fraction(0))

    def dot(self, first: Sequence[Fraction], second: Sequence[Fraction]) -> Fraction:
        return sum(map(mul, first, second), Fraction(0))

    def times(self, first: Fraction, second: Fraction) -> Fraction:
        return first * second

    def reciprocal(self, value: Fraction) -> Fraction:
        return 1 / value

    def power(self, base: Fraction, exponent: Fraction, whole: int | None) -> Fraction:
        if whole is None:
            raise ArithmeticError("a broken power")
        return Fraction(base**whole)

    def function(self, name: str, *arguments: Fraction) -> Fraction:
        if name not in self.functions:
            raise ArithmeticError(f"{name} of a fraction is no fraction")
        return Fraction(self.functions[name](*arguments))

    def pivot(self, column: Sequence[Fraction]) -> int:
        for i, entry in enumerate(column):
            if entry:
                return i
        raise ZeroDivisionError("a matrix that has no inverse")
