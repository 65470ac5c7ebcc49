"""Goodfellow et al., Deep Learning, section 8.7.1: batch normalisation of one unit over a minibatch."""

from fractions import Fraction
from math import sqrt
from statistics import mean as average
from statistics import pvariance
from statistics import variance as unbiased
from typing import Any

import numpy as np

from problem_bank.answers import Array, Rational
from problem_bank.exercise import Earlier, Exercise, Part, Rule, Slip
from problem_bank.families.normalisation._forward_texts import PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.normalisation import deviation, draw_batch, mean, root, variance
from problem_bank.values import Number, Vector


@family(
    topic="normalisation",
    source="Goodfellow 8.7.1",
    minutes=8,
    levels={
        "easy": {"n": 4},
        "medium": {},
        "hard": {"epsilons": (Fraction(1, 25), Fraction(4, 25), Fraction(1, 5), Fraction(9, 25), 1)},
    },
)
def batch_norm_forward(rng: Rng, *, n: int = 5, epsilons: tuple[Number, ...] = (0,)) -> Exercise:
    """Normalise the values of one unit over a minibatch, then scale and shift them."""
    epsilon = rng.choice("epsilon", epsilons)
    x = draw_batch(rng, "x", n, epsilon)
    gamma, beta = rng.int("gamma", -4, 4, exclude=(-1, 0, 1)), rng.int("beta", -5, 5, exclude=(0,))
    rng.require(gamma != beta, "scale and shift differ")
    sd = deviation(x, epsilon)
    x_hat = tuple((value - mean(x)) / sd for value in x)
    y = tuple(gamma * value + beta for value in x_hat)
    return Exercise(
        given={"x": x, "epsilon": epsilon, "gamma": gamma, "beta": beta, "n": n, "epsilons": epsilons},
        shown={"mean": mean(x), "variance": variance(x), "sd": sd, "x_hat": x_hat, "y": y,
               "centred": _normal(x, mean(x), 1), "squares": tuple((value - mean(x)) ** 2 for value in x)},
        prompt=PROMPT,
        parts=[
            Part("mean", r"The mean $\mu$ of the batch.", Rational(mean(x)), misconceptions=_slips(_means(x))),
            Part("variance", r"The variance $\sigma^2$ of the batch.", Rational(variance(x)),
                 follow=lambda e: variance(x, e["mean"]), misconceptions=_slips(_variances(x))),
            Part("x_hat", r"The normalised values $\hat{x}$.", Array(x_hat, 1e-3), points=3,
                 follow=lambda e: _normal(x, e["mean"], sqrt(e["variance"] + epsilon)),
                 misconceptions=_slips(_normals(x, epsilon))),
            Part("y", "The outputs $y$.", Array(y, 1e-3), points=3,
                 follow=lambda e: tuple(gamma * value + beta for value in e["x_hat"]),
                 misconceptions=_slips(_outputs(gamma, beta))),
        ],
        solution=SOLUTION,
        work=float(10 * n + sum(len(str(value)) for value in (*x_hat, *y))),
    )  # fmt: skip


def _slips(rules: dict[str, Any]) -> list[Slip]:
    return [Slip(name, rule, SAID[name]) for name, rule in rules.items()]


def _means(x: Vector) -> dict[str, Number]:
    return {"not_divided": sum(x), "one_too_few": mean(x) * len(x) / (len(x) - 1)}


def _variances(x: Vector) -> dict[str, Rule]:
    n = len(x)
    return {
        "unbiased": lambda e: variance(x, e["mean"]) * n / (n - 1),
        "squares_not_divided": lambda e: variance(x, e["mean"]) * n,
        "not_centred": lambda e: variance(x, 0) if e["mean"] else None,
        "deviation": lambda e: root(variance(x, e["mean"])),
        "absolute": lambda e: mean([abs(value - e["mean"]) for value in x]),
    }


def _normal(x: Vector, centre: Number, divisor: Any) -> tuple[Any, ...]:
    """(x - centre) / divisor, entry by entry."""
    return tuple((value - centre) / divisor for value in x)


def _normals(x: Vector, epsilon: Number) -> dict[str, Rule]:
    n = len(x)
    rules: dict[str, Rule] = {
        "by_variance": lambda e: _normal(x, e["mean"], e["variance"] + epsilon),
        "not_centred": lambda e: _normal(x, 0, sqrt(e["variance"] + epsilon)) if e["mean"] else None,
        "unbiased": lambda e: _normal(x, e["mean"], sqrt(e["variance"] * n / (n - 1) + epsilon)),
        "no_epsilon": lambda e: _normal(x, e["mean"], sqrt(e["variance"])) if epsilon else None,
        "epsilon_outside": lambda e: _normal(x, e["mean"], sqrt(e["variance"]) + epsilon) if epsilon else None,
    }
    return rules


def _outputs(gamma: Number, beta: Number) -> dict[str, Rule]:
    def affine(a: Number, b: Number) -> Rule:
        return lambda e: tuple(a * value + b for value in e["x_hat"])

    def unchanged(e: Earlier) -> Any:
        return e["x_hat"]

    return {"no_affine": unchanged, "swapped": affine(beta, gamma), "no_shift": affine(gamma, 0),
            "no_scale": affine(1, beta), "shift_first": affine(gamma, gamma * beta)}  # fmt: skip


@batch_norm_forward.oracle
def by_moments(x: Vector, epsilon: Number, gamma: Number, beta: Number) -> dict[str, Any]:
    """Means and variances from Python's statistics module, the arrays from NumPy's mean and std."""
    exact, values = [Fraction(value) for value in x], np.array(x, dtype=float)
    eps, centred, biased = float(epsilon), values - values.mean(), values.std(ddof=0)
    x_hat = centred / np.hypot(biased, np.sqrt(eps))
    distances = [abs(value - average(exact)) for value in exact]
    return {
        "mean": average(exact),
        "mean.not_divided": sum(exact),
        "mean.one_too_few": sum(exact) / (len(x) - 1),
        "variance": pvariance(exact),
        "variance.unbiased": unbiased(exact),
        "variance.squares_not_divided": sum(distance**2 for distance in distances),
        "variance.not_centred": average(value**2 for value in exact) if average(exact) else None,
        "variance.deviation": _perfect_root(pvariance(exact)),
        "variance.absolute": average(distances),
        "x_hat": x_hat,
        "x_hat.by_variance": centred / (biased**2 + eps),
        "x_hat.not_centred": values / np.hypot(biased, np.sqrt(eps)) if average(exact) else None,
        "x_hat.unbiased": centred / np.hypot(values.std(ddof=1), np.sqrt(eps)),
        "x_hat.no_epsilon": centred / biased if eps else None,
        "x_hat.epsilon_outside": centred / (biased + eps) if eps else None,
        "y": np.polyval([gamma, beta], x_hat),
        "y.no_affine": x_hat,
        "y.swapped": np.polyval([beta, gamma], x_hat),
        "y.no_shift": np.polyval([gamma, 0], x_hat),
        "y.no_scale": np.polyval([1, beta], x_hat),
        "y.shift_first": np.polyval([gamma, 0], x_hat + beta),
    }


def _perfect_root(square: Fraction) -> Fraction | None:
    """The nearest fraction of small denominator to the root, if its square is right."""
    near = Fraction(sqrt(square)).limit_denominator(1000)
    return near if near**2 == square else None
