"""Expressions as answers: letters, squares, shapes in letters, remarks, and what nobody can decide."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest

from problem_bank.answers import Expression, Shape
from problem_bank.answers.answer import UNDECIDED, Answer
from problem_bank.errors import Unreadable
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.marking import mark
from problem_bank.verdict import Status

KINDS: dict[str, Answer] = {
    "text": Expression("2*lambda*theta + g", ("theta", "lambda", "g")),
    "domains": Expression("ln(a^2)", {"a": "positive"}),
    "square": Expression("1 + 2*(k - 1)", {"k": "natural"}, square=True),
    "number": Expression(Fraction(1, 3), ()),
    "shape": Shape(("floor(H/2)", "floor(W/2)"), letters=("H", "W")),
    "mixed shape": Shape(("n", 3), letters=("n",)),
    "plain shape": Shape((3, 5)),
    "vector": Shape((4,)),
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
        assert answer.parse(answer.show(answer.parse(raw))) == answer.parse(raw)
    assert answer.tex(answer.key)
    assert answer.hint
    assert "key" not in answer.public()


@pytest.mark.parametrize(
    ("raw", "right", "said"),
    [
        ("k x k", True, "side of this square"),
        ("k × k", True, "side"),
        ("(k, k)", None, ""),
        ("[k by k]", True, "side"),
        (r"k \times k", True, "side"),
        ("(1 + (k-1)) x (1 + (k-1))", True, "side"),
        ("k", True, ""),
        ("k x (k+1)", False, ""),
        ("2k x 2k", False, ""),
        ("1 x k", True, ""),
        ("k^2", False, ""),
    ],
)
def test_a_square_stands_for_its_side(raw: str, right: bool | None, said: str) -> None:
    """k x k is the side k where a side is asked for; two different sides are a product."""
    answer = Expression("k", {"k": "natural"}, square=True)
    if right is None:
        with pytest.raises(Unreadable):
            answer.parse(raw)
        return
    match = answer.compare(answer.parse(raw))
    assert match.right is right
    assert said in match.remark


def test_a_product_is_no_square_unless_both_sides_are_equal() -> None:
    """1 + 2 × (k - 1) keeps its meaning."""
    answer = Expression("1 + 2*(k - 1)", {"k": "natural"}, square=True)
    for raw in ("1 + 2 × (k-1)", "1 + 2 x (k - 1)", "(2k-1) x (2k-1)"):
        assert answer.compare(answer.parse(raw)).right


@pytest.mark.parametrize(
    ("raw", "remark"),
    [
        ("-2*lambda*theta - g", "sign"),
        ("lambda*theta + g/2", "constant factor"),
        ("2*lambda*theta + g + 1", "constant that is added"),
        ("g", ""),
        ("lambda^2", ""),
    ],
)
def test_a_wrong_expression_is_told_how_far_off_it_is(raw: str, remark: str) -> None:
    """A sign, a constant factor, an additive constant; nothing where there is no simple relation."""
    answer = KINDS["text"]
    match = answer.compare(answer.parse(raw))
    assert not match.right
    assert (remark in match.remark) if remark else not match.remark


def test_aliases_are_other_spellings() -> None:
    """They are read, and shown as the name they stand for."""
    answer = Expression("2*g", ("g",), {"grad_L_data": "g", "∇L": "g"})
    for raw in ("2 grad_L_data", "2∇L", "grad_L_data + ∇L"):
        assert answer.compare(answer.parse(raw)).right
        assert "grad" not in answer.show(answer.parse(raw))


def test_what_nobody_can_decide_is_ungraded() -> None:
    """An undecided expression is no zero: it waits for a person, and later parts still count."""
    part = Part(
        "f", "f?", Expression("sin(x)", ("x",)), misconceptions=[Slip("cosine", "cos(x)", "That is the cosine.")]
    )
    exercise = Exercise(given={}, prompt="", parts=[part], solution="")
    verdict = mark(exercise, {"f": "exp(exp(exp(exp(9))))"})["f"]
    assert (verdict.status, verdict.basis, verdict.graded) == (Status.UNGRADED, UNDECIDED, False)
    assert "person" in verdict.feedback
    assert mark(exercise, {"f": "cos x"})["f"].misconceptions == ("cosine",)
    assert mark(exercise, {"f": "sin(-x)*(-1)"})["f"].status is Status.RIGHT
    assert mark(exercise, {"f": "cosinus"})["f"].status is Status.UNREADABLE


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        ("floor(H/2) x floor(W/2)", True),
        ("(floor(H/2), floor(W/2))", True),
        ("H//2 x W//2", True),
        (r"\lfloor H/2 \rfloor \times \lfloor W/2 \rfloor", True),
        ("⌊H/2⌋×⌊W/2⌋", True),
        ("floor((H-2)/2)+1 x floor((W-2)/2)+1", True),
        ("size = floor(H/2) x floor(W/2)", True),
        (["floor(H/2)", "floor(W/2)"], True),
        ("H/2 x W/2", False),
        ("ceil(H/2) x ceil(W/2)", False),
        ("floor(W/2) x floor(H/2)", False),
        ("floor(H/2)", False),
        ("HxW", False),
        ("3x3", False),
    ],
)
def test_shapes_in_letters(raw: object, right: bool) -> None:
    """Sizes are expressions in the declared letters, which stand for 1, 2, 3, ..."""
    answer = KINDS["shape"]
    assert answer.compare(answer.parse(raw)).right is right


@pytest.mark.parametrize(
    "raw", ["floor(Z/2) x floor(W/2)", "floor(H/2 x floor(W/2)", "H/0.5.5 x W", "3.5 x 2", "-1 x W"]
)
def test_sizes_that_are_none_are_refused(raw: str) -> None:
    """Other letters, open brackets, broken or negative numbers."""
    with pytest.raises(Unreadable):
        KINDS["shape"].parse(raw)


def test_the_kinds_are_light() -> None:
    """Reading and comparing polynomials needs neither SymPy nor mpmath nor NumPy."""
    code = (
        "import sys; from problem_bank.answers import Expression as E; e = E('x^2', ['x']);"
        "assert e.compare(e.parse('x*x')).right and not e.compare(e.parse('2x')).right;"
        "assert not {'sympy', 'mpmath', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
