"""The answers of a field as Moodle lists them: the right one, then the known mistakes; the first that fits decides."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assignments.exports import amounts, selections
from assignments.exports.fields import Field

RIGHT = "Right."


@dataclass(frozen=True)
class Alternative:
    """What may be typed or chosen, the share of the points that it earns, and what is said to it (Markdown)."""

    value: str
    share: Fraction
    feedback: str
    margin: Fraction = Fraction(0)


def alternatives(field: Field) -> list[Alternative]:
    """Of a choice all options in their order, with Markdown as values; of several at once, what each adds."""
    if field.kind == "several":
        return [_ticked(field, number) for number in range(len(field.options))]
    if field.kind == "choice":
        return [_option(field, number) for number in range(len(field.options))]
    right = field.spellings or (amounts.decimal(Fraction(field.right)),)
    return [
        *(Alternative(text, Fraction(1), RIGHT, field.margin) for text in right),
        *(Alternative(mistake.typed, mistake.credit, mistake.feedback, mistake.margin) for mistake in field.mistakes),
    ]


def _option(field: Field, number: int) -> Alternative:
    if number == field.right:
        return Alternative(field.options[number], Fraction(1), RIGHT)
    known = [mistake for mistake in field.mistakes if mistake.value == number]
    share, said = (known[0].credit, known[0].feedback) if known else (Fraction(0), "")
    return Alternative(field.options[number], share, said)


def _ticked(field: Field, number: int) -> Alternative:
    """Right options share the points. A wrong one takes all, or where each option counts what a right one adds."""
    right = selections.picked(field, field.right)
    if number in right:
        return Alternative(field.options[number], Fraction(1, len(right)), RIGHT)
    said = [m.feedback for m in field.mistakes if {*selections.picked(field, m.value)} - {*right} == {number}]
    costs = 1 if field.rule == selections.ALL_OR_NOTHING else len(right)
    return Alternative(field.options[number], -Fraction(1, costs), " Or: ".join(said))
