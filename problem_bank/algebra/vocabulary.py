"""The names of one question, and every way to write them. Declared names come before anything else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from problem_bank.algebra import words

WORD = re.compile(r"[A-Za-z](?:[A-Za-z0-9]|\\?_(?=[A-Za-z0-9]))*")
LONGEST = 60  # letters of a word that may be several names written together
_LOG = re.compile(r"log_?([2-9]|[1-9][0-9])")


@dataclass(frozen=True)
class Vocabulary:
    """The names of one question: symbols, other spellings of them, and the functions by spelling in lower case."""

    symbols: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=lambda: words.FUNCTIONS)

    @cached_property
    def spelled(self) -> dict[str, str]:
        """The symbol for every accepted spelling: as declared, by alias, x1 for x_1 and back."""
        exact = {**{name: name for name in self.symbols}, **self.aliases}
        numbered = [(spelling, name) for spelling, name in exact.items() if spelling[-1:].isdigit()]
        loose = {re.sub(r"_(?=[0-9]+$)", "", spelling): name for spelling, name in numbered}
        split = {re.sub(r"(?<=[A-Za-z])(?=[0-9]+$)", "_", spelling): name for spelling, name in numbered}
        return {**loose, **split, **exact}

    @cached_property
    def declared(self) -> frozenset[str]:
        """The names that trees may hold."""
        return frozenset(self.spelled.values())

    @cached_property
    def odd(self) -> list[str]:
        """Spellings that are no plain words, such as "∇L": looked for first, longest first."""
        plain = [s for s in self.spelled if not WORD.fullmatch(s)]
        return sorted(plain, key=len, reverse=True)

    @cached_property
    def known(self) -> dict[str, tuple[str, str]]:
        """The kinds and values of the words that were typed so far, as far as these have one."""
        return {}

    def learn(self, word: str) -> tuple[str, str] | None:
        """The kind and value of a known word or Greek letter, kept in `known`."""
        meaning = self.meaning(words.GREEK.get(word, word))
        if meaning:
            self.known[word] = meaning
        return meaning

    def pieces(self, word: str) -> list[tuple[str, str]]:
        """The one way to cut an unknown word into known ones, such as kx into k and x; [] if none or several."""
        ways: list[list[list[tuple[str, str]]]] = [[[]]]
        for end in range(1, len(word) + 1):
            found = [
                [*way, meaning]
                for start in range(end)
                if ways[start] and (meaning := self.meaning(word[start:end]))
                for way in ways[start]
            ]
            ways.append(found[:2])
        return ways[-1][0] if len(ways[-1]) == 1 else []

    def meaning(self, word: str) -> tuple[str, str] | None:
        """The kind and value of a known word."""
        if word in self.spelled:
            return "symbol", self.spelled[word]
        if word in words.EXACT and self.functions is words.FUNCTIONS:
            return "function", words.EXACT[word]
        if word.lower() in self.functions and word != "Sigma":  # a capital sigma is a sum to most people
            return "function", self.functions[word.lower()]
        if word in ("e", "pi"):
            return "constant", word
        base = _LOG.fullmatch(word)
        return ("log", base[1]) if base else None

    def resolve(self, word: str) -> list[tuple[str, str]]:
        """The kinds and values of a word's pieces: one for a known word, [] where it cannot be understood."""
        meaning = self.meaning(word)
        if meaning:
            return [meaning]
        return self.pieces(word) if len(word) <= LONGEST else []

    def unknown(self, word: str) -> str:
        """What to say of a word that is no name here."""
        shown = word if len(word) <= 20 else word[:20] + "…"
        close = get_close_matches(word[:40], [*self.spelled, *self.functions], n=1, cutoff=0.7)
        hint = f"Did you mean {close[0]}? " if close else ""
        known = ", ".join(self.symbols[:12]) or "numbers"
        return f"“{shown}” is no name of this question. {hint}Known are {known}, and functions such as exp or max"
