"""The steps along a diffusion: schedule, noising, the estimate of the data, one step back."""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple

from problem_bank.exercise import Earlier, Rule
from problem_bank.families.generative._diffusion_step_texts import ASKED
from problem_bank.families.generative._entrywise import each, total
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number, Vector


def products(factors: Vector) -> Vector:
    """The products of the first factor, of the first two, ..."""
    found: list[Number] = []
    for factor in factors:
        found.append(factor * (found[-1] if found else 1))
    return tuple(found)


class Diffusion(NamedTuple):
    """The noise variances of the steps; data, noise and the network's guess of it, as far as they are given."""

    beta: Vector
    start: Vector = ()
    noise: Vector = ()
    guess: Vector = ()
    now: Vector = ()
    step_noise: Vector = ()

    @property
    def alpha(self) -> Vector:
        """1 - beta"""
        return each(lambda b: 1 - b, self.beta)

    def ask_schedule(self, steps: Steps) -> None:
        """Ask for the products of the alphas."""
        sums = tuple(1 - sum(self.beta[: t + 1]) for t in range(len(self.beta)))
        abar = each(float, products(self.alpha))
        steps.ask("abar", self._prompt("abar"), abar, {
            "alphas": self.alpha, "betas_multiplied": products(self.beta), "betas_summed": sums,
            "rooted": each(sqrt, abar),
        })  # fmt: skip

    def ask_distribution(self, steps: Steps) -> None:
        """Ask for mean and variance of the noisy example."""

        def signal(rule: Any) -> Rule:
            return lambda e: each(lambda x: rule(e["abar"][-1]) * x, self.start)

        steps.ask("mean", self._prompt("mean"), signal(sqrt), {
            "no_root": signal(lambda a: a), "noise_factor": signal(lambda a: sqrt(1 - a)),
            "last_step": signal(lambda a: sqrt(self.alpha[-1])),
        })  # fmt: skip
        steps.ask("variance", self._prompt("variance"), lambda e: 1 - e["abar"][-1], {
            "sd_for_variance": lambda e: sqrt(1 - e["abar"][-1]), "last_step": self.beta[-1],
            "signal_for_noise": lambda e: e["abar"][-1],
        })  # fmt: skip

    def ask_noised(self, steps: Steps) -> None:
        """Ask for the noisy example."""

        def mixed(signal: Any, noise: Any) -> Rule:
            return lambda e: each(
                lambda x, n: signal(e["abar"][-1]) * x + noise(e["abar"][-1]) * n, self.start, self.noise
            )

        def rest(a: Any) -> float:
            return sqrt(1 - a)

        steps.ask("noised", self._prompt("noised"), mixed(sqrt, rest), {
            "variance_for_sd": mixed(sqrt, lambda a: 1 - a), "no_root": mixed(lambda a: a, rest),
            "swapped": mixed(rest, sqrt), "signal_kept": mixed(lambda a: 1, rest),
            "last_step": mixed(lambda a: sqrt(self.alpha[-1]), lambda a: sqrt(self.beta[-1])),
        }, points=2)  # fmt: skip

    def ask_estimate(self, steps: Steps) -> None:
        """Ask for the data that the guess of the noise stands for."""

        def solved(noise: Any, signal: Any) -> Rule:
            def apply(e: Earlier) -> Any:
                a = e["abar"][-1]
                return each(lambda x, n: (x - noise(a) * n) / signal(a), e.get("noised", self.now), self.guess)

            return apply

        def rest(a: Any) -> float:
            return sqrt(1 - a)

        steps.ask("estimate", self._prompt("estimate"), solved(rest, sqrt), {
            "not_rescaled": solved(rest, lambda a: 1), "noise_unscaled": solved(lambda a: 1, sqrt),
            "no_root": solved(rest, lambda a: a), "variance_for_sd": solved(lambda a: 1 - a, sqrt),
            "noise_added": solved(lambda a: -rest(a), sqrt),
            "last_step": solved(lambda a: sqrt(self.beta[-1]), lambda a: sqrt(self.alpha[-1])),
        }, points=2)  # fmt: skip

    def ask_loss(self, steps: Steps) -> None:
        """Ask for the squared error of the guess."""

        def square(a: Any, b: Any) -> Any:
            return (a - b) ** 2

        loss = float(total(square, self.noise, self.guess))
        steps.ask("loss", self._prompt("loss"), loss, {
            "averaged": loss / len(self.noise), "root": sqrt(loss),
            "of_data": lambda e: total(square, self.start, e["estimate"]),
        })  # fmt: skip

    def ask_back(self, steps: Steps) -> None:
        """Ask for one step back: mean, variance and sample."""
        a, b = self.alpha[-1], self.beta[-1]

        def posterior(e: Earlier) -> Any:
            *_, before, now = e["abar"]
            of_data, of_now = sqrt(before) * b / (1 - now), sqrt(a) * (1 - before) / (1 - now)
            return each(lambda d, x: of_data * d + of_now * x, e["estimate"], self.now)

        def moved(noise: Any, signal: Any) -> Rule:
            """Take a share of the noise away and undo a shrinking."""
            return lambda e: each(
                lambda x, n: (x - noise(e["abar"][-1]) * n) / signal(e["abar"][-1]), self.now, self.guess
            )

        def share(c: Any) -> float:
            return float(b) / sqrt(1 - c)

        steps.ask("back", self._prompt("back"), posterior, {
            "jumped": lambda e: e["estimate"], "step_undone": moved(lambda c: sqrt(b), lambda c: sqrt(a)),
            "noise_whole": moved(lambda c: sqrt(1 - c), lambda c: sqrt(a)), "product_for_alpha": moved(share, sqrt),
            "step_not_rescaled": moved(share, lambda c: 1),
        }, points=2)  # fmt: skip
        self._ask_sample(steps)

    def _ask_sample(self, steps: Steps) -> None:
        b = self.beta[-1]

        def spread(e: Earlier) -> Any:
            return (1 - e["abar"][-2]) / (1 - e["abar"][-1]) * b

        steps.ask("spread", self._prompt("spread"), spread, {
            "forward_variance": b, "turned": lambda e: b * b / spread(e), "sd_for_variance": lambda e: sqrt(spread(e)),
            "signal_ratio": lambda e: e["abar"][-1] / e["abar"][-2] * b,
        })  # fmt: skip

        def drawn(scale: Any, noise: Vector = self.step_noise) -> Rule:
            return lambda e: each(lambda m, n: m + scale(e["spread"]) * n, e["back"], noise)

        steps.ask("previous", self._prompt("previous"), drawn(sqrt), {
            "variance_for_sd": drawn(lambda v: v), "forward_variance": drawn(lambda v: sqrt(b)),
            "same_noise": drawn(sqrt, self.guess), "no_noise": lambda e: e["back"],
        })  # fmt: skip

    def _prompt(self, name: str) -> str:
        last = len(self.beta)
        return ASKED[name].replace("{T}", str(last)).replace("{B}", str(last - 1))
