"""Kingma and Welling 2014, appendix B, and Prince, Understanding Deep Learning, 17.4: the loss of a VAE in numbers."""

from fractions import Fraction
from math import log
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.generative._entrywise import each
from problem_bank.families.generative._vae_loss_steps import (
    ask_bound,
    ask_divergence,
    ask_reconstruction,
    ask_slopes,
)
from problem_bank.families.generative._vae_loss_texts import PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.softmax import logs
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector, whole

SIGMAS = tuple(whole(Fraction(a, b)) for a, b in ((1, 4), (1, 3), (1, 2), (2, 3), (3, 2), (2, 1), (5, 2), (3, 1)))
MEANS = tuple(whole(Fraction(n, 10)) for n in range(-20, 21) if abs(n) > 3)
ERRORS = tuple(whole(Fraction(n, 10)) for n in range(21, 90))


@family(
    topic="generative",
    source="Kingma and Welling 2014, appendix B",
    minutes=8,
    levels={
        "easy": {"decoder": "given"},
        "medium": {"decoder": "normal"},
        "hard": {"decoder": "pixels", "latents": 3, "slopes": True},
    },
)
def vae_loss(rng: Rng, *, latents: int = 2, decoder: str = "normal", slopes: bool = False) -> Exercise:
    """Work out the loss of a variational autoencoder."""
    if decoder not in ("given", "normal", "pixels") or latents < 2:
        raise BadGiven(f"decoder: {decoder}, latents: {latents}; write given, normal or pixels, and 2 latents or more")
    mu, sigma = rng.choices("mu", MEANS, latents), rng.sample("sigma", SIGMAS, latents)
    steps = Steps(SAID, tolerance=1e-3)
    ask_divergence(steps, mu, sigma)
    shown = {"error": rng.choice("R", ERRORS)} if decoder == "given" else ask_reconstruction(rng, steps, decoder)
    ask_bound(steps, float(shown["error"]))
    if slopes:
        ask_slopes(steps)
    variances = each(lambda s: s * s, sigma)
    rows = [{"square": float(m * m), "variance": v, "log": log(v), "kl": kl}
            for m, v, kl in zip(mu, variances, steps.keys["kl"], strict=True)]  # fmt: skip
    return Exercise(
        given={**rng.drawn, "latents": latents, "decoder": decoder, "slopes": slopes},
        shown={"means": each(float, mu), "logarithms": logs(variances), "variances": variances, "rows": rows,
               "keys": steps.keys, **shown},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(latents),
    )  # fmt: skip


@vae_loss.oracle
def by_quadrature(mu: Vector, sigma: Vector, decoder: str, slopes: bool, **given: Any) -> dict[str, Any]:
    """E_q[ln q - ln prior] by Gauss-Hermite quadrature; the rest in NumPy from log-variances and log-densities."""
    means, log_variance = np.array(mu, dtype=float), 2 * np.log(np.array(sigma, dtype=float))
    sd, variance = np.exp(log_variance / 2), np.exp(log_variance)
    nodes, weights = np.polynomial.hermite_e.hermegauss(4)
    weights = weights / weights.sum()

    def apart(of: Any, other: Any) -> Any:
        """E[ln p - ln q] for normal p and q, given as (means, log-variances): exact, the integrand being quadratic."""
        z = of[0][:, None] + np.exp(of[1] / 2)[:, None] * nodes
        density = [-((z - m[:, None]) ** 2) / np.exp(v)[:, None] / 2 - v[:, None] / 2 for m, v in (of, other)]
        return (density[0] - density[1]) @ weights

    prior, encoder = (0 * means, 0 * log_variance), (means, log_variance)
    kl = apart(encoder, prior)
    values = {
        "sigma": sd, "sigma.variance": variance, "sigma.squared_again": variance**2,
        "sigma.inverse": np.exp(-log_variance / 2),
        "kl": kl, "kl.sd_for_variance": kl + (sd - variance) / 2, "kl.no_half": 2 * kl, "kl.no_one": kl + 1 / 2,
        "kl.log_of_sd": kl + log_variance / 4, "kl.log_sign": kl + log_variance, "kl.sign": -kl,
        "kl.direction": apart(prior, encoder), "kl.mean_forgotten": apart((0 * means, log_variance), prior),
        "divergence": kl.sum(), "divergence.averaged": kl.mean(), "divergence.largest": np.sort(kl)[-1],
    }  # fmt: skip
    error = float(given["R"]) if decoder == "given" else 0.0
    if decoder != "given":
        wrong = _errors(decoder, np.array(given["x"]), np.array(given["outputs"], dtype=float))
        values |= wrong
        error = wrong["error"]
    if slopes:
        values |= _slopes(log_variance, sd)
    return values | {"elbo": -error - kl.sum(), "elbo.loss": error + kl.sum(), "elbo.kl_added": kl.sum() - error,
                     "elbo.kl_forgotten": -error, "elbo.error_forgotten": -kl.sum()}  # fmt: skip


def _errors(decoder: str, x: Any, outputs: Any) -> dict[str, Any]:
    """The reconstruction error and its misconceptions, as norms or as logarithms of products."""
    if decoder == "normal":
        length = np.linalg.norm(x - outputs)
        return {"error": length**2 / 2, "error.no_half": length**2, "error.mean_squares": length**2 / len(x),
                "error.root": length, "error.absolute": np.linalg.norm(x - outputs, 1)}  # fmt: skip
    likelihood, other = np.where(x, outputs, 1 - outputs).prod(), np.where(x, 1 - outputs, outputs).prod()
    return {"error": -np.log(likelihood), "error.squares": np.linalg.norm(x - outputs) ** 2 / 2,
            "error.ones_only": -np.log(outputs[x == 1].prod()), "error.other_class": -np.log(other),
            "error.base_two": -np.log2(likelihood), "error.mean_squares": -np.log(likelihood) / len(x)}  # fmt: skip


def _slopes(log_variance: Any, sd: Any) -> dict[str, Any]:
    """Derivatives of the divergence, and wrong ones, by complex steps."""
    right = gradient(lambda v: (np.exp(v) - 1 - v).sum() / 2, log_variance)
    return {
        "dlogvar": right, "dlogvar.no_half": 2 * right,
        "dlogvar.by_sigma": gradient(lambda s: (s**2 - 1 - 2 * np.log(s)).sum() / 2, sd),
        "dlogvar.by_variance": gradient(lambda v: (v - 1 - np.log(v)).sum() / 2, sd**2),
        "dlogvar.log_forgotten": gradient(lambda v: np.exp(v).sum() / 2, log_variance),
    }  # fmt: skip
