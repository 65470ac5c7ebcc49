"""How much a tree could grow when it is evaluated, from its shape alone: refused before any value exists."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from problem_bank.algebra.tree import Node
from problem_bank.errors import Unreadable

EXPONENT = 1_000
DEGREE = 10_000
BITS = 100_000
_SAME_DEGREE = frozenset(["+", "*", "neg", "inv", "by"])


class Weight(NamedTuple):
    """Bounds for a tree written as one fraction of polynomials.

    `degree` is the total degree (a function counts as a fresh variable), `bits` the logarithm of
    the sum of the coefficients' sizes.
    """

    degree: int
    bits: int


def check(tree: Node) -> None:
    """Raises Unreadable for a tree that could grow too large."""
    found = weigh(tree)
    if found.degree > DEGREE or found.bits > BITS:
        raise Unreadable("the powers in this expression multiply to something too large")


def weigh(tree: Node) -> Weight:
    """The weight of a tree. Raises Unreadable for an exponent beyond EXPONENT."""
    match tree.op:
        case "number":
            value = tree.value
            return Weight(0, value.numerator.bit_length() + value.denominator.bit_length())
        case "symbol" | "pi":
            return Weight(1, 1)
        case "^":
            return _power(weigh(tree.args[0]), weigh(tree.args[1]), constant(tree.args[1]))
    degree, bits = 0 if tree.op in _SAME_DEGREE else 1, 0
    for arg in tree.args:
        inner = weigh(arg)
        degree, bits = degree + inner.degree, bits + inner.bits + 1
    return Weight(degree, bits)


def constant(tree: Node) -> Fraction | None:
    """The value of an exponent made of numbers alone, None for others. Raises Unreadable beyond EXPONENT."""
    if tree.op == "number":
        return _small(tree.value)
    values = [constant(arg) for arg in tree.args]
    known = [v for v in values if v is not None]
    if len(known) < len(values) or not values:
        return None
    match tree.op:
        case "+":
            return _small(sum(known, Fraction(0)))
        case "*":
            return _small(_times(known))
        case "neg":
            return -known[0]
        case "inv":
            return 1 / known[0] if known[0] else None
        case "^" if known[1].denominator == 1 and (known[0] or known[1] > 0):
            bits = known[0].numerator.bit_length() + known[0].denominator.bit_length()
            if bits * abs(known[1]) > 512 and abs(known[0]) != 1:
                raise Unreadable("this exponent is itself a power and too large")
            return _small(known[0] ** known[1].numerator)
    return None


def _times(values: list[Fraction]) -> Fraction:
    product = Fraction(1)
    for value in values:
        product = _bounded(product * value)
    return product


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > 2_000:
        raise Unreadable("this exponent has too many digits")
    return value


def _small(value: Fraction) -> Fraction:
    if abs(value) > EXPONENT:
        raise Unreadable(f"an exponent beyond {EXPONENT:,} is too large here")
    return _bounded(value)


def _power(base: Weight, exponent: Weight, value: Fraction | None) -> Weight:
    if value is not None and value.denominator == 1:
        times = max(abs(value.numerator), 1)
        return Weight(base.degree * times, base.bits * times)
    return Weight(base.degree + exponent.degree + 1, base.bits + exponent.bits)
