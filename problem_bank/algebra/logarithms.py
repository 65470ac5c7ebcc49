"""Logarithms of towers: values that are too large to be compared may have logarithms that are not.

ln(u v) = ln u + ln v, ln(1/u) = -ln u and ln(u^v) = v ln u, all u positive. So 2^(n^n) and 4^n can
be told apart, or found to be the same, at numbers n at which neither could ever be written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from problem_bank.algebra.numeric import Outcome, compare_at
from problem_bank.algebra.points import Point
from problem_bank.algebra.ranges import range_of
from problem_bank.algebra.tree import Node, apply, names, number

FLOORS = 3  # of a tower: logarithms that are taken one after the other
_GROWING = frozenset(["^", "exp", "*"])
_BASES = 36  # numbers of which powers are known


def compare_logarithms(first: Node, second: Node, domains: Mapping[str, str], point: Point) -> Outcome:
    """Compare two trees at a point by their logarithms, and theirs; unknown where these do not help."""
    for _ in range(FLOORS):
        if not all(tree.op in _GROWING and range_of(tree, domains).positive for tree in (first, second)):
            break
        first, second = logarithm(first, domains), logarithm(second, domains)
        found = compare_at(first, second, point)
        if found in (Outcome.SAME, Outcome.DIFFERENT):
            return found
    return Outcome.UNKNOWN


def logarithm(tree: Node, domains: Mapping[str, str]) -> Node:
    """The logarithm of a tree: products of positive trees as sums, their powers as products."""
    if tree.op == "exp":
        return tree.args[0]
    if tree.op == "*" and all(range_of(arg, domains).positive for arg in tree.args):
        return Node("+", tuple(logarithm(arg, domains) for arg in tree.args))
    if tree.op == "inv":
        return -logarithm(tree.args[0], domains)
    if tree.op == "^" and range_of(tree.args[0], domains).positive:
        return _cancelled((tree.args[1], logarithm(tree.args[0], domains)))
    root, exponent = _root(tree) if tree.op == "number" else (tree, 1)
    return apply("ln", root) if exponent == 1 else number(exponent) * apply("ln", root)


def opened(tree: Node, domains: Mapping[str, str]) -> Node:
    """The tree with all logarithms of products and powers as sums and products."""
    args = tuple(opened(arg, domains) for arg in tree.args)
    if tree.op == "ln":
        return logarithm(args[0], domains)
    return _cancelled(args) if tree.op == "*" else Node(tree.op, args, tree.atom)


def _cancelled(factors: tuple[Node, ...]) -> Node:
    """One flat product, without pairs such as ln(2) and 1/ln(2)."""
    left: list[Node] = []
    for factor in (part for f in factors for part in (f.args if f.op == "*" else (f,))):
        opposite = factor.args[0] if factor.op == "inv" else apply("inv", factor)
        if opposite in left and opposite.op in ("ln", "inv") and not names(factor):
            left.remove(opposite)
        else:
            left.append(factor)
    return Node("*", tuple(left)) if len(left) > 1 else left[0] if left else number(1)


@cache
def _powers() -> Mapping[Node, tuple[Node, int]]:
    """8 as 2^3, 100 as 10^2."""
    found = {}
    for base in range(_BASES, 1, -1):
        found.update({number(base**n): (number(base), n) for n in range(2, 11)})
    return found


def _root(tree: Node) -> tuple[Node, int]:
    return _powers().get(tree, (tree, 1))
