"""What every index runs over, and the first place where that does not fit."""

from __future__ import annotations

from collections.abc import Mapping

from problem_bank.algebra.indices.notation import Notation, letters_of, over, summed
from problem_bank.algebra.tree import Node
from problem_bank.errors import Unreadable

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")

Scope = Mapping[str, str]


def ranged(tree: Node, notation: Notation, scope: Scope | None = None) -> Node:
    """The tree with the dimension of every sum, told from the arrays that its index stands below.

    Raises Unreadable where it cannot be told.
    """
    scope = notation.ranges if scope is None else scope
    if tree.op != "sum":
        return Node(tree.op, tuple(ranged(arg, notation, scope) for arg in tree.args), tree.atom)
    letter, size = over(tree)
    size = size or _range(letter, tree.args[0], notation, scope) or _only(notation)
    if not size:
        known = min(notation.sizes, default="n")
        raise Unreadable(f"it cannot be told how far {letter} runs; write such a sum as sum_{{{letter}=1}}^{{{known}}}")
    return summed(letter, ranged(tree.args[0], notation, {**scope, letter: size}), size)


def clash(tree: Node, notation: Notation, scope: Scope | None = None) -> str:
    """The first index that stands where it does not fit, in words; "" if all fit."""
    scope = notation.ranges if scope is None else scope
    match tree.op:
        case "entry":
            return _entry_clash(tree, notation.dimensions[str(tree.atom)], scope)
        case "delta":
            first, second = letters_of(tree)
            return (
                "" if scope[first] == scope[second]
                else f"with delta_{first}{second} you compare {first}, which runs over {scope[first]}, "
                f"and {second}, which runs over {scope[second]}"
            )  # fmt: skip
        case "sum":
            letter, size = over(tree)
            return clash(tree.args[0], notation, {**scope, letter: size})
    return next((found for arg in tree.args if (found := clash(arg, notation, scope))), "")


def _entry_clash(tree: Node, dimensions: tuple[str, ...], scope: Scope) -> str:
    for place, letter, dimension in zip(_ORDINALS, letters_of(tree), dimensions, strict=False):
        if scope[letter] != dimension:
            which = f"the {place} index" if len(dimensions) > 1 else "the index"
            return f"here {letter} runs over {scope[letter]}, but {which} of {tree.atom} runs over {dimension}"
    return ""


def _only(notation: Notation) -> str:
    """The one dimension there is; "" among several."""
    return min(notation.sizes) if len(notation.sizes) == 1 else ""


def _range(letter: str, tree: Node, notation: Notation, scope: Scope) -> str:
    """What an index runs over, from its place below an array, or from what a delta compares it with; "" if unknown."""
    if tree.op == "sum" and over(tree)[0] == letter:
        return ""
    if tree.op == "entry":
        places = zip(letters_of(tree), notation.dimensions[str(tree.atom)], strict=True)
        return next((dimension for own, dimension in places if own == letter), "")
    if tree.op == "delta":
        pair = letters_of(tree)
        return next((scope[other] for other in pair if letter in pair and other in scope and other != letter), "")
    return next((found for arg in tree.args if (found := _range(letter, arg, notation, scope))), "")
