"""The hidden doctests of an export: written for otter-grader, and read again where Markscheme itself grades them.

Otter runs them as they stand, in the student's process. Our own grader reads what they ask and marks outside of it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

QUARTERS = 4

_MARK = """\
>>> import problem_bank
>>> variant = problem_bank.load({family}).draw("", level={level}, given={given})
>>> earned = variant.mark(globals().get({question}) or {{}})[{part}]
>>> earned.score * {quarters} >= earned.points * {quarter}
True
"""
_FORM = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(_MARK)).replace(r"\{\{\}\}", r"\{\}"))


@dataclass(frozen=True)
class HiddenCase:
    """Has this part of a question earned so many quarters of its points? `given` rebuilds the variant."""

    family: str
    level: str
    given: dict[str, Any]
    question: str
    part: str
    quarter: int

    @property
    def code(self) -> str:
        """The doctest."""
        said = {name: repr(value) for name, value in vars(self).items()}
        return _MARK.format(**said, quarters=QUARTERS)

    def passes(self, score: Fraction, points: Fraction) -> bool:
        """Is this enough?"""
        return score * QUARTERS >= points * self.quarter


def hidden_case(code: str) -> HiddenCase | None:
    """What a doctest of ours asks; None for any other."""
    found = _FORM.fullmatch(code)
    if not found:
        return None
    try:
        said = {name: ast.literal_eval(text) for name, text in found.groupdict().items() if name != "quarters"}
    except (ValueError, SyntaxError):
        return None
    return HiddenCase(**said)
