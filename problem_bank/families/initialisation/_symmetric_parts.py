"""The questions on an equal start: which networks move, and the numbers of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from problem_bank.answers import Array, Rational, Set
from problem_bank.exercise import Earlier, Part, Rule, Slip
from problem_bank.families.initialisation._activations import Activation
from problem_bank.families.initialisation._symmetric_texts import ASKED, SAID
from problem_bank.subjects.normalisation import mean
from problem_bank.values import Matrix, Number, Vector

POINTS = {"W2": 2, "b2": 2, "delta2": 3, "dW1": 4, "dW1_2": 4, "limit": 2}


@dataclass(frozen=True)
class Start:
    """A 2-2-1 network y = W2 h + b2, h = f(W1 x + b1), all 0 but for the equal entries `weight` of W2; its example
    (x, t) with the loss (y - t)^2 / 2, and the learning rate.
    """

    activation: Activation
    x: Vector
    t: Number
    weight: Number
    rate: Number

    @property
    def delta(self) -> Number:
        """The derivative of the loss by y, in step 1."""
        return 2 * self.weight * self.activation.value - self.t

    def output_weight(self, delta: Number) -> Number:
        """An entry of W2 after step 1."""
        return self.weight - self.rate * delta * self.activation.value

    @property
    def later(self) -> Number:
        """The derivative of the loss by y in step 2, from an all-zero start."""
        return self.next_delta(self.output_weight(self.delta), -self.rate * self.delta)

    def learns(self) -> bool:
        """Is y different from t in step 1 and in step 2, and no hidden unit far out where its function is flat?"""
        moved = float(self.delta * self.rate)
        z = -moved * self.weight * self.activation.slope * (1 + sum(value**2 for value in self.x))
        y = 2 * float(self.output_weight(self.delta)) * self.activation.apply(max(-20.0, min(float(z), 20.0))) - moved
        return self.delta != 0 and abs(y - self.t) > 1e-6 and abs(z) <= 20

    def next_delta(self, weight: Number, bias: Number, units: int = 2) -> Number:
        """The derivative by y where the hidden units still stand at 0."""
        return units * weight * self.activation.value + bias - self.t

    def gradient(self, delta: Number, weight: Number) -> Matrix:
        """The gradient of W1, one row for each unit, while the hidden units stand at 0."""
        row = tuple(delta * weight * self.activation.slope * value for value in self.x)
        return (row, row)


def set_parts(chosen: Sequence[Activation], weight: Number, xor: bool) -> list[Part]:
    """Which of these networks move early, late, and which could compute XOR."""

    def numbers(holds: Callable[[Activation], object]) -> str:
        return f"{{{', '.join(str(i) for i, one in enumerate(chosen, 1) if holds(one))}}}"

    value, slope = numbers(lambda one: one.value), numbers(lambda one: one.slope)
    everything = numbers(lambda one: True)
    if weight:
        early, late = slope, numbers(lambda one: not one.value and not one.slope)
        wrong = {"early": {"value_for_slope": value, "all_move": everything},
                 "late": {"value_is_0": numbers(lambda one: not one.value),
                          "slope_is_0": numbers(lambda one: not one.slope), "none_stuck": "{}"}}  # fmt: skip
    else:
        early, late = value, numbers(lambda one: one.value and one.slope)
        wrong = {"early": {"slope_for_value": slope, "all_move": everything, "zero_frozen": "{}"},
                 "late": {"slope_alone": slope, "value_alone": value, "zero_frozen": "{}"}}  # fmt: skip
    keys = {"early": early, "late": late}
    if xor:
        keys["xor"] = numbers(lambda one: one.turns)
        wrong["xor"] = {"any_bend": numbers(lambda one: one.name != "identity"), "never": "{}"}
    parts = []
    for name, key in keys.items():
        answer = Set(key)
        texts = {slip: text for slip, text in wrong[name].items() if text != key}
        slips = [Slip(slip, answer.parse(text), SAID[slip]) for slip, text in texts.items()]
        parts.append(Part(name, ASKED[name, bool(weight)], answer, misconceptions=slips))
    return parts


def number_parts(start: Start) -> list[Part]:
    """The numbers of the first step, and (from an all-zero start) of the second, of the network that is asked."""
    f, rate, weight, delta = start.activation, start.rate, start.weight, start.delta
    key = start.output_weight(delta)

    def pair(value: Number) -> Vector:
        return (value, value)

    parts = [
        _part("delta", Rational(delta), None, {"sign": -delta}),
        _part("W2", Array(pair(key)), lambda e: pair(start.output_weight(e["delta"])), {
            "frozen": pair(weight),
            "uphill": lambda e: pair(weight + rate * e["delta"] * f.value),
            "slope_for_value": lambda e: pair(weight - rate * e["delta"] * f.slope) if f.slope != f.value else None,
        }),
        _part("b2", Rational(-rate * delta), lambda e: -rate * e["delta"],
              {"frozen": 0, "uphill": lambda e: rate * e["delta"]}),
    ]  # fmt: skip
    if weight:
        return [*parts, _hidden("dW1", start, lambda e: e["delta"], lambda e: weight, start.gradient(delta, weight))]
    later = start.next_delta(key, -rate * delta)
    return [
        *parts,
        _part("delta2", Rational(later), lambda e: start.next_delta(e["W2"][0], e["b2"]), {
            "output_stays": lambda e: e["delta"],
            "one_unit": lambda e: start.next_delta(e["W2"][0], e["b2"], units=1),
        }),
        _hidden("dW1_2", start, lambda e: e["delta2"], lambda e: e["W2"][0], start.gradient(later, key)),
    ]  # fmt: skip


def _hidden(name: str, start: Start, delta: Rule, weight: Rule, key: Matrix) -> Part:
    """The gradient of W1, from the student's own derivative and output weight."""

    def changed(rule: Callable[[Earlier, Matrix], Any]) -> Rule:
        return lambda e: rule(e, start.gradient(delta(e), weight(e)))

    def divided(g: Matrix, by: Number) -> Matrix | None:
        return None if by in {0, 1} else tuple(tuple(Fraction(v) / by for v in row) for row in g)

    return _part(name, Array(key), changed(lambda _, g: g), {
        "frozen": ((0, 0), (0, 0)),
        "transposed": changed(lambda _, g: tuple(zip(*g, strict=True))),
        "slope_missing": changed(lambda _, g: divided(g, start.activation.slope)),
        "weight_missing": changed(lambda e, g: divided(g, weight(e))),
    })  # fmt: skip


def limit_part(targets: Vector) -> Part:
    """Where a network ends of which only the output bias ever moves."""
    middle = mean(sorted(targets)[1:3])
    wrong = {"zero": 0, "sum": sum(targets), "median": middle if middle != mean(targets) else None}
    return _part("limit", Rational(mean(targets)), None, wrong)


def _part(name: str, answer: Any, follow: Rule | None, wrong: dict[str, Any]) -> Part:
    slips = [Slip(slip, value, SAID[slip]) for slip, value in wrong.items()]
    return Part(name, ASKED[name], answer, points=POINTS.get(name, 1), misconceptions=slips, follow=follow)
