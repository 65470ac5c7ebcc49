"""What other systems read from our files is what our own marking says, for every family and level."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import problem_bank
from assignments.exports import export
from assignments.rules import ChoiceRules, Rules
from assignments.sheet import Item, Sheet
from assignments.spec import Assignment, Question, Spec
from grader.scoring import scored
from problem_bank import algebra
from problem_bank.answers import Answer, Array, Choice, Expression, Number, Selection, Set, Shape, ShapeOrError
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import Family
from problem_bank.values import entries, shape
from problem_bank.variant import Variant
from tests.readers import moodle, qti12, qti21
from tests.readers.reading import ReadField, ReadOpen, ReadQuestion, html_words, words

GOLDEN = Path(__file__).parent / "golden"
POINTS = Fraction(7, 2)


@cache
def drawn(id: str) -> list[Variant]:
    """A variant of every level: the recorded ones, which cost no search."""
    file, family = GOLDEN / f"{id}.json", problem_bank.load(id)
    records = json.loads(file.read_text("utf-8")) if file.is_file() else []
    given = {record["level"]: record["given"] for record in reversed(records)}
    return [_drawn(family, level, given.get(level)) for level in family.levels]


def _drawn(family: Family, level: str, given: dict[str, Any] | None) -> Variant:
    try:
        return family.draw("export", level=level, given=given)
    except BadGiven:  # the family draws other things than when it was recorded, which test_golden tells
        return family.draw("export", level=level)


def sheet_of(variant: Variant, student: str = "variant-1") -> Sheet:
    """A sheet with one question q1."""
    spec = Spec(title="Week 1", questions=[Question(id="q1", family=variant.family)])
    return Sheet(Assignment("week-1", Path(), spec), student, 1, False, (Item("q1", "One", "", POINTS, variant),))


@pytest.mark.parametrize("id", problem_bank.ids())
def test_moodle_gives_back_what_was_drawn(id: str) -> None:
    """Key, tolerance, points and misconceptions, from embedded answers, single questions, essays and STACK."""
    for variant in drawn(id):
        quiz = moodle.read(export("moodle", [sheet_of(variant)]))
        questions = [question for several in quiz.categories.values() for question in several]
        whole = ReadQuestion("all", [f for q in questions for f in q.fields], [o for q in questions for o in q.open])
        check_all(variant, whole)
        for question in questions:
            assert html_words(question.solution) == words(variant.solution)
        symbolic = [part for part in variant.parts if isinstance(part.answer, Expression | Set)]
        trees = iter(quiz.stack.values())
        for part, opened in zip(open_parts(variant), whole.open, strict=True):
            if opened.kind == "stack":
                check_stack(part, next(trees), variant)
        assert len(quiz.stack) <= len(symbolic)


@pytest.mark.parametrize("id", problem_bank.ids())
def test_qti21_gives_back_what_was_drawn(id: str) -> None:
    """The items' own response processing gives the marks and the feedback; the structure is the specification's."""
    for variant in drawn(id):
        package = qti21.read(export("qti", [sheet_of(variant)]))
        (question,) = package.items.values()
        check_all(variant, question)
        assert words(variant.solution) in html_words(question.solution)


@pytest.mark.parametrize("id", problem_bank.ids())
def test_qti12_gives_back_what_was_drawn(id: str) -> None:
    """Canvas' questions hold key, margin and points; known mistakes stand in the feedback for wrong answers."""
    for variant in drawn(id):
        banks = qti12.read(export("qti12", [sheet_of(variant)]))
        assert math.isclose(sum(bank.points for bank in banks), POINTS)
        questions = [question for bank in banks for question in bank.questions]
        whole = ReadQuestion("all", [f for q in questions for f in q.fields], [o for q in questions for o in q.open])
        check_all(variant, whole, partial=False)  # Canvas knows no part marks for a wrong answer


@pytest.mark.parametrize("id", problem_bank.ids())
def test_all_that_is_asked_is_there(id: str) -> None:
    """In every format: the prompt, the text of each part, and the options or lines that it speaks of."""
    variant = drawn(id)[0]
    sheet = sheet_of(variant)
    (package,) = qti21.read(export("qti", [sheet])).items.values()
    quiz = moodle.read(export("moodle", [sheet]))
    texts = {
        "moodle": [question for several in quiz.categories.values() for question in several],
        "qti": [package],
        "qti12": [question for bank in qti12.read(export("qti12", [sheet])) for question in bank.questions],
    }
    asked = [variant.prompt, *(variant.text(part.prompt) for part in variant.parts)]
    asked += [str(option) for part in variant.parts for option in getattr(part.answer, "options", ())]
    for format, questions in texts.items():
        fields = [option for question in questions for field in question.fields for option in field.options]
        shown = html_words("\n".join([*(question.text for question in questions), *fields]))
        missing = [text for text in asked if words(text) not in shown]
        assert not missing, format
        assert all(words(variant.prompt) in html_words(question.text) for question in questions)


