"""Equations, sets, lists, intervals and infinities: how they are read, and when two of them are the same."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problem_bank.algebra import decide
from problem_bank.answers import Equation, Interval, Set
from problem_bank.answers.answer import UNDECIDED, Answer
from problem_bank.answers.reader import reader
from problem_bank.errors import Unreadable

SYMBOLS = {"x": "real", "y": "real", "a": "positive"}
UPDATE = ("theta", "g", "rate")

# (student, key, equal; "unreadable" where that is expected)

EQUATIONS: list[tuple[str, str, bool | str | None]] = [
    # the same line
    ("y = 2x+1", "2x - y + 1 = 0", True),
    ("2x - y + 1 = 0", "y = 2x + 1", True),
    ("-4x + 2y = 2", "y = 2x + 1", True),
    ("2x + 1 = y", "y = 2x + 1", True),
    ("y == 2*x + 1", "y = 2x + 1", True),
    (r"y - 1 = 2 \cdot x", "y = 2x + 1", True),
    ("x = (y-1)/2", "y = 2x + 1", True),
    # divided by what is never zero, or by a letter (isolated points do not count)
    ("y/a = x", "y = a x", True),
    ("y/x = 2", "y = 2x", True),
    ("exp(x)*(y - 2x) = 0", "y = 2x", True),
    # other curves
    ("x^2 + y^2 = a^2", "y^2 = a^2 - x^2", True),
    ("|y| = 1", "2|y| - 2 = 0", True),
    # slips
    ("y = 2x + 2", "y = 2x + 1", False),
    ("y = -2x + 1", "y = 2x + 1", False),
    ("y = x/2 + 1", "y = 2x + 1", False),
    ("x = 2y + 1", "y = 2x + 1", False),
    # more solutions than the key, or none
    ("y^2 = 2x y", "y = 2x", False),
    ("x(y - 2x - 1) = 0", "y = 2x + 1", False),
    ("(y - 2x)^2 = 1", "y = 2x + 1", False),
    ("0 = 0", "y = 2x + 1", False),
    ("x = x", "y = 2x + 1", False),
    ("0*y = 0*(2x+1)", "y = 2x + 1", False),
    ("1 = 2", "y = 2x + 1", False),
    # fewer solutions: no logarithm of negative numbers
    ("ln(y) = ln(2x + 1)", "y = 2x + 1", False),
    # for a person: it cannot be solved for a letter here
    ("ln(y) = ln(a) + 1", "y = e*a", None),
    # no equation
    ("2x + 1", "y = 2x + 1", "unreadable"),
    ("y = 2x = 1", "y = 2x + 1", "unreadable"),
    ("y =", "y = 2x + 1", "unreadable"),
    ("", "y = 2x + 1", "unreadable"),
]

ASSIGNMENTS: list[tuple[str, str, bool | str]] = [
    ("theta = theta - rate*g", "theta = theta - rate g", True),
    ("theta := theta - rate*g", "theta = theta - rate g", True),
    ("theta ← theta - rate*g", "theta = theta - rate g", True),
    ("theta - rate*g", "theta = theta - rate g", True),
    ("theta = theta + rate*g", "theta = theta - rate g", False),
    ("g = theta - rate*g", "theta = theta - rate g", False),
    ("2 theta = 2 theta - 2 rate*g", "theta = theta - rate g", False),
    ("theta = theta = g", "theta = theta - rate g", "unreadable"),
]

SETS: list[tuple[str, str, bool | str]] = [
    ("{1, 2, -3/2}", "{2, 1, -1.5}", True),
    ("1, 2", "{2, 1}", True),
    ("1; 2", "{2, 1}", True),
    ("1 and 2", "{2, 1}", True),
    ("x = 1 or x = 2", "{1, 2}", True),
    ("x_1 = 1, x_2 = 2", "{1, 2}", True),
    ("x in {1, 2}", "{1, 2}", True),
    (r"x \in \{1, \frac{1}{2}\}", "{1, 1/2}", True),
    ("±2", "{2, -2}", True),
    ("x = ±2", "{2, -2}", True),
    ("1 ± sqrt(3)", "{1 + sqrt(3), 1 - sqrt(3)}", True),
    (r"1 \pm \sqrt{3}", "{1 + sqrt(3), 1 - sqrt(3)}", True),
    ("±0", "{0}", True),
    ("{1, 1, 2}", "{1, 2}", True),
    ("{a, 2a}", "{2a, a}", True),
    ("{(x+1)^2}", "{x^2 + 2x + 1}", True),
    ("max(1, 2), 3", "{2, 3}", True),
    ("{sqrt(4)}", "{2}", True),
    ("{}", "{}", True),
    ("no solution", "{}", True),
    ("∅", "{}", True),
    ("empty set", "{}", True),
    ("{1}", "{1, 2}", False),
    ("{1, 2, 3}", "{1, 2}", False),
    ("{}", "{1}", False),
    ("{0}", "{}", False),
    ("{a}", "{-a}", False),
    ("{1.414}", "{sqrt(2)}", False),
    ("", "{1}", "unreadable"),
    ("{1, }", "{1}", "unreadable"),
    ("{1 2}", "{1, 2}", "unreadable"),
    ("±1 ± 2", "{1}", "unreadable"),
    ("1 ∓ 2", "{1}", "unreadable"),
    (", ".join("1" * 80), "{1}", "unreadable"),
]

LISTS: list[tuple[str, str, bool | str]] = [
    ("[1, 2]", "[1, 2]", True),
    ("(1, 2)", "[1, 2]", True),
    ("1, 2", "[1, 2]", True),
    ("[x + x, 2]", "[2x, 2]", True),
    ("[2, 1]", "[1, 2]", False),
    ("[1, 2, 2]", "[1, 2]", False),
    ("[1]", "[1, 2]", False),
    ("[±1]", "[1, -1]", "unreadable"),
]

INTERVALS: list[tuple[str, str, bool | str]] = [
    ("(0, 1]", "0 < x <= 1", True),
    ("x in (0, 1]", "(0, 1]", True),
    ("x ∈ (0; 1]", "(0, 1]", True),
    (r"x \in \left(0, 1\right]", "(0, 1]", True),
    ("[0, inf)", "x >= 0", True),
    ("[0, ∞)", "0 <= x", True),
    (r"[0, \infty)", "x ≥ 0", True),
    ("(-oo, oo)", "R", True),
    ("(-∞, 3) ∪ (5, ∞)", "x < 3 or x > 5", True),
    (r"(-\infty, 3) \cup (5, \infty)", "x > 5 or x < 3", True),
    ("(-inf,3)U(5,inf)", "x < 3 or x > 5", True),
    ("3 < x", "x > 3", True),
    ("2 >= x > 1", "(1, 2]", True),
    ("x > 1 and x <= 2", "(1, 2]", True),
    ("|x| < 1", "(-1, 1)", True),
    ("|x| >= 1", "(-inf, -1] ∪ [1, inf)", True),
    ("R", "all real numbers", True),
    (r"\mathbb{R}", "R", True),
    ("x < inf", "R", True),
    ("R \\ {0}", "x ≠ 0", True),
    (r"\mathbb{R} \setminus \{0, 1\}", "x ≠ 1 and x ≠ 0", True),
    ("R\\{0}", "x < 0 or x > 0", True),
    ("x = 3", "{3}", True),
    ("{1, 2}", "x = 1 or x = 2", True),
    ("empty set", "x > 1 and x < 0", True),
    ("∅", "{}", True),
    ("no solution", "(3, 0)", True),
    # unions in other pieces
    ("(0, 1) ∪ [1, 2)", "(0, 2)", True),
    ("(0, 2) ∪ (1, 3]", "(0, 3]", True),
    ("[0, 1) ∪ {1}", "[0, 1]", True),
    ("(0, 1) ∪ (5, 5)", "(0, 1)", True),
    # ends that are equal numbers in other words, and ends that nearly are
    ("(0, sqrt(2))", "0 < x < 2/sqrt(2)", True),
    ("(0, ln(e^2)]", "(0, 2]", True),
    ("(0, 0.333)", "(0, 1/3)", False),
    ("(0, 1.41421356237)", "(0, sqrt(2))", False),
    # slips
    ("(0, 1) ∪ (1, 2)", "(0, 2)", False),
    ("[0, 1)", "[0, 1]", False),
    ("[0, 1]", "(0, 1)", False),
    ("x > 3", "x >= 3", False),
    ("x < 3", "x > 3", False),
    ("x ≠ 0", "R", False),
    ("{0, 1}", "[0, 1]", False),
    ("{}", "{0}", False),
    ("R", "x >= 0", False),
    # not readable
    ("[0, inf]", "x >= 0", "unreadable"),
    ("(inf, 0)", "{}", "unreadable"),
    ("]0, 1[", "(0, 1)", "unreadable"),
    ("(0, 1), (2, 3)", "(0, 1)", "unreadable"),
    ("x < 3, x > 5", "(0, 1)", "unreadable"),
    ("y > 3", "x > 3", "unreadable"),
    ("3 > 2", "R", "unreadable"),
    ("x > y > 3", "x > 3", "unreadable"),
    ("1 < x < 2 < 3", "(1, 2)", "unreadable"),
    ("", "R", "unreadable"),
    ("(0, 1", "(0, 1)", "unreadable"),
]

TABLES = [
    *((row, {"mode": "equation", "symbols": SYMBOLS}) for row in EQUATIONS),
    *((row, {"mode": "assignment", "symbols": UPDATE}) for row in ASSIGNMENTS),
    *((row, {"mode": "set", "symbols": SYMBOLS}) for row in SETS),
    *((row, {"mode": "list", "symbols": SYMBOLS}) for row in LISTS),
    *((row, {"mode": "interval"}) for row in INTERVALS),
]


@pytest.mark.parametrize(("row", "options"), TABLES, ids=lambda case: case[0][:40] if isinstance(case, tuple) else "")
def test_the_tables(row: tuple[str, str, Any], options: dict[str, Any]) -> None:
    """Each row is decided as it says, three times, at ever new points."""
    student, key, expected = row
    for _ in range(3):
        assert outcome(student, key, options) == expected


@pytest.mark.parametrize(("row", "options"), [case for case in TABLES if isinstance(case[0][2], bool)])
def test_equality_has_no_direction(row: tuple[str, str, bool], options: dict[str, Any]) -> None:
    """Student and key may be exchanged."""
    student, key, expected = row
    if options["mode"] == "assignment" and "=" not in student and "←" not in student:
        student = f"theta = {student}"
    assert outcome(key, student, options) == expected


@pytest.mark.parametrize(
    ("student", "key", "expected"),
    [
        ("(0, a)", "0 < x < a", True),
        ("(0, a + a)", "(0, 2a)", True),
        ("x < 1/a", "(-inf, 1/a)", True),
        ("(0, a)", "(0, 2a)", False),
        ("(0, a]", "(0, a)", False),
        ("(a, 0)", "{}", None),
        ("(0, 2a) ∪ (a, 3a)", "(0, 3a)", None),
    ],
)
def test_letters_in_the_ends(student: str, key: str, expected: bool | None) -> None:
    """Ends are compared as expressions; what would need the order of letters is for a person."""
    assert decide(student, key, mode="interval", symbols={"a": "positive"}).equal is expected


@pytest.mark.parametrize(
    ("student", "key", "expected"),
    [
        ("∞", "inf", True), ("+infinity", "inf", True), (r"\infty", "inf", True), ("y = -oo", "-inf", True),
        ("-∞", "inf", False), ("10^99", "inf", False), ("∞", "3", False), ("2", "2", True),
    ],
)  # fmt: skip
def test_infinities_where_they_are_allowed(student: str, key: str, expected: bool) -> None:
    """Whole answers only."""
    assert decide(student, key, allow_infinite=True).equal is expected


@pytest.mark.parametrize("text", ["∞", "inf", "-oo", r"\infty", "2*inf", "1/inf", "inf - inf", "x + ∞"])
def test_infinities_elsewhere_are_refused(text: str) -> None:
    """Also within expressions, where they would be allowed alone."""
    with pytest.raises(Unreadable):
        decide(text, "x", symbols=["x"])
    if text not in ("∞", "inf", "-oo", r"\infty"):
        with pytest.raises(Unreadable):
            decide(text, "x", symbols=["x"], allow_infinite=True)


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 4), st.booleans(), st.booleans()), max_size=5))
@settings(max_examples=60, deadline=None)
def test_unions_mean_their_points(parts: list[tuple[int, int, bool, bool]]) -> None:
    """A union equals another cut of the same points, and no set with other points."""
    text = " ∪ ".join(f"{'[' if c else '('}{low}, {low + n}{']' if d else ')'}" for low, n, c, d in parts) or "{}"
    grid = [Fraction(i, 2) for i in range(-14, 24)]

    def holds(x: Fraction) -> bool:
        return any((low < x or (c and low == x)) and (x < low + n or (d and x == low + n)) for low, n, c, d in parts)

    cut = [
        f"{{{x}}}" if x.denominator == 1 else f"({x - Fraction(1, 2)}, {x + Fraction(1, 2)})" for x in grid if holds(x)
    ]
    other = [piece for x, piece in zip(filter(holds, grid), cut, strict=True)]
    assert decide(text, " ∪ ".join(other) or "{}", mode="interval").equal is True
    for x in (Fraction(-7), Fraction(5, 2)):
        if not holds(x):
            assert decide(f"{text} ∪ {{{x}}}", text, mode="interval").equal is False


KINDS: dict[str, Answer] = {
    "equation": Equation("y = 2x + 1", ("x", "y")),
    "circle": Equation("x^2 + y^2 = a^2", SYMBOLS),
    "assignment": Equation("theta = theta - rate*g", UPDATE, left="theta"),
    "set": Set("{1, -3/2, sqrt(2)}"),
    "set of letters": Set(["a", "2*a"], {"a": "positive"}),
    "empty set": Set("{}"),
    "list": Set([1, Fraction(1, 3)], ordered=True),
    "interval": Interval("(0, 1]"),
    "union": Interval("x < -1/2 or 2 <= x < 5 or x = 7"),
    "whole line": Interval("R"),
    "nothing": Interval("{}"),
    "letters": Interval("0 < rate < 2/L", variable="rate", symbols={"L": "positive"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_samples_are_what_they_say(kind: str) -> None:
    """Right samples are right, wrong ones are not, malformed ones are unreadable; what is shown reads back."""
    answer = KINDS[kind]
    samples = answer.samples()
    for raw in samples.right:
        assert answer.compare(answer.parse(raw)).right, raw
    for raw in samples.wrong:
        assert not answer.compare(answer.parse(raw)).right, raw
    for raw in samples.malformed:
        with pytest.raises(Unreadable):
            answer.parse(raw)
    for raw in (*samples.right, *samples.wrong):
        assert (
            answer.compare(answer.parse(answer.show(answer.parse(raw)))).share
            == answer.compare(answer.parse(raw)).share
        )
    assert answer.agrees(answer.key)
    assert answer.tex(answer.key)
    assert answer.hint


@pytest.mark.parametrize("kind", KINDS)
def test_readers_without_the_key(kind: str) -> None:
    """What a student may see goes through JSON, holds no key, and reads the same."""
    answer = KINDS[kind]
    public = json.loads(json.dumps(answer.public()))
    assert "key" not in public
    blind = reader(public)
    for raw in answer.samples().right:
        assert blind.show(blind.parse(raw)) == answer.show(answer.parse(raw))


def test_marks_for_parts_of_a_set() -> None:
    """Right elements earn credit beyond a guess, each needless one costs as much."""
    answer = Set("{1, 2, 3, 4}")
    for raw, share in (
        ("{1, 2, 3}", Fraction(3, 5)),
        ("{1, 2, 3, 4, 5}", Fraction(3, 5)),
        ("{1}", 0),
        ("{1, 5, 6}", 0),
        ("{}", 0),
    ):
        assert answer.compare(answer.parse(raw)).share == share
    assert "some are missing" in answer.compare(answer.parse("{1, 2}")).remark
    assert "do not" in answer.compare(answer.parse("{1, 2, 3, 4, 5}")).remark


def test_remarks_on_collections() -> None:
    """Brackets, left sides, and what is true of everything."""
    interval, update = KINDS["interval"], KINDS["assignment"]
    assert "which of them belong" in interval.compare(interval.parse("[0, 1)")).remark
    assert "left side" in update.compare(update.parse("g = 1")).remark
    assert "sign" in update.compare(update.parse("theta = rate*g - theta")).remark
    line = KINDS["equation"]
    assert "says nothing" in line.compare(line.parse("0 = 0")).remark


def test_what_nobody_can_decide() -> None:
    """Undecided elements and equations wait for a person."""
    answer = Set("{sin(1)}")
    assert answer.compare(answer.parse("{exp(exp(exp(exp(9))))}")).basis == UNDECIDED
    line = Equation("y = e*a", SYMBOLS)
    assert line.compare(line.parse("ln(y) = ln(a) + 1")).basis == UNDECIDED


HOSTILE = [
    "{" * 5000, "(" * 900 + ")" * 900, "1, " * 5000, "x = " * 300, "x or " * 300, "(0,1) ∪ " * 120,
    "x > 1 and " * 90 + "x > 2", "±" * 400, "R \\ {" + ", ".join(map(str, range(200))) + "}", "<" * 900,
    "1 < " * 200 + "x", "{" + "(x+1)^99," * 90 + "1}", "x > 9^9^9^9", "(-inf, 1e999999999)",
    "{__import__('os').system('true')}", "x in {x for x in range(9)}", "\u202e(0, 1)", "y = " + "x*" * 480 + "2",
    "=" * 999, "x\u0000 = 1", "{" + "sin(x)," * 130 + "1}", "|x| < " * 150, "(" + "0," * 300 + "1)",
]  # fmt: skip


@pytest.mark.parametrize("mode", ["equation", "set", "list", "interval"])
def test_hostile_collections_end_soon(mode: str) -> None:
    """Each is unreadable, wrong or undecided."""
    key = {"equation": "y = 2x + 1", "set": "{1, 2}", "list": "[1, 2]", "interval": "(0, 1]"}[mode]
    for text in HOSTILE:
        assert outcome(text, key, {"mode": mode, "symbols": SYMBOLS if mode != "interval" else {}}) is not True, text[
            :50
        ]


@given(st.text(alphabet="xy12(){}[]<>=≤≥,;∪∞±|-+ \\orandRinf", max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """The only exception is Unreadable, and it says something."""
    for mode, key in (("equation", "y = x"), ("set", "{1}"), ("interval", "(0, 1)")):
        outcome(text, key, {"mode": mode, "symbols": SYMBOLS if mode != "interval" else {}})


def test_the_kinds_are_light() -> None:
    """They need neither SymPy nor mpmath nor NumPy to be imported."""
    code = "import sys, problem_bank.answers; assert not {'sympy', 'mpmath', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def outcome(student: str, key: str, options: dict[str, Any]) -> bool | str | None:
    """The decision, or "unreadable"."""
    try:
        return decide(student, key, **options).equal
    except Unreadable as error:
        assert str(error)
        return "unreadable"
