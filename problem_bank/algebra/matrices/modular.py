"""Entries modulo a secret random prime; functions are taken as unknown ones.

As for plain expressions: agreement proves equality for any functions, disagreement proves a
difference where there are none (or only functions that the question leaves open).
"""

# ruff: noqa: D102  (the methods are documented in evaluate.Arithmetic)
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from operator import mul
from random import Random, SystemRandom
from typing import Any

from problem_bank.algebra.matrices.sizes import Size, value

_BITS = 61  # of a random entry, below every prime
_seed = SystemRandom()


class Modular:
    """Random entries modulo a prime. With `free`, the letters of sizes are random numbers as well."""

    def __init__(self, prime: int, sizes: Mapping[str, int], *, free: bool) -> None:
        self.prime, self.sizes, self.free = prime, sizes, free
        self._drawn: dict[Any, int] = {}
        self._random = Random(_seed.getrandbits(128))

    def draw(self, what: Any) -> int:
        """A random number, the same for the same thing."""
        found = self._drawn.get(what)
        if found is None:
            found = self._drawn[what] = self._random.getrandbits(_BITS) | 1
        return found

    def number(self, value: Fraction) -> int:
        if value.denominator == 1:
            return value.numerator % self.prime
        return value.numerator * self.reciprocal(value.denominator % self.prime) % self.prime

    def count(self, size: Size) -> int:
        if not self.free:
            return value(size, self.sizes)
        product = 1
        for factor in str(size).split("*"):
            product = product * (int(factor) if factor.isdecimal() else self.draw(("size", factor))) % self.prime
        return product

    def entry(self, name: str, i: int, j: int) -> int:
        return self.draw((name, i, j))

    def total(self, values: Sequence[int]) -> int:
        return sum(values) % self.prime

    def dot(self, first: Sequence[int], second: Sequence[int]) -> int:
        products: Iterator[int] = map(mul, first, second)
        return sum(products) % self.prime

    def times(self, first: int, second: int) -> int:
        return first * second % self.prime

    def reciprocal(self, value: int) -> int:
        if value % self.prime == 0:
            raise ZeroDivisionError("a divisor is zero")
        return pow(value, -1, self.prime)

    def power(self, base: int, exponent: int, whole: int | None) -> int:
        if whole is None:
            return self.draw(("^", base, exponent))
        return pow(base if whole >= 0 else self.reciprocal(base), abs(whole), self.prime)

    def function(self, name: str, *arguments: int) -> int:
        if name == "greater":
            return self.draw((name, (arguments[0] - arguments[1]) % self.prime))
        return self.draw((name, tuple(sorted(arguments)) if name in ("max", "min") else arguments))

    def pivot(self, column: Sequence[int]) -> int:
        for i, entry in enumerate(column):
            if entry:
                return i
        raise ZeroDivisionError("a matrix that has no inverse")
