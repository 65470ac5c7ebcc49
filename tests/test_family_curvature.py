"""Critical points, descent on quadratics, the odds of saddle points: what is peculiar to these families."""

from fractions import Fraction
from typing import Any

import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.variant import Variant
from problem_bank.verdict import Status

SADDLE = {"direction": [1, 1], "eigenvalues": [6, -2], "cubic": [0, 0, 0, 0], "order": [0, 1, 2, 3, 4, 5, 6]}
VALLEY = {"direction": [1, 0], "eigenvalues": [2, 0], "fourth": 3, "order": [0, 1, 2, 3, 4, 5, 6], "flat": True}
BOWL = {"direction": [1, 0], "eigenvalues": [4, 1], "epsilon": "1/8", "center": [1, -2], "start": [2, 3]}


def drawn(family: str, level: str | None = None, **given: Any) -> Variant:
    return load(family).draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_a_saddle_with_a_positive_diagonal() -> None:
    """x² + 4xy + y² has the Hessian [[2, 4], [4, 2]] with the eigenvalues 6 and -2: a saddle point."""
    variant = drawn("curvature.classify", **SADDLE)
    assert "f(x, y) = x^2 + 4x y + y^2" in variant.prompt
    assert variant.key() == {
        "hessian": "[[2, 4], [4, 2]]", "eigenvalues": "[6, -2]", "kind": "c", "convex": "(2, inf)",
        "saddle": "(-6, 2)",
    }  # fmt: skip


def test_a_flat_direction_is_decided_by_degree_four() -> None:
    """x² + 3y⁴ has a strict minimum at the origin, though an eigenvalue is 0; it becomes a saddle below -3."""
    variant = drawn("curvature.classify", "hard", **VALLEY)
    assert "f(x, y) = x^2 + 3(y)^4" in variant.prompt
    assert variant.key() == {"hessian": "[[2, 0], [0, 0]]", "eigenvalues": "[2, 0]", "kind": "a",
                             "fourth": "(-inf, -3)"}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [
        ("hessian", "[[1, 4], [4, 1]]", "coefficients"),
        ("hessian", "[[1, 2], [2, 1]]", "form_matrix"),
        ("hessian", "[[2, 0], [0, 2]]", "no_mixed"),
        ("eigenvalues", "[2, 2]", "diagonal"),
        ("eigenvalues", "[4, -12]", "trace_and_determinant"),
        ("kind", "d", "diagonal"),
        ("convex", "c >= 2", "closed"),
        ("convex", "c > -2", "sign"),
    ],
)
def test_mistakes_about_curvature_are_named(part: str, answer: str, slip: str) -> None:
    """Each wrong rule is recognised by what it leads to, worked by hand here."""
    assert slip in marked(drawn("curvature.classify", **SADDLE), **{part: answer})[part].misconceptions


def test_a_wrong_hessian_is_paid_once() -> None:
    """Eigenvalues, kind and interval of the student's own Hessian are consistent."""
    answers = {"hessian": "[[4, 1], [1, 4]]", "eigenvalues": "[5, 3]", "kind": "a", "convex": "c > -3"}
    verdicts = marked(drawn("curvature.classify", **SADDLE), **answers)
    assert {verdicts[name].status for name in ("eigenvalues", "kind", "convex")} == {Status.CONSISTENT}


def test_eigenvalues_and_flatness_must_agree() -> None:
    """A pinned eigenvalue 0 needs the exercise that asks about it."""
    with pytest.raises(BadGiven, match="`flat`"):
        drawn("curvature.classify", **{**SADDLE, "eigenvalues": [6, 0]})


def test_descent_in_a_bowl_by_hand() -> None:
    """H = diag(4, 1) around (1, -2) from (3, 1): gradient (8, 3), step to (2, 5/8), Newton to (1, -2), bound 1/2."""
    variant = drawn("curvature.quadratic_descent", "easy", **BOWL)
    keys = variant.exercise.keys()
    assert keys["gradient"] == (8, 3)
    assert keys["descent"] == (2, Fraction(5, 8))
    assert keys["newton"] == (1, -2)
    assert keys["bound"] == Fraction(1, 2)
    assert marked(variant, c1="2^(-t)")["c1"].status is Status.RIGHT


@pytest.mark.parametrize("key", range(8))
def test_descent_leaves_a_saddle_when_it_says(key: int) -> None:
    """Running descent, the distance along the second eigenvector passes the bound at the asked step, not before."""
    variant = load("curvature.quadratic_descent").draw(key, level="hard")
    given, keys = variant.exercise.given, variant.exercise.keys()
    distance = Fraction(1)
    for t in range(1, keys["escape"] + 1):
        distance -= given["epsilon"] * given["eigenvalues"][1] * distance
        assert (distance > given["times"]) == (t == keys["escape"])


@pytest.mark.parametrize(("answer", "status"), [("[3, 5/8]", Status.CONSISTENT), ("[2, 5/8]", Status.RIGHT)])
def test_a_wrong_gradient_is_paid_once(answer: str, status: Status) -> None:
    """A step along the student's own gradient is the right method."""
    gradient = "[0, 3]" if status is Status.CONSISTENT else "[8, 3]"
    verdicts = marked(drawn("curvature.quadratic_descent", "easy", **BOWL), gradient=gradient, descent=answer)
    assert verdicts["descent"].status is status


def test_odds_of_a_saddle_by_hand() -> None:
    """Three fair signs: 1/8 minimum, 3/4 saddle, so six saddle points for a minimum; 1000 of 8000 are minima."""
    given = {"n": 3, "p": "1/2", "k": 2, "points": 8000}
    variant = drawn("curvature.saddle_probability", "hard", **given)
    keys = variant.exercise.keys()
    formula = keys.pop("formula")
    assert keys == {"minimum": Fraction(1, 8), "saddle": Fraction(3, 4), "index": Fraction(3, 8), "expected": 1000,
                    "ratio": 6}  # fmt: skip
    assert formula is not None
    assert marked(variant, formula="2^n - 2")["formula"].status is Status.RIGHT


@pytest.mark.parametrize("key", range(10))
def test_the_odds_add_up(key: int) -> None:
    """Minimum, maximum and saddle point are all there is."""
    variant = load("curvature.saddle_probability").draw(key)
    n, p, keys = variant.exercise.given["n"], variant.exercise.given["p"], variant.exercise.keys()
    assert keys["minimum"] + keys["saddle"] + (1 - p) ** n == 1


def test_a_direction_must_lead_somewhere() -> None:
    """A pinned eigenvector of zeros is refused, not divided by."""
    with pytest.raises(BadGiven, match="not both 0"):
        drawn("curvature.classify", **{**SADDLE, "direction": [0, 0]})
