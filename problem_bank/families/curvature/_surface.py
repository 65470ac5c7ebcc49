"""A function of x and y: monomials, and perhaps an exponential; its values and derivatives by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, perm
from typing import Any

from problem_bank.subjects.polynomials import polynomial
from problem_bank.tex import tex
from problem_bank.values import Vector

Monomial = tuple[Any, int, int]
"""Coefficient, power of x, power of y."""


@dataclass(frozen=True)
class Surface:
    """The sum of `monomials` and c e^(p (x - a) + q (y - b)), for (c, p, q) = `wave` and (a, b) = `center`."""

    monomials: tuple[Monomial, ...]
    wave: Vector
    center: Vector

    def derivative(self, at: Sequence[Any], by_x: int = 0, by_y: int = 0, *, chain: bool = True) -> Any:
        """The value, or a derivative; `chain=False` forgets the inner one of the exponential."""
        terms = [
            c * perm(i, by_x) * perm(j, by_y) * at[0] ** (i - by_x) * at[1] ** (j - by_y)
            for c, i, j in self.monomials
            if i >= by_x and j >= by_y
        ]
        c, p, q = self.wave
        exponent = p * (at[0] - self.center[0]) + q * (at[1] - self.center[1])
        inner = p**by_x * q**by_y if chain else 1
        return sum(terms) + c * inner * (exp(exponent) if exponent else 1) if c else sum(terms)

    def gradient(self, at: Sequence[Any], *, chain: bool = True) -> tuple[Any, ...]:
        """Both first derivatives."""
        return self.derivative(at, 1, 0, chain=chain), self.derivative(at, 0, 1, chain=chain)

    def hessian(self, at: Sequence[Any], *, chain: bool = True) -> tuple[tuple[Any, ...], ...]:
        """All second derivatives."""
        mixed = self.derivative(at, 1, 1, chain=chain)
        return (
            (self.derivative(at, 2, 0, chain=chain), mixed),
            (mixed, self.derivative(at, 0, 2, chain=chain)),
        )

    def tex(self, by_x: int = 0, by_y: int = 0) -> str:
        """LaTeX of the function, or of a derivative."""
        terms = [
            (c * perm(i, by_x) * perm(j, by_y), _power("x", i - by_x) + _power("y", j - by_y))
            for c, i, j in self.monomials
            if i >= by_x and j >= by_y
        ]
        c, p, q = self.wave
        constant = -p * self.center[0] - q * self.center[1]
        exponent = polynomial([(p, "x"), (q, "y"), (constant, "")])
        return polynomial([*terms, (c * p**by_x * q**by_y, rf"e^{{{exponent}}}")])


def _power(name: str, n: int) -> str:
    return "" if n == 0 else name if n == 1 else rf"{name}^{tex(n)}"
