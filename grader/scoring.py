"""What choices earn under the rules of an assignment: wrong options may cost, several options may count each.

The verdicts stay as they are; only scores change. A question as a whole never counts less than zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from assignments.rules import ChoiceRules
from problem_bank.answers.answer import Answer
from problem_bank.answers.choice import Choice
from problem_bank.answers.selection import Selection
from problem_bank.exercise import Part
from problem_bank.variant import Variant
from problem_bank.verdict import Status, Verdict


def scored(variant: Variant, verdicts: Mapping[str, Verdict], rules: ChoiceRules) -> dict[str, Verdict]:
    """The verdicts with the scores that these rules give."""
    parts = {part.name: part for part in variant.parts}
    return {name: _scored(parts[name], verdict, rules) for name, verdict in verdicts.items()}


def _scored(part: Part, verdict: Verdict, rules: ChoiceRules) -> Verdict:
    answer: Answer = part.answer
    if verdict.status is Status.WRONG and isinstance(answer, Choice) and rules.wrong:
        return replace(verdict, score=-verdict.points * rules.costs(len(answer.options)))
    read = verdict.status in (Status.WRONG, Status.PARTIAL)
    if read and isinstance(answer, Selection) and rules.several != "all_or_nothing":
        share = _share(answer, verdict.reading, rules.several)
        status = Status.PARTIAL if share > 0 else Status.WRONG
        return replace(verdict, score=verdict.points * share, status=status)
    return verdict


def _share(answer: Selection, reading: str, several: str) -> Fraction:
    """Options that are judged rightly, for `negative` less the others, among all."""
    right, options = answer.judged_right(answer.parse(reading)), len(answer.options)
    return Fraction(2 * right - options if several == "negative" else right, options)
