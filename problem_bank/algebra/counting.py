"""Factorials, binomial coefficients, and sums and products over an index: what counts, exactly where it can be."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol

from problem_bank.algebra.functions import TooLargeError, UndefinedError
from problem_bank.algebra.series import terms
from problem_bank.algebra.tree import Node, nodes

COUNTED = frozenset(["factorial", "binomial", "summed", "multiplied", "index"])
LARGEST = 2_000  # whose factorial is computed: 5,700 digits


class PoleError(UndefinedError):
    """No value, but the reciprocal is zero: 1/(-1)! is 0, so that n!/(k! (n-k)!) is 0 for k > n."""


class Values(Protocol):
    """What this needs of an evaluator."""

    def value(self, tree: Node) -> Any:
        """The value of a tree."""

    def on_a_side(self, x: Any) -> Any:
        """A value, exactly where it is whole."""

    def fold(self, values: list[Any], combine: Callable[[Any, Any], Any]) -> Any:
        """One operation from left to right."""

    def total(self, values: list[Any]) -> Any:
        """The sum."""


def counted(e: Values, tree: Node) -> Any:
    """The value of one of the COUNTED. Raises UndefinedError or TooLargeError."""
    if tree.op == "index":
        raise UndefinedError("an index outside its sum")
    numbers = [e.on_a_side(e.value(arg)) for arg in tree.args[:2]]
    if tree.op == "factorial":
        return factorial(numbers[0])
    if tree.op == "binomial":
        return binomial(*numbers)
    values = [e.value(term) for term in terms(tree, *numbers)]
    if tree.op == "summed":
        return e.total([Fraction(0), *values])
    return e.fold([Fraction(1), *values], lambda a, b: a * b)


def divides_by_pole(e: Values, tree: Node) -> bool:
    """Is this 1/u or u^(-2), and u the factorial of a negative number here?"""
    divisor = tree.args[0]
    if not _holds_factorial(divisor) or (tree.op == "^" and tree.args[1].op != "neg"):
        return False
    try:
        e.value(divisor)
    except PoleError:
        return tree.op == "inv" or bool(e.value(tree.args[1]) < 0)
    return False


def factorial(n: Any) -> Fraction:
    """n!. Raises UndefinedError or TooLargeError."""
    whole = _whole(n)
    if whole < 0:
        raise PoleError("the factorial of a negative number")
    return Fraction(math.factorial(_small(whole)))


def binomial(n: Any, k: Any) -> Fraction:
    """n over k, for n >= 0; zero for k below 0 or beyond n. Raises UndefinedError or TooLargeError."""
    above, below = _whole(n), _whole(k)
    if above < 0:
        raise UndefinedError("a binomial coefficient of a negative number")
    return Fraction(math.comb(_small(above), below)) if 0 <= below <= above else Fraction(0)


def _whole(value: Any) -> int:
    if not isinstance(value, Fraction) or value.denominator != 1:
        raise UndefinedError("the factorial of a number that is not whole")
    return value.numerator


def _small(n: int) -> int:
    if n > LARGEST:
        raise TooLargeError("a factorial")
    return n


@lru_cache(maxsize=256)
def _holds_factorial(tree: Node) -> bool:
    return any(node.op == "factorial" for node in nodes(tree))
