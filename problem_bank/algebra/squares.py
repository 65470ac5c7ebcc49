"""Quadratic polynomials as sums of squares of linear ones, and what that says of their signs."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from problem_bank.algebra.functions import exact
from problem_bank.algebra.polynomial import Monomial, Polynomial, degree, product, total

Square: TypeAlias = tuple[Fraction, Polynomial]
"""c and p of c p^2, p linear."""

_ONE: Monomial = ()


def squares(p: Polynomial) -> list[Square] | None:
    """p as a sum of multiples of squares of linear polynomials, as few as can be; None where p is no quadratic one.

    A plain number counts as a multiple of 1^2. Pure products such as x y are left alone: None.
    """
    if degree(p) != 2:
        return None
    found: list[Square] = []
    rest = p
    while degree(rest) == 2:
        name = next((m[0][0] for m in rest if len(m) == 1 and m[0][1] == 2), None)
        if name is None:
            return None
        leading = rest[((name, 2),)]
        line = {
            _ratio(m, name): c / (leading if m == ((name, 2),) else 2 * leading)
            for m, c in rest.items()
            if _holds(m, name)
        }
        found.append((leading, line))
        rest = total(rest, {m: -leading * c for m, c in product(line, line).items()})
    if degree(rest):
        return None
    return [*found, (rest[_ONE], {_ONE: Fraction(1)})] if rest else found


def linear_factors(p: Polynomial) -> list[Polynomial] | None:
    """The linear polynomials whose signs make the sign of a quadratic p: [] where it never changes, but for zeros
    that separate nothing; None where this cannot be told.
    """
    parts = squares(p)
    if not parts:
        return None
    if len({c > 0 for c, _ in parts}) == 1:
        return [parts[0][1]] if len(parts) == 1 else []
    if len(parts) > 2:
        return None
    (a, u), (b, v) = parts
    root = exact("sqrt", -b / a)
    if root is None:
        return None
    scaled = {m: root * c for m, c in v.items()}
    return [total(u, scaled), total(u, {m: -c for m, c in scaled.items()})]


def _holds(monomial: Monomial, name: str) -> bool:
    return any(letter == name for letter, _ in monomial)


def _ratio(monomial: Monomial, name: str) -> Monomial:
    """The monomial divided once by a letter."""
    return tuple((letter, e - (letter == name)) for letter, e in monomial if e > (letter == name))
