"""Trees as polynomials with exact coefficients, where they are some and stay small."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from problem_bank.algebra.caps import constant
from problem_bank.algebra.effort import allowance
from problem_bank.algebra.tree import Node, number, symbol

Monomial: TypeAlias = tuple[tuple[str, int], ...]
"""The letters and their exponents, in alphabetical order: x^2*y is (("x", 2), ("y", 1))."""

Polynomial: TypeAlias = Mapping[Monomial, Fraction]
"""Coefficients other than zero by monomial; {} is zero."""

TERMS = 60
DEGREE = 24
BITS = 1_000  # of a coefficient
_ONE: Monomial = ()


def polynomial(tree: Node) -> Polynomial | None:
    """The expanded tree; None where it is no polynomial, or one beyond TERMS, DEGREE or BITS."""
    match tree.op:
        case "number":
            return _clean({_ONE: tree.value})
        case "symbol":
            return {((str(tree.atom), 1),): Fraction(1)}
        case "^":
            return _power(*tree.args)
        case "inv":
            divisor = polynomial(tree.args[0])
            return {_ONE: 1 / divisor[_ONE]} if divisor and set(divisor) == {_ONE} else None
        case "+" | "*" | "neg":
            parts = [polynomial(arg) for arg in tree.args]
            known = [part for part in parts if part is not None]
            return _combined(tree.op, known) if len(known) == len(parts) else None
    return None


def degree(p: Polynomial) -> int:
    """The total degree; 0 for constants."""
    return max((sum(e for _, e in monomial) for monomial in p), default=0)


def content(p: Polynomial) -> Monomial:
    """The letters that divide every term, with their powers."""
    shared = set.intersection(*({name for name, _ in monomial} for monomial in p)) if p else set()
    return tuple((name, min(dict(monomial)[name] for monomial in p)) for name in sorted(shared))


def without(p: Polynomial, divisor: Monomial) -> Polynomial:
    """p divided by a monomial that divides it."""
    powers = dict(divisor)
    return {tuple((n, e - powers.get(n, 0)) for n, e in m if e > powers.get(n, 0)): c for m, c in p.items()}


def tree_of(p: Polynomial) -> Node:
    """The tree of a polynomial."""
    terms = [
        Node("*", (number(c), *(symbol(name) if e == 1 else symbol(name) ** e for name, e in m))) if m else number(c)
        for m, c in p.items()
    ]
    return Node("+", tuple(terms)) if len(terms) > 1 else terms[0] if terms else number(0)


def _combined(op: str, parts: list[Polynomial]) -> Polynomial | None:
    if op == "neg":
        return {monomial: -value for monomial, value in parts[0].items()}
    combine = total if op == "+" else product
    return reduce(lambda p, q: None if p is None else _small(combine(p, q)), parts[1:], _small(parts[0]))


def total(p: Polynomial, q: Polynomial) -> Polynomial:
    """The sum."""
    return _clean({m: p.get(m, Fraction(0)) + q.get(m, Fraction(0)) for m in {**p, **q}})


def product(p: Polynomial, q: Polynomial) -> Polynomial:
    """The product."""
    allowance().spend(len(p) * len(q))
    found: dict[Monomial, Fraction] = {}
    for m, a in p.items():
        for n, b in q.items():
            both = _times(m, n)
            found[both] = found.get(both, Fraction(0)) + a * b
    return _clean(found)


def _times(m: Monomial, n: Monomial) -> Monomial:
    powers = dict(m)
    for name, exponent in n:
        powers[name] = powers.get(name, 0) + exponent
    return tuple(sorted(powers.items()))


def _power(base: Node, exponent: Node) -> Polynomial | None:
    n, p = constant(exponent), polynomial(base)
    if n is None or p is None or n.denominator != 1 or not 0 <= n <= DEGREE:
        return None
    found: Polynomial | None = {_ONE: Fraction(1)}
    for _ in range(int(n)):
        found = None if found is None else _small(product(found, p))
    return found


def _clean(p: Mapping[Monomial, Fraction]) -> Polynomial:
    return {monomial: value for monomial, value in p.items() if value}


def _small(p: Polynomial) -> Polynomial | None:
    """None beyond the caps."""
    large = any(v.numerator.bit_length() + v.denominator.bit_length() > BITS for v in p.values())
    return None if large or len(p) > TERMS or degree(p) > DEGREE else p
