"""Equal up to a factor or a constant, to some accuracy, in a wanted form; and what is said of a wrong answer."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problem_bank.algebra import Tolerance, decide, read, relation, tree_of
from problem_bank.algebra.forms import FORMS, form_of
from problem_bank.answers import Expression
from problem_bank.answers.reader import reader
from problem_bank.errors import Unreadable
from problem_bank.exercise import Exercise, Part
from problem_bank.marking import mark
from problem_bank.verdict import Status

SYMBOLS = {"x": "real", "y": "real", "a": "positive", "n": "natural", "p": "unit"}

UP_TO_FACTOR = [
    ("2x + 2y", "x + y", True),
    ("-x - y", "x + y", True),
    ("x/1000 + y/1000", "x + y", True),
    ("(x+y)*sqrt(2)", "x + y", True),
    ("-sin(x)", "2 sin x", True),
    ("relu(3x)", "relu(x)", True),
    ("ln(a^3)", "ln(a)", True),
    ("exp(x + 2)", "exp(x)", True),
    ("3", "5", True),
    ("0", "0", True),
    ("x - x", "0", True),
    ("x y", "x", False),
    ("x + y + 1", "x + y", False),
    ("2x + y", "x + y", False),
    ("0", "x + y", False),
    ("0*x", "x + y", False),
    ("x", "0", False),
    ("relu(-x)", "relu(x)", False),
    ("|x|", "x", False),
    ("sin(2x)", "sin(x)", False),
    ("x + 10^-40*y", "x", False),
    ("exp(exp(exp(exp(9))))*x", "x", None),
]

UP_TO_CONSTANT = [
    ("x^2/2 + C", "x^2/2", True),
    ("x^2/2 + c", "x^2/2", True),
    ("x^2/2 + const", "x^2/2", True),
    ("x^2/2 - 7", "x^2/2", True),
    ("C - 3 + x^2/2", "x^2/2", True),
    ("x^2/2", "x^2/2", True),
    ("sin(x)^2", "-cos(x)^2", True),
    ("sin(x)^2 + C", "-cos(2x)/2", True),
    ("ln(2a)", "ln(a)", True),
    ("ln|3x|", "ln|x|", True),
    ("C", "0", True),
    ("x^2/2 + C x", "x^2/2", False),
    ("x^2/2 + y", "x^2/2", False),
    ("x^2", "x^2/2", False),
    ("-x^2/2", "x^2/2", False),
    ("C", "x", False),
    ("ln(a) + sign(x)", "ln(a)", False),
]


@pytest.mark.parametrize(("student", "key", "expected"), UP_TO_FACTOR)
def test_equal_up_to_a_factor(student: str, key: str, expected: bool | None) -> None:
    """The factor is one number, and not zero."""
    assert {decide(student, key, mode="up_to_factor", symbols=SYMBOLS).equal for _ in range(3)} == {expected}


@pytest.mark.parametrize(("student", "key", "expected"), UP_TO_CONSTANT)
def test_equal_up_to_a_constant(student: str, key: str, expected: bool) -> None:
    """A constant of integration may be typed; it must not hide a letter."""
    assert {decide(student, key, mode="up_to_constant", symbols=SYMBOLS).equal for _ in range(3)} == {expected}


def test_constants_have_no_place_elsewhere() -> None:
    """Outside of that mode, C is no name; where the question declares C, it is a letter and no constant."""
    with pytest.raises(Unreadable):
        decide("x + C", "x", symbols=SYMBOLS)
    assert decide("x + C", "x", mode="up_to_constant", symbols=("x", "C")).equal is False


def test_unknown_modes_and_options_are_refused() -> None:
    """With the list of those that exist."""
    with pytest.raises(ValueError, match="up_to_factor"):
        decide("x", "x", symbols=SYMBOLS, mode="similar")
    with pytest.raises(TypeError, match="unknown options"):
        decide("x", "x", symbols=SYMBOLS, tolerence=1)


@pytest.mark.parametrize(
    ("student", "key", "tolerance", "expected"),
    [
        ("3.14", "pi", {"absolute": 0.01}, True),
        ("3.1", "pi", {"absolute": 0.01}, False),
        ("22/7", "pi", {"relative": 0.001}, True),
        ("3.142", "pi", {"figures": 4}, True),
        ("3.1416", "pi", {"figures": 4}, True),
        ("3.141", "pi", {"figures": 4}, False),
        ("0.00012345", "0.000123454", {"figures": 5}, True),
        ("0.0001234", "0.000123454", {"figures": 5}, False),
        ("1.5", "1", {"absolute": 0.5}, True),
        ("1.5000001", "1", {"absolute": 0.5}, False),
        ("0.3333", "1/3", {"absolute": 0.01, "relative": 0.0001}, True),
        ("-pi", "pi", {"relative": 1}, False),
        ("10^60 + 3.14 - 10^60", "pi", {"figures": 3}, True),
        ("sin(1) + 10^80*pi - 10^80*pi", "sin(1)", {"relative": 1e-9}, True),
        ("10^60*pi - 10^60*3.14159265358979", "pi", {"relative": 0.01}, False),
        ("0", "0", {"figures": 3}, True),
        ("0.001", "0", {"figures": 3}, False),
        ("x", "pi", {"relative": 0.1}, False),
        ("1/0", "pi", {"relative": 0.1}, False),
        ("sqrt(-1)", "pi", {"relative": 0.1}, False),
        ("exp(exp(exp(exp(9))))", "pi", {"relative": 0.1}, None),
    ],
)
def test_tolerance(student: str, key: str, tolerance: dict[str, float], expected: bool | None) -> None:
    """Absolute, relative, significant figures; only where the question says so."""
    assert decide(student, key, tolerance=tolerance, symbols=SYMBOLS).equal is expected


def test_without_a_tolerance_numbers_are_exact() -> None:
    """A rounded value is not the value."""
    assert decide("3.14159265358979323846", "pi").equal is False


@pytest.mark.parametrize("given", [{}, {"absolute": -1}, {"figures": 0}, {"relative": 0}])
def test_empty_tolerances_are_refused(given: dict[str, Any]) -> None:
    """One that allows nothing, or less."""
    with pytest.raises(ValueError, match="tolerance"):
        Tolerance(**given)


def test_a_tolerance_needs_a_number_as_key() -> None:
    """Coefficients have none."""
    with pytest.raises(ValueError, match="without letters"):
        decide("x", "x", tolerance={"absolute": 1}, symbols=SYMBOLS)


IN_FORM = {
    "factored": ["(x+1)(x-1)", "4(x+1)", "-x(x+2)^2", "x^2+1", "x", "7", "x^3*(x+1)/(x-1)", "x*exp(x)", "(x+y)*(x-y)"],
    "expanded": ["x^2 - 1", "x^3/3 - 2x", "exp(2(x+1))", "x y + x", "-x", "x^-1 + 1", "x^(n+1)"],
    "numbers": ["6x", "x/2", "2/3*x", "-3/4", "sqrt(2)", "2 sqrt(3)", "x^2", "1/3", "x + 1", "2*x*y^3", "2^x", "10"],
    "single_fraction": ["(x+y)/(x y)", "x + 1", "-1/x", "1/x", "(x^2+1)/2", "3"],
    "no_negative_exponents": ["1/x^2", "x^2", "x^(1/2)", "x^n"],
    "simplified": ["2x + 1", "x^2", "-x", "x sin(x)", "x/y", "(x+1)/(x-1)", "x*(x+1)", "exp(x) + x", "1/x", "2/3*x"],
}
OUT_OF_FORM = {
    "factored": ["x^2 - 1", "2(2x+2)", "x^2 + 2x + 1", "(x^2-1)(x+2)", "x^3 - x", "x y + x", "x^4 + 4"],
    "expanded": ["(x+1)(x-1)", "2(x+1)", "(x+1)^2", "x + x + 1", "-(x+1)", "(x*y)^2", "x*x + 2x^2"],
    "numbers": ["2*3*x", "2x/4", "4/6", "sqrt(4)*x", "2^3", "1 + 2 + x", "x*2*5", "0.5/2", "3/1", "sqrt(9/4)",
                "x^(1+1)"],
    "single_fraction": ["1/x + 1/y", "1 + 1/x", "(1/x)/(1/y)", "x/y/2", "(x + 1/2)/3"],
    "no_negative_exponents": ["x^-2", "2*x^(-1)", "exp(x)^-1", "x^(-1/2)"],
    "simplified": ["x*x", "(x^2-1)/(x-1)", "x + 0", "1*x", "x/y*y", "x^1", "sin(x) + sin(x)", "2x + 3x", "x^2*x", "2*3",
                   "0*x", "x^0", "-(-x)"],
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    """A look at what was typed; a sentence where something is missing, and the value is another matter."""
    for text in IN_FORM[form]:
        assert form_of(read(text, SYMBOLS), form) == "", text
        assert decide(text, text, symbols=SYMBOLS, form=form).form == ""
    for text in OUT_OF_FORM[form]:
        decision = decide(text, text, symbols=SYMBOLS, form=form)
        assert decision.equal is True
        assert decision.form.endswith("."), text


def test_forms_of_random_products_agree_with_sympy() -> None:
    """What SymPy factors is factored, what it expands is expanded, and not the other way round."""
    import sympy as sp

    dice, x = random.Random(3), sp.Symbol("x")
    for _ in range(25):
        product = (x + dice.randint(1, 4)) * (x - dice.randint(1, 4)) * (2 * x + dice.choice([1, 3]))
        expanded, factored = tree_of(sp.expand(product), SYMBOLS), tree_of(sp.factor(product), SYMBOLS)
        assert (form_of(factored, "factored"), form_of(expanded, "expanded")) == ("", "")
        assert form_of(factored, "expanded")
        assert form_of(expanded, "factored")


def test_unknown_forms_are_refused() -> None:
    """With the list of those that exist."""
    with pytest.raises(ValueError, match="factored"):
        decide("x", "x", symbols=SYMBOLS, form="pretty")


def test_the_form_has_marks_of_its_own() -> None:
    """Right value in the wrong form earns the rest, and says why; a wrong value earns nothing."""
    answer = Expression("(x+1)*(x-1)", ("x",), form=("factored",), form_share=Fraction(1, 4))
    exercise = Exercise(given={}, prompt="", parts=[Part("f", "f?", answer, points=4)], solution="")
    verdict = mark(exercise, {"f": "x^2 - 1"})["f"]
    assert (verdict.status, verdict.score) == (Status.PARTIAL, 3)
    assert "factored" in verdict.feedback
    assert mark(exercise, {"f": "(x-1)(x+1)"})["f"].score == 4
    assert mark(exercise, {"f": "(x-1)(x+2)"})["f"].score == 0


EXPRESSIONS = {
    "factor": Expression("x + 2*y", ("x", "y"), mode="up_to_factor"),
    "constant": Expression("x^2/2", ("x",), mode="up_to_constant"),
    "tolerance": Expression("sqrt(2)", (), tolerance={"figures": 4}),
    "form": Expression("(x+1)*(x-1)", ("x",), form=("factored", "numbers")),
}


@pytest.mark.parametrize("kind", EXPRESSIONS)
def test_samples_and_readers(kind: str) -> None:
    """Right samples are right, wrong ones are not, malformed ones unreadable; readers work without what is secret."""
    answer = EXPRESSIONS[kind]
    samples = answer.samples()
    assert all(answer.compare(answer.parse(raw)).right for raw in samples.right)
    assert not any(answer.compare(answer.parse(raw)).right for raw in samples.wrong)
    for raw in samples.malformed:
        with pytest.raises(Unreadable):
            answer.parse(raw)
    public = json.loads(json.dumps(answer.public()))
    assert not {"key", "tolerance", "form_share"} & set(public)
    for raw in samples.right:
        assert reader(public).parse(raw) == answer.parse(raw)


REMARKS = [
    # what a good examiner sees at once
    ("-2x y", "2x y", "sign"),
    ("4x y", "2x y", "twice"),
    ("x y", "2x y", "half"),
    ("-x y", "2x y", "minus half"),
    ("6x y", "2x y", "3 times"),
    ("2x y/3", "2x y", "1/3 times"),
    ("pi*x", "x", "constant factor"),
    ("113*x", "x", "constant factor"),
    ("x^2 + 3", "x^2", "constant that is added"),
    ("a/x", "x/a", "reciprocal"),
    ("log10(a)", "ln(a)", "base"),
    ("x log2(a) + 1", "x ln(a) + 1", "base"),
    ("x^2 y", "y^2 x", "exchanged"),
    ("x", "|x|", "positive letters"),
    ("2 ln(x)", "ln(x^2)", "no real value"),
    ("x/(y-y)", "x", "divides by zero"),
    # nothing simple
    ("x", "x^2", ""),
    ("x + y", "x*y", ""),
    ("exp(x)", "sin(x)", ""),
    ("0", "x", ""),
]


@pytest.mark.parametrize(("student", "key", "said"), REMARKS)
def test_remarks(student: str, key: str, said: str) -> None:
    """One relation, in words."""
    reason = decide(student, key, symbols=SYMBOLS).reason
    assert (said in reason) if said else reason == ""


@pytest.mark.parametrize("student", ["0", "1", "2", "-1", "1/2", "100", "pi", "x", "3*x"])
@pytest.mark.parametrize("key", ["3/4", "7", "-2/3", "sqrt(2)", "pi", "e^2"])
def test_remarks_do_not_give_numbers_away(student: str, key: str) -> None:
    """Of a key that is a number, no factor and no difference is told: any two numbers have both."""
    reason = decide(student, key, symbols=SYMBOLS).reason
    assert not any(character.isdigit() for character in reason)
    assert not any(word in reason for word in ("factor", "added", "reciprocal", "twice", "half"))


def test_remarks_name_no_other_factor() -> None:
    """A factor that is no small fraction is not named: it would be the key."""
    for factor in ("113", "1/17", "pi", "sqrt(2)"):
        said = relation(read(f"({factor})*x*y", SYMBOLS), read("x*y", SYMBOLS))
        assert said == "This is off by a constant factor."


@given(st.integers(-40, 40), st.integers(1, 40), st.integers(-40, 40))
@settings(max_examples=60, deadline=None)
def test_factors_and_constants_are_always_found(above: int, below: int, added: int) -> None:
    """c*f is f up to a factor unless c is zero; f + c is f up to a constant; neither is both, unless trivially."""
    factor = Fraction(above, below)
    scaled = f"({above}/{below})*(x^2 + sin(y))"
    assert decide(scaled, "x^2 + sin(y)", mode="up_to_factor", symbols=SYMBOLS).equal is (factor != 0)
    assert decide(scaled, "x^2 + sin(y)", mode="up_to_constant", symbols=SYMBOLS).equal is (factor == 1)
    moved = f"x^2 + sin(y) + {added}"
    assert decide(moved, "x^2 + sin(y)", mode="up_to_constant", symbols=SYMBOLS).equal is True
    assert decide(moved, "x^2 + sin(y)", mode="up_to_factor", symbols=SYMBOLS).equal is (added == 0)


def test_matrices_and_indices_have_the_same_door() -> None:
    """With `shapes` or `indices`, the text is one of theirs."""
    shapes = {"X": ("n", "d"), "G": ("n", "k")}
    assert decide("X^T G", "X' @ G", shapes=shapes).equal is True
    arrays = {"s": ("n",)}
    assert decide("s_j", "s_i", indices={"i": "n"}, arrays=arrays).equal in (True, False)
