"""Goodfellow et al., Deep Learning, sections 5.9 and 5.7.1: gradient descent of linear and logistic regression."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exact import matvec
from problem_bank.exercise import Exercise
from problem_bank.families.optimisation import _gradient_step_texts as texts
from problem_bank.families.optimisation._regression import Regression
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number, Vector, entries

RATES = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 5), Fraction(1, 10), Fraction(1, 20))
MODELS = ("linear", "logistic")


@family(
    topic="optimisation",
    source="Goodfellow 5.7.1, 5.9",
    minutes=9,
    levels={"easy": {}, "medium": {"points": 2, "steps": 2}, "hard": {"model": "logistic", "features": 2}},
)
def gradient_step(rng: Rng, *, model: str = "linear", points: int = 3, features: int = 1, steps: int = 1) -> Exercise:
    """Take full-batch steps of gradient descent for linear or logistic regression."""
    logistic = model == "logistic"
    if model not in MODELS or (logistic and steps > 1):
        raise BadGiven(f"model {model!r}, steps {steps}: write linear, or logistic with a single step")
    largest = 2 if logistic else 4
    x = rng.int_matrix("x", points, features, -min(largest, 3), largest, exclude=(0,))
    t: Vector = rng.choices("t", (0, 1), points) if logistic else rng.ints("t", points, -6, 9)
    start = rng.ints("start", features + 1, -min(largest, 3), min(largest, 3), exclude=(0,))
    rate, mean = rng.choice("rate", RATES), rng.choice("mean", (True, False))
    half, base = logistic or rng.choice("half", (True, False)), rng.choice("base", (2, 3)) if logistic else 1
    rng.require(len(set(x)) == points and len(set(t)) > 1, "the points differ, and their targets do")
    fit = Regression(tuple((*row, 1) for row in x), t, start, rate, mean, half, base)
    sums = matvec(fit.inputs, start)
    rng.require(len(set(sums)) > 1, "the predictions differ")
    rng.require(not logistic or all(z and -3 <= z <= 3 for z in sums), "the sigmoid is neither flat nor in its middle")
    asked = Steps(texts.SAID)
    for step in range(1, steps + 1):
        fit.ask(asked, str(step) if steps > 1 else "", f"new{step - 1}" if step > 1 else "")
    exact: list[Any] = [v for name, key in asked.keys.items() if not (logistic and name == "new") for v in entries(key)]
    rng.require(all(abs(v) <= 60 and _short(v, logistic) for v in exact), "the numbers stay short")
    rng.require(all(v for name in asked.keys if "grad" in name for v in asked.keys[name]), "no derivative is 0")
    return Exercise(
        given={**rng.drawn, "model": model, "points": points, "features": features, "steps": steps},
        shown=texts.shown(fit, asked.keys, steps),
        prompt=texts.PROMPT,
        parts=asked.parts,
        solution=texts.SOLUTION,
        work=float(steps * points * (features + 2)),
    )


def _short(value: Number, logistic: bool) -> bool:
    """Is this a short decimal or, behind a sigmoid, a short fraction?"""
    below = Fraction(value).denominator
    return below <= 400 if logistic else 1000 % below == 0 or below <= 12


@gradient_step.oracle
def by_complex_steps(model: str, steps: int, **given: Any) -> dict[str, Any]:
    """The loss as it is written, differentiated by complex steps; exact values from their decimals."""
    x, t = np.array(given["x"], float), np.array(given["t"], float)
    logistic, rate = model == "logistic", float(given["rate"])
    theta = np.array(given["start"], float) * (np.log(given["base"]) if logistic else 1)
    values: dict[str, Any] = {}

    def output(theta: Any) -> Any:
        z = x @ theta[:-1] + theta[-1]
        return 1 / (1 + np.exp(-z)) if logistic else z

    def slope(theta: Any, mean: bool = given["mean"], power: float = 0.5 if given.get("half") else 1) -> Any:
        def loss(theta: Any) -> Any:
            y = output(theta)
            each = -(t * np.log(y) + (1 - t) * np.log(1 - y)) if logistic else power * (y - t) ** 2
            return each.sum() / (len(t) if mean else 1)

        return gradient(loss, theta)

    for step in range(1, steps + 1):
        at, y, g = str(step) if steps > 1 else "", output(theta), slope(theta)
        new = theta - rate * g
        late = slope(np.array([*new[:-1], theta[-1]]))[-1]
        exact = {
            f"prediction{at}": y, f"prediction{at}.no_bias": output(np.array([*theta[:-1], 0])),
            f"prediction{at}.other_class": output(-theta),
            f"residual{at}": y - t, f"residual{at}.sign": t - y, f"residual{at}.slope_again": (y - t) * y * (1 - y),
            f"gradient{at}": g, f"gradient{at}.turned": -g, f"gradient{at}.no_input": np.full(len(g), g[-1]),
            f"gradient{at}.summed": slope(theta, mean=False), f"gradient{at}.averaged": slope(theta, mean=True),
            f"gradient{at}.fixed_bias": [*g[:-1], 0],
            f"gradient{at}.factor_added": slope(theta, power=1), f"gradient{at}.factor_lost": slope(theta, power=0.5),
        }  # fmt: skip
        moved = {
            f"new{at}": new, f"new{at}.uphill": theta + rate * g, f"new{at}.no_rate": theta - g,
            f"new{at}.bias_kept": [*new[:-1], theta[-1]],
            f"new{at}.one_after_another": [*new[:-1], theta[-1] - rate * late],
        }  # fmt: skip
        values |= {name: tuple(map(_fraction, value)) for name, value in exact.items()}
        values |= {name: tuple(map(float if logistic else _fraction, value)) for name, value in moved.items()}
        theta = new
    return values


def _fraction(value: float) -> Fraction:
    return Fraction(float(value)).limit_denominator(100_000)
