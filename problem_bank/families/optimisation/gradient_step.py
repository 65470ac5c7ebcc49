"""Goodfellow et al., Deep Learning, sections 5.9 and 5.7.1: gradient descent of linear and logistic regression."""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import log
from typing import Any

import numpy as np

from problem_bank.answers import Array
from problem_bank.errors import BadGiven
from problem_bank.exact import add, matvec, scale, times, transpose
from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.optimisation import _gradient_step_texts as texts
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Number, Vector, entries, whole

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


def _tidy(values: Vector) -> Vector:
    return tuple(whole(v) if isinstance(v, Fraction) else v for v in values)


def _short(value: Number, logistic: bool) -> bool:
    """Is this a short decimal or, behind a sigmoid, a short fraction?"""
    below = Fraction(value).denominator
    return below <= 400 if logistic else 1000 % below == 0 or below <= 12


@dataclass(frozen=True)
class Regression:
    """Data with the constant input 1, and parameters with the bias last; behind a sigmoid these are multiples of
    ln(base), so that probabilities are rational. A `base` of 1 stands for the linear model.
    """

    inputs: Matrix
    targets: Vector
    start: Vector
    rate: Number
    mean: bool
    half: bool
    base: int

    @property
    def unit(self) -> Any:
        """What the parameters are multiples of."""
        return log(self.base) if self.base > 1 else 1

    @property
    def factor(self) -> Fraction:
        """What the sums of the gradient are multiplied by."""
        return Fraction(1 if self.half else 2, len(self.inputs) if self.mean else 1)

    def predicted(self, theta: Vector) -> Vector:
        """All predictions."""
        return tuple(map(self._output, matvec(self.inputs, theta)))

    def _output(self, z: Any) -> Any:
        if self.base == 1:
            return z
        odds = self.base**z if isinstance(z, float) else Fraction(self.base) ** z
        return odds / (1 + odds)

    def gradient(self, residual: Vector) -> Vector:
        """By all weights and the bias."""
        return _tidy(scale(self.factor, matvec(transpose(self.inputs), residual)))

    def moved(self, theta: Vector, change: Vector) -> Vector:
        """The parameters plus this change, as they are."""
        return _tidy(add(scale(self.unit, theta), change))

    def ask(self, steps: Steps, at: str, before: str) -> None:
        """Append the parts of one step; `at` ends their names, `before` names the parameters it starts from."""

        def theta(e: Earlier) -> Vector:
            return tuple(e[before]) if before else self.start

        def own(e: Earlier, name: str) -> Vector:
            return tuple(e[f"{name}{at}"])

        def ask(name: str, right: Any, wrong: dict[str, Any], **kind: Any) -> None:
            steps.ask(f"{name}{at}", texts.part(name, at), right, wrong, **kind)

        def all_at_once(e: Earlier) -> Vector:
            return self.moved(theta(e), scale(-self.rate, own(e, "gradient")))

        def one_after_another(e: Earlier) -> Vector:
            weights = tuple(v / self.unit if self.base > 1 else v for v in all_at_once(e)[:-1])
            late = add(self.predicted((*weights, theta(e)[-1])), scale(-1, self.targets))
            return (*all_at_once(e)[:-1], self.moved(theta(e), scale(-self.rate, self.gradient(late)))[-1])

        ask("prediction", lambda e: self.predicted(theta(e)), {
            "no_bias": lambda e: self.predicted((*theta(e)[:-1], 0)),
            **({"other_class": lambda e: self.predicted(scale(-1, theta(e)))} if self.base > 1 else {}),
        })  # fmt: skip
        ask("residual", lambda e: add(own(e, "prediction"), scale(-1, self.targets)), {
            "sign": lambda e: add(self.targets, scale(-1, own(e, "prediction"))),
            **({"slope_again": self._with_slope} if self.base > 1 else {}),
        })  # fmt: skip
        ask("gradient", lambda e: self.gradient(own(e, "residual")), {
            name: partial(lambda e, f: f(own(e, "residual")), f=f) for name, f in self._wrong_gradients().items()
        }, points=2)  # fmt: skip
        ask("new", all_at_once, {
            "uphill": lambda e: self.moved(theta(e), scale(self.rate, own(e, "gradient"))),
            "no_rate": lambda e: self.moved(theta(e), scale(-1, own(e, "gradient"))),
            "bias_kept": lambda e: (*all_at_once(e)[:-1], self.unit * theta(e)[-1]),
            "one_after_another": one_after_another,
        }, points=2, **({"kind": partial(Array, tolerance=1e-3)} if self.base > 1 else {}))  # fmt: skip

    def _with_slope(self, e: Earlier) -> Vector:
        slopes = tuple(p * (1 - p) for p in e["prediction"])
        return times(slopes, add(e["prediction"], scale(-1, self.targets)))

    def _wrong_gradients(self) -> dict[str, Any]:
        """Misconceptions, from the residuals."""
        n = len(self.inputs)
        wrong: dict[str, Any] = {
            "summed" if self.mean else "averaged":
                lambda r: scale(n if self.mean else Fraction(1, n), self.gradient(r)),
            "no_input": lambda r: (self.gradient(r)[-1],) * len(self.start),
            "turned": lambda r: scale(-1, self.gradient(r)),
            "fixed_bias": lambda r: (*self.gradient(r)[:-1], 0),
        }  # fmt: skip
        if self.base == 1:
            twice = Fraction(2 if self.half else 1, 1 if self.half else 2)
            wrong["factor_added" if self.half else "factor_lost"] = lambda r: scale(twice, self.gradient(r))
        return wrong


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
