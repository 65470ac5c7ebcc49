# ruff: noqa: E501  # tables of cases, one per line
"""Marking like a good examiner: follow-through, named misconceptions, and no raise whatever is typed."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import problem_bank
from problem_bank.answers import Array, Choice, Integer, Number, Rational, Set, Shape, ShapeOrError
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.marking import mark
from problem_bank.verdict import Status, Verdict

HALF = Fraction(1, 2)


def chain() -> Exercise:
    """a = 6, b = 2 a, c = b / (a - 4): what follows is recomputed from the student's own values."""
    parts = [
        Part("a", "a", Integer(6), points=2, misconceptions=[Slip("sign", -6, "Mind the sign.")]),
        Part(
            "b", "b", Integer(12), points=4, follow=lambda earlier: 2 * earlier["a"],
            misconceptions=[
                Slip("added", lambda earlier: earlier["a"] + 2, "You added."),
                Slip("squared", lambda earlier: earlier["a"] ** 2, "You squared.", credit=HALF),
                Slip("halved", 3, "You halved."),
                Slip("shared", 3, "You shared.", credit=HALF),
                Slip("never", None, "Does not apply."),
            ],
        ),
        Part("c", "c", Rational(6), points=1, follow=lambda e: Fraction(e["b"], e["a"] - 4), accuracy=HALF),
    ]  # fmt: skip
    return Exercise(given={}, prompt="", parts=parts, solution="")


def marked(**answers: Any) -> dict[str, Verdict]:
    return mark(chain(), answers)


CASES: dict[str, tuple[dict[str, Any], dict[str, tuple[str, Any]]]] = {
    "all right": ({"a": 6, "b": "12", "c": "6"}, {"a": ("right", 2), "b": ("right", 4), "c": ("right", 1)}),
    "a slip is paid once": ({"a": 7, "b": 14, "c": "14/3"}, {"a": ("wrong", 0), "b": ("consistent", 3), "c": ("consistent", HALF)}),
    "right after a slip": ({"a": 5, "b": 12, "c": 6}, {"b": ("right", 4), "c": ("right", 1)}),
    "wrong after a slip": ({"a": 5, "b": 11}, {"b": ("wrong", 0), "c": ("missing", 0)}),
    "follows a later slip": ({"a": 6, "b": 14, "c": 7}, {"b": ("wrong", 0), "c": ("consistent", HALF)}),
    "zero makes it trivial": ({"a": 0, "b": 0, "c": 0}, {"a": ("wrong", 0), "b": ("wrong", 0), "c": ("wrong", 0)}),
    "an earlier answer repeated": ({"a": 5, "b": 10, "c": 10}, {"b": ("consistent", 3), "c": ("wrong", 0)}),
    "an impossible earlier value": ({"a": 4, "b": 8, "c": 1}, {"b": ("consistent", 3), "c": ("wrong", 0)}),
    "an unreadable earlier value": ({"a": "?", "b": 12, "c": 6}, {"a": ("unreadable", 0), "b": ("right", 4), "c": ("right", 1)}),
    "a missing earlier value": ({"b": 13, "c": Fraction(13, 2)}, {"a": ("missing", 0), "b": ("wrong", 0), "c": ("consistent", HALF)}),
    "partial credit for a slip": ({"a": 6, "b": 36}, {"b": ("partial", 2)}),
    "the least credit of two": ({"a": 6, "b": 3}, {"b": ("wrong", 0)}),
}  # fmt: skip


@pytest.mark.parametrize(("answers", "expected"), CASES.values(), ids=CASES)
def test_marks(answers: dict[str, Any], expected: dict[str, tuple[str, Any]]) -> None:
    """An early slip costs its own mark; a right answer is always right; trivial values earn nothing."""
    verdicts = marked(**answers)
    assert {name: (verdicts[name].status.value, verdicts[name].score) for name in expected} == expected


def test_the_feedback_says_what_was_used() -> None:
    """A consistent answer names the earlier part, a wrong one the part where it first went wrong."""
    verdicts = marked(a=5, b=10, c=3)
    assert "your answer to a" in verdicts["b"].feedback
    assert (verdicts["b"].cause, verdicts["c"].cause) == ("", "a")


def test_a_misconception_is_named() -> None:
    """With its feedback, and from the true earlier values."""
    verdict = marked(a=6, b=8)["b"]
    assert (verdict.misconceptions, verdict.feedback, verdict.status) == (("added",), "You added.", Status.WRONG)


