"""Moodle XML: a category for each question, in it a question for each variant, so that a quiz can draw one at random.

Parts that Moodle can mark make one question: of its own type where there is one field, else with embedded answers.
Every other part is a question by itself: STACK where Maxima can compare the answer, else an essay.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from assignments.exports import amounts, cloze, stack
from assignments.exports.alternatives import RIGHT, Alternative, alternatives
from assignments.exports.entries import questions_of
from assignments.exports.fields import Block, Entry, Field
from assignments.exports.fractions_list import percent
from assignments.exports.markup import document, node
from assignments.exports.pictures import used
from assignments.exports.text import block, grader_notes, inline, known_mistakes
from assignments.sheet import Sheet

FILES = "@@PLUGINFILE@@/"  # what Moodle replaces by the address of a text's own files
FEEDBACK = {"correctfeedback": RIGHT, "partiallycorrectfeedback": "Partly right.", "incorrectfeedback": "Wrong."}


def export(sheets: Sequence[Sheet]) -> bytes:
    """The quiz file with all variants."""
    title = sheets[0].assignment.spec.title
    categories: dict[str, list[Element]] = {}
    for entry in (entry for variants in questions_of(sheets, FILES) for entry in variants):
        for name, question in _questions(entry):
            categories.setdefault(f"{name} {entry.title}", []).append(question)
    root = node("quiz")
    for category, questions in categories.items():
        path = "/".join(("$course$/top", _step(title), _step(category)))
        root.append(node("question", node("category", node("text", path)), type="category"))
        root.extend(questions)
    return document(root)


def _step(name: str) -> str:
    """A name as one step of a category path."""
    return name.replace("/", "//")


def _questions(entry: Entry) -> Iterator[tuple[str, Element]]:
    """The questions of an entry, each with the name of its category."""
    closed = [one for one in entry.blocks if one.fields and not _several(one)]
    several = len(entry.blocks) > 1
    if closed:
        alone = len(closed) == 1 and len(closed[0].fields) == 1
        yield entry.id, _single(entry, closed[0]) if alone else _embedded(entry, closed)
    for one in entry.blocks:
        if one not in closed:
            name = f"{entry.id}.{one.place}" if several else entry.id
            yield name, _single(entry, one, one.place) if one.fields else _stack(entry, one) or _essay(entry, one)


def _several(one: Block) -> bool:
    """Any number of options at once: embedded answers could not say what was left out."""
    return bool(one.fields) and one.fields[0].kind == "several"


def _single(entry: Entry, asked: Block, part: str = "") -> Element:
    field = asked.fields[0]
    kinds = {"number": "numerical", "choice": "multichoice", "several": "multichoice", "text": "shortanswer"}
    points = entry.points if len(entry.blocks) == 1 else asked.points
    question = _question(entry, kinds[field.kind], _text(entry, asked), points, part)
    question.extend(_choices(field) if field.options else _answers(field))
    return question


def _embedded(entry: Entry, closed: list[Block]) -> Element:
    points = sum((one.points for one in closed), Fraction(0))
    return _question(entry, "cloze", cloze.body(entry, closed), points)


def _stack(entry: Entry, asked: Block) -> Element | None:
    parts = stack.parts(asked)
    if parts is None:
        return None
    text = stack.literal(_text(entry, asked)) + stack.INPUT
    question = _question(entry, "stack", text, asked.points, asked.place)
    question.extend(parts)
    return question


def _essay(entry: Entry, asked: Block) -> Element:
    question = _question(entry, "essay", _text(entry, asked), asked.points, asked.place)
    is_file = asked.asked.is_code
    settings = {
        "responseformat": "noinline" if is_file else "editor", "responserequired": int(not is_file),
        "responsefieldlines": 10, "attachments": int(is_file), "attachmentsrequired": int(is_file),
    }  # fmt: skip
    question.extend(node(name, str(value)) for name, value in settings.items())
    question.append(_html("graderinfo", grader_notes(asked)))
    question.append(node("responsetemplate", node("text"), format="html"))
    return question


def _question(entry: Entry, type: str, text: str, points: Fraction, part: str = "") -> Element:
    name = f"{entry.id}.{part} {entry.variant}" if part and len(entry.blocks) > 1 else f"{entry.id} {entry.variant}"
    solution = block(entry.solution)
    return node(
        "question",
        node("name", node("text", name)),
        _html("questiontext", text, entry.pictures),
        _html("generalfeedback", stack.literal(solution) if type == "stack" else solution, entry.pictures),
        node("defaultgrade", f"{float(points):.7f}"),
        node("penalty", "0.3333333"),
        node("hidden", "0"),
        node("idnumber"),
        type=type,
    )


def _text(entry: Entry, asked: Block) -> str:
    hint = f"<p><em>{inline(asked.hint)}</em></p>" if asked.hint else ""
    return f"{block(entry.prompt)}\n{block(asked.prompt)}\n{hint}"


def _answers(field: Field) -> Iterator[Element]:
    if field.kind == "text":
        yield node("usecase", "0")
    for one in alternatives(field):
        margin = node("tolerance", amounts.decimal(one.margin)) if field.kind == "number" else None
        yield _answer(one, node("text", one.value), margin, format="moodle_auto_format")


def _choices(field: Field) -> Iterator[Element]:
    left_out = known_mistakes(field) if field.kind == "several" else ""
    yield node("single", str(field.kind == "choice").lower())
    yield node("shuffleanswers", "false")
    yield node("answernumbering", "abc")
    for tag, said in FEEDBACK.items():
        yield _html(tag, said if tag.startswith("correct") else said + left_out)
    for one in alternatives(field):
        yield _answer(one, node("text", inline(one.value)), format="html")


def _answer(one: Alternative, *children: Element | None, format: str) -> Element:
    feedback = _html("feedback", inline(one.feedback))
    return node("answer", *children, feedback, fraction=percent(one.share), format=format)


def _html(tag: str, text: str, pictures: Mapping[str, bytes] | None = None) -> Element:
    files = (node("file", b64encode(data).decode(), name=name, path="/", encoding="base64")
             for name, data in used(text, pictures or {}).items())  # fmt: skip
    return node(tag, node("text", text), *files, format="html")
