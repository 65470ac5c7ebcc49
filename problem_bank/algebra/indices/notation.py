"""What one question declares: arrays with the names of their dimensions, and the free indices in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from string import ascii_letters

from problem_bank.algebra.points import DOMAINS
from problem_bank.algebra.tree import Node, nodes
from problem_bank.algebra.vocabulary import WORD, Vocabulary

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Notation:
    """Arrays such as ("X", ("n", "d")), free indices such as ("i", "n"), and the domains of entries (else real).

    An array without dimensions is a scalar. The name of a dimension may stand for its size, unless
    a free index bears it.
    """

    arrays: tuple[tuple[str, tuple[str, ...]], ...]
    free: Pairs
    domains: Pairs = ()

    @cached_property
    def dimensions(self) -> dict[str, tuple[str, ...]]:
        """The dimensions of every array."""
        return dict(self.arrays)

    @cached_property
    def ranges(self) -> dict[str, str]:
        """The dimension that each free index runs over, in the declared order."""
        return dict(self.free)

    @property
    def letters(self) -> tuple[str, ...]:
        """The free indices, in the declared order."""
        return tuple(self.ranges)

    @cached_property
    def sizes(self) -> frozenset[str]:
        """The names of all dimensions."""
        return frozenset(d for _, dimensions in self.arrays for d in dimensions) | frozenset(self.ranges.values())

    def domain(self, name: str) -> str:
        """What the entries of an array, or a scalar, may be."""
        return dict(self.domains).get(name, "real")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names that stand without indices: scalars, and sizes."""
        scalars = [name for name, dimensions in self.arrays if not dimensions]
        sizes = sorted(self.sizes - set(self.ranges) - set(self.dimensions))
        return _Names((*scalars, *sizes), ranked=tuple(sorted(self.ranked)))

    @cached_property
    def ranked(self) -> dict[str, int]:
        """The arrays that have indices, and how many; longer names first."""
        return {n: len(d) for n, d in sorted(self.arrays, key=lambda a: -len(a[0])) if d}


@dataclass(frozen=True)
class _Names(Vocabulary):
    """Knows that letters belong below arrays."""

    ranked: tuple[str, ...] = ()

    def unknown(self, word: str) -> str:
        """What to say of a word that is no name here."""
        array = min(self.ranked, default="X")
        if len(word) == 1:
            return f"“{word}” stands alone; an index belongs below an array, as in {array}_{word}"
        shown = word if len(word) <= 20 else word[:20] + "…"
        known = ", ".join([*self.ranked, *self.symbols][:12])
        return f"“{shown}” is no name of this question. Known are {known}; write entries, such as {array}_ij"


def notation(
    arrays: Mapping[str, Sequence[str]], free: Mapping[str, str], domains: Mapping[str, str] | None = None
) -> Notation:
    """The notation of a question. Raises ValueError for names that could not be read."""
    return _checked(
        tuple((n, tuple(d)) for n, d in arrays.items()), tuple(free.items()), tuple((domains or {}).items())
    )


@lru_cache(maxsize=256)
def _checked(arrays: tuple[tuple[str, tuple[str, ...]], ...], free: Pairs, domains: Pairs) -> Notation:
    for name, _ in arrays:
        if not WORD.fullmatch(name):
            raise ValueError(f"{name!r} is no name for an array; use letters")
    for index, _ in free:
        if len(index) != 1 or index not in ascii_letters:
            raise ValueError(f"{index!r} is no index; use single Latin letters")
    for name, domain in domains:
        if domain not in DOMAINS or name not in dict(arrays):
            raise ValueError(f"{name}: {domain!r} fits no array and domain; choose from {', '.join(DOMAINS)}")
    return Notation(arrays, free, domains)


def entry(name: str, letters: str | Sequence[str]) -> Node:
    """An entry of an array, such as X and "il"."""
    return Node("entry", tuple(map(index, letters)), name)


def delta(first: str, second: str) -> Node:
    """Kronecker's delta: 1 where the indices are equal, else 0."""
    return Node("delta", (index(first), index(second)))


def summed(letter: str, body: Node, size: str = "") -> Node:
    """The sum of `body` over an index; `size` names its dimension where that is known."""
    return Node("sum", (body,), f"{letter} {size}".strip())


def index(letter: str) -> Node:
    """An index, as a leaf of a tree."""
    return Node("index", (), letter)


def letters_of(tree: Node) -> tuple[str, ...]:
    """The indices of one entry or delta."""
    return tuple(str(arg.atom) for arg in tree.args)


def over(tree: Node) -> tuple[str, str]:
    """The index of a sum and the dimension it runs over, "" where that is not known yet."""
    letter, _, size = str(tree.atom).partition(" ")
    return letter, size


def used(tree: Node) -> list[str]:
    """Every index that occurs below arrays and deltas, once each."""
    return list(dict.fromkeys(str(node.atom) for node in nodes(tree) if node.op == "index"))
