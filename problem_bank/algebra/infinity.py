"""Plus and minus infinity as whole answers, where a question allows them; nowhere else can they be written."""

from __future__ import annotations

import re
from typing import Any

from problem_bank.algebra.decision import Judgement
from problem_bank.algebra.texts import tidy
from problem_bank.algebra.tree import Node, apply

INFINITY = Node("infinity")
_WORD = re.compile(r"([+-]?)\s*(?:∞|inf|infty|infinity|oo)\.?", re.IGNORECASE)
_NAMED = re.compile(r"[^\W\d]\w*\s*=\s*")


def read_infinity(text: str) -> Node | None:
    """The tree of "∞", "-inf", "+infinity"; None for anything else."""
    tidied = tidy(text)
    named = _NAMED.match(tidied)
    found = _WORD.fullmatch(tidied[named.end() :] if named else tidied)
    if not found:
        return None
    return apply("neg", INFINITY) if found[1] == "-" else INFINITY


def infinity(key: Any) -> Node | None:
    """A key as infinity; None where it is a finite one."""
    if isinstance(key, str):
        return read_infinity(key)
    return key if key in (INFINITY, -INFINITY) else None


def compare_infinities(first: Node, second: Node | None) -> Judgement:
    """Are both the same infinity? `second` is None where the key is finite."""
    if first == second:
        return Judgement(True, "exact")
    turned = second is not None and first in (INFINITY, -INFINITY)
    return Judgement(False, "exact", "The sign of the whole is the other way round." if turned else "")
