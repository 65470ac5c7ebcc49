"""Does a text say this? Word patterns, matched sentence by sentence, with a guard against negation.

A pattern is a few terms that must all occur in one sentence, in any order: "gradient vanish* early|first". A term
is a word, which stands for its other forms too (scale: scales, scaled, scaling), or the beginning of words (vanish*),
or several of these, split by bars. A term counts only where nothing negates it ("does not vanish"); after an
exclamation mark only where something does (!mention). This finds what is worth a look; judging it takes a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

REACH = 3  # words after a negation that it still negates
LEAST = 3  # letters of a stem

_NEGATIONS = frozenset(("not", "no", "never", "without", "neither", "nor", "none", "nothing", "hardly", "cannot"))
_BREAKS = frozenset((",", ";", ":", "but", "and", "or", "that", "because", "so", "while", "whereas", "only"))
_SENTENCE = re.compile(r"(?<=[.!?])[\s\"')\]]+|\n+")
_TOKEN = re.compile(r"[a-z]+\d*|\d+(?:\.\d+)?|[,;:=<>]")
_ABBREVIATION = re.compile(r"\b(e\.g|i\.e|vs|etc|cf|resp|approx)\.", re.IGNORECASE)
_ENDINGS = ("isations", "isation", "ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "ly", "s", "e", "y")


@dataclass(frozen=True)
class Word:
    """A word of a text as it is compared, and whether something negates it."""

    text: str
    stem: str
    negated: bool


Sentence = tuple[Word, ...]


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text that hold a word."""
    pieces = _SENTENCE.split(_ABBREVIATION.sub(lambda found: found[1].replace(".", ""), text))
    return tuple(words for piece in pieces if (words := tuple(_words(piece))))


def says(text: Sequence[Sentence], patterns: Sequence[str]) -> bool:
    """Does one sentence of the text fit one of the patterns?"""
    return any(_fits(sentence, pattern) for pattern in patterns for sentence in text)


def _fits(sentence: Sentence, pattern: str) -> bool:
    return all(_occurs(sentence, *term) for term in _terms(pattern))


def _occurs(sentence: Sentence, negated: bool, options: tuple[tuple[str, bool], ...]) -> bool:
    """Is there a word that is one of the options, negated or not as it should be?"""
    return any(
        word.text.startswith(option) if open_ended else word.stem == option
        for word in sentence
        if word.negated is negated
        for option, open_ended in options
    )


@lru_cache(maxsize=4096)
def _terms(pattern: str) -> tuple[tuple[bool, tuple[tuple[str, bool], ...]], ...]:
    """For each term: must it be negated, and its options, each a stem or the beginning of words."""
    return tuple(
        (term.startswith("!"), tuple(map(_option, term.removeprefix("!").split("|")))) for term in pattern.split()
    )


def _option(option: str) -> tuple[str, bool]:
    spelled = _spelled(option)
    return (spelled.removesuffix("*"), True) if spelled.endswith("*") else (stem(spelled), False)


def _words(sentence: str) -> Iterator[Word]:
    """The words, each with the negation that reaches it."""
    reach = 0
    for token in _TOKEN.findall(_spelled(sentence)):
        if token in _NEGATIONS:
            reach = REACH + 1
        elif token in _BREAKS:
            reach = 0
        if token not in ",;:":
            yield Word(token, stem(token), 0 < reach <= REACH)
        reach = max(0, reach - 1)


def _spelled(text: str) -> str:
    """Lower case, one spelling: Greek letters by name, British endings, written-out negations."""
    plain = "".join(_letter(letter) for letter in unicodedata.normalize("NFKC", text)).lower()
    plain = plain.replace("’", "'").replace("n't", " not").replace("cannot", "can not")
    plain = re.sub(r"\b(rather than|instead of)\b", r"not", plain).replace("non-", "non")
    return re.sub(r"(?<=[a-z]{3})iz(?=e|i|a)", "is", plain).replace("\\", " ").replace("_", "")


def _letter(letter: str) -> str:
    """ε as " epsilon "; other letters as they are."""
    name = unicodedata.name(letter, "") if letter > "\x7f" else ""
    return f" {name.split()[-1].lower()} " if name.startswith("GREEK SMALL LETTER") else letter


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its endings, roughly: scaled and scaling are scal, dropped is drop."""
    for ending in _ENDINGS:
        cut = word.removesuffix(ending)
        if cut != word and len(cut) >= LEAST and not word.endswith("ss"):
            doubled = len(cut) > LEAST and cut[-1] == cut[-2] and cut[-1] not in "sl"
            return stem(cut[:-1] if doubled else cut)
    return word
