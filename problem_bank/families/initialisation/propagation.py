"""Variances through the layers (Goodfellow et al., Deep Learning, section 8.4), forward and backward."""

from fractions import Fraction
from math import floor, log
from typing import Any

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.initialisation._layer_parts import Deep, Layers, depth_part
from problem_bank.families.initialisation._layer_texts import PROMPT, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Number, Vector

WIDTHS = (10, 20, 30, 40, 50, 60, 80, 100)
GAINS = tuple(Fraction(tenths, 10) for tenths in (5, 6, 8, 12, 14, 15, 16, 18, 24, 30))
RATIOS = tuple(
    Fraction(a, b)
    for a, b in ((1, 2), (2, 3), (3, 4), (4, 5), (7, 8), (9, 10), (11, 10), (9, 8), (5, 4), (4, 3), (3, 2))
)


@family(
    topic="initialisation",
    source="Goodfellow 8.4",
    minutes=10,
    version=2,
    levels={"easy": {"activation": "linear", "layers": 2}, "medium": {}, "hard": {"depth": True}},
)
def propagation(rng: Rng, *, activation: str = "relu", layers: int = 3, depth: bool = False) -> Exercise:
    """Follow the variance of signals and of gradients through layers with random weights."""
    if activation not in {"linear", "relu"}:
        raise BadGiven(f"activation: {activation!r} is none of linear, relu")
    widths = rng.sample("widths", WIDTHS, layers + 1)
    variances = rng.each("variances", [tuple(gain / n for gain in GAINS) for n in widths[:-1]])
    inputs, gradient = rng.sample("ends", range(3, 30), 2)
    given: tuple[Number, ...] = (*widths, *variances, inputs, gradient)
    if any(value <= 0 for value in given):
        raise BadGiven("widths, variances and ends hold a number that is not above 0; give positive ones")
    net = Layers(activation == "relu", widths, variances, inputs, gradient)
    deep = _deep(rng, net.relu) if depth else None
    return Exercise(
        given={"widths": widths, "variances": variances, "ends": (inputs, gradient), "activation": activation,
               "layers": layers, "depth": depth, **(deep.given() if deep else {})},
        shown={"rows": net.rows(), "relu": net.relu, "inputs": inputs, "gradient": gradient, "deep": deep,
               "forward": net.forward_lines(), "backward": net.backward_lines()},
        prompt=PROMPT,
        parts=[*net.forward_parts(), *net.backward_parts(), *([depth_part(deep)] if deep else [])],
        solution=SOLUTION,
        work=float(4 * layers + 4 * depth),
    )  # fmt: skip


def _deep(rng: Rng, relu: bool) -> Deep:
    """A deep network of equal layers, whose variances grow or shrink by the same ratio in each."""
    width, ratio = rng.choice("deep_width", (50, 100, 200, 400)), rng.choice("ratio", RATIOS)
    deep = Deep(relu, width, ratio, rng.choice("bound", tuple(n * 10**k for k in range(1, 7) for n in (2, 5, 10))))
    if ratio <= 0 or ratio == 1 or deep.bound <= 1:
        raise BadGiven(f"ratio: {ratio}, bound: {deep.bound}; give a positive ratio other than 1 and a bound above 1")
    return deep


@propagation.oracle
def by_summing(widths: Vector, variances: Vector, ends: Vector, activation: str, depth: bool, **given: Any) -> Any:
    """Add up what every single weight contributes; the depth by logarithms."""
    relu, values = activation == "relu", dict[str, Any]()
    passed_on = Fraction(sum(max(sign, 0) ** 2 for sign in (-1, 1)), 2)  # the mean square that ReLU leaves
    last = len(variances)

    def contributions(name: str, level: Number, spread: Number, fan: Any, other: Any, *, hidden: bool) -> Number:
        """The right sum over the fan, and the sums of the misconceptions."""
        share, wrong = (passed_on, Fraction(1)) if relu and hidden else (Fraction(1), passed_on)
        half = "no_half" if share < wrong else "needless_half"
        key = sum([spread * level * share] * fan)
        values.update({
            name: key,
            f"{name}.no_fan": spread * level * share,
            f"{name}.other_fan": sum([spread * level * share] * other),
            f"{name}.{half}": sum([spread * level * wrong] * fan),
            f"{name}.added": sum([spread + level * share] * fan),
        })  # fmt: skip
        return key

    level: Number = ends[0]
    for t, spread in enumerate(variances, 1):
        level = contributions(f"v{t}", level, spread, widths[t - 1], widths[t], hidden=t > 1)
    level = ends[1]
    for t in range(last, 0, -1):
        level = contributions(f"g{t - 1}", level, variances[t - 1], widths[t], widths[t - 1], hidden=t > 1)
    if depth:
        ratio, bound, change = given["ratio"], log(given["bound"]), abs(log(given["ratio"]))
        other = log(2 * ratio) * (1 if ratio > 1 else -1) if relu else 0
        values |= {"depth": 2 + floor(bound / change), "depth.one_short": 1 + floor(bound / change),
                   "depth.no_half": 2 + floor(bound / other) if other > 0 else None,
                   "depth.deviation": 2 + floor(2 * bound / change)}  # fmt: skip
    return values
