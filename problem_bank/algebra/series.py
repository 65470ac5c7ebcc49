"""Sums and products over an index, such as sum_{i=1}^{n} x^i: terms are written out when a value is asked for.

A series is a node "summed" or "multiplied" with the index as its atom, and both bounds and the term
as its arguments; the index in the term is a leaf "index". Bounds may hold letters; what is too long
is not added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from problem_bank.algebra.functions import TooLargeError, UndefinedError
from problem_bank.algebra.tree import Node, nodes, number, replaced, symbol

OPS = ("summed", "multiplied")
WORK = 600  # nodes of all terms together
_FUNCTION = 8  # times the work of a number, a letter, a sum
_LIGHT = frozenset(["number", "symbol", "index", "+", "*", "neg", "inv", "^"])


def terms(series: Node, low: Fraction, high: Fraction) -> list[Node]:
    """The terms from low to high, the index replaced by numbers. Raises UndefinedError or TooLargeError."""
    if not all(isinstance(bound, Fraction) and bound.denominator == 1 for bound in (low, high)):
        raise UndefinedError("a bound of a sum that is no whole number")
    term = series.args[2]
    if (high - low + 1) * _work(term) > WORK:
        raise TooLargeError("a sum of many terms")
    index = Node("index", (), series.atom)
    return [replaced(term, {index: number(k)}) for k in range(int(low), int(high) + 1)]


def freed(tree: Node, domains: Mapping[str, str]) -> tuple[Node, dict[str, str]]:
    """The tree with every index as a letter of its own, and the domains with these letters."""
    letters = {}
    for node in nodes(tree):
        if node.op in OPS:
            low = node.args[0]
            letters[f"index {node.atom}"] = "natural" if low.op == "number" and low.value >= 1 else "integer"
    if not letters:
        return tree, dict(domains)
    leaves = {Node("index", (), name.removeprefix("index ")): symbol(name) for name in letters}
    return replaced(tree, leaves), {**domains, **letters}


@lru_cache(maxsize=256)
def _work(term: Node) -> int:
    return sum(1 if node.op in _LIGHT else _FUNCTION for node in nodes(term))
