"""One QTI 2.1 item: all parts of a question, marked field by field, with feedback for every known mistake.

SCORE_<part> is what a part has earned, SCORE their sum. A part that a person marks has its key in a rubric for
the scorer and leaves its score at 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from xml.etree.ElementTree import Element, fromstring

from assignments.exports import amounts
from assignments.exports import qti_several as several
from assignments.exports.fields import Block, Entry, Field
from assignments.exports.markup import node
from assignments.exports.selections import ALL_OR_NOTHING
from assignments.exports.text import block_mathml, grader_notes, inline_mathml

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
SOLUTION = "solution"
_INLINE = {"span", "math", "code", "em", "strong", "a"}
_TYPES = {"number": "float", "choice": "identifier", "several": "identifier", "text": "string"}


def item(entry: Entry) -> Element:
    """The assessmentItem."""
    fields = [field for one in entry.blocks for field in one.fields]
    return node(
        "assessmentItem",
        *(_response(field) for field in fields),
        *(node("responseDeclaration", identifier=one.name, cardinality="single", baseType=_open_type(one))
          for one in entry.blocks if not one.fields),
        *_outcomes(entry),
        node("itemBody", *_blocks(block_mathml(entry.prompt)), *(_part(one) for one in entry.blocks)),
        _processing(entry, fields),
        *(_feedback(f"{field.name}_{i}", inline_mathml(mistake.feedback))
          for field in fields for i, mistake in enumerate(field.mistakes)),
        _feedback(SOLUTION, block_mathml(entry.solution)),
        xmlns=NAMESPACE, identifier=entry.name, title=entry.title, adaptive="false", timeDependent="false",
    )  # fmt: skip


def _response(field: Field) -> Element:
    if field.kind == "several":
        return several.response(field)
    right = node("correctResponse", node("value", _typed(field, field.right)))
    return node("responseDeclaration", right, identifier=field.name, cardinality="single", baseType=_TYPES[field.kind])


def _open_type(one: Block) -> str:
    return "file" if one.asked.is_code else "string"


def _typed(field: Field, value: Fraction | str) -> str:
    """A value as it stands in the file: an option by its identifier."""
    if field.kind == "choice":
        return f"option_{value}"
    return amounts.decimal(Fraction(value)) if field.kind == "number" else str(value)


def _outcomes(entry: Entry) -> Iterator[Element]:
    points = {"SCORE": entry.points} | {f"SCORE_{one.name}": one.points for one in entry.blocks}
    for name, most in points.items():
        default = node("defaultValue", node("value", "0"))
        yield node("outcomeDeclaration", default, identifier=name, cardinality="single", baseType="float",
                   normalMaximum=amounts.decimal(most))  # fmt: skip
    yield node("outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier")


def _part(one: Block) -> Element:
    hint = node("p", node("em", *_html(inline_mathml(one.hint)))) if one.hint else None
    return node("div", *_blocks(block_mathml(one.prompt)), hint, *_interactions(one))


def _interactions(one: Block) -> Iterator[Element]:
    if not one.fields:
        notes = _html(grader_notes(one, inline_mathml))
        yield node("rubricBlock", *notes, view="scorer")
        yield node("uploadInteraction" if one.asked.is_code else "extendedTextInteraction", responseIdentifier=one.name)
    elif one.fields[0].options:
        field = one.fields[0]
        options = (node("simpleChoice", *_html(inline_mathml(option)), identifier=f"option_{i}")
                   for i, option in enumerate(field.options))  # fmt: skip
        yield node("choiceInteraction", *options, responseIdentifier=field.name, shuffle="false",
                   maxChoices=int(field.kind == "choice"))  # fmt: skip
    elif len(one.fields) == 1:
        yield node("p", _entry(one.fields[0]))
    else:
        rows = (node("tr", *(node("td", _entry(field)) for field in row)) for row in one.grid)
        names = [node("th", name) for name in one.asked.columns]
        yield node("table", node("thead", node("tr", *names)) if names else None, node("tbody", *rows))


def _entry(field: Field) -> Element:
    return node("textEntryInteraction", responseIdentifier=field.name, expectedLength=10)


def _processing(entry: Entry, fields: list[Field]) -> Element:
    parts = {field.name: one.name for one in entry.blocks for field in one.fields}
    conditions = [one for field in fields for one in _conditions(field, f"SCORE_{parts[field.name]}")]
    total = node("sum", *(_variable(f"SCORE_{one.name}") for one in entry.blocks))
    scores = (*conditions, _set("SCORE", total), *several.floor(fields))
    return node("responseProcessing", *scores, _add_feedback(SOLUTION))


def _conditions(field: Field, score: str) -> Iterator[Element]:
    """The right answer earns the field's points, a known mistake what it keeps of them."""
    if field.rule not in ("", ALL_OR_NOTHING):  # mistakes are told, and earn what their options do
        yield several.counted(field, score)
        field = replace(field, points=Fraction(0))
    right = node("responseIf", _right(field), _add(score, field.points))
    wrong = (
        node(
            "responseElseIf",
            _equals(field, mistake.value, mistake.margin),
            _add(score, field.points * mistake.credit),
            _add_feedback(f"{field.name}_{i}"),
        )
        for i, mistake in enumerate(field.mistakes)
    )
    yield node("responseCondition", right, *wrong)


def _right(field: Field) -> Element:
    if field.kind == "text":
        return node("or", *(_equals(field, spelling, Fraction(0)) for spelling in field.spellings))
    return _equals(field, field.right, field.margin)


def _equals(field: Field, value: Fraction | str, margin: Fraction) -> Element:
    if field.kind == "several":
        return several.equals(field, value)
    sides = (_variable(field.name), node("baseValue", _typed(field, value), baseType=_TYPES[field.kind]))
    if field.kind == "choice":
        return node("match", *sides)
    if field.kind == "text":
        return node("stringMatch", *sides, caseSensitive="false")
    if not margin:
        return node("equal", *sides, toleranceMode="exact")
    return node("equal", *sides, toleranceMode="absolute", tolerance=amounts.decimal(margin))


def _variable(name: str) -> Element:
    return node("variable", identifier=name)


def _set(name: str, value: Element) -> Element:
    return node("setOutcomeValue", value, identifier=name)


def _add(score: str, points: Fraction) -> Element:
    return _set(score, node("sum", _variable(score), node("baseValue", amounts.decimal(points), baseType="float")))


def _add_feedback(name: str) -> Element:
    shown = node("multiple", _variable("FEEDBACK"), node("baseValue", name, baseType="identifier"))
    return _set("FEEDBACK", shown)


def _feedback(name: str, html: str) -> Element:
    return node("modalFeedback", *_html(html), outcomeIdentifier="FEEDBACK", identifier=name, showHide="show")


def _blocks(text: str) -> Iterator[Element]:
    """The elements of a piece of XHTML as blocks: an item's body takes no others."""
    for child in _html(text):
        if isinstance(child, Element):
            yield node("p", child) if child.tag in _INLINE else child


def _html(text: str) -> Iterator[Element | str]:
    """The elements and texts of a piece of XHTML."""
    root = fromstring(f"<div>{text}</div>")
    for element in root.iter():
        _without_prefix(element)
    yield root.text or ""
    for child in root:
        tail, child.tail = child.tail or "", None
        yield child
        yield tail


def _without_prefix(element: Element) -> None:
    """<math xmlns="..."> rather than <m:math>: the namespace stands where it begins."""
    if element.tag.startswith(MATHML):
        element.tag = element.tag.removeprefix(MATHML)
        if element.tag == "math":
            element.set("xmlns", MATHML.strip("{}"))
