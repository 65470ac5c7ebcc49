"""Entries at random real points, to many digits, with a watch on the sizes of all numbers on the way."""

# ruff: noqa: D102  (the methods are documented in evaluate.Arithmetic)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import exp
from random import SystemRandom
from typing import Any

from problem_bank.algebra.functions import FUNCTIONS, TooLargeError, UndefinedError
from problem_bank.algebra.matrices.sizes import Size, value
from problem_bank.algebra.numeric import Evaluator

_FAR = 10**4  # arguments of functions beyond this are not worth their digits
_random = SystemRandom()


class Point:
    """Random exact entries of the declared domains; where `other` is given, with its signs turned."""

    def __init__(self, domains: Mapping[str, str], sizes: Mapping[str, int], other: Point | None = None) -> None:
        self.domains, self.sizes, self.other = domains, sizes, other
        self._drawn: dict[Any, Fraction] = {}

    def draw(self, name: str, *at: int) -> Fraction:
        """An entry, or a coefficient of a function that the question leaves open."""
        if (name, *at) not in self._drawn:
            self._drawn[(name, *at)] = self._fresh(name, *at)
        return self._drawn[(name, *at)]

    def _fresh(self, name: str, *at: int) -> Fraction:
        domain = self.domains.get(name, "real")
        if domain in ("integer", "natural"):
            size = Fraction(_random.randint(1, 9))
        else:
            size = Fraction(_random.randint(1, 1023), 1024) * (1 if domain == "unit" else 3)
        if domain not in ("real", "nonzero", "integer"):
            return size
        if self.other:
            return -size if self.other.draw(name, *at) > 0 else size
        return -size if _random.getrandbits(1) else size


class Quick:
    """What functions need of their evaluator, in double precision."""

    low = high = 0

    @property
    def context(self) -> Any:
        """mpmath's functions for Python's floats."""
        from mpmath import fp

        return fp

    def exp(self, x: float) -> float:
        """e^x."""
        return exp(x)

    def noted(self, value: float) -> float:
        """As it is: nothing is decided on the smallest numbers here."""
        return value


class Real:
    """Numbers at one point, with many digits or (0) in double precision; `watch` knows their powers of two."""

    def __init__(self, point: Point, digits: int) -> None:
        self.point, self.watch = point, Evaluator({}, digits) if digits else Quick()
        self.context = self.watch.context

    @property
    def spread(self) -> int:
        """Between the largest and the smallest number met, in powers of two."""
        return self.watch.high - self.watch.low

    def noted(self, value: Any) -> Any:
        """The value, once its size is noted."""
        if value:
            size = self.context.mag(value)
            self.watch.low, self.watch.high = min(self.watch.low, size), max(self.watch.high, size)
        return value

    def number(self, value: Fraction) -> Any:
        return self.noted(self.context.mpf(value.numerator) / value.denominator)

    def count(self, size: Size) -> Any:
        return self.context.mpf(value(size, self.point.sizes))

    def entry(self, name: str, i: int, j: int) -> Any:
        return self.number(self.point.draw(name, i, j))

    def total(self, values: Sequence[Any]) -> Any:
        return self.noted(self.context.fsum(values))

    def dot(self, first: Sequence[Any], second: Sequence[Any]) -> Any:
        return self.noted(self.context.fdot(first, second))

    def times(self, first: Any, second: Any) -> Any:
        return self.noted(first * second)

    def reciprocal(self, value: Any) -> Any:
        if not value:
            raise UndefinedError("a division by zero")
        return self.noted(1 / value)

    def power(self, base: Any, exponent: Any, whole: int | None) -> Any:
        if whole is not None:
            return self.noted(base**whole if whole >= 0 else self.reciprocal(base) ** -whole)
        if base <= 0:
            raise UndefinedError("a broken power of a number that is not positive")
        return self.function("exp", exponent * self.context.log(base))

    def function(self, name: str, *arguments: Any) -> Any:
        if name == "pi":
            return +self.context.pi
        if any(abs(x) > _FAR for x in arguments):
            raise TooLargeError("the argument of a function")
        if name in _PIECES:
            return self.noted(self.context.mpf(_PIECES[name](*arguments)))
        if name in FUNCTIONS:
            return self.noted(FUNCTIONS[name](self.watch, *arguments))
        return self.noted(self._open(name, arguments[0]))

    def _open(self, name: str, x: Any) -> Any:
        """A function that the question leaves open: some cubic."""
        first, *rest = (self.number(self.point.draw(name, i)) for i in range(4))
        for coefficient in rest:
            first = first * x + coefficient
        return first

    def pivot(self, column: Sequence[Any]) -> int:
        best = max(range(len(column)), key=lambda i: abs(column[i]))
        if not column[best]:
            raise UndefinedError("a matrix that has no inverse")
        return best


_PIECES: dict[str, Any] = {
    "relu": lambda x: max(x, 0),
    "abs": abs,
    "sign": lambda x: (x > 0) - (x < 0),
    "max": max,
    "min": min,
    "greater": lambda x, y: x > y,
}
