"""The sign of a tree: where its letters' domains settle it, and on what it depends where they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from problem_bank.algebra.caps import constant
from problem_bank.algebra.monomials import compared
from problem_bank.algebra.polynomial import content, degree, polynomial, tree_of, without
from problem_bank.algebra.ranges import range_of
from problem_bank.algebra.squares import linear_factors, squares
from problem_bank.algebra.tree import Node, number, symbol

_NEVER_ZERO = frozenset(["positive", "nonzero", "natural", "unit"])
_SAME_SIGN = frozenset(["sinh", "tanh", "atan", "asin", "erf", "sqrt", "neg", "inv"])  # zero where the argument is
_MONOTONE = frozenset(["exp", "ln", "sqrt", "sigmoid", "softplus", "tanh", "sinh", "atan", "asin", "erf"])
_AT_ZERO = {"exp": Fraction(1), "sigmoid": Fraction(1, 2)}  # values of growing functions
_ZERO, _ONE = number(0), number(1)


def sign_of(tree: Node, domains: Mapping[str, str]) -> int | None:
    """1 or -1 where every value has this sign, else None."""
    found = range_of(tree, domains)
    return 1 if found.positive else -1 if found.negative else None


def nonzero(tree: Node, domains: Mapping[str, str]) -> bool:
    """Is the tree never zero where it has a value?"""
    if tree.op in ("*", "neg", "inv"):
        return tree.op == "inv" or all(nonzero(arg, domains) for arg in tree.args)
    if tree.op == "symbol":
        return domains[str(tree.atom)] in _NEVER_ZERO
    return (tree.op == "^" and nonzero(tree.args[0], domains)) or sign_of(tree, domains) is not None


def sign_factors(tree: Node, domains: Mapping[str, str]) -> Iterator[Node]:
    """The trees whose signs make the sign of the tree, without those that never change theirs.

    Zeros that separate nothing, such as that of x^2 + y^2, are passed over.
    """
    if sign_of(tree, domains) is not None:
        return
    if tree.op == "*" or tree.op in _SAME_SIGN:
        for arg in tree.args:
            yield from sign_factors(arg, domains)
    elif tree.op == "^":
        yield from sign_factors(tree.args[0], domains)
    elif tree.op == "+":
        yield from _of_sum(tree, domains)
    else:
        yield tree


def touching(tree: Node, domains: Mapping[str, str]) -> Iterator[Node]:
    """Linear trees that are all zero where a sum of their squares is: there it touches zero, and no sign changes."""
    if tree.op in ("*", "neg") or (tree.op == "^" and constant(tree.args[1]) is not None):
        for arg in tree.args[:1] if tree.op == "^" else tree.args:
            yield from touching(arg, domains)
    elif tree.op == "+" and sign_of(tree, domains) is None:
        parts = squares(polynomial(tree) or {}) or []
        if len({c > 0 for c, _ in parts}) == 1 and all(map(degree, (line for _, line in parts))):
            yield from (tree_of(line) for _, line in parts)


def _of_sum(tree: Node, domains: Mapping[str, str]) -> Iterator[Node]:
    terms = [term for term in tree.args if term not in (_ZERO, -_ZERO)]
    if len(terms) < len(tree.args):
        yield from sign_factors(Node("+", tuple(terms)) if len(terms) > 1 else terms[0], domains) if terms else ()
        return
    simpler = _compared(tree, domains)
    if simpler is not None:
        yield from sign_factors(simpler, domains)
        return
    above, below = _fraction(tree)
    if below:
        for part in (above, *below):
            yield from sign_factors(part, domains)
    elif not _is_positive_root(tree, domains):
        yield from _of_polynomial(tree, domains)


def _of_polynomial(tree: Node, domains: Mapping[str, str]) -> Iterator[Node]:
    """Common letters, and the linear factors of quadratic polynomials."""
    p = polynomial(tree)
    if not p:
        yield tree
        return
    common = content(p)
    for name, _ in common:
        yield from sign_factors(symbol(name), domains)
    rest = without(p, common)
    factors = linear_factors(rest) if degree(rest) > 1 else None
    if factors is None:
        bare = tree_of(rest)
        if degree(rest) and sign_of(bare, domains) is None:
            yield bare
        return
    for factor in factors:
        line = tree_of(factor)
        if degree(factor) and sign_of(line, domains) is None:
            yield line


def _compared(tree: Node, domains: Mapping[str, str]) -> Node | None:
    """u - v for f(u) - f(v) with a growing f, u for exp(u) - 1, and b - a for sqrt(b/a) - a/b; None for other sums."""
    if len(tree.args) != 2:
        return None
    plus, minus = tree.args if tree.args[1].op == "neg" else tree.args[::-1]
    if minus.op != "neg" or plus.op == "neg":
        return None
    less = minus.args[0]
    if plus.op == less.op and plus.op in _MONOTONE:
        return plus.args[0] - less.args[0]
    for growing, other, turned in ((plus, less, False), (less, plus, True)):
        at_zero = _AT_ZERO.get(growing.op)
        if at_zero is not None and polynomial(other) == {(): at_zero}:
            return -growing.args[0] if turned else growing.args[0]
    return compared(plus, less, domains)


def _fraction(tree: Node) -> tuple[Node, list[Node]]:
    """A sum of fractions over their divisors: the sum multiplied by all of them, and them."""
    divisors: list[Node] = []
    for term in tree.args:
        for divisor in _divisors(term):
            if divisor not in divisors:
                divisors.append(divisor)
    terms = [_times_all(term, divisors) for term in tree.args]
    return Node("+", tuple(terms)), divisors


def _divisors(term: Node) -> Iterator[Node]:
    """What a term is divided by."""
    bare = term.args[0] if term.op == "neg" else term
    for factor in bare.args if bare.op == "*" else (bare,):
        if factor.op == "inv":
            yield factor.args[0]


def _times_all(term: Node, divisors: list[Node]) -> Node:
    """A term times the divisors, one of each cancelled where it stands there."""
    if term.op == "neg":
        return -_times_all(term.args[0], divisors)
    factors, missing = [], list(divisors)
    for factor in term.args if term.op == "*" else (term,):
        if factor.op == "inv" and factor.args[0] in missing:
            missing.remove(factor.args[0])
        elif factor != _ONE:
            factors.append(factor)
    found = (*factors, *missing)
    return Node("*", found) if len(found) > 1 else found[0] if found else _ONE


def _is_positive_root(tree: Node, domains: Mapping[str, str]) -> bool:
    """Is this sqrt(b) + a or sqrt(b) - a with b > a^2?"""
    for root, other in (tree.args, tree.args[::-1]) if len(tree.args) == 2 else ():
        difference = polynomial(root.args[0] - other * other) if root.op == "sqrt" else None
        if difference and sign_of(tree_of(difference), domains) == 1:
            return True
    return False
