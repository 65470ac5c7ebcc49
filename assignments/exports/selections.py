"""Any number of options at once, as platforms ask it: with an option of its own for none of them."""

from __future__ import annotations

from fractions import Fraction

from assignments.exports.fields import Field
from problem_bank.answers.choice import LETTERS

NONE = "None of these."
ALL_OR_NOTHING = "all_or_nothing"


def picked(field: Field, shown: Fraction | str) -> tuple[int, ...]:
    """The places of the options that are ticked for an answer such as "a, c" or "none"."""
    if shown == "none":
        return (len(field.options) - 1,)
    return tuple(LETTERS.index(letter) for letter in str(shown).split(", "))


def weighed(field: Field) -> tuple[Fraction, list[Fraction]]:
    """Where each option counts by itself: the points of ticking none of them, and what ticking each one adds.

    An option that is judged rightly, ticked or left out, earns a share; another one nothing, or with `negative` less.
    """
    several, right = len(field.options) - 1, picked(field, field.right)
    negative = field.rule == "negative"
    share = field.points / several
    step = 2 * share if negative else share
    adds = [step if i in right else -step for i in range(several)]
    start = sum((-share * negative if i in right else share for i in range(several)), Fraction(0))
    return start, [*adds, Fraction(0)]
