"""Goodfellow et al., Deep Learning, sections 6.5 and 8.7.1: the gradients of batch normalisation, for one unit."""

from fractions import Fraction
from typing import Any

from problem_bank.answers import Array, Number
from problem_bank.exact import dot, times
from problem_bank.exercise import Earlier, Exercise, Part, Rule, Slip
from problem_bank.families.normalisation._backward_texts import PROMPT, SAID, SOLUTION
from problem_bank.families.normalisation._complex_step import gradients
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.normalisation import deviation, draw_batch, mean, variance
from problem_bank.values import Number as Exact
from problem_bank.values import Vector


@family(
    topic="normalisation",
    source="Goodfellow 6.5, 8.7.1",
    minutes=10,
    version=2,
    levels={"easy": {"inputs": False}, "medium": {}, "hard": {"n": 5}},
)
def batch_norm_backward(rng: Rng, *, n: int = 4, inputs: bool = True) -> Exercise:
    """Send a gradient back through batch normalisation: to its shift, its scale and its inputs."""
    x = draw_batch(rng, "x", n)
    g = rng.ints("g", n, -9, 12)
    rng.require(sum(g) != 0 and sum(v != 0 for v in g) >= 3, "the gradients do not cancel, and few of them are zero")
    gamma = rng.int("gamma", -4, 4, exclude=(-1, 0, 1))
    sd: Any = deviation(x)  # exact, but for a pinned batch whose variance has no rational root
    x_hat = tuple((value - mean(x)) / sd for value in x)
    d_beta, d_gamma = Fraction(sum(g)), dot(g, x_hat)
    rng.require(d_gamma != 0, "the scale has a gradient")
    d_x = _to_inputs(g, x_hat, gamma / sd, d_beta / n, d_gamma / n)
    return Exercise(
        given={"x": x, "g": g, "gamma": gamma, "n": n, "inputs": inputs},
        shown={"mean": mean(x), "variance": variance(x), "sd": sd, "x_hat": x_hat, "products": times(g, x_hat),
               "d_beta": d_beta, "d_gamma": d_gamma, "d_x": d_x, "factor": gamma / sd,
               "from_mean": d_beta / n, "from_variance": d_gamma / n},
        prompt=PROMPT,
        parts=[
            Part("x_hat", r"The normalised values $\hat{x}$ of the forward pass.", Array(x_hat, 1e-3), points=2,
                 misconceptions=_slips(_wrong_forward(x))),
            Part("d_beta", r"The gradient $\frac{\partial L}{\partial \beta}$.", _number(d_beta),
                 misconceptions=_slips({"averaged": d_beta / n, "times_scale": gamma * d_beta})),
            Part("d_gamma", r"The gradient $\frac{\partial L}{\partial \gamma}$.", _number(d_gamma), points=2,
                 follow=lambda e: dot(g, e["x_hat"]), misconceptions=_slips(_wrong_scale(g, x, gamma))),
            *([_inputs(g, gamma / sd, gamma, d_x)] if inputs else []),
        ],
        solution=SOLUTION,
        work=float(6 * n + sum(len(str(value)) for value in (*x_hat, *g))),
    )  # fmt: skip


def _number(key: Exact) -> Number:
    return Number(float(key), floor=1e-2)


def _slips(rules: dict[str, Any]) -> list[Slip]:
    return [Slip(name, rule, SAID[name]) for name, rule in rules.items()]


def _to_inputs(g: Vector, x_hat: Vector, factor: Any, mean_g: Any, mean_product: Any) -> tuple[Any, ...]:
    """factor * (g - mean_g - x_hat * mean_product): without the paths through mean or variance, give 0 for its mean."""
    return tuple(factor * (a - mean_g - b * mean_product) for a, b in zip(g, x_hat, strict=True))


def _wrong_forward(x: Vector) -> dict[str, Any]:
    return {
        "by_variance": tuple((value - mean(x)) / variance(x) for value in x),
        "not_centred": tuple(value / deviation(x) for value in x),
    }


def _wrong_scale(g: Vector, x: Vector, gamma: Exact) -> dict[str, Rule]:
    return {
        "raw_inputs": lambda e: dot(g, x),
        "averaged": lambda e: dot(g, e["x_hat"]) / len(g),
        "like_shift": lambda e: sum(g),
        "times_scale": lambda e: gamma * dot(g, e["x_hat"]),
    }


def _inputs(g: Vector, factor: Exact, gamma: Exact, key: Vector) -> Part:
    """The gradient of the inputs, from the student's own sums."""
    n = len(g)

    def sent(factor: Exact, *, through_mean: bool, through_variance: bool) -> Rule:
        def rule(e: Earlier) -> Any:
            d_beta, d_gamma = through_mean * e["d_beta"] / n, through_variance * e["d_gamma"] / n
            return _to_inputs(g, e["x_hat"], factor, d_beta, d_gamma)

        return rule

    right = sent(factor, through_mean=True, through_variance=True)
    rules = {
        "constants": sent(factor, through_mean=False, through_variance=False),
        "constant_variance": sent(factor, through_mean=True, through_variance=False),
        "constant_mean": sent(factor, through_mean=False, through_variance=True),
        "scale_missing": sent(Fraction(factor) / gamma, through_mean=True, through_variance=True),
    }
    return Part("d_x", r"The gradients $\frac{\partial L}{\partial x_i}$ of all $x_i$, in order.", Array(key, 1e-3),
                points=3, follow=right, misconceptions=_slips(rules))  # fmt: skip


batch_norm_backward.oracle(gradients)
