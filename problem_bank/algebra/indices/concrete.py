"""An index expression at given indices is a scalar expression: its entries are symbols, its deltas 0 or 1."""

from __future__ import annotations

from collections.abc import Mapping

from problem_bank.algebra.indices.notation import letters_of, over
from problem_bank.algebra.tree import Node, number, symbol

Place = tuple[str, int]
"""A value of an index: the dimension it runs over, and the number."""


def at(tree: Node, place: Mapping[str, Place], sizes: Mapping[str, int]) -> Node:
    """The scalar expression at these values of the free indices.

    An index that does not fit its array makes a symbol of its own, and so does a delta between two
    dimensions: expressions that make no sense are still told apart.
    """
    match tree.op:
        case "entry":
            return symbol(f"{tree.atom}[{','.join(_name(place[letter]) for letter in letters_of(tree))}]")
        case "delta":
            return _delta(*sorted(place[letter] for letter in letters_of(tree)))
        case "sum":
            letter, size = over(tree)
            terms = tuple(at(tree.args[0], {**place, letter: (size, v)}, sizes) for v in range(sizes[size]))
            return terms[0] if len(terms) == 1 else Node("+", terms)
        case "symbol" if tree.atom in sizes:
            return number(sizes[str(tree.atom)])
    return Node(tree.op, tuple(at(arg, place, sizes) for arg in tree.args), tree.atom)


def array_of(name: str) -> str:
    """The array that a symbol made here is an entry of."""
    return name.partition("[")[0]


def _delta(first: Place, second: Place) -> Node:
    if first[0] != second[0]:
        return symbol(f"delta[{_name(first)},{_name(second)}]")
    return number(int(first == second))


def _name(place: Place) -> str:
    return f"{place[0]}{place[1]}"
