"""Values of trees modulo secret random primes: the quick and almost certain test of equality.

Two different fractions of polynomials agree at a random point modulo a random prime with a chance
below (degree + bits) / 2^55 (Schwartz-Zippel, and the few primes that divide all coefficients). The
primes are drawn per process: a fixed one, in an open-source grader, would be a published master key.
A function is taken as unknown: equal arguments give equal values. So agreement proves equality for
any functions, and disagreement proves a difference only where there are none.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache, lru_cache
from random import Random, SystemRandom
from typing import Any

from problem_bank.algebra.caps import constant
from problem_bank.algebra.counting import COUNTED
from problem_bank.algebra.tree import Node, nodes

_ARITHMETIC = frozenset(["number", "symbol", "pi", "+", "*", "neg", "inv"])
CHANCE = 55  # a prime and a point err with a chance below weight / 2**55
_LIMITED = frozenset(["ln", "sqrt", "asin", "acos", "tan", *COUNTED])  # not defined everywhere
_secret = SystemRandom()
_random = Random(_secret.getrandbits(256))  # quick, and nobody sees its numbers
_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)  # enough below 2**64


class Point:
    """A random point modulo a prime; values are drawn when they are first needed."""

    def __init__(self, prime: int) -> None:
        self.prime = prime
        self._values: dict[tuple[Any, ...], int] = {}

    def value(self, tree: Node) -> int:
        """The value of a tree here. Raises ZeroDivisionError where a divisor vanishes."""
        match tree.op:
            case "number":
                return self._number(tree.value)
            case "symbol" | "pi" | "index":
                return self._drawn((tree.op, tree.atom))
            case "+":
                return sum([self.value(arg) for arg in tree.args]) % self.prime
            case "neg":
                return -self.value(tree.args[0]) % self.prime
            case "*":
                return self._product(tree)
            case "inv":
                return self._inverse(self.value(tree.args[0]))
            case "^":
                return self._power(*tree.args)
        arguments = tuple(map(self.value, tree.args))
        return self._drawn((tree.op, tuple(sorted(arguments)) if tree.op in ("min", "max") else arguments))

    def value_or_none(self, tree: Node) -> int | None:
        """None where the tree divides by zero, at random points: everywhere."""
        try:
            return self.value(tree)
        except ZeroDivisionError:
            return None

    def copy(self) -> Point:
        """The same point, for values that are not to be kept."""
        other = Point(self.prime)
        other._values = dict(self._values)
        return other

    def elsewhere(self) -> Point:
        """Another point where numbers such as pi and sqrt(2) have the same values."""
        other = Point(self.prime)
        other._values = {what: value for what, value in self._values.items() if what[0] != "symbol"}
        return other

    def exchanged(self, one: str, other: str) -> Point:
        """The same point with the values of two letters exchanged."""
        point, x, y = Point(self.prime), ("symbol", one), ("symbol", other)
        point._values = {**self._values, x: self._drawn(y), y: self._drawn(x)}
        return point

    def limits(self, tree: Node) -> set[tuple[str, int]]:
        """What limits the places where a tree has a value, other than zeros of polynomials: roots, logarithms,
        divisions by functions, each with the value of its argument here.
        """
        found: set[tuple[str, int]] = set()
        for node in nodes(tree):
            n = constant(node.args[1]) if node.op == "^" else None
            if node.op in _LIMITED or (node.op == "^" and not is_arithmetic(node)):
                found.update((node.op, self.value(arg)) for arg in node.args)
            elif (node.op == "inv" or (n is not None and n < 0)) and not is_rational(node.args[0]):
                found.add(("inv", self.value(node.args[0])))
        return found

    def _number(self, value: Fraction) -> int:
        if value.denominator == 1:
            return value.numerator % self.prime
        return value.numerator * self._inverse(value.denominator) % self.prime

    def _product(self, tree: Node) -> int:
        product = 1
        for arg in tree.args:
            product = product * self.value(arg) % self.prime
        return product

    def _inverse(self, value: int) -> int:
        if value % self.prime == 0:
            raise ZeroDivisionError("a divisor is zero")
        return pow(value, -1, self.prime)

    def _power(self, base: Node, exponent: Node) -> int:
        n = constant(exponent)
        if n is None or n.denominator != 1:
            return self._drawn(("^", self.value(base), self.value(exponent)))
        value = self.value(base)
        return pow(value if n >= 0 else self._inverse(value), abs(n.numerator), self.prime)

    def _drawn(self, what: tuple[Any, ...]) -> int:
        known = self._values.get(what)
        if known is None:
            known = self._values[what] = 1 + _random.getrandbits(61)  # below all primes
        return known


def is_rational(tree: Node) -> bool:
    """Is it a fraction of polynomials, with whole powers?"""
    return all(map(is_arithmetic, nodes(tree)))


def is_arithmetic(node: Node) -> bool:
    """Is this one node none but a number, a letter, + - * / or a whole power?"""
    if node.op != "^":
        return node.op in _ARITHMETIC
    n = constant(node.args[1])
    return n is not None and n.denominator == 1


@cache
def primes() -> tuple[int, int, int]:
    """Three random primes of 62 bits, the same for all decisions of this process."""
    first, second, third = _prime(), _prime(), _prime()
    return first, second, third


def points() -> list[Point]:
    """A fresh point modulo each prime."""
    return [Point(prime) for prime in primes()]


def known(key: Node, turn: int) -> tuple[Point, int | None]:
    """A point modulo the prime of this turn, and the key's value there: the same for a whole class."""
    point, value = _known(key, turn)
    return point.copy(), value


@lru_cache(maxsize=1024)
def _known(key: Node, turn: int) -> tuple[Point, int | None]:
    point = Point(primes()[turn])
    return point, point.value_or_none(key)


def bound(weight: int) -> int:
    """The b of: unequal trees of this weight pass at all points with a chance below 2**-b."""
    return len(primes()) * (CHANCE - weight.bit_length())


def _prime() -> int:
    while True:
        candidate = _secret.getrandbits(62) | (1 << 61) | 1
        if all(candidate % small for small in _WITNESSES) and all(_passes(candidate, w) for w in _WITNESSES):
            return candidate


def _passes(n: int, witness: int) -> bool:
    """One round of Miller and Rabin."""
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    power = pow(witness, odd, n)
    if power in (1, n - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % n
        if power == n - 1:
            return True
    return False
