"""Other letters than the question's: X_ad delta_bc for X_il delta_jk, read in the declared order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase, ascii_uppercase

from problem_bank.algebra.indices.contract import contract
from problem_bank.algebra.indices.notation import Notation, entry, index, over, summed, used
from problem_bank.algebra.tree import Node, number
from problem_bank.errors import Unreadable


def own_letters(tree: Node, left: str, notation: Notation) -> tuple[str, ...]:
    """The student's letters for the free indices: those of the left side, or guessed from the alphabet.

    The declared ones stay what they are. Others stand for them only where they could not be read
    otherwise, and where the alphabet puts them into the declared order. Raises Unreadable for a left
    side with another number of indices.
    """
    free = notation.letters
    if left and (len(left) != len(free) or len(set(left)) != len(left)):
        raise Unreadable(f"the left side has the indices {', '.join(left)}; asked is for {', '.join(free) or 'none'}")
    if left:
        return tuple(left)
    foreign = contract(tree, free).single
    if not foreign:
        return free
    letters = _unbound(tree)
    letters = letters if len(letters) == len(free) else {letter for letter in letters if letter in free} | foreign
    guess = tuple(sorted(letters))
    fits = len(guess) == len(free) and list(free) == sorted(free)
    moved = any(letter in free and letter != place for letter, place in zip(guess, free, strict=False))
    return guess if fits and not moved else free


def renamed(tree: Node, names: Mapping[str, str]) -> Node:
    """The tree with other letters for its free indices; sums get fresh letters where these would clash."""
    if tree.op == "index":
        return index(names.get(str(tree.atom), str(tree.atom)))
    if tree.op != "sum":
        return Node(tree.op, tuple(renamed(arg, names) for arg in tree.args), tree.atom)
    (letter, size), body = over(tree), tree.args[0]
    inner = {old: new for old, new in names.items() if old != letter}
    if letter in inner.values():
        inner[letter] = _fresh({*used(body), *inner.values(), letter})
    return summed(inner.get(letter, letter), renamed(body, inner), size)


def without_sums(first: Node, second: Node) -> tuple[Node, Node]:
    """The trees with every sum as an entry of an array of its own, the same one for the same sum.

    Factors without the index of a sum are taken out of it first.
    """
    known: dict[Node, str] = {}

    def replaced(tree: Node) -> Node:
        if tree.op != "sum":
            return Node(tree.op, tuple(map(replaced, tree.args)), tree.atom)
        letters = [letter for letter in used(tree) if letter in _unbound(tree)]
        places = {letter: f"{place}" for place, letter in enumerate(letters)}
        return entry(known.setdefault(_plain(tree, places), f"sum {len(known)}"), letters)

    return replaced(_pulled(first)), replaced(_pulled(second))


def _pulled(tree: Node) -> Node:
    """The tree with constant factors in front of every sum."""
    args = tuple(map(_pulled, tree.args))
    if tree.op != "sum":
        return Node(tree.op, args, tree.atom)
    (letter, size), body = over(tree), args[0]
    factors = body.args if body.op == "*" else (body,)
    inside = [factor for factor in factors if letter in _unbound(factor)]
    outside = [factor for factor in factors if letter not in _unbound(factor)]
    rest = summed(letter, Node("*", tuple(inside)) if inside else number(1), size)
    return Node("*", (*outside, rest)) if outside else rest


def _plain(tree: Node, places: Mapping[str, str]) -> Node:
    """The tree with numbers for its letters, so that sums over other letters are the same."""
    if tree.op == "index":
        return index(places[str(tree.atom)])
    if tree.op != "sum":
        return Node(tree.op, tuple(_plain(arg, places) for arg in tree.args), tree.atom)
    (letter, size), place = over(tree), str(len(places))
    return summed(place, _plain(tree.args[0], {**places, letter: place}), size)


def positional(tree: Node, notation: Notation) -> tuple[Node, Notation]:
    """The tree and the notation with a, b, c, ... for the free indices and A, B, C, ... for the arrays.

    They are the same for every choice of letters and names.
    """
    letters = ascii_lowercase[: len(notation.free)]
    free = tuple(zip(letters, notation.ranges.values(), strict=True))
    names = dict(zip(notation.dimensions, ascii_uppercase, strict=False))
    arrays = tuple((names[name], dimensions) for name, dimensions in notation.arrays)
    domains = tuple((names[name], domain) for name, domain in notation.domains)
    lettered = renamed(tree, dict(zip(notation.letters, letters, strict=True)))
    return _called(lettered, names), replace(notation, arrays=arrays, free=free, domains=domains)


def _called(tree: Node, names: Mapping[str, str]) -> Node:
    """The tree with other names for its arrays."""
    atom = names.get(str(tree.atom), tree.atom) if tree.op in ("entry", "symbol") else tree.atom
    return Node(tree.op, tuple(_called(arg, names) for arg in tree.args), atom)


def note(own: Sequence[str], free: Sequence[str]) -> str:
    """How other letters were read, for the student; "" where there are none."""
    if tuple(own) == tuple(free):
        return ""
    return f"Read with {', '.join(own)} in the places of {', '.join(free)}."


def _unbound(tree: Node) -> set[str]:
    """The indices that are not written below a sum."""
    if tree.op == "index":
        return {str(tree.atom)}
    found = set().union(*map(_unbound, tree.args)) if tree.args else set()
    return found - {over(tree)[0]} if tree.op == "sum" else found


def _fresh(taken: set[str]) -> str:
    return next(letter for letter in "mpqrstuvwabc" + ascii_lowercase if letter not in taken)