def closed(part: Part) -> bool:
    """Can a platform mark this part by comparing?"""
    answer = part.answer
    if isinstance(answer, Array):
        return 0 < len(list(entries(answer.key))) <= 64
    if isinstance(answer, Shape):
        return all(isinstance(size, int) or (isinstance(size, str) and len(size) == 1) for size in answer.key)
    return answer.kind in ("integer", "rational", "number", "choice", "selection", "shape or error")


def open_parts(variant: Variant) -> list[Part]:
    """The parts for a person, or for STACK."""
    return [part for part in variant.parts if not closed(part)]


def check_all(variant: Variant, read: ReadQuestion, *, partial: bool = True) -> None:
    """Every field and every open part of the variant is in what was read, in order, and nothing else is."""
    truth, fields, opened = variant.exercise.keys(), iter(read.fields), iter(read.open)
    scale = POINTS / sum(Fraction(part.points) for part in variant.parts)
    for part in variant.parts:
        points = float(part.points * scale)
        if not closed(part):
            check_open(part, next(opened), points, truth)
            continue
        cells = list(entries(part.answer.key)) if isinstance(part.answer, Array) else [part.answer.key]
        for i, cell in enumerate(cells):
            field = next(fields)
            assert math.isclose(field.points, points / len(cells), abs_tol=1e-6)
            check_field(part.answer, field, cell, list(slips(part, truth, i)), partial)
    assert next(fields, None) is None
    assert next(opened, None) is None


def slips(part: Part, truth: dict[str, Any], cell: int) -> Iterator[tuple[Any, Fraction, str]]:
    """Value in this cell, credit and feedback of every misconception that can be made there."""
    for slip in part.misconceptions:
        value = slip.worked(truth)
        if value is None:
            continue
        if not isinstance(part.answer, Array):
            yield value, Fraction(slip.credit), slip.feedback
        elif shape(value) == shape(part.answer.key):
            yield list(entries(value))[cell], Fraction(slip.credit), slip.feedback


def check_field(
    answer: Answer, field: ReadField, key: Any, known: list[tuple[Any, Fraction, str]], partial: bool
) -> None:
    """The key is right, what is just outside the tolerance is not, and each mistake gets its credit and feedback."""
    assert field.judge(typed(answer, key))[0] == 1
    if isinstance(answer, Choice):
        assert field.kind == "choice"
        assert [html_words(text) for text in field.options] == [words(text) for text in answer.options]
    elif isinstance(answer, Selection):
        assert field.kind == "several"
        assert [html_words(text) for text in field.options] == [*map(words, answer.options), words("None of these.")]
    elif isinstance(answer, Array) and not partial:
        check_blank(field, key)
    elif not isinstance(answer, Shape | ShapeOrError):
        check_tolerance(answer, field, key, [value for value, _, _ in known])
    for value, _, feedback in known:
        if field.judge(typed(answer, value))[0] == 1:
            same_cell = isinstance(answer, Array) and Array((key,), answer.tolerance).compare((value,)).right
            assert same_cell or answer.compare(value).right
            continue
        least = min(c for v, c, _ in known if typed(answer, v) == typed(answer, value))
        share, said = field.judge(typed(answer, value))
        assert isinstance(answer, Selection) or math.isclose(share, least if partial else 0, abs_tol=1e-5)
        assert words(feedback) in html_words(said), (feedback, said)


def check_tolerance(answer: Answer, field: ReadField, key: Any, others: list[Any]) -> None:
    """The margin is that of the answer; exact numbers have none, or that of rounding where decimals do not end."""
    assert field.kind == "number"
    size = abs(float(key))
    if isinstance(answer, Number):
        margin = answer.tolerance * max(answer.floor, size)
    elif isinstance(answer, Array) and answer.tolerance:
        margin = answer.tolerance * max(1.0, size)
    elif Fraction(key) * 10**4 % 1 == 0:
        margin = 0.0
    else:
        gaps = [abs(float(other) - float(key)) for other in others]
        margin = min([0.00005, *(gap / 3 for gap in gaps if gap)])
    for inside in (-0.99, 0.99):
        assert margin == 0 or field.judge(repr(float(key) + inside * margin))[0] == 1
    for outside in (-1.01, 1.01):
        assert field.judge(repr(float(key) + outside * (margin or 1e-5)))[0] < 1


def check_blank(field: ReadField, key: Any) -> None:
    """A blank takes the decimal, the fraction and a sensible rounding, and nothing beside them."""
    assert field.judge(str(Fraction(key)))[0] == 1 or isinstance(key, float)
    assert field.judge(repr(float(key) + 0.51))[0] == 0


def typed(answer: Answer, value: Any) -> str:
    """How a student fills in this value."""
    if isinstance(answer, Choice):
        return str(value)
    if isinstance(answer, Selection):
        return ",".join(map(str, value)) or str(len(answer.options))
    if isinstance(answer, Shape | ShapeOrError):
        return answer.show(value)
    return repr(float(value) + 0.0).removesuffix(".0")  # no -0.0


def check_open(part: Part, opened: ReadOpen, points: float, truth: dict[str, Any]) -> None:
    """The grader is told the key and every known mistake (STACK's tree is checked by itself)."""
    assert math.isclose(opened.points, points, abs_tol=1e-6)
    if opened.kind == "stack":
        return
    notes = html_words(opened.notes)
    assert _plain(part.answer.show(part.answer.key)) in notes
    for slip in part.misconceptions:
        if slip.worked(truth) is not None:
            assert words(slip.feedback) in notes
            assert words(slip.name) in notes


