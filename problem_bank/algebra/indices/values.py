"""The numbers that an index expression stands for, when the arrays are given: what a second route computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from problem_bank.algebra.indices.notation import Notation, letters_of, over
from problem_bank.algebra.numeric import Evaluator
from problem_bank.algebra.tree import Node, number


@dataclass(frozen=True, eq=False)
class Values:
    """Arrays, as nested tuples of exact numbers, and an array of the free indices that belongs to them.

    The arrays stand in the order in which a question declares them; it may call them otherwise.
    Dimensions are told apart by their sizes alone: arrays whose sides are all equal also give values
    to expressions whose indices do not fit.
    """

    arrays: Mapping[str, Any]
    array: Any

    def agree(self, tree: Node, notation: Notation) -> bool:
        """Does the tree have these values, at every value of the free indices?"""
        named = replace(self, arrays=dict(zip(notation.dimensions, self.arrays.values(), strict=True)))
        sizes = named.sizes(notation)
        point: dict[str, int] = {}
        return named._agree(tree, self.array, [sizes[size] for size in notation.ranges.values()], notation, point)

    def sizes(self, notation: Notation) -> dict[str, int]:
        """The size of every dimension."""
        found: dict[str, int] = {}
        for name, array in self.arrays.items():
            inner = array
            for dimension in notation.dimensions[name]:
                found[dimension], inner = len(inner), inner[0]
        return found

    def _agree(self, tree: Node, array: Any, sizes: list[int], notation: Notation, point: dict[str, int]) -> bool:
        if len(point) == len(sizes):
            return bool(self.value(tree, point, self.sizes(notation)) == array)
        letter = notation.letters[len(point)]
        return len(array) == sizes[len(point)] and all(
            self._agree(tree, inner, sizes, notation, {**point, letter: v}) for v, inner in enumerate(array)
        )

    def value(self, tree: Node, point: Mapping[str, int], sizes: Mapping[str, int]) -> Any:
        """The value at one choice of indices. Raises IndexError where an index leaves its array."""
        return Evaluator({}, digits=30).value(self._numeric(tree, point, sizes))

    def _numeric(self, tree: Node, point: Mapping[str, int], sizes: Mapping[str, int]) -> Node:
        """The tree with numbers for entries, deltas and sizes, and sums written out."""
        match tree.op:
            case "entry":
                array = self.arrays[str(tree.atom)]
                for letter in letters_of(tree):
                    array = array[point[letter]]
                return number(Fraction(array))
            case "delta":
                first, second = letters_of(tree)
                return number(int(point[first] == point[second]))
            case "sum":
                letter, size = over(tree)
                return Node(
                    "+", tuple(self._numeric(tree.args[0], {**point, letter: v}, sizes) for v in range(sizes[size]))
                )
            case "symbol" if tree.atom in sizes:
                return number(sizes[str(tree.atom)])
        return Node(tree.op, tuple(self._numeric(arg, point, sizes) for arg in tree.args), tree.atom)