def test_a_misconception_is_named_on_own_values() -> None:
    """A wrong rule applied to a wrong earlier value is still the wrong rule."""
    assert marked(a=5, b=25)["b"].misconceptions == ("squared",)


def test_misconceptions_that_coincide_are_all_named() -> None:
    """Two rules that lead to the same answer cannot be told apart, so neither is preferred."""
    verdict = marked(a=6, b=3)["b"]
    assert verdict.misconceptions == ("halved", "shared")
    assert "You halved." in verdict.feedback
    assert "You shared." in verdict.feedback


def test_a_vector_of_zeros_or_of_another_shape_does_not_carry_on() -> None:
    """Follow-through is refused where the earlier answer made the work trivial."""
    parts = [
        Part("u", "u", Array((1, 2, 3))),
        Part("s", "s", Array((2, 4, 6)), follow=lambda earlier: tuple(2 * v for v in earlier["u"])),
    ]
    exercise = Exercise(given={}, prompt="", parts=parts, solution="")
    statuses = [mark(exercise, {"u": u, "s": s})["s"].status.value for u, s in (("[1,2,4]", "[2,4,8]"), ("[0,0,0]", "[0,0,0]"), ("[1]", "[2]"))]  # fmt: skip
    assert statuses == ["consistent", "wrong", "wrong"]


ZEROS = ((3, 0, 0), (0, -1, 0), (0, 0, 2))  # two thirds of the entries are 0
SHARES: dict[str, tuple[Any, str, Fraction]] = {
    "one of nine is wrong": (((1, 2, 3), (4, 5, 6), (7, 8, 9)), "[[1, 2, 3], [4, 5, 6], [7, 8, 0]]", Fraction(7, 9)),
    "half are right": ((1, 2, 3, 4), "[1, 2, 0, 0]", Fraction(0)),
    "one of two": ((1, 2), "[1, 0]", Fraction(0)),
    "zeros everywhere": (ZEROS, "[[0, 0, 0], [0, 0, 0], [0, 0, 0]]", Fraction(0)),
    "beyond zeros everywhere": (ZEROS, "[[3, 0, 0], [0, -1, 0], [0, 0, 0]]", Fraction(2, 3)),
    "a 0 of two thirds is wrong": (ZEROS, "[[3, 0, 0], [0, -1, 0], [0, 1, 2]]", Fraction(2, 3)),
    "all are the same": ((5, 5, 5, 5), "[5, 5, 5, 4]", Fraction(0)),
}


@pytest.mark.parametrize(("key", "typed", "share"), SHARES.values(), ids=SHARES)
def test_the_credit_of_cells(key: Any, typed: str, share: Fraction) -> None:
    """Right cells count from half of them, or from what the most frequent number everywhere gets right."""
    exercise = Exercise(given={}, prompt="", parts=[Part("y", "y", Array(key))], solution="")
    assert mark(exercise, {"y": typed})["y"].score == share


@given(st.lists(st.integers(-2, 2), min_size=1, max_size=9), st.integers(-2, 2))
def test_one_number_in_every_cell_earns_nothing(key: list[int], number: int) -> None:
    """Unless it is the key."""
    answer = Array(tuple(key))
    assert answer.compare((number,) * len(key)).share == int(set(key) == {number})


@pytest.mark.parametrize(
    ("typed", "share"),
    [("{1, 4, 6}", 1), ("{1, 4}", HALF), ("{1, 4, 5, 6}", HALF), ("{1}", 0), ("{1, 2, 3, 4, 5, 6}", 0)],
)
def test_the_credit_of_elements(typed: str, share: Fraction | int) -> None:
    """A needless element costs what a right one brings, and a single one of three earns nothing."""
    exercise = Exercise(given={}, prompt="", parts=[Part("s", "s", Set("{1, 4, 6}"))], solution="")
    assert mark(exercise, {"s": typed})["s"].score == share


def test_one_answer_typed_everywhere_follows_from_nothing() -> None:
    """A wrong answer that no method explains does not make its repetition right; a slip that is explained may."""
    parts = [
        Part("a", "a", Integer(6), misconceptions=[Slip("sign", -6, "Mind the sign.")]),
        Part("b", "b", Integer(6), follow=lambda earlier: earlier["a"]),
    ]
    exercise = Exercise(given={}, prompt="", parts=parts, solution="")
    statuses = [mark(exercise, {"a": value, "b": value})["b"].status for value in (1, -6)]
    assert statuses == [Status.WRONG, Status.CONSISTENT]


