"""Maximum likelihood: values worked by hand, spellings, named mistakes, and a maximum that is one."""

from __future__ import annotations

from fractions import Fraction
from math import log, pi
from typing import Any

import pytest

from problem_bank import load
from problem_bank.algebra import evaluate
from problem_bank.variant import Variant
from problem_bank.verdict import Status

ONES = [1, 0, 0, 1, 0, 1, 0, 0, 0, 0]
COUNTS = [2, 0, 3, 1, 4]
TIMES = [1, 4, 2, 9, 4]
APART = [-3, -1, 0, 0, 4]


def drawn(model: str, *data: int, centre: int | None = None) -> Variant:
    """The exercise on these data, or on those numbers away from a centre."""
    values: dict[str, Any] = {"data": data} if centre is None else {"centre": centre, "apart": data}
    return load("estimation.mle").draw("", given={"models": [model], "model": model, "n": len(data), **values})


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


BERNOULLI, POISSON = drawn("bernoulli", *ONES), drawn("poisson", *COUNTS)
EXPONENTIAL, GAUSSIAN = drawn("exponential", *TIMES), drawn("gaussian", -3, -1, -1, 1, 4, centre=10)
LAPLACE = drawn("laplace", -3, -1, 0, 1, 5, centre=10)

BY_HAND: list[tuple[Variant, dict[str, Any], float]] = [
    (BERNOULLI, {"estimate": Fraction(3, 10), "curvature": Fraction(-1000, 21)}, -3 * log(0.3) - 7 * log(0.7)),
    (POISSON, {"estimate": 2, "curvature": Fraction(-5, 2)}, 10 - 10 * log(2) + log(2 * 6 * 24)),
    (EXPONENTIAL, {"estimate": Fraction(1, 4), "curvature": -80}, 5 - 5 * log(1 / 4)),
    (GAUSSIAN, {"mean": 10, "variance": Fraction(28, 5)}, 2.5 * log(2 * pi * 5.6) + 2.5),
    (LAPLACE, {"location": 10, "estimate": 2}, 5 * log(4) + 5),
]


@pytest.mark.parametrize(("variant", "exact", "loss"), BY_HAND)
def test_estimates_by_hand(variant: Variant, exact: dict[str, Any], loss: float) -> None:
    """The share of ones, the mean, one over it, mean and variance, median and mean distance; the loss there."""
    keys = variant.exercise.keys()
    assert {name: keys[name] for name in exact} == exact
    assert keys["loss"] == pytest.approx(loss, rel=1e-12)


@pytest.mark.parametrize(
    ("variant", "part", "text"),
    [
        (BERNOULLI, "likelihood", "3 ln p + 7 ln(1-p)"),
        (BERNOULLI, "likelihood", "ln(p^3 (1-p)^7)"),
        (BERNOULLI, "slope", "(3 - 10p)/(p(1-p))"),
        (POISSON, "likelihood", "10 ln(lambda) - 5 lambda - ln(2!*0!*3!*1!*4!)"),
        (EXPONENTIAL, "likelihood", "5*log(lambda) - 20*lambda"),
        (GAUSSIAN, "likelihood", "-5/2 ln(2 pi) - 5/2 ln v - (5 mu^2 - 100 mu + 528)/(2v)"),
        (GAUSSIAN, "slope_variance", r"-\frac{5}{2v} + \frac{5 mu^2 - 100 mu + 528}{2v^2}"),
        (LAPLACE, "likelihood", "-5 ln 2 - 5 ln b - 10/b"),
    ],
)
def test_other_spellings_are_right(variant: Variant, part: str, text: str) -> None:
    """Logarithms taken together or apart, squares expanded, constants written out."""
    assert marked(variant, **{part: text})[part].status is Status.RIGHT


@pytest.mark.parametrize(
    ("variant", "part", "text", "slip"),
    [
        (BERNOULLI, "slope", "3/p + 7/(1-p)", "inner_lost"),
        (BERNOULLI, "curvature", "1000/21", "positive"),
        (POISSON, "likelihood", "10 ln(lambda) - 5 lambda", "constant_dropped"),
        (EXPONENTIAL, "likelihood", "20 lambda - 5 ln(lambda)", "negated"),
        (EXPONENTIAL, "estimate", "4", "inverted"),
        (GAUSSIAN, "mean", "50", "sum"),
        (GAUSSIAN, "variance", "7", "unbiased"),
        (GAUSSIAN, "likelihood", "-(5 mu^2 - 100 mu + 528)/(2v)", "scale_dropped"),
        (LAPLACE, "location", "10.4", "mean"),
        (LAPLACE, "estimate", "5/2", "unbiased"),
        (LAPLACE, "loss", "-11.9315", "log_likelihood"),
    ],
)
def test_mistakes_are_named(variant: Variant, part: str, text: str, slip: str) -> None:
    """Each classical mistake, typed as a student would."""
    assert slip in marked(variant, **{part: text})[part].misconceptions


def test_later_steps_follow_from_own_ones() -> None:
    """With the mean 11 the squares sum to 33; with the location 11 the distances sum to 11."""
    verdicts = marked(GAUSSIAN, mean="11", variance="33/5", loss=str(2.5 * log(2 * pi * 6.6) + 2.5))
    assert [verdicts[name].status for name in ("variance", "loss")] == [Status.CONSISTENT] * 2
    verdicts = marked(LAPLACE, location="11", likelihood="-5 ln(2b) - 11/b", estimate="11/5")
    assert [verdicts[name].status for name in ("likelihood", "estimate")] == [Status.CONSISTENT] * 2


@pytest.mark.parametrize(
    ("variant", "letter"),
    [(BERNOULLI, "p"), (POISSON, "lambda"), (EXPONENTIAL, "lambda"), (GAUSSIAN, "v"), (LAPLACE, "b")],
)
def test_the_estimate_is_the_maximum(variant: Variant, letter: str) -> None:
    """The log-likelihood as keyed is minus the loss at the estimate, flat there, and less on either side."""
    keys = variant.exercise.keys()
    centre = {"mu": Fraction(keys["mean"])} if letter == "v" else {}
    found, slope = (keys["variance"], "slope_variance") if centre else (keys["estimate"], "slope")

    def at(value: Any, name: str = "likelihood") -> float:
        return float(evaluate(keys[name], {**centre, letter: Fraction(value)}))

    assert at(found) == pytest.approx(-keys["loss"])
    assert at(found) > max(at(found * Fraction(9, 10)), at(found * Fraction(11, 10)))
    assert at(found, slope) == pytest.approx(0, abs=1e-12)
