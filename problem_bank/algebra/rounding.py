"""Floor and ceiling in one normal form: ceil as floor, whole summands outside, floors inside floors gone.

floor(x + m) = floor(x) + m            for whole m
floor((floor(u) + m)/k) = floor((u + m)/k),  ceil(m/k) = floor((m - 1)/k) + 1    for whole m, k > 0
floor(max(u, v)) = max(floor(u), floor(v)),  floor(ln(2^n)/ln(2)) = n
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from problem_bank.algebra.caps import constant
from problem_bank.algebra.logarithms import opened
from problem_bank.algebra.polynomial import polynomial
from problem_bank.algebra.ranges import range_of
from problem_bank.algebra.tree import Node, apply, nodes, number

_TERMS = 40
_WHOLE = ("integer", "natural")
_MONOTONE = frozenset(["max", "min"])
_KEEPS_WHOLE = frozenset(["+", "*", "neg", "abs", "max", "min", "relu", "factorial", "binomial"])


@dataclass(frozen=True)
class Rounding:
    """Rewrites trees whose letters lie in these domains."""

    domains: Mapping[str, str]

    def normal(self, tree: Node) -> Node:
        """An equal tree in which floors of equal values look more alike."""
        if not any(node.op in ("floor", "ceil") for node in nodes(tree)):
            return tree
        args = tuple(map(self.normal, tree.args))
        if tree.op in ("floor", "ceil"):
            args = (opened(args[0], self.domains),)
        if tree.op == "floor":
            return self.floor(args[0])
        return self.ceil(args[0]) if tree.op == "ceil" else Node(tree.op, args, tree.atom)

    def floor(self, u: Node) -> Node:
        """The floor of a tree that is in normal form."""
        if self.is_whole(u):
            return u
        if u.op in _MONOTONE:
            return Node(u.op, tuple(map(self.floor, u.args)))
        if u.op == "relu":
            return apply("relu", self.floor(u.args[0]))
        terms, divisor = self._over_divisor(u)
        outside, inside = self._divided(terms, divisor or number(1))
        if divisor is not None and self._is_positive(divisor):
            inside = self._opened(inside)
        return _total([*outside, self._floor_of_rest(inside, divisor)])

    def ceil(self, u: Node) -> Node:
        """The ceiling of a tree that is in normal form."""
        terms, divisor = self._over_divisor(u)
        if divisor is not None and self._is_positive(divisor) and all(map(self.is_whole, terms)):
            return _total([self.floor(_quotient([*terms, number(-1)], divisor)), number(1)])
        return -self.floor(_negated(u))

    def is_whole(self, tree: Node) -> bool:
        """Is every value a whole number?"""
        match tree.op:
            case "floor" | "ceil" | "sign":
                return True
            case "number":
                return tree.value.denominator == 1
            case "symbol":
                return self.domains[str(tree.atom)] in _WHOLE
            case "^":
                n = constant(tree.args[1])
                return n is not None and n.denominator == 1 and n >= 0 and self.is_whole(tree.args[0])
        return tree.op in _KEEPS_WHOLE and all(map(self.is_whole, tree.args))

    def _is_positive(self, divisor: Node) -> bool:
        return self.is_whole(divisor) and range_of(divisor, self.domains).positive

    def _over_divisor(self, u: Node) -> tuple[list[Node], Node | None]:
        """The terms of a sum, and what all of them are divided by."""
        if u.op == "neg":
            terms, divisor = self._over_divisor(u.args[0])
            return [_negated(term) for term in terms], divisor
        if u.op == "*":
            below = [factor.args[0] for factor in u.args if factor.op == "inv"]
            above = [factor for factor in u.args if factor.op != "inv"]
            if below:
                return _terms(_product(above)), _product(below)
        return _terms(u), None

    def _divided(self, terms: list[Node], divisor: Node) -> tuple[list[Node], list[Node]]:
        """The terms that the divisor divides, divided, where that is whole; and the others."""
        outside, inside = [], []
        for term in terms:
            quotient = _cancelled(term, divisor)
            if quotient is not None and self.is_whole(quotient):
                outside.append(quotient)
            else:
                inside.append(term)
        return outside, inside

    def _opened(self, terms: list[Node]) -> list[Node]:
        """floor(u) + m as u + m: over a whole divisor, that changes nothing."""
        floors = [i for i, term in enumerate(terms) if term.op == "floor"]
        if len(floors) != 1 or not all(map(self.is_whole, terms)):
            return terms
        return [term.args[0] if i == floors[0] else term for i, term in enumerate(terms)]

    def _floor_of_rest(self, terms: list[Node], divisor: Node | None) -> Node:
        if not terms:
            return number(0)
        rest = _total(terms) if divisor is None else _quotient(terms, divisor)
        values = range_of(rest, self.domains)
        if abs(values.low) != math.inf and abs(values.high) != math.inf:
            low = math.floor(values.low)
            if values.high < low + 1 or (values.high == low + 1 and values.high_open):
                return number(low)
        return apply("floor", rest)


def _terms(tree: Node) -> list[Node]:
    """The summands, with a product opened over one sum in it."""
    if tree.op == "+":
        return [term for arg in tree.args for term in _terms(arg)]
    if tree.op == "neg":
        return [_negated(term) for term in _terms(tree.args[0])]
    if tree.op == "*":
        sums = [i for i, factor in enumerate(tree.args) if factor.op == "+"]
        if len(sums) == 1 and len(tree.args[sums[0]].args) <= _TERMS:
            i = sums[0]
            return [_product([*tree.args[:i], term, *tree.args[i + 1 :]]) for term in _terms(tree.args[i])]
    return [tree]


def _negated(term: Node) -> Node:
    return term.args[0] if term.op == "neg" else -term


def _total(terms: list[Node]) -> Node:
    kept = [term for term in terms if term != number(0)]
    return Node("+", tuple(kept)) if len(kept) > 1 else kept[0] if kept else number(0)


def _product(factors: list[Node]) -> Node:
    return Node("*", tuple(factors)) if len(factors) > 1 else factors[0] if factors else number(1)


def _quotient(terms: list[Node], divisor: Node) -> Node:
    return Node("*", (_total(terms), apply("inv", divisor)))


def _cancelled(term: Node, divisor: Node) -> Node | None:
    """term / divisor as a tree without a division; None where that cannot be seen."""
    if term.op == "neg":
        inner = _cancelled(term.args[0], divisor)
        return None if inner is None else -inner
    if divisor == number(1):
        return term
    if term == divisor:
        return number(1)
    if term.op == "*" and divisor in term.args:
        i = term.args.index(divisor)
        return _product([*term.args[:i], *term.args[i + 1 :]])
    p, q = polynomial(term), polynomial(divisor)
    if p is not None and q and set(p) | set(q) == {()}:
        return number(p.get((), Fraction(0)) / q[()])
    return None
