"""Questions of real exams (tests/data/exam_questions.toml): posed with their own numbers, marked as they were there."""

import re
import tomllib
from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assignments.exports.amounts import margin
from problem_bank import load
from problem_bank.errors import BadGiven, DrawFailed
from problem_bank.rounding import DIGITS
from problem_bank.variant import Variant
from problem_bank.verdict import Status

HERE = Path(__file__).parent
FILE = HERE / "data" / "exam_questions.toml"
PAGE = HERE.parent / "docs" / "design" / "exam-coverage.md"
DATA = tomllib.loads(FILE.read_text(encoding="utf-8"))
POSED, MISSING = DATA["question"], DATA["missing"]


@cache
def posed(id: str) -> Variant:
    """The pinned draw of one question."""
    question = next(q for q in POSED if q["id"] == id)
    return load(question["family"]).draw("exam", level=question.get("level"), given=question["given"])


def marked(question: dict[str, Any], part: str, answer: str) -> Any:
    """The verdict of one part; the other parts hold what was published, or else the key."""
    variant = posed(question["id"])
    return variant.mark({**variant.key(), **question["answers"], part: answer})[part]


@pytest.mark.parametrize("question", POSED, ids=lambda q: q["id"])
def test_published_answers_are_marked_as_in_the_exam(question: dict[str, Any]) -> None:
    """Every number is the question's own. Published answers, rounded as they are, earn all points in usual spellings;
    known wrong ones are named; and what was published wrongly, or by another convention, is not taken for the key."""
    variant = posed(question["id"])
    drawn_at_random = set(variant.drawn) - set(question["given"]) - set(load(question["family"]).knobs)
    assert not drawn_at_random and variant.prompt and variant.solution
    for part, answer in question["answers"].items():
        for typed in (answer, *question.get("also", {}).get(part, ())):
            verdict = marked(question, part, typed)
            assert (verdict.status, verdict.score) == (Status.RIGHT, verdict.points), (part, typed, verdict)
    for part, wrong in question.get("wrong", {}).items():
        for typed, name in wrong:
            verdict = marked(question, part, typed)
            assert verdict.status is not Status.RIGHT and name in verdict.misconceptions, (part, typed, verdict)
    assert ("differs" in question) == ("published" in question)
    for part, typed in question.get("published", {}).items():
        assert marked(question, part, typed).status is not Status.RIGHT, (part, typed)


