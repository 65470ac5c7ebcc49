"""Kingma and Welling 2014, section 2.4, and Prince, Understanding Deep Learning, 17.6: gradients through a sample."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.exact import dot
from problem_bank.exercise import Exercise
from problem_bank.families.generative._entrywise import each
from problem_bank.families.generative._reparameterise_steps import Sampling
from problem_bank.families.generative._reparameterise_texts import PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.softmax import logs
from problem_bank.subjects.steps import Steps, products
from problem_bank.values import Vector, whole

SIGMAS = tuple(whole(Fraction(n, 2)) for n in (1, 3, 4, 5, 6, 8))
NOISE = tuple(whole(Fraction(n, 10)) for n in range(-16, 17, 2) if n)
MEANS = tuple(whole(Fraction(n, 2)) for n in range(-6, 7) if n)


@family(
    topic="generative",
    source="Kingma and Welling 2014, 2.4",
    minutes=8,
    levels={"easy": {"decoder": False}, "medium": {}, "hard": {"prior": True}},
)
def reparameterise(rng: Rng, *, latents: int = 2, decoder: bool = True, prior: bool = False) -> Exercise:
    """Draw a code from its mean and log-variance, and send a gradient back through the sample."""
    mu, sigma = rng.choices("mu", MEANS, latents), rng.sample("sigma", SIGMAS, latents)
    eps = rng.sample("eps", NOISE, latents)
    z = each(lambda m, s, n: m + s * n, mu, sigma, eps)
    rng.require(all(z), "no entry of the code is 0")
    if decoder:
        w: Vector = rng.ints("w", latents, -3, 3, exclude=(0,))
        b = rng.int("b", -3, 3, exclude=(0,))
        t: Any = (rng.int("x", -5, 5),)
        rng.require(abs(dot(w, z) + b - t[0]) >= 1, "the error is not small")
    else:
        w, b, t = (), 0, rng.ints("t", latents, -3, 3, exclude=(0,))
        rng.require(all(each(lambda a, c: abs(a - c) >= Fraction(1, 2), z, t)), "no error is small")
    steps = Steps(SAID, tolerance=1e-3)
    Sampling(mu, sigma, eps, w, b, t, prior and decoder).ask(steps)
    decimals = {name: each(float, value) if isinstance(value, tuple) else value for name, value in steps.keys.items()}
    return Exercise(
        given={**rng.drawn, "latents": latents, "decoder": decoder, "prior": prior},
        shown={"means": each(float, mu), "logarithms": logs(each(lambda s: s * s, sigma)), "noise": each(float, eps),
               "deviations": each(float, sigma), "pull": each(lambda s: float(s * s - 1) / 2, sigma),
               "name": "R" if prior else "L", **decimals,
               **({"dot": products(w, decimals["z"]), "error": steps.keys["xhat"] - t[0]} if decoder else {})},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(latents),
    )  # fmt: skip


@reparameterise.oracle
def by_complex_steps(mu: Vector, sigma: Vector, eps: Vector, prior: bool, **given: Any) -> dict[str, Any]:
    """The loss as one function of mean and log-variance, and others as students think it, by complex steps."""
    mean, deviation, noise = (np.array(v, dtype=float) for v in (mu, sigma, eps))
    log_variance = 2 * np.log(deviation)
    w, bias, target = (np.array(given.get(name, 0), dtype=float) for name in ("w", "b", "x" if "w" in given else "t"))

    def decoded(z: Any) -> Any:
        return z @ w + bias if "w" in given else z

    def error(z: Any) -> Any:
        return ((decoded(z) - target) ** 2).sum() / 2

    def divergence(m: Any, v: Any) -> Any:
        return (m**2 + np.exp(v) - 1 - v).sum() / 2 * prior

    def sample(v: Any, power: float = 0.5) -> Any:
        return mean + np.exp(power * v) * noise

    z = sample(log_variance)
    up = gradient(error, z)
    slope = gradient(lambda v: sample(v).sum(), log_variance)
    pull = gradient(lambda v: divergence(mean, v), log_variance)
    d_mean = gradient(lambda m: error(m + deviation * noise) + divergence(m, log_variance), mean)
    d_log = gradient(lambda v: error(sample(v)) + divergence(mean, v), log_variance)
    values = {
        "z": z, "z.variance": sample(log_variance, 1), "z.squared_again": sample(log_variance, 2),
        "z.subtracted": 2 * mean - z, "z.noise_alone": sample(log_variance, 0), "z.no_noise": mean,
        "dz": up, "dz.sign": -up, "dz.doubled": 2 * up,
        "slope": slope, "slope.no_half": gradient(lambda v: sample(v, 1).sum(), log_variance / 2),
        "slope.by_sigma": gradient(lambda s: (mean + s * noise).sum(), deviation),
        "slope.variance_slope": gradient(lambda v: sample(v, 1).sum() / 2, log_variance),
        "slope.noise_lost": gradient(lambda v: np.exp(v / 2).sum(), log_variance),
        "dmu": d_mean, "dmu.scaled": d_mean + up * (deviation * noise - 1),
        "dmu.noise_factor": d_mean + up * (noise - 1),
        "dmu.kl_forgotten": up if prior else None, "dmu.kl_subtracted": 2 * up - d_mean if prior else None,
        "dmu.blocked": d_mean - up if prior else None,
        "dlogvar": d_log, "dlogvar.no_upstream": slope + pull, "dlogvar.added": up + slope + pull,
        "dlogvar.kl_forgotten": up * slope if prior else None,
        "dlogvar.kl_subtracted": d_log - 2 * pull if prior else None,
        "dlogvar.blocked": pull if prior else None,
        "dlogvar.kl_by_sigma": up * slope + (deviation**2 - 1) / deviation if prior else None,
    }  # fmt: skip
    if "w" in given:
        out = decoded(z)
        values |= {"xhat": out, "xhat.no_bias": out - bias, "xhat.of_mean": decoded(mean),
                   "dz.no_error": w, "dz.no_weights": np.full_like(z, out - target)}  # fmt: skip
    return {name: value if value is None else np.asarray(value).tolist() for name, value in values.items()}
