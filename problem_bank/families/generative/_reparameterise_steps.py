"""The steps from a sampled code through a loss back to the encoder."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from problem_bank.exact import dot
from problem_bank.exercise import Rule
from problem_bank.families.generative._entrywise import each
from problem_bank.families.generative._reparameterise_texts import ASKED
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number, Vector

HALF = Fraction(1, 2)


class Sampling(NamedTuple):
    """A code, and what is made of it: a linear decoder (w, b) with one output, or none where w is empty."""

    mu: Vector
    sigma: Vector
    eps: Vector
    w: Vector
    b: Number
    target: Vector
    prior: bool

    def ask(self, steps: Steps) -> None:
        """Append the parts, forward and back."""
        self._forward(steps)
        self._code(steps)
        self._slope(steps)
        self._mean(steps)
        self._log_variance(steps)

    def code(self, rule: Any) -> Vector:
        """mu + rule(sigma) eps"""
        return each(lambda m, s, n: m + rule(s) * n, self.mu, self.sigma, self.eps)

    def _forward(self, steps: Steps) -> None:
        steps.ask("z", ASKED["z"], lambda e: self.code(lambda s: s), {
            "variance": self.code(lambda s: s * s), "squared_again": self.code(lambda s: s**4),
            "subtracted": self.code(lambda s: -s), "noise_alone": self.code(lambda s: 1), "no_noise": self.mu,
        })  # fmt: skip
        if self.w:
            steps.ask("xhat", ASKED["xhat"], lambda e: float(dot(self.w, e["z"]) + self.b), {
                "no_bias": lambda e: dot(self.w, e["z"]), "of_mean": dot(self.w, self.mu) + self.b,
            })  # fmt: skip

    def _code(self, steps: Steps) -> None:
        """The gradient by the code."""

        def back(factor: int) -> Rule:
            if self.w:
                return lambda e: each(lambda w: factor * (e["xhat"] - self.target[0]) * w, self.w)
            return lambda e: each(lambda z, t: factor * (z - t), e["z"], self.target)

        wrong: dict[str, Any] = {"sign": back(-1), "doubled": back(2)}
        if self.w:
            wrong |= {"no_error": self.w, "no_weights": lambda e: (e["xhat"] - self.target[0],) * len(self.w)}
        prompt = ASKED["dz"].replace("{{ name }}", "R" if self.prior else "L")
        steps.ask("dz", prompt, back(1), wrong)

    def _slope(self, steps: Steps) -> None:
        def of(rule: Any) -> Vector:
            return each(rule, self.sigma, self.eps)

        steps.ask("slope", ASKED["slope"], lambda e: of(lambda s, n: HALF * s * n), {
            "no_half": of(lambda s, n: s * n), "by_sigma": self.eps,
            "variance_slope": of(lambda s, n: HALF * s * s * n), "noise_lost": of(lambda s, n: HALF * s),
        })  # fmt: skip

    def _mean(self, steps: Steps) -> None:
        def of(through: Any, direct: int = 1) -> Rule:
            pulls = each(lambda m: direct * m * self.prior, self.mu)
            return lambda e: each(lambda u, s, n, p: u * through(s, n) + p, e["dz"], self.sigma, self.eps, pulls)

        wrong = {"scaled": of(lambda s, n: s * n), "noise_factor": of(lambda s, n: n)}
        wrong |= self._of_prior(lambda k, d: of(lambda s, n: k, d))
        steps.ask(
            "dmu", ASKED["dmu"], of(lambda s, n: 1), {**wrong, **self._of_prior(lambda k, d: of(lambda s, n: k, d))}
        )

    def _log_variance(self, steps: Steps) -> None:
        def of(rule: Any, pull: Any = lambda s: HALF * (s * s - 1)) -> Rule:
            pulls = each(lambda s: pull(s) * self.prior, self.sigma)
            return lambda e: each(lambda u, s, p: rule(u, s) + p, e["dz"], e["slope"], pulls)

        wrong = {"no_upstream": of(lambda u, s: s), "added": of(lambda u, s: u + s)}
        of_prior = self._of_prior(lambda k, d: of(lambda u, s: k * u * s, lambda s: HALF * d * (s * s - 1)))
        if self.prior:
            of_prior["kl_by_sigma"] = of(lambda u, s: u * s, lambda s: s - 1 / Fraction(s))
        steps.ask("dlogvar", ASKED["dlogvar"], of(lambda u, s: u * s), {**wrong, **of_prior})

    def _of_prior(self, of: Any) -> dict[str, Any]:
        """Misconceptions of a loss that reaches the encoder on two ways; `of` takes the factor of each."""
        return {"kl_forgotten": of(1, 0), "kl_subtracted": of(1, -1), "blocked": of(0, 1)} if self.prior else {}