def test_the_page_tells_the_figures() -> None:
    """The table of docs/design/exam-coverage.md counts the questions of the file by topic; 80 % are posed."""
    rows = re.findall(r"^\| ([^|]+?) \| (\d+) \| (\d+) \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.M)
    told = {topic: tuple(map(int, counts)) for topic, *counts in rows}
    topics = [Counter(q["topic"] for q in part) for part in (POSED, *_split())]
    counted = {name: tuple(part[name] for part in topics) for name in sorted(set().union(*topics))}
    counted["**all**"] = (len(POSED), *map(len, _split()))
    assert told == counted
    assert len(POSED) >= 0.8 * (len(POSED) + len(MISSING))


def _split() -> tuple[list[Any], list[Any]]:
    """What other work in progress poses, and the rest."""
    return [q for q in MISSING if q.get("coming")], [q for q in MISSING if not q.get("coming")]


def test_ids_are_used_once() -> None:
    """No question counts twice."""
    ids = [q["id"] for q in (*POSED, *MISSING)]
    assert len(ids) == len(set(ids)) >= 60


def softmax(digits: int | None, *, level: str = "easy") -> Variant:
    """Softmax of (1.2, 0.6, 1.5) and the loss of class 3: 0.34498, 0.18933, 0.46568 and 0.76425."""
    asked = {} if digits is None else {DIGITS: digits}
    fixed = {"logarithms": False, "z1": [1.2, 0.6, 1.5], "targets": [3], **asked}
    return load("losses.softmax_cross_entropy").draw("digits", level=level, given=fixed)


@pytest.mark.parametrize(
    ("digits", "p", "right"),
    [
        (2, "[0.34, 0.19, 0.47]", True),  # 0.34498 rounds down
        (2, "[0.345, 0.189, 0.466]", True),  # more digits than asked for
        (2, "[0.34, 0.18, 0.46]", True),  # cut off
        (2, "[0.33, 0.19, 0.47]", False),
        (3, "[0.34, 0.19, 0.47]", False),
        (1, "[0.3, 0.2, 0.5]", True),
        (None, "[0.34, 0.19, 0.47]", False),
    ],
)
def test_digits_asked_for_are_the_tolerance(digits: int | None, p: str, right: bool) -> None:
    """Right is what lies within one unit of the last digit that is asked for."""
    assert (softmax(digits).mark({"p": p})["p"].status is Status.RIGHT) == right


def test_own_rounded_values_may_be_carried_on() -> None:
    """From 0.17 and 0.63, each right to two decimals, F1 would be 0.2678 rather than 0.2736: right all the same."""
    counts = {"tp": 63, "fn": 37, "fp": 293, "tn": 7, "real": [1, 4, 8, 11], "predicted": [3, 2, 6, 10]}
    variant = load("evaluation.confusion").draw("digits", given={**counts, DIGITS: 2})
    verdicts = variant.mark({"accuracy": "0.18", "precision": "0.17", "recall": "0.63", "f1": "0.25"})
    assert [v.status for v in verdicts.values()] == [Status.RIGHT, Status.RIGHT, Status.RIGHT, Status.WRONG]
    assert variant.mark({"precision": "0.17", "recall": "0.63", "f1": "0.27"})["f1"].status is Status.RIGHT
    carried = softmax(1).mark({"p": "[0.3, 0.2, 0.5]", "loss": "0.69", "dz": "[0.3, 0.2, -0.5]"})
    assert carried["loss"].score == carried["loss"].points


def test_a_wrong_value_carried_on_costs_its_own_marks() -> None:
    """Follow-through is judged by the asked digits as well: a wrong probability of 0.6 gives the loss 0.51."""
    verdicts = softmax(2).mark({"p": "[0.2, 0.2, 0.6]", "loss": "0.51"})
    assert verdicts["p"].status is not Status.RIGHT
    assert verdicts["loss"].status is Status.CONSISTENT


def test_rounding_is_told_to_students_and_kept_with_the_sheet() -> None:
    """Prompt and hints say how many decimals; a stored draw is rebuilt with them; readers without the key know them."""
    variant = softmax(2)
    again = load(variant.family).draw("", level=variant.level, given=variant.drawn)
    assert "2 decimals" in variant.prompt and all("2 decimals" in part.answer.hint for part in variant.parts)
    assert (again.fingerprint, again.prompt) == (variant.fingerprint, variant.prompt)
    assert [part["answer"]["digits"] for part in variant.public()["parts"]] == [2, 2, 2]
    assert DIGITS not in softmax(None).drawn and "digits" not in softmax(None).public()["parts"][0]["answer"]


def test_learning_platforms_get_the_same_tolerance() -> None:
    """A field of Moodle or QTI takes what lies within one unit of the last digit asked for."""
    answers = [part.answer for part in softmax(2).parts]
    assert [margin(answer, Fraction(1, 3), []) for answer in answers] == [Fraction(1, 100)] * 3


@pytest.mark.parametrize("digits", [0, 9, 2.5, "two", True])
def test_digits_that_make_no_sense_are_refused(digits: Any) -> None:
    """A small whole number is asked for, and the message says so."""
    with pytest.raises(BadGiven, match="from 1 to 8"):
        softmax(digits)


def test_counts_are_not_rounded() -> None:
    """A question that asks for whole numbers only refuses digits instead of ignoring them."""
    with pytest.raises(BadGiven, match="no part"):
        load("counting.parameters").draw("digits", level="easy", given={DIGITS: 2})


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5), st.integers(0, 10**6))
def test_a_rounded_draw_hides_no_misconception(digits: int, seed: int) -> None:
    """However few digits are asked for, no misconception of a drawn question leads to what is right there."""
    try:
        variant = load("evaluation.confusion").draw(seed, level="easy", given={DIGITS: digits})
    except DrawFailed as error:  # with one digit there may be no such draw
        assert digits == 1 and "leads to the key" in str(error)
        return
    for part in variant.parts:
        for slip in part.misconceptions:
            value = slip.worked(variant.exercise.keys())
            assert value is None or not part.answer.compare(value).right
