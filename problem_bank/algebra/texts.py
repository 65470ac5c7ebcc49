"""Texts with more than an expression in them: equations, sets, intervals. Cut at the top level, read piece by piece."""

from __future__ import annotations

import re

from problem_bank.algebra.parse import LONGEST
from problem_bank.errors import Unreadable

PIECES = 60  # elements, or parts of a union

_OPEN, _CLOSE = "([{⌊⌈", ")]}⌋⌉"
_COMMANDS = {
    "cup": "∪", "infty": "∞", "in": "∈", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "lt": "<", "gt": ">", "neq": "≠",
    "ne": "≠", "pm": "±", "lor": " or ", "vee": " or ", "wedge": " and ", "land": " and ", "varnothing": "∅",
    "emptyset": "∅", "setminus": "∖", "backslash": "∖", "left": "", "right": "", "leqslant": "≤", "geqslant": "≥",
}  # fmt: skip
_PLAIN = {"<=": "≤", "=<": "≤", ">=": "≥", "!=": "≠", "<>": "≠", "⩽": "≤", "⩾": "≥", "+/-": "±", "+-": "±", "−": "-"}
_REPLACED = re.compile("|".join(map(re.escape, sorted(_PLAIN, key=len, reverse=True))))
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_TEXT = re.compile(r"\\(?:text|mathrm|textrm)\s*\{\s*(or|and|oder|und|in|no solution)\s*\}")
_REALS = re.compile(r"\\mathbb\s*(?:\{\s*R\s*\}|R)")
_WITHOUT = re.compile(r"(?<=[Rℝ])\s*\\(?=\{)")  # R\{0} means a difference of sets


def tidy(text: str) -> str:
    """The text with plain signs for relations, unions and infinities. Raises Unreadable beyond LONGEST characters."""
    if len(text) > LONGEST:
        raise Unreadable(f"the answer has {len(text):,} characters; {LONGEST:,} are read at most")
    text = _REALS.sub("ℝ", _TEXT.sub(r" \1 ", text))
    text = _WITHOUT.sub("∖", text)
    text = _COMMAND.sub(lambda found: _COMMANDS.get(found[1], found[0]), text)
    text = text.replace("\\{", "{").replace("\\}", "}").replace("$", " ").replace("\\,", " ").replace("\\;", " ")
    return _REPLACED.sub(lambda found: _PLAIN[found[0]], text).strip()


def cut(text: str, separator: re.Pattern[str]) -> list[str]:
    """The pieces between separators that stand outside all brackets. Raises Unreadable beyond PIECES of them."""
    pieces, start, depth, at = [], 0, 0, 0
    while at < len(text):
        found = separator.match(text, at) if depth == 0 else None
        if found and found.end() > at:
            pieces.append(text[start:at])
            start = at = found.end()
            continue
        depth = max(0, depth + (text[at] in _OPEN) - (text[at] in _CLOSE))
        at += 1
    pieces.append(text[start:])
    if len(pieces) > PIECES:
        raise Unreadable(f"the answer has {len(pieces)} parts; {PIECES} are read at most")
    return pieces


def inside(text: str, opening: str, closing: str) -> str | None:
    """What stands within one pair of brackets that holds the whole text; None where there is none."""
    text = text.strip()
    if len(text) < 2 or text[0] not in opening or text[-1] not in closing:
        return None
    depth = 0
    for at, character in enumerate(text):
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth == 0 and at < len(text) - 1:
            return None
    return text[1:-1]
