r"""Index expressions with Kronecker deltas: X_il delta_jk, s_i (\delta_{ij} - s_j), \sum_m X_im W_jm.

    >>> from problem_bank.algebra.indices import decide_index
    >>> decision = decide_index("\\delta_{jk} X_{il}", "X_il delta_jk", arrays={"X": ("n", "d"), "W": ("k", "d")},
    ...                         free={"i": "n", "j": "k", "k": "k", "l": "d"})
    >>> decision.equal, decision.reading.text
    (True, 'delta_jk*X_il')

An index that stands twice in a product and is not asked for is summed over. Equality is decided for
all sizes: see `cases`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from problem_bank.algebra.decision import Decision, Reading
from problem_bank.algebra.indices.compare import compare, reason
from problem_bank.algebra.indices.contract import contract
from problem_bank.algebra.indices.notation import Notation, delta, entry, letters_of, notation, summed, used
from problem_bank.algebra.indices.parse import parse
from problem_bank.algebra.indices.ranges import clash, ranged
from problem_bank.algebra.indices.rename import note, own_letters, positional, renamed
from problem_bank.algebra.indices.show import show, tex
from problem_bank.algebra.indices.values import Values
from problem_bank.algebra.tree import Node
from problem_bank.errors import Unreadable

__all__ = [
    "Notation", "Values", "clash", "compare", "decide_index", "delta", "entry", "letters_of", "notation", "positional",
    "read", "reason", "renamed", "show", "summed", "tex", "tree_of", "used",
]  # fmt: skip


def decide_index(
    student: str,
    key: Any,
    *,
    arrays: Mapping[str, Sequence[str]],
    free: Mapping[str, str],
    domains: Mapping[str, str] | None = None,
) -> Decision:
    """Read a student's text and compare it with the key (a text in the same language, or a tree).

    `arrays` gives the dimensions of every array, () for a scalar; `free` the indices of what is
    asked, in order, with the dimension each runs over; `domains` what entries may be, else real.
    Raises Unreadable for the student's text, ValueError for a key that does not fit.
    """
    asked = notation(arrays, free, domains)
    right = tree_of(key, asked)
    tree, said = read(student, asked)
    found = compare(tree, right, asked)
    why = found.reason or (reason(tree, right, asked) if found.equal is False else "")
    return Decision(found.equal, found.basis, Reading(partial(show, tree), partial(tex, tree)), f"{said} {why}".strip())


def read(text: str, asked: Notation) -> tuple[Node, str]:
    """The tree of a text, with every sum and its range written out, and a sentence where other letters were used.

    Raises Unreadable with what would be readable.
    """
    tree, left = parse(text, asked)
    own = own_letters(tree, left, asked)
    found = contract(tree, own)
    if found.problem or found.single:
        raise Unreadable(found.problem or _single(min(found.single), asked))
    tree = renamed(found.tree, dict(zip(own, asked.letters, strict=True)))
    return ranged(tree, asked), note(own, asked.letters)


@lru_cache(maxsize=4096)
def tree_of(key: str | Node, asked: Notation) -> Node:
    """A key as a tree. Raises ValueError where it cannot be read."""
    if isinstance(key, Node):
        return ranged(contract(key, asked.letters).tree, asked)
    try:
        return read(key, asked)[0]
    except Unreadable as error:
        raise ValueError(f"the key {key!r} cannot be read: {error}") from None


def _single(letter: str, asked: Notation) -> str:
    free = ", ".join(asked.letters) or "none"
    return (
        f"the index {letter} stands only once in its term, so it is not summed over, and it is none of those "
        f"asked for ({free})"
    )
