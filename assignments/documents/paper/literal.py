"""Texts for Typst: every text reaches its source as a string literal, so none can be code or markup."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')


def literal(text: str) -> str:
    """The text as a Typst string, quotes included."""
    return '"' + _SPECIAL.sub(_escaped, text) + '"'


def _escaped(found: re.Match[str]) -> str:
    char = found[0]
    return "\\" + char if char in '"\\' else f"\\u{{{ord(char):x}}}"
