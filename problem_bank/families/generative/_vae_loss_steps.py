"""The steps from the output of an encoder to the evidence lower bound."""

from __future__ import annotations

from fractions import Fraction
from math import log
from typing import Any

from problem_bank.families.generative._divergences import normal
from problem_bank.families.generative._entrywise import each, total
from problem_bank.families.generative._vae_loss_texts import ASKED
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector, whole

TENTHS = tuple(whole(Fraction(n, 10)) for n in range(-20, 41) if n % 10)
CHANCES = tuple(Fraction(n, 20) for n in range(2, 19) if n != 10)


def ask_divergence(steps: Steps, mu: Vector, sigma: Vector) -> None:
    """From the log-variances to the divergence from the prior."""

    def changed(m: Any, s: Any, **term: Any) -> Any:
        """Half the sum of the four terms, one of them changed."""
        terms = {"square": m * m, "variance": s * s, "one": -1, "log": -2 * log(s), "factor": 0.5} | term
        factor = terms.pop("factor")
        return factor * float(sum(terms.values()))

    def wrong(rule: Any) -> Any:
        return lambda e: each(rule, mu, e["sigma"])

    steps.ask("sigma", ASKED["sigma"], sigma, {
        "variance": each(lambda s: s * s, sigma), "squared_again": each(lambda s: s**4, sigma),
        "inverse": each(lambda s: 1 / Fraction(s), sigma),
    })  # fmt: skip
    steps.ask("kl", ASKED["kl"], wrong(lambda m, s: normal(m, s, 0, 1)), {
        "sd_for_variance": wrong(lambda m, s: changed(m, s, variance=s)),
        "no_half": wrong(lambda m, s: changed(m, s, factor=1)),
        "no_one": wrong(lambda m, s: changed(m, s, one=0)),
        "log_of_sd": wrong(lambda m, s: changed(m, s, log=-log(s))),
        "log_sign": wrong(lambda m, s: changed(m, s, log=2 * log(s))),
        "sign": wrong(lambda m, s: -normal(m, s, 0, 1)),
        "direction": wrong(lambda m, s: normal(0, 1, m, s)),
        "mean_forgotten": wrong(lambda m, s: changed(m, s, square=0)),
    }, points=2)  # fmt: skip
    steps.ask("divergence", ASKED["divergence"], lambda e: sum(e["kl"]), {
        "averaged": lambda e: sum(e["kl"]) / len(e["kl"]), "largest": lambda e: max(e["kl"]),
    })  # fmt: skip


def ask_reconstruction(rng: Rng, steps: Steps, decoder: str) -> dict[str, Any]:
    """Ask for the reconstruction error of a decoder; the values that the texts show."""
    if decoder == "pixels":
        x, outputs = rng.ints("x", 4, 0, 1), rng.sample("outputs", CHANCES, 4)
        rng.require(0 < sum(x) < 4, "pixels of both kinds")
        errors = each(lambda v, p: -log(p if v else 1 - p), x, outputs)
        other = sum(each(lambda v, p: -log(1 - p if v else p), x, outputs))
        slips: dict[str, Any] = {
            "squares": total(lambda v, p: float(v - p) ** 2 / 2, x, outputs),
            "ones_only": total(lambda v, p: v * -log(p), x, outputs), "other_class": other,
            "base_two": sum(errors) / log(2), "mean_squares": sum(errors) / 4,
        }  # fmt: skip
        error = sum(errors)
    else:
        x, outputs = rng.sample("x", range(-3, 6), 3), each(Fraction, rng.choices("outputs", TENTHS, 3))
        errors = each(lambda v, m: float(v - m) ** 2, x, outputs)
        error = sum(errors) / 2
        slips = {"no_half": 2 * error, "mean_squares": sum(errors) / 3, "root": sum(errors) ** 0.5,
                 "absolute": total(lambda v, m: float(abs(v - m)), x, outputs)}  # fmt: skip
    steps.ask("error", ASKED["error"], lambda e: error, slips)
    return {"x": x, "predicted": each(float, outputs), "errors": errors, "error": error}


def ask_bound(steps: Steps, given: float) -> None:
    """Ask for the bound, from the student's own reconstruction error where that was asked for."""

    def of(error: int, divergence: int) -> Any:
        return lambda e: float(error * e.get("error", given) + divergence * e["divergence"])

    steps.ask("elbo", ASKED["elbo"], of(-1, -1), {
        "loss": of(1, 1), "kl_added": of(-1, 1), "kl_forgotten": of(-1, 0), "error_forgotten": of(0, -1),
    })  # fmt: skip


def ask_slopes(steps: Steps) -> None:
    """Ask for the derivatives of the divergence by the log-variances."""

    def of(rule: Any) -> Any:
        return lambda e: each(lambda s: rule(Fraction(s)), e["sigma"])

    steps.ask("dlogvar", ASKED["dlogvar"], of(lambda s: (s * s - 1) / 2), {
        "no_half": of(lambda s: s * s - 1), "by_sigma": of(lambda s: s - 1 / s),
        "by_variance": of(lambda s: (1 - 1 / s**2) / 2), "log_forgotten": of(lambda s: s * s / 2),
    })  # fmt: skip
