"""Reads Moodle XML back as Moodle's documentation describes it: the first answer that fits decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from xml.etree import ElementTree

from tests.readers.reading import ReadField, ReadOpen, ReadQuestion, near

PERCENTS = {0, 100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5,
            11.11111, 10, 5}  # fmt: skip
"""The grades that Moodle's importer takes."""
_START = re.compile(r"\{(\d+):(NUMERICAL|MULTICHOICE_V|SHORTANSWER):")
_ALTERNATIVE = re.compile(r"(=|%(-?\d+(?:[.,]\d*)?)%)?(.+?)(?:(?<!&)#(.*))?", re.DOTALL)
_NUMBER = re.compile(r"(-?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?):(\d+[.,]?\d*(?:[eE][-+]?\d+)?)")


@dataclass(frozen=True)
class Alternative:
    """One answer of a question, right or wrong."""

    value: str
    share: float
    feedback: str
    margin: float = 0.0


@dataclass
class Stack:
    """A STACK question: the teacher's answer, the tree's values in order, and the test cases."""

    key: str
    nodes: list[Alternative]
    tests: list[tuple[str, float]]


@dataclass
class Quiz:
    """All questions of the file by category."""

    categories: dict[str, list[ReadQuestion]] = field(default_factory=dict)
    stack: dict[str, Stack] = field(default_factory=dict)


def read(data: bytes) -> Quiz:
    """The quiz in this file."""
    quiz, category = Quiz(), ""
    for question in ElementTree.fromstring(data):
        if question.get("type") == "category":
            category = question.findtext("category/text") or ""
            quiz.categories[category] = []
        else:
            quiz.categories[category].append(_question(question, quiz))
    return quiz


def _question(question: ElementTree.Element, quiz: Quiz) -> ReadQuestion:
    kind, points = question.get("type"), float(question.findtext("defaultgrade") or "nan")
    found = ReadQuestion(question.findtext("name/text") or "")
    found.solution = question.findtext("generalfeedback/text") or ""
    found.text = question.findtext("questiontext/text") or ""
    if kind == "cloze":
        found.fields = _embedded(found.text, points)
    elif kind == "essay":
        notes = question.findtext("graderinfo/text") or ""
        found.open.append(ReadOpen(question.findtext("responseformat") or "", points, notes))
    elif kind == "stack":
        quiz.stack[found.name] = _stack(question)
        found.open.append(ReadOpen("stack", points, ""))
    else:
        found.fields = [_single(kind or "", question, points)]
    return found


def _single(kind: str, question: ElementTree.Element, points: float) -> ReadField:
    answers = []
    for answer in question.findall("answer"):
        percent = float(answer.get("fraction") or "nan")
        assert abs(percent) in PERCENTS, percent
        feedback, margin = answer.findtext("feedback/text") or "", float(answer.findtext("tolerance") or 0)
        answers.append(Alternative(answer.findtext("text") or "", percent / 100, feedback, margin))
    names = {"numerical": "number", "multichoice": "choice", "shortanswer": "text"}
    if question.findtext("single") == "false":
        less = question.findtext("partiallycorrectfeedback/text") or ""
        assert less == question.findtext("incorrectfeedback/text", "").replace("Wrong.", "Partly right.", 1)
        return _several(points, answers, less)
    return _field(names[kind], points, answers)


def _embedded(text: str, points: float) -> list[ReadField]:
    kinds = {"NUMERICAL": "number", "MULTICHOICE_V": "choice", "SHORTANSWER": "text"}
    found = [(int(weight), kinds[type], alternatives) for weight, type, alternatives in _gaps(text)]
    total = sum(weight for weight, _, _ in found)
    return [_field(kind, points * weight / total, answers) for weight, kind, answers in found]


def _gaps(text: str) -> Iterator[tuple[str, str, list[Alternative]]]:
    for start in _START.finditer(text):
        inner = text[start.end() : text.index("}", start.end())]
        yield start[1], start[2], [_alternative(raw, start[2]) for raw in inner.split("~")]


def _alternative(raw: str, type: str) -> Alternative:
    match = _ALTERNATIVE.fullmatch(raw)
    assert match, raw
    percent = 100.0 if match[1] == "=" else float(match[2] or 0)
    assert percent in PERCENTS, percent
    feedback = unescape(match[4] or "")
    if type == "NUMERICAL":
        number = _NUMBER.fullmatch(match[3])
        assert number, match[3]
        return Alternative(number[1], percent / 100, feedback, float(number[2]))
    return Alternative(unescape(match[3]), percent / 100, feedback)


def _field(kind: str, points: float, answers: list[Alternative]) -> ReadField:
    def judge(typed: str) -> tuple[float, str]:
        for number, answer in enumerate(answers):
            same = {
                "number": lambda a=answer: near(typed, a.value, a.margin),
                "choice": lambda n=number: typed == str(n),
                "text": lambda a=answer: typed.strip().lower() == a.value.lower(),
            }[kind]
            if same():
                return answer.share, answer.feedback
        return 0.0, ""

    return ReadField(kind, points, judge, tuple(answer.value for answer in answers) if kind == "choice" else ())


def _several(points: float, answers: list[Alternative], less: str) -> ReadField:
    """The shares of all that is ticked ("0,2") add up, to nothing at least; positive ones are whole together."""
    assert abs(sum(answer.share for answer in answers if answer.share > 0) - 1) < 1e-4

    def judge(typed: str) -> tuple[float, str]:
        ticked = [answers[int(place)] for place in typed.split(",")]
        share = max(0.0, sum(answer.share for answer in ticked))
        share = 1.0 if share > 0.999999 else share  # as Moodle tells right from partly right
        return share, " ".join([*(answer.feedback for answer in ticked), less * (share < 1)])

    return ReadField("several", points, judge, tuple(answer.value for answer in answers))


def _stack(question: ElementTree.Element) -> Stack:
    by_name = {node.findtext("name"): node for node in question.findall("prt/node")}
    nodes, at = [], "0"
    while at != "-1":  # as the tree is walked: on to the next node where this one is false
        node = by_name[at]
        assert node.findtext("answertest") == "AlgEquiv" and node.findtext("truenextnode") == "-1"
        score = float(node.findtext("truescore") or "nan")
        nodes.append(Alternative(node.findtext("tans") or "", score, node.findtext("truefeedback/text") or ""))
        at = node.findtext("falsenextnode") or ""
    tests = [(test.findtext("testinput/value") or "", float(test.findtext("expected/expectedscore") or "nan"))
             for test in question.findall("qtest")]  # fmt: skip
    return Stack(question.findtext("input/tans") or "", nodes, tests)
