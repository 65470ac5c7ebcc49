"""A question of Canvas as an item of QTI 1.2, with its conditions and feedback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from html import escape
from xml.etree.ElementTree import Element

from assignments.exports import amounts
from assignments.exports.fields import Field
from assignments.exports.markup import node
from assignments.exports.qti12_asked import Asked
from assignments.exports.selections import picked
from assignments.exports.text import inline, known_mistakes

WRONG, GENERAL = "general_incorrect_fb", "general_fb"
PLACES = 6  # decimals of a rounded number in a blank


def item(one: Asked, ident: str) -> Element:
    """The question as an item of a bank."""
    fields = node(
        "qtimetadata", metadata("question_type", one.type), metadata("points_possible", amounts.decimal(one.points))
    )
    mistakes = _known_mistakes(one)
    feedback = [_feedback(GENERAL, one.solution)] + ([_feedback(WRONG, mistakes)] if mistakes else [])
    if one.type == "multiple_choice_question":
        said = one.fields[0].mistakes
        feedback += [_feedback(f"option_{m.value}_fb", inline(m.feedback)) for m in said]
    return node(
        "item",
        node("itemmetadata", fields),
        node("presentation", _material(f"<div>{one.text}</div>"), *_responses(one)),
        node("resprocessing", _outcomes(), *_conditions(one, bool(mistakes))),
        *feedback,
        ident=ident, title=one.title,
    )  # fmt: skip


def metadata(label: str, entry: str) -> Element:
    """A labelled entry of QTI's metadata."""
    return node("qtimetadatafield", node("fieldlabel", label), node("fieldentry", entry))


def _material(html: str) -> Element:
    return node("material", node("mattext", html, texttype="text/html"))


def _feedback(ident: str, html: str) -> Element:
    return node("itemfeedback", node("flow_mat", _material(html)), ident=ident)


def _known_mistakes(one: Asked) -> str:
    """Canvas has no wrong answers with feedback but for choices: a list of all of them stands in for that."""
    if one.type == "multiple_choice_question":
        return ""
    return known_mistakes(*one.fields)


def _responses(one: Asked) -> Iterator[Element]:
    if one.type == "fill_in_multiple_blanks_question":
        for field in one.fields:
            labels = (_label(f"{field.name}_{i}", escape(text)) for i, text in enumerate(_texts(field)))
            name = node("material", node("mattext", field.name))
            yield node("response_lid", name, node("render_choice", *labels), ident=f"response_{field.name}")
    elif one.type in ("multiple_choice_question", "multiple_answers_question"):
        labels = (_label(f"option_{i}", inline(text)) for i, text in enumerate(one.fields[0].options))
        ticks = "Single" if one.type == "multiple_choice_question" else "Multiple"
        yield node("response_lid", node("render_choice", *labels), ident="response1", rcardinality=ticks)
    elif one.type != "file_upload_question":
        kind = {"fibtype": "Decimal"} if one.type == "numerical_question" else {}
        blank = node("render_fib", node("response_label", ident="answer1"), **kind)
        yield node("response_str", blank, ident="response1", rcardinality="Single")


def _label(ident: str, html: str) -> Element:
    return node("response_label", _material(html), ident=ident)


def _texts(field: Field) -> list[str]:
    """All texts that are right in a blank: of a number the decimal, the fraction, and roundings within the margin."""
    if field.kind == "text":
        return list(field.spellings)
    right = Fraction(field.right)
    rounded = [f"{float(right):.{places}f}" for places in range(PLACES + 1)]
    near = [text for text in rounded if abs(Fraction(text) - right) <= field.margin]
    short = [text.rstrip("0").rstrip(".") if "." in text else text for text in near]
    return list(dict.fromkeys([amounts.decimal(right), str(right), *near, *short]))


def _outcomes() -> Element:
    return node("outcomes", node("decvar", maxvalue=100, minvalue=0, varname="SCORE", vartype="Decimal"))


def _conditions(one: Asked, mistakes: bool) -> Iterator[Element]:
    yield _condition(node("other"), feedback=GENERAL, goes_on="Yes")
    yield from _SCORING.get(one.type, _by_hand)(one)
    if mistakes:
        yield _condition(node("other"), feedback=WRONG, goes_on="Yes")


def _by_hand(_: Asked) -> Iterator[Element]:
    yield _condition(node("other"))


def _by_option(one: Asked) -> Iterator[Element]:
    for mistake in one.fields[0].mistakes:
        option = f"option_{mistake.value}"
        yield _condition(_equals(option), feedback=f"{option}_fb", goes_on="Yes")
    yield _condition(_equals(f"option_{one.fields[0].right}"), score="100")


def _by_options(one: Asked) -> Iterator[Element]:
    (field,) = one.fields
    right = picked(field, field.right)
    ticked = (_equals(f"option_{i}") for i in range(len(field.options)))
    yield _condition(node("and", *(t if i in right else node("not", t) for i, t in enumerate(ticked))), score="100")


def _by_number(one: Asked) -> Iterator[Element]:
    yield _condition(_near(one.fields[0]), score="100")


def _by_blanks(one: Asked) -> Iterator[Element]:
    share = f"{100 / len(one.fields):.2f}"
    for field in one.fields:
        for i in range(len(_texts(field))):
            yield _condition(_equals(f"{field.name}_{i}", f"response_{field.name}"), score=share, action="Add")


_SCORING: dict[str, Callable[[Asked], Iterator[Element]]] = {
    "multiple_choice_question": _by_option,
    "multiple_answers_question": _by_options,
    "numerical_question": _by_number,
    "fill_in_multiple_blanks_question": _by_blanks,
}


def _equals(value: str, response: str = "response1") -> Element:
    return node("varequal", value, respident=response)


def _near(field: Field) -> Element:
    """The right number, or one within the margin."""
    right = Fraction(field.right)
    exact = _equals(amounts.decimal(right))
    if not field.margin:
        return node("or", exact)
    low, high = amounts.decimal(right - field.margin), amounts.decimal(right + field.margin)
    bounds = (node("vargte", low, respident="response1"), node("varlte", high, respident="response1"))
    return node("or", exact, node("and", *bounds))


def _condition(
    test: Element, *, score: str = "", action: str = "Set", feedback: str = "", goes_on: str = "No"
) -> Element:
    return node(
        "respcondition",
        node("conditionvar", test),
        node("setvar", score, action=action, varname="SCORE") if score else None,
        node("displayfeedback", feedbacktype="Response", linkrefid=feedback) if feedback else None,
        **{"continue": goes_on},
    )
