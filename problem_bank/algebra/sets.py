"""Several expressions as one answer: "{1, 2}", "x = 1 or x = 2", "±2", "no solution"; in their order as a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from problem_bank.algebra.decision import UNDECIDED, Judgement
from problem_bank.algebra.effort import ALLOWED, limited
from problem_bank.algebra.equality import compare
from problem_bank.algebra.reading import Aliases, Symbols, read
from problem_bank.algebra.texts import PIECES, cut, inside, tidy
from problem_bank.algebra.tree import Node
from problem_bank.errors import Unreadable

_SEPARATOR = re.compile(r"\s*[,;，；]\s*(?:(?:and|or|und|oder)\s)?\s*|\s+(?:and|or|und|oder)\s+|\s*∪\s*")
_NOTHING = re.compile(
    r"(?:∅|\{\s*\}|\(\s*\)|\[\s*\]|(?:the )?empty ?set|empty|none|no (?:real )?solutions?)\.?", re.IGNORECASE
)
_NAMED = re.compile(r"[^\W\d]\w*\s*(?:∈|\bin\b)\s*")


@dataclass(frozen=True)
class Collection:
    """Expressions in the order in which they were typed; the order counts where `ordered`."""

    elements: tuple[Node, ...]
    ordered: bool = False

    def show(self) -> str:
        """Text that reads back."""
        inner = ", ".join(element.show() for element in self.elements)
        return f"[{inner}]" if self.ordered else f"{{{inner}}}" if inner else "empty set"

    def tex(self) -> str:
        """LaTeX, without dollars."""
        inner = r",\, ".join(element.tex() for element in self.elements)
        return rf"\left({inner}\right)" if self.ordered else rf"\left\{{{inner}\right\}}" if inner else r"\varnothing"

    def __str__(self) -> str:
        return self.show()


@dataclass(frozen=True)
class Overlap:
    """How a student's elements meet those of the key: right ones, needless ones and open ones, each counted once."""

    hits: int
    extra: int
    open: int


def read_collection(text: str, symbols: Symbols, aliases: Aliases = None, *, ordered: bool = False) -> Collection:
    """The elements of a set or list. Raises Unreadable with the place and what would be readable."""
    tidied = tidy(text)
    if _NOTHING.fullmatch(tidied):
        return Collection((), ordered)
    tidied = _NAMED.sub("", tidied, count=1) if _NAMED.match(tidied) else tidied
    held = inside(tidied, "{", "}")
    if held is None and ordered:
        held = inside(tidied, "([", ")]")
    pieces = cut(tidied if held is None else held, _SEPARATOR)
    if not any(piece.strip() for piece in pieces):
        raise Unreadable("there is nothing to read; write the elements with commas between them, such as {1, -3/2}")
    found = [element for piece in pieces for element in _both_signs(piece, symbols, aliases, ordered)]
    return Collection(tuple(found), ordered)


def collection_of(key: object, symbols: Symbols, aliases: Aliases = None, *, ordered: bool = False) -> Collection:
    """A key as a collection: a text, or a list of what `tree_of` takes. Raises ValueError."""
    from problem_bank.algebra.reading import tree_of

    if isinstance(key, Collection):
        return key
    if isinstance(key, str):
        return read_collection(key, symbols, aliases, ordered=ordered)
    if not isinstance(key, list | tuple | set | frozenset):
        raise ValueError(f"{type(key).__name__} is no key of a set; give a text or a list of expressions")
    return Collection(tuple(tree_of(element, symbols, aliases) for element in key), ordered)


@limited(2 * ALLOWED)  # all pairs together
def overlap(first: Collection, second: Collection, domains: Mapping[str, str]) -> Overlap:
    """Compare element by element: place by place in lists, each with each in sets (repeated ones count once)."""
    if first.ordered or second.ordered:
        pairs = zip(first.elements, second.elements, strict=False)
        found = [compare(a, b, domains).equal for a, b in pairs]
        longer = max(0, len(first.elements) - len(second.elements))
        return Overlap(found.count(True), found.count(False) + longer, found.count(None))
    mine, keys = _distinct(first.elements, domains), _distinct(second.elements, domains)
    found = [_member(element, keys, domains) for element in mine]
    return Overlap(found.count(True), found.count(False), found.count(None))


def compare_collections(first: Collection, second: Collection, domains: Mapping[str, str]) -> Judgement:
    """Have both the same elements?"""
    size = len(second.elements) if second.ordered else len(_distinct(second.elements, domains))
    met = overlap(first, second, domains)
    if met.extra or met.hits + met.open < size:
        return Judgement(False, "element by element", _missing(met, size, ordered=second.ordered))
    if met.open:
        return Judgement(None, UNDECIDED, "An element could not be compared with certainty.")
    return Judgement(True, "element by element")


def _missing(met: Overlap, size: int, *, ordered: bool) -> str:
    if ordered or not met.hits:
        return f"{met.hits} of {size} elements are in place." if met.hits else ""
    if not met.extra:
        return "All of these belong to it, but some are missing."
    return (
        "All that belong to it are there, but others do not."
        if met.hits == size
        else f"{met.hits} of these belong to it."
    )


def _both_signs(piece: str, symbols: Symbols, aliases: Aliases, ordered: bool) -> list[Node]:
    """One element, or the two of "2 ± sqrt(3)"."""
    if "∓" in piece or piece.count("±") > 1 or (ordered and "±" in piece):
        raise Unreadable("at most one ± can be read in each element of a set; write the elements one by one")
    signs = ("+", "-") if "±" in piece else ("",)
    return [read(piece.replace("±", sign), symbols, aliases) for sign in signs]


def _distinct(elements: tuple[Node, ...], domains: Mapping[str, str]) -> list[Node]:
    """The elements without those that were there before."""
    found: list[Node] = []
    for element in elements[:PIECES]:
        if not any(compare(element, other, domains).equal for other in found):
            found.append(element)
    return found


def _member(element: Node, keys: list[Node], domains: Mapping[str, str]) -> bool | None:
    """Is it one of these? None where that is open."""
    found = [compare(element, key, domains).equal for key in keys]
    return True if True in found else None if None in found else False
