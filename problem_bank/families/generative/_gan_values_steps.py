"""The steps of an adversarial game: losses over samples, and its optimum over a table of probabilities."""

from __future__ import annotations

from fractions import Fraction
from math import log
from typing import Any, NamedTuple

from problem_bank.answers import Array
from problem_bank.exercise import Rule
from problem_bank.families.generative._entrywise import each, mean, total
from problem_bank.families.generative._gan_values_texts import ASKED
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector


def not_(d: Any) -> float:
    """ln(1 - D)"""
    return log(1 - d)


class Samples(NamedTuple):
    """What the discriminator says of real and of generated examples."""

    real: Vector
    fake: Vector

    def ask_outputs(self, steps: Steps) -> None:
        """Ask for the probabilities, where logits are given."""
        for name, values in (("real", self.real), ("fake", self.fake)):
            odds, other = each(lambda d: d / (1 - d), values), each(lambda d: 1 - d, values)
            steps.ask(name, ASKED[name], self._same(values), {"odds": odds, "other_class": other})

    def ask_losses(self, steps: Steps) -> None:
        """Ask for the losses of both players, from the student's own probabilities."""
        n = len(self.real) + len(self.fake)
        value = self._of(lambda real, fake: mean(log, real) + mean(not_, fake))
        steps.ask("critic", ASKED["critic"], self._of(lambda real, fake: -mean(log, real) - mean(not_, fake)), {
            "sign": value,
            "one_mean": self._of(lambda real, fake: -(total(log, real) + total(not_, fake)) / n),
            "summed": self._of(lambda real, fake: -total(log, real) - total(not_, fake)),
            "labels_swapped": self._of(lambda real, fake: -mean(not_, real) - mean(log, fake)),
            "same_for_both": self._of(lambda real, fake: -mean(log, real) - mean(log, fake)),
            "inside": self._of(lambda real, fake: -log(mean(float, real)) - log(1 - mean(float, fake))),
            "base_two": self._of(lambda real, fake: -(mean(log, real) + mean(not_, fake)) / log(2)),
        })  # fmt: skip
        steps.ask("saturating", ASKED["saturating"], self._of(lambda real, fake: mean(not_, fake)), {
            "sign": self._of(lambda real, fake: -mean(not_, fake)),
            "non_saturating": self._of(lambda real, fake: -mean(log, fake)),
            "whole": value, "summed": self._of(lambda real, fake: total(not_, fake)),
        })  # fmt: skip
        steps.ask("non_saturating", ASKED["non_saturating"], self._of(lambda real, fake: -mean(log, fake)), {
            "sign": self._of(lambda real, fake: mean(log, fake)),
            "saturating": self._of(lambda real, fake: mean(not_, fake)),
            "summed": self._of(lambda real, fake: -total(log, fake)),
        })  # fmt: skip

    def ask_gradients(self, steps: Steps) -> None:
        """Ask for the gradients of both losses of the generator by its logits."""
        n = len(self.fake)

        def of(rule: Any, divisor: int = n) -> Rule:
            return lambda e: each(lambda d: rule(d) / Fraction(divisor), e["fake"])

        pushes = {"saturating": lambda d: -d, "non_saturating": lambda d: d - 1}
        outputs = {"saturating": lambda d: -1 / (1 - d), "non_saturating": lambda d: -1 / d}
        for name, other in (("saturating", "non_saturating"), ("non_saturating", "saturating")):
            steps.ask(f"d_{name}", ASKED[f"d_{name}"], of(pushes[name]), {
                other: of(pushes[other]), "by_outputs": of(outputs[name]), "no_mean": of(pushes[name], 1),
                "sign": of(lambda d, push=pushes[name]: -push(d)),
            })  # fmt: skip

    def _of(self, rule: Any) -> Rule:
        return lambda e: rule(e.get("real", self.real), e.get("fake", self.fake))

    def _same(self, values: Vector) -> Rule:
        return lambda e: values


def ask_optimum(steps: Steps, p: Vector, q: Vector, d: Vector) -> None:
    """Ask for the value of a discriminator d, for the best one and what its value says of p and q."""

    def value(d: Any, on_fake: Any = not_, weights: Vector = q) -> float:
        return float(total(lambda a, v: a * log(v), p, d) + total(lambda b, v: b * on_fake(v), weights, d))

    steps.ask("value", ASKED["value"], value(d), {
        "same_for_both": value(d, log), "same_weights": value(d, not_, p), "only_real": value(d, lambda v: 0),
        "unweighted": mean(log, d) + mean(not_, d), "base_two": value(d) / log(2),
    })  # fmt: skip
    steps.ask("best", ASKED["best"], lambda e: each(lambda a, b: a / (a + b), p, q), {
        "swapped": each(lambda a, b: b / (a + b), p, q), "ratio": each(lambda a, b: a / b, p, q),
        "always_real": (1,) * len(p), "half": (Fraction(1, 2),) * len(p),
        "winner": each(lambda a, b: int(a > b), p, q),
    }, kind=lambda key: Array(key, 1e-3))  # fmt: skip
    steps.ask("best_value", ASKED["best_value"], lambda e: value(e["best"]), {
        "equilibrium": -log(4), "same_for_both": lambda e: value(e["best"], log),
        "only_real": lambda e: value(e["best"], lambda v: 0), "sign": lambda e: -value(e["best"]),
    })  # fmt: skip
    steps.ask("js", ASKED["js"], lambda e: (e["best_value"] + log(4)) / 2, {
        "no_half": lambda e: e["best_value"] + log(4), "no_constant": lambda e: e["best_value"] / 2,
        "log_two": lambda e: (e["best_value"] + log(2)) / 2,
    })  # fmt: skip
