"""Several options at once in QTI 2.1: right as a whole, or option by option through a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from assignments.exports import amounts
from assignments.exports.fields import Field
from assignments.exports.markup import node
from assignments.exports.selections import ALL_OR_NOTHING, picked, weighed


def response(field: Field) -> Element:
    """The declaration, with the points that each option adds where they count one by one."""
    right = node("correctResponse", *(node("value", f"option_{i}") for i in picked(field, field.right)))
    return node("responseDeclaration", right, _mapping(field), identifier=field.name, cardinality="multiple",
                baseType="identifier")  # fmt: skip


def _mapping(field: Field) -> Element | None:
    if field.rule == ALL_OR_NOTHING:
        return None
    adds = enumerate(weighed(field)[1])
    entries = (node("mapEntry", mapKey=f"option_{i}", mappedValue=amounts.decimal(value)) for i, value in adds)
    return node("mapping", *entries, defaultValue=0)


def equals(field: Field, value: Fraction | str) -> Element:
    """Are exactly these options ticked?"""
    ticked = (node("baseValue", f"option_{i}", baseType="identifier") for i in picked(field, value))
    return node("match", node("variable", identifier=field.name), node("multiple", *ticked))


def counted(field: Field, score: str) -> Element:
    """Adds what the options earn, once any is ticked."""
    start, options = _number(weighed(field)[0]), node("mapResponse", identifier=field.name)
    total = node("sum", node("variable", identifier=score), start, options)
    ticked = node("not", node("isNull", node("variable", identifier=field.name)))
    earned = node("setOutcomeValue", total, identifier=score)
    return node("responseCondition", node("responseIf", ticked, earned))


def floor(fields: Sequence[Field]) -> Iterator[Element]:
    """No question counts less than 0, where options may cost."""
    if any(field.rule == "negative" for field in fields):
        below = node("lt", node("variable", identifier="SCORE"), _number(Fraction(0)))
        zero = node("setOutcomeValue", _number(Fraction(0)), identifier="SCORE")
        yield node("responseCondition", node("responseIf", below, zero))


def _number(value: Fraction) -> Element:
    return node("baseValue", amounts.decimal(value), baseType="float")
