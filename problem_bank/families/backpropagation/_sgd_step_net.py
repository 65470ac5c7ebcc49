"""The steps of one update of a sigmoid network: every rule starts from the student's own earlier values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import exp, log
from typing import Any

from problem_bank.exact import dot, elementwise, scale
from problem_bank.exercise import Earlier, Rule
from problem_bank.families.backpropagation._sgd_step_texts import PART
from problem_bank.subjects.log_units import LogUnits, logistic, times_log
from problem_bank.subjects.steps import Steps, bracketed
from problem_bank.tex import decimal
from problem_bank.values import Number, Vector


@dataclass(frozen=True)
class Net:
    """The network, its batch and the step; a single sample is answered with numbers in place of vectors."""

    layer: LogUnits
    v: Vector
    c: Number
    x: tuple[Vector, ...]
    t: Vector
    loss: str
    reduction: str
    asked: tuple[int, int]
    rate: Fraction

    def ask(self, steps: Steps) -> None:
        """Append the parts, from the activations to the new weights."""
        self._forward(steps)
        other = {"mean": "sum_for_mean", "sum": "mean_for_sum"}.get(self.reduction)
        several = {other: 1 / self.share if self.reduction == "mean" else 1 / len(self.x)} if other else {}
        dv: dict[str, Rule] = {slip: self._scaled(self.dv, factor) for slip, factor in several.items()}
        dv["weights"] = lambda e: scale(self.share * sum(self.listed(e["delta"])), self.v)
        self._ask(steps, "dv", self.dv, dv, points=2)
        new: dict[str, Rule] = {"uphill": self._moved("v", self.v, -self.rate), "no_rate": self._moved("v", self.v, 1)}
        self._ask(steps, "v_new", self._moved("v", self.v, self.rate), new)
        i, j = self.asked
        self._ask(steps, "dw", self._dw(), {
            "no_slope": self._dw(slope=lambda h: 1), "value_for_slope": self._dw(slope=lambda h: h),
            "transposed": self._dw(j, i), "no_weights": self._dw(weights=lambda e: (1,) * len(self.v)),
            "updated_weights": self._dw(weights=lambda e: e["v_new"]),
            **{slip: self._scaled(self._dw(), factor) for slip, factor in several.items()},
        }, points=3)  # fmt: skip
        self._ask(steps, "w_new", self._moved("w", self.weight, self.rate), {
            "uphill": self._moved("w", self.weight, -self.rate), "no_rate": self._moved("w", self.weight, 1),
        })  # fmt: skip

    def _forward(self, steps: Steps) -> None:
        key = self._each([self.layer.exponentials(row) for row in self.x])
        wrong = {"negated": elementwise(lambda k: float(1 / (1 + k)), key), "odds": elementwise(float, key)}
        self._ask(steps, "h", lambda e: elementwise(lambda k: float(logistic(k)), key), wrong, points=2)
        self._ask(steps, "y", lambda e: self._outputs(e, self.c), {"no_bias": lambda e: self._outputs(e, 0)})
        if self.loss == "logistic":
            self._ask(steps, "p", lambda e: elementwise(_sigmoid, e["y"]),
                      {"negated": lambda e: elementwise(lambda y: _sigmoid(-y), e["y"])})  # fmt: skip
        wrong_errors: dict[str, Rule] = {"sign": lambda e: self._errors(e, lambda p: -1)}
        if self.loss == "logistic":
            wrong_errors["slope_again"] = lambda e: self._errors(e, lambda p: p * (1 - p))
        else:
            wrong_errors["doubled"] = lambda e: self._errors(e, lambda p: 2)
        self._ask(steps, "delta", lambda e: self._errors(e, lambda p: 1), wrong_errors)

    def _ask(self, steps: Steps, name: str, right: Rule, wrong: dict[str, Any], points: int = 1) -> None:
        i, j = self.asked
        of = ", sample by sample" if len(self.x) > 1 else ""
        text = PART[name].format(of=of, i=i, j=j, loss=r"$\ell$" if of else "$L$")
        steps.ask(name, text, right, wrong, points=points)

    @property
    def share(self) -> float:
        """What a sample's loss counts in L."""
        return 1 / len(self.x) if self.reduction == "mean" else 1

    @property
    def weight(self) -> float:
        """The one weight that is asked for, before the step."""
        i, j = self.asked
        return float(self.layer.rows[i - 1][j - 1]) * log(self.layer.bases[i - 1])

    def listed(self, value: Any) -> Any:
        """One value for each sample."""
        return value if len(self.x) > 1 else (value,)

    def _each(self, values: list[Any]) -> Any:
        """The values of all samples, or the only one."""
        return tuple(values) if len(self.x) > 1 else values[0]

    def _outputs(self, e: Earlier, c: Number) -> Any:
        return self._each([float(dot(self.v, h)) + float(c) for h in self.listed(e["h"])])

    def _errors(self, e: Earlier, factor: Any) -> Any:
        predicted = self.listed(e["p"] if self.loss == "logistic" else e["y"])
        return self._each([float(factor(p) * (p - t)) for p, t in zip(predicted, self.t, strict=True)])

    def dv(self, e: Earlier) -> Any:
        """The gradient by v."""
        pairs = list(zip(self.listed(e["delta"]), self.listed(e["h"]), strict=True))
        return tuple(self.share * sum(d * h[u] for d, h in pairs) for u in range(len(self.v)))

    def _dw(self, i: int = 0, j: int = 0, slope: Any = None, weights: Rule | None = None) -> Rule:
        """The derivative by W_ij, with another slope or other weights for the way back."""
        i, j = (i, j) if i else self.asked
        slope = slope or (lambda h: h * (1 - h))

        def rule(e: Earlier) -> float:
            v = weights(e) if weights else self.v
            rows = zip(self.listed(e["delta"]), self.listed(e["h"]), self.x, strict=True)
            return self.share * sum(float(d * v[i - 1] * slope(h[i - 1]) * x[j - 1]) for d, h, x in rows)

        return rule

    def _scaled(self, rule: Rule, factor: float) -> Rule:
        return lambda e: elementwise(lambda value: factor * value, rule(e))

    def _moved(self, name: str, start: Any, rate: Number) -> Rule:
        """Old minus rate times gradient."""
        if name == "w":
            return lambda e: float(start) - float(rate) * float(e["dw"])
        return lambda e: tuple(float(old) - float(rate) * float(d) for old, d in zip(start, e["dv"], strict=True))

    def worked(self, keys: Earlier) -> list[dict[str, Any]]:
        """The numbers of every sample in the worked solution."""
        names = {"h": "h", "y": "y", "error": "delta"} | ({"p": "p"} if "p" in keys else {})
        lines = []
        for s, row in enumerate(self.x):
            sums = zip(self.layer.counts(row), self.layer.bases, strict=True)
            lines.append({"sums": r",\, ".join(times_log(n, k) for n, k in sums),
                          **{shown: self.listed(keys[name])[s] for shown, name in names.items()}})  # fmt: skip
        return lines

    def terms(self, keys: Earlier) -> str:
        """The derivative by the asked weight in numbers, sample by sample."""
        i, j = self.asked
        products = []
        for d, h, x in zip(self.listed(keys["delta"]), self.listed(keys["h"]), self.x, strict=True):
            factors = (_short(d), bracketed(self.v[i - 1]), _short(h[i - 1]), _short(1 - h[i - 1]), bracketed(x[j - 1]))
            products.append(r" \cdot ".join(factors))
        total = " + ".join(products)
        return rf"\tfrac{{1}}{{{len(self.x)}}} \left({total}\right)" if self.reduction == "mean" else total


def _short(value: float) -> str:
    return f"({decimal(value)})" if value < 0 else decimal(value)


def _sigmoid(y: Any) -> float:
    return 1 / (1 + exp(-y))