def _plain(text: str) -> str:
    """A text without formulas as words."""
    return words(text.replace("$", " "))


def check_stack(part: Part, tree: moodle.Stack, variant: Variant) -> None:
    """Maxima's texts have the values of the trees, every mistake is a node, and the test cases say the same."""
    truth = variant.exercise.keys()
    wrong = [(slip, value) for slip in part.misconceptions if (value := slip.worked(truth)) is not None]
    wanted = [(part.answer.key, Fraction(1)), *((value, Fraction(slip.credit)) for slip, value in wrong)]
    assert tree.key == tree.nodes[0].value
    assert tree.tests == [(node.value, node.share) for node in tree.nodes]
    for node, (value, share) in zip(tree.nodes, wanted, strict=True):
        assert math.isclose(node.share, share, abs_tol=1e-6)
        key = part.answer.keyed(value).key
        names = sorted(part.answer.symbols)  # type: ignore[attr-defined]  # these kinds have letters
        for number in (0, 1):
            point = {name: _value(part.answer, name, i + number) for i, name in enumerate(names)}
            trees = list(key.elements) if isinstance(part.answer, Set) else [key]
            assert same([float(algebra.evaluate(t, point)) for t in trees], in_python(node.value, point))
    for (slip, _), node in zip(wrong, tree.nodes[1:], strict=True):
        assert words(slip.feedback) == html_words(node.feedback)


def _value(answer: Any, name: str, i: int) -> Fraction:
    """Something that the letter may stand for."""
    return Fraction(2 + i) if answer.symbols[name] in ("natural", "integer") else Fraction(2 + i, 7 + 2 * i)


def same(first: list[float], second: list[float]) -> bool:
    """The same numbers, in whatever order."""
    return len(first) == len(second) and all(map(math.isclose, sorted(first), sorted(second)))


def in_python(maxima: str, point: dict[str, Fraction]) -> list[float]:
    """The value of a text in Maxima's syntax (written by us), or those of its set or list."""
    functions = {name: getattr(math, name) for name in ("exp", "sqrt", "floor", "sin", "cos", "tanh", "cosh", "sinh")}
    names = {**functions, "log": math.log, "max": max, "min": min, "abs": abs, "ceiling": math.ceil,
             **{name: float(value) for name, value in point.items()}}  # fmt: skip
    text = maxima.replace("^", "**").replace("%pi", "pi").replace("lambda", "lambda_")
    names |= {"pi": math.pi, "lambda_": names.get("lambda", 0.0)}
    bare = f"[{text[1:-1]}]" if text.startswith("{") else text
    value = eval(bare, {"__builtins__": {}}, names)  # our own text, from the export
    return [float(entry) for entry in value] if isinstance(value, list) else [float(value)]


@pytest.mark.parametrize("rule", ["all_or_nothing", "per_option", "negative"])
@pytest.mark.parametrize("key", [(), (1,), (0, 2), (0, 1, 2)])
def test_several_options_count_by_the_declared_rule(rule: Any, key: tuple[int, ...]) -> None:
    """Whatever is ticked: QTI 2.1 gives our marks, Canvas' conditions hold for the key alone, Moodle adds up shares."""
    options = ("one", "two", "three")
    slip = Slip("astray", (1, 2), "Not both.", credit=Fraction(1, 4))
    part = Part("s", "Which?", Selection(key, options), points=3, misconceptions=[slip])
    variant = Variant("concepts.select", 1, "easy", {}, Exercise(given={}, prompt="?", parts=[part], solution="!"))
    sheet = with_rule(sheet_of(variant), rule)
    (item,) = qti21.read(export("qti", [sheet])).items.values()
    (bank,) = qti12.read(export("qti12", [sheet]))
    ((question,),) = moodle.read(export("moodle", [sheet])).categories.values()
    rules = ChoiceRules(several=rule)
    assert item.fields[0].judge("")[0] == 0
    for several in range(4):
        for ticked in combinations(range(3), several):
            typed_in = ",".join(map(str, ticked)) or "3"
            ours = scored(variant, variant.mark({"s": part.answer.show(ticked)}), rules)["s"]
            assert math.isclose(item.fields[0].judge(typed_in)[0], max(Fraction(0), ours.score) / 3, abs_tol=1e-9)
            assert bank.questions[0].fields[0].judge(typed_in)[0] == (ticked == key)
            share = question.fields[0].judge(typed_in)[0]
            assert (share == 1) == (ticked == key)
            assert share >= 0
            if rule == "all_or_nothing" and set(ticked) - set(key):
                assert share == 0


def with_rule(sheet: Sheet, several: Any) -> Sheet:
    """The sheet where several options count like this."""
    was = sheet.assignment
    spec = was.spec.model_copy(update={"rules": Rules(choice=ChoiceRules(several=several))})
    return replace(sheet, assignment=Assignment(was.name, was.folder, spec))
