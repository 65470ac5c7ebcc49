"""Random damage to texts: edits of characters, tokens and bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache

from benchmarks.corpus import hostile, pairs

LONGEST = 400  # characters of a text that is damaged; longer ones are refused at once
TOKENS: tuple[str, ...] = (
    *"0123456789xyn+-*/^()[]{}|,.=!'\"\\_$&;:<>@#%~`? \t\n", "**", "//", "sin", "exp", "ln", "max(", "floor(", "relu(",
    "sqrt", "log_2", "e", "pi", "\\frac", "\\cdot", "\\left(", "\\right)", "\\mathrm{", "10^", "e99", "1/0", "²", "⁻¹",
    "½", "√", "⌊", "⌉", "−", "·", "λ", "π", "∞", "\u200b", "\u202e", "\u0301", "\x00", "х", "１", "__", "np.", "lambda",
)  # fmt: skip


@cache
def sources() -> tuple[str, ...]:
    """The texts that are damaged."""
    found = {pair.student for pair in pairs()} | {pair.key for pair in pairs()}
    return (*sorted(found), *sorted({item.text for item in hostile() if len(item.text) <= LONGEST}))


def mutated(text: str, dice: random.Random) -> str:
    """The text after one to five random edits, mostly one."""
    for _ in range(dice.choice((1, 1, 1, 1, 2, 2, 3, 5))):
        text = dice.choice(_EDITS)(text, dice)[:LONGEST]
    return text


def _span(text: str, dice: random.Random) -> tuple[int, int]:
    start = dice.randint(0, len(text))
    return start, min(len(text), start + dice.randint(0, 6))


def _delete(text: str, dice: random.Random) -> str:
    start, end = _span(text, dice)
    return text[:start] + text[end:]


def _double(text: str, dice: random.Random) -> str:
    start, end = _span(text, dice)
    return text[:end] + text[start:end] * dice.choice((1, 1, 1, 2, 30)) + text[end:]


def _insert(text: str, dice: random.Random) -> str:
    at = dice.randint(0, len(text))
    return text[:at] + dice.choice(TOKENS) + text[at:]


def _replace(text: str, dice: random.Random) -> str:
    start, end = _span(text, dice)
    return text[:start] + dice.choice(TOKENS) + text[end:]


def _swap(text: str, dice: random.Random) -> str:
    """One word, number or sign of the text in place of another."""
    pieces = [piece.span() for piece in re.finditer(r"[^\W\d]+|\d+|[^\w\s]", text)]
    if not pieces:
        return text
    (start, end), (first, last) = dice.choice(pieces), dice.choice(pieces)
    return text[:start] + text[first:last] + text[end:]


def _operator(text: str, dice: random.Random) -> str:
    """Another operator or digit in place of one."""
    places = [place.start() for place in re.finditer(r"[-+*/^0-9]", text)]
    if not places:
        return text
    at = dice.choice(places)
    return text[:at] + dice.choice("0123456789" if text[at].isdigit() else "+-*/^") + text[at + 1 :]


def _splice(text: str, dice: random.Random) -> str:
    other = dice.choice(sources())
    return text[: dice.randint(0, len(text))] + other[dice.randint(0, len(other)) :]


def _character(text: str, dice: random.Random) -> str:
    at = dice.randint(0, len(text))
    return text[:at] + chr(dice.choice((0x80, 0x500, 0x3000, 0x110000)) * dice.randrange(1 << 16) >> 16) + text[at:]


def _bytes(text: str, dice: random.Random) -> str:
    """One bit of the encoded text turned over; what is no character any more becomes a lone surrogate."""
    raw = bytearray(text.encode("utf-8", "surrogatepass"))
    if raw:
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return raw.decode("utf-8", "surrogateescape")


_EDITS: Sequence[Callable[[str, random.Random], str]] = (
    _delete, _double, _insert, _replace, _splice, _character, _bytes,
    _swap, _swap, _swap, _operator, _operator, _operator,
)  # fmt: skip
