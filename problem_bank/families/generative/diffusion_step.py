"""Ho, Jain and Abbeel 2020, sections 2 and 3, and Prince, Understanding Deep Learning, 18.2-18.5: a diffusion model."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.generative._diffusion_step_steps import Diffusion
from problem_bank.families.generative._diffusion_step_texts import PROMPT, SAID, SOLUTION
from problem_bank.families.generative._entrywise import each
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number, Vector, whole

BETAS = [tuple(Fraction(n, 100) for n in range(low, high)) for low, high in ((4, 15), (15, 30), (30, 51))]
TENTHS = tuple(whole(Fraction(n, 10)) for n in range(-20, 21) if abs(n) > 2)
GIVEN = {"noise": ("start", "noise"), "denoise": ("start", "noise"), "back": ("now", "guess", "step_noise")}
ASK = {
    "noise": (Diffusion.ask_distribution, Diffusion.ask_noised),
    "denoise": (Diffusion.ask_noised, Diffusion.ask_estimate, Diffusion.ask_loss),
    "back": (Diffusion.ask_estimate, Diffusion.ask_back),
}


@family(
    topic="generative",
    source="Ho et al. 2020, sections 2 and 3",
    minutes=9,
    levels={"easy": {"task": "noise"}, "medium": {"task": "denoise"}, "hard": {"task": "back"}},
)
def diffusion_step(rng: Rng, *, task: str = "denoise") -> Exercise:
    """Follow a diffusion model into the noise, and a step back."""
    if task not in ASK:
        raise BadGiven(f"task: {task}; write {', '.join(ASK)}")
    beta = rng.each("beta", BETAS)
    drawn: dict[str, Vector] = {name: rng.choices(name, TENTHS, 2) for name in GIVEN[task]}
    if task == "denoise":
        drawn["guess"] = rng.each("guess", list(map(_near, drawn["noise"])))
    rng.require(all(len(set(row)) == 2 for row in drawn.values()), "the two entries differ")
    steps, diffusion = Steps(SAID, tolerance=1e-3), Diffusion(beta, **drawn)
    diffusion.ask_schedule(steps)
    for ask in ASK[task]:
        ask(diffusion, steps)
    return Exercise(
        given={**rng.drawn, "task": task},
        shown={**_shown(diffusion, steps.keys["abar"]), **steps.keys},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(steps.parts)),
    )


def _near(noise: Number) -> Vector:
    """Guesses of a noise that are not quite right."""
    return tuple(noise + Fraction(n, 50) for n in range(-24, 25) if n)


def _shown(diffusion: Diffusion, abar: Vector) -> dict[str, Any]:
    """The numbers in the texts, as decimals."""
    names = {"data": diffusion.start, "added": diffusion.noise, "guessed": diffusion.guess, "current": diffusion.now,
             "drawn_noise": diffusion.step_noise, "betas": diffusion.beta, "alphas": diffusion.alpha}  # fmt: skip
    last = float(abar[-1])
    return {
        **{name: each(float, row) for name, row in names.items()}, "T": len(abar), "signal": last**0.5,
        "sd": (1 - last) ** 0.5, "before": abar[-2], "beta_last": diffusion.beta[-1],
        "difference": tuple(float(a - b) for a, b in zip(diffusion.noise, diffusion.guess, strict=False)),
    }  # fmt: skip


@diffusion_step.oracle
def by_steps(task: str, beta: Vector, **given: Any) -> dict[str, Any]:
    """Noise added step by step; the way back by conditioning normal distributions with a gain, as Kalman does."""
    b = np.array(beta, dtype=float)
    scales, variances, scale, variance = [], [], 1.0, 0.0
    for v in b:
        scale, variance = scale * float(1 - v) ** 0.5, float(variance * (1 - v) + v)
        scales.append(scale)
        variances.append(variance)
    rows = {name: np.array(row, dtype=float) for name, row in given.items()}
    values = {
        "abar": np.square(scales), "abar.alphas": 1 - b, "abar.betas_multiplied": np.cumprod(b),
        "abar.betas_summed": 1 - np.cumsum(b), "abar.rooted": np.array(scales),
    }  # fmt: skip
    if task == "back":
        return values | _back(b, np.array(scales), np.array(variances), rows)
    return values | _noised(b, scale, variance, rows)


def _noised(b: Any, scale: float, variance: float, rows: dict[str, Any]) -> dict[str, Any]:
    """What follows from the factor of the signal and the variance of the noise."""
    x, noise, sd, last = rows["start"], rows["noise"], variance**0.5, float(b[-1])
    now = scale * x + sd * noise
    values = {
        "noised": now, "noised.variance_for_sd": scale * x + variance * noise, "noised.signal_kept": x + sd * noise,
        "noised.no_root": scale**2 * x + sd * noise, "noised.swapped": sd * x + scale * noise,
        "noised.last_step": (1 - last) ** 0.5 * x + last**0.5 * noise,
    }  # fmt: skip
    if "guess" in rows:
        error = noise - rows["guess"]
        estimate = _estimate(b, scale, variance, now, rows["guess"])
        return values | estimate | {
            "loss": float(error @ error), "loss.averaged": float(np.mean(error**2)),
            "loss.root": float(np.hypot(*error)),
            "loss.of_data": float(((x - estimate["estimate"]) ** 2).sum()),
        }  # fmt: skip
    return values | {
        "mean": scale * x, "mean.no_root": scale**2 * x, "mean.noise_factor": sd * x,
        "mean.last_step": (1 - last) ** 0.5 * x,
        "variance": variance, "variance.sd_for_variance": sd, "variance.last_step": last,
        "variance.signal_for_noise": 1 - variance,
    }  # fmt: skip


def _estimate(b: Any, scale: float, variance: float, now: Any, guess: Any) -> dict[str, Any]:
    """The data, from the linear equations scale x0 + sd noise = now and noise = guess."""

    def solved(signal: float, noise: float) -> Any:
        return np.linalg.solve([[signal, noise], [0.0, 1.0]], [now, guess])[0]

    sd, last = variance**0.5, float(b[-1])
    return {
        "estimate": solved(scale, sd), "estimate.not_rescaled": solved(1.0, sd),
        "estimate.noise_unscaled": solved(scale, 1.0), "estimate.no_root": solved(scale**2, sd),
        "estimate.variance_for_sd": solved(scale, variance), "estimate.noise_added": solved(scale, -sd),
        "estimate.last_step": solved((1 - last) ** 0.5, last**0.5),
    }  # fmt: skip


def _back(b: Any, scales: Any, variances: Any, rows: dict[str, Any]) -> dict[str, Any]:
    """One step back: x before is normal given x0; seeing x now moves its mean by a gain, and shrinks its variance."""
    now, guess, new, last = rows["now"], rows["guess"], rows["step_noise"], float(b[-1])
    values = _estimate(b, float(scales[-1]), float(variances[-1]), now, guess)
    prior, shrink = scales[-2] * values["estimate"], (1 - last) ** 0.5
    gain = variances[-2] * shrink / (variances[-2] * shrink**2 + last)
    mean = prior + gain * (now - shrink * prior)
    spread = float(variances[-2] * (1 - gain * shrink))
    sd = float(variances[-1]) ** 0.5
    return values | {
        "back": mean, "back.jumped": values["estimate"], "back.step_undone": (now - last**0.5 * guess) / shrink,
        "back.noise_whole": (now - sd * guess) / shrink,
        "back.product_for_alpha": (now - last / sd * guess) / scales[-1],
        "back.step_not_rescaled": now - last / sd * guess,
        "spread": spread, "spread.forward_variance": last, "spread.turned": last**2 / spread,
        "spread.sd_for_variance": spread**0.5, "spread.signal_ratio": shrink**2 * last,
        "previous": mean + spread**0.5 * new, "previous.variance_for_sd": mean + spread * new,
        "previous.forward_variance": mean + last**0.5 * new, "previous.same_noise": mean + spread**0.5 * guess,
        "previous.no_noise": mean,
    }  # fmt: skip
