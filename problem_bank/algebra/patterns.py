"""The pieces that nearly every text is made of, each found by one regular expression."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache, lru_cache

from problem_bank.algebra import words

OPERATORS = ("**", "//", *"+-*/^(){}[],|⌊⌋⌈⌉√!")
NUMBER, WORD = 1, 2  # groups of `pieces`; the third is an operator


@cache
def number(letters: str) -> re.Pattern[str]:
    """Decimals, and scientific notation with these letters for the exponent."""
    exponent = rf"(?:[{letters}][+-]?[0-9]+)?" if letters else ""
    return re.compile(rf"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+){exponent}")


@cache
def pieces(letters: str) -> re.Pattern[str]:
    """Space, and then a number, a word or Greek letter without anything below it, or an operator."""
    word = rf"(?:[A-Za-z](?>(?:[A-Za-z0-9]|_(?=[A-Za-z0-9]))*)|[{''.join(words.GREEK)}])"
    below = rf"[\\{''.join(words.SUBSCRIPTS)}]|\s*_"
    operators = "|".join(map(re.escape, OPERATORS))
    return re.compile(rf"[\s\u200b\u2060\ufeff~&$]*(?:({number(letters).pattern})|({word})(?!{below})|({operators}))")


@lru_cache(maxsize=256)
def decimal(shown: str) -> Fraction:
    """The exact value of a number as it was typed."""
    return Fraction(shown)
