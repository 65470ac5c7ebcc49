"""Which sizes and which values of the free indices decide an equality for all of them.

Nothing singles out one value of an index, so an expression is known once it is known for every
pattern of equal and different free indices: j = k and j != k, rather than the whole grid. And at a
fixed pattern, what the sums leave behind is a polynomial in the sizes: as many sizes as its degree,
and one more, decide for all sizes, provided that the indices of a product can all differ. Where
sums stand below a fraction's line, one more size is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from problem_bank.algebra.caps import constant
from problem_bank.algebra.indices.concrete import Place
from problem_bank.algebra.indices.notation import Notation, over
from problem_bank.algebra.tree import Node

One = TypeVar("One")

CASES = 200
NODES = 60_000  # of all scalar expressions of one comparison


@dataclass(frozen=True)
class Case:
    """The sizes of the dimensions, and a value for every free index."""

    sizes: Mapping[str, int]
    place: Mapping[str, Place]


def cases(first: Node, second: Node, notation: Notation) -> list[Case]:
    """Enough cases to decide the equality of two trees; [] where that would take too long."""
    sides = {size: _sides(first, second, size, notation) for size in sorted(notation.sizes)}
    sizes = [dict(zip(sides, values, strict=True)) for values in _few(product(*sides.values()))]
    places = list(_few(_places(notation)))
    effort = sum(_effort(tree, of) for of in sizes for tree in (first, second)) * len(places)
    if len(sizes) * len(places) > CASES or effort > NODES:
        return []
    return [Case(of, place) for of in sizes for place in places]


def _few(many: Iterator[One]) -> list[One]:
    return [one for one, _ in zip(many, range(CASES + 1), strict=False)]


def _sides(first: Node, second: Node, size: str, notation: Notation) -> range:
    """The values of one size that are tried."""
    (p, q), (r, s) = degree(first, size), degree(second, size)
    most = max(p + s, q + r)
    least = max(2, most + sum(own == size for own in notation.ranges.values()))
    return range(least, least + most + 1 + bool(q or s))


def degree(tree: Node, size: str) -> tuple[int, int]:
    """How many sums over this dimension, and how many factors of its size, stand in a product: above and below."""
    if tree.op in ("entry", "delta", "number", "pi", "symbol"):
        return int(tree.op == "symbol" and tree.atom == size), 0
    inner = [degree(arg, size) for arg in tree.args]
    above, below = sum(p for p, _ in inner), sum(q for _, q in inner)
    match tree.op:
        case "sum":
            return above + (over(tree)[1] == size), below
        case "+":
            return max(p + below - q for p, q in inner), below
        case "*" | "neg":
            return above, below
        case "inv":
            return below, above
        case "^":
            n = constant(tree.args[1])
            if n is not None and n.denominator == 1:
                p, q = inner[0] if n >= 0 else inner[0][::-1]
                return p * abs(n.numerator), q * abs(n.numerator)
    return above + below, 0


def _effort(tree: Node, sizes: Mapping[str, int]) -> int:
    """The nodes of the tree with its sums written out."""
    inner = 1 + sum(_effort(arg, sizes) for arg in tree.args)
    return inner * sizes[over(tree)[1]] if tree.op == "sum" else inner


def _places(notation: Notation) -> Iterator[dict[str, Place]]:
    """One choice of values for every pattern of equal and different indices of the same dimension."""
    groups = {size: [n for n, own in notation.free if own == size] for size in dict(notation.free).values()}
    for patterns in product(*(_patterns(len(letters)) for letters in groups.values())):
        yield {
            letter: (size, value)
            for (size, letters), pattern in zip(groups.items(), patterns, strict=True)
            for letter, value in zip(letters, pattern, strict=True)
        }


def _patterns(n: int) -> list[tuple[int, ...]]:
    """All ways to be equal or different, each value at most one above those before: (0, 0), (0, 1) for two."""
    found: list[tuple[int, ...]] = [()]
    for _ in range(min(n, 6)):
        found = [(*way, value) for way in found for value in range(max(way, default=-1) + 2)]
    return found
