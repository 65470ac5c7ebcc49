"""Factors of what was typed, and whether they could be split further: SymPy says so, of small polynomials only."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Any

from problem_bank.algebra.caps import constant
from problem_bank.algebra.polynomial import Polynomial, degree, polynomial
from problem_bank.algebra.tree import Node

_DEGREE = 12  # SymPy factors these within milliseconds
_BITS = 200


def factors_of(tree: Node) -> Iterator[Node]:
    """The factors of a product as typed; of a power its base, of a fraction both sides."""
    if tree.op in ("*", "neg", "inv"):
        for arg in tree.args:
            yield from factors_of(arg)
    elif tree.op == "^" and constant(tree.args[1]) is not None:
        yield from factors_of(tree.args[0])
    else:
        yield tree


def splits(factor: Node) -> bool:
    """Is this a polynomial that is a product, or has a common numeric factor? Others cannot be told, and may stay."""
    p = polynomial(factor)
    if not p or not degree(p) or not _is_small(p):
        return False
    if all(value.denominator == 1 for value in p.values()) and gcd(*(int(value) for value in p.values())) > 1:
        return True
    found = _factor_list(tuple(p.items()))
    return len(found) > 1 or found[0][1] > 1


def share_a_factor(p: Polynomial, q: Polynomial) -> bool:
    """Have both a common divisor other than a number?"""
    if not (_is_small(p) and _is_small(q)):
        return False
    from sympy import gcd as divisor

    return bool(divisor(_sympy(tuple(p.items())), _sympy(tuple(q.items()))).free_symbols)


def _is_small(p: Polynomial) -> bool:
    bits = max(value.numerator.bit_length() + value.denominator.bit_length() for value in p.values())
    return degree(p) <= _DEGREE and bits <= _BITS


@lru_cache(maxsize=256)
def _factor_list(terms: tuple[Any, ...]) -> list[tuple[Any, int]]:
    from sympy import factor_list

    return list(factor_list(_sympy(terms))[1])


def _sympy(terms: tuple[Any, ...]) -> Any:
    """SymPy's expression of a polynomial, made from its numbers and never from a text."""
    from sympy import Add, Integer, Mul, Rational, Symbol

    def term(monomial: Any, value: Fraction) -> Any:
        letters = (Symbol(name) ** exponent for name, exponent in monomial)
        return Mul(Rational(value.numerator, value.denominator), *letters)

    return Add(Integer(0), *(term(monomial, value) for monomial, value in terms))