def test_a_rule_that_leads_to_no_key_names_nothing() -> None:
    """A misconception that makes rows of different length of the student's own values raises nothing."""
    ragged = Slip("ragged", lambda earlier: (earlier["u"], (1, 2)), "Mind the rows.")
    parts = [Part("u", "u", Array((1, 2))), Part("m", "m", Array(((1, 2), (1, 2))), misconceptions=[ragged])]
    exercise = Exercise(given={}, prompt="", parts=parts, solution="")
    assert mark(exercise, {"u": "[1, 2, 3]", "m": "[[1, 2, 3], [4, 5, 6]]"})["m"].status is Status.WRONG


BLANK: list[Any] = [None, "", "  \n", [], {}]
KINDS = [
    Integer(3),
    Rational(Fraction(1, 3)),
    Number(0.5),
    Array(((1, 2), (3, 4))),
    Shape((2, 3)),
    ShapeOrError((2, 3)),
    ShapeOrError(("error", 2, 3)),
    Choice(1, ("yes", "no")),
]
ODD: list[Any] = [
    True, float("nan"), float("inf"), -float("inf"), 10**5000, "9" * 10**6, "[" * 10**5, [[[[[[[1]]]]]]], [1] * 10**5,
    {"a": {"b": [1]}}, [None], [float("nan")], [True], "1/0", "1e999999999", "__import__('os').system('x')", "\0", "\ud800",
    b"bytes", object(), datetime.date(2025, 1, 1), {1, 2}, lambda: 1, "−½", "${{7*7}}$", "<script>", "٣", "1\u202e2",
]  # fmt: skip


@pytest.mark.parametrize("answer", KINDS, ids=lambda answer: answer.kind)
def test_blank_is_missing_and_odd_is_never_right(answer: Any) -> None:
    """Nothing typed is "missing", nonsense is at most wrong, and nothing raises."""
    exercise = Exercise(given={}, prompt="", parts=[Part("x", "x", answer)], solution="")
    assert {mark(exercise, {"x": raw})["x"].status for raw in BLANK} == {Status.MISSING}
    assert {mark(exercise, {"x": raw})["x"].status for raw in ODD} <= {Status.UNREADABLE, Status.WRONG}


RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.dates()
    | st.text(alphabet="0123456789-+/.,;:()[]{}eE =x*^\\", max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "x"]), RAW, max_size=4))
def test_marking_raises_nothing(answers: dict[str, Any]) -> None:
    """Whatever was typed, every part has a verdict within its points."""
    verdicts = mark(chain(), answers)
    assert list(verdicts) == ["a", "b", "c"]
    assert all(0 <= verdict.score <= verdict.points for verdict in verdicts.values())


@given(RAW, st.sampled_from(KINDS))
def test_every_kind_reads_or_refuses(raw: Any, answer: Any) -> None:
    """Each kind of answer marks any raw value."""
    exercise = Exercise(given={}, prompt="", parts=[Part("x", "x", answer)], solution="")
    verdict = mark(exercise, {"x": raw})["x"]
    assert verdict.reading or verdict.status in (Status.MISSING, Status.UNREADABLE)


@given(st.integers(0, 30))
def test_own_key_is_right_and_own_slip_is_named(seed: int) -> None:
    """A real variant: its key earns everything, and each of its misconceptions is recognised."""
    variant = problem_bank.load("convolution.hand").draw(seed)
    assert {verdict.status for verdict in variant.mark(variant.key()).values()} == {Status.RIGHT}
    keys = variant.exercise.keys()
    for part in variant.parts:
        for slip in part.misconceptions:
            value = slip.worked(keys)
            if value is not None:
                verdict = variant.mark({**variant.key(), part.name: part.answer.show(value)})[part.name]
                assert slip.name in verdict.misconceptions


def test_own_values_that_a_rule_refuses_stop_nothing() -> None:
    """A wrong sum of squares without an exact root says nothing of later steps; the sheet is marked all the same."""
    variant = problem_bank.load("optimisation.rmsprop_adagrad").draw("refused", level="easy")
    answers = dict.fromkeys(variant.key(), "[65, 63]")
    assert all(verdict.status is not Status.RIGHT for verdict in variant.mark(answers).values())
