"""The functions known by name on dual numbers, value and tangent as fractions: the second route to their gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Dual:
    """value + tangent * epsilon with epsilon squared equal to 0."""

    value: Fraction
    tangent: Fraction = Fraction(0)

    def __add__(self, other: Dual) -> Dual:
        return Dual(self.value + other.value, self.tangent + other.tangent)

    def __mul__(self, other: Dual) -> Dual:
        return Dual(self.value * other.value, self.value * other.tangent + self.tangent * other.value)

    def over(self) -> Dual:
        """1 / self"""
        return Dual(1 / self.value, -self.tangent / self.value**2)


def tangents(f: Callable[[Sequence[Dual]], Dual], at: Sequence[Any]) -> list[Fraction]:
    """The derivatives of f by every entry, each by a sweep of its own."""
    return [f([Dual(Fraction(v), Fraction(i == seed)) for i, v in enumerate(at)]).tangent for seed in range(len(at))]


def squared_length(leaves: Sequence[Dual]) -> Dual:
    """The squared length of W x for the leaves W11, W12, W21, W22, x1, x2."""
    a, b, c, d, x, y = leaves
    first, second = a * x + b * y, c * x + d * y
    return first * first + second * second


def logistic(k: Fraction) -> Callable[[Sequence[Dual]], Dual]:
    """The neuron for the leaves w0, w1, w2, x0, x1, where the exponential of its sum is k."""

    def f(leaves: Sequence[Dual]) -> Dual:
        w0, w1, w2, x0, x1 = leaves
        s = w0 * x0 + w1 * x1 + w2
        return (Dual(Fraction(1)) + Dual(1 / k, -s.tangent / k)).over()

    return f


def softplus(k: Fraction) -> Callable[[Sequence[Dual]], Dual]:
    """The unit for the leaves w0, w1, w2, x0, x1, x2, where the exponential of its sum is k; only the tangent holds."""

    def f(leaves: Sequence[Dual]) -> Dual:
        w0, w1, w2, x0, x1, x2 = leaves
        s = w0 * x0 + w1 * max((x1, x2), key=lambda dual: dual.value) + w2
        d = Dual(1 + k, k * s.tangent)
        return Dual(Fraction(0), d.tangent * d.over().value)

    return f
