"""Summation over repeated indices, made explicit: delta_ij s_j becomes the sum of delta_ij s_j over j."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from problem_bank.algebra.indices.notation import letters_of, over, summed
from problem_bank.algebra.tree import Node


@dataclass(frozen=True)
class Contracted:
    """A tree whose sums are all explicit, the indices left that stand once, and what is wrong, if anything."""

    tree: Node
    single: frozenset[str] = frozenset()
    problem: str = ""


def contract(tree: Node, free: Collection[str]) -> Contracted:
    """Sum over every index that stands twice in a product and is neither free nor summed over already."""
    match tree.op:
        case "entry" | "delta":
            return _closed(tree, Counter(letter for letter in letters_of(tree) if letter not in free))
        case "sum":
            letter, size = over(tree)
            inner = contract(tree.args[0], {*free, letter})
            return Contracted(summed(letter, inner.tree, size), inner.single, inner.problem)
        case "*":
            return _product(tree, free)
        case "+":
            return _sum(tree, free)
    parts = [contract(arg, free) for arg in tree.args]
    return _joined(Node(tree.op, tuple(part.tree for part in parts), tree.atom), parts)


def _product(tree: Node, free: Collection[str]) -> Contracted:
    parts = [contract(arg, free) for arg in tree.args]
    count = Counter(letter for part in parts for letter in part.single)
    found = _closed(Node("*", tuple(part.tree for part in parts)), count)
    return Contracted(found.tree, found.single, _first(parts) or found.problem)


def _closed(tree: Node, count: Counter[str]) -> Contracted:
    """The sum of a product over the indices that stand in it twice."""
    for letter in sorted(letter for letter, times in count.items() if times == 2):
        tree = summed(letter, tree)
    many = [letter for letter, times in count.items() if times > 2]
    problem = f"{many[0]} stands more than twice in one product; write the sum, such as sum_{many[0]}" if many else ""
    return Contracted(tree, frozenset(letter for letter, times in count.items() if times == 1), problem)


def _sum(tree: Node, free: Collection[str]) -> Contracted:
    parts = [contract(arg, free) for arg in tree.args]
    found = _joined(Node("+", tuple(part.tree for part in parts)), parts)
    some = found.single - frozenset.intersection(*(part.single for part in parts))
    if not some:
        return found
    problem = (
        f"the index {min(some)} is none of those asked for, and stands in some of the added terms only; "
        f"write out what is summed, such as sum_{min(some)}"
    )
    return Contracted(found.tree, found.single, found.problem or problem)


def _joined(tree: Node, parts: list[Contracted]) -> Contracted:
    return Contracted(tree, frozenset().union(*(part.single for part in parts)), _first(parts))


def _first(parts: list[Contracted]) -> str:
    return next((part.problem for part in parts if part.problem), "")
