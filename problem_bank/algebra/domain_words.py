"""What authors call the domains, and the letters of a key whose domains nobody declared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from problem_bank.algebra import words
from problem_bank.algebra.tree import Node, names
from problem_bank.algebra.vocabulary import WORD

_SAID = {
    "real": "real number | reals | R | ℝ | any real",
    "positive": "> 0 | positive real | positive number | real > 0 | R+ | ℝ+ | (0, ∞) | in (0, ∞)",
    "nonzero": "!= 0 | ≠ 0 | non-zero | not zero | real != 0 | R \\ {0}",
    "integer": "int | integers | whole | Z | ℤ",
    "natural": "natural number | positive integer | integer >= 1 | integer ≥ 1 | integer > 0 | N | ℕ | 1, 2, 3, ...",
    "unit": "(0,1) | (0, 1) | in (0,1) | in (0, 1) | between 0 and 1 | probability | open unit interval | 0 < p < 1",
}
SYNONYMS = {said: domain for domain, list_ in _SAID.items() for said in list_.split(" | ")}
"""The domain for everything that it may be called."""

_WORDS = re.compile(rf"\\?({WORD.pattern})|[{''.join(words.GREEK)}]")
_SPELLED = frozenset(["e", "pi", *words.FUNCTIONS, *words.EXACT, *words.SYMBOLS, *words.SILENT, *words.WRAPPERS])


def letters_of(key: Any) -> Mapping[str, str]:
    """The letters of a key (a text, a tree, SymPy's), all of them real."""
    if isinstance(key, Node):
        found = names(key)
    elif isinstance(key, str):
        found = {_name(match) for match in _WORDS.finditer(key)} - {""}
    else:
        found = {str(letter) for letter in getattr(key, "free_symbols", ())}
    return dict.fromkeys(sorted(found), "real")


def _name(match: re.Match[str]) -> str:
    """The letter that a word of the key names; "" for functions."""
    word = words.GREEK.get(match[0]) or words.VARIANTS.get(match[1], match[1])
    return "" if word.lower() in _SPELLED or word in _SPELLED or re.fullmatch(r"log_?\d+", word) else word
