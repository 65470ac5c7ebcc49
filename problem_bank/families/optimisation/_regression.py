"""Linear and logistic regression with exact numbers: predictions, gradients, steps, and the parts on them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import log
from typing import Any

from problem_bank.answers import Array
from problem_bank.exact import add, matvec, scale, times, transpose
from problem_bank.exercise import Earlier
from problem_bank.families.optimisation import _gradient_step_texts as texts
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Number, Vector, whole


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


def _tidy(values: Vector) -> Vector:
    return tuple(whole(v) if isinstance(v, Fraction) else v for v in values)
