"""Initial weight variances (Goodfellow et al., Deep Learning, section 8.4): Xavier (Glorot), He and LeCun."""

from fractions import Fraction
from math import sqrt
from statistics import harmonic_mean
from typing import Any

import numpy as np

from problem_bank.answers import Integer, Number, Rational
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.initialisation._schemes import PROMPT, SAID, SCHEMES, SOLUTION, Scheme
from problem_bank.family import family
from problem_bank.rng import Rng

WIDTHS = range(24, 604, 4)
CHANNELS = (3, 4, 5, 6, 8, 10, 12, 14, 15, 16, 18, 20, 24, 25, 28, 30, 32, 36, 40, 48)


@family(
    topic="initialisation",
    source="Goodfellow 8.4",
    minutes=6,
    levels={
        "easy": {"count": 2, "uniform": False},
        "medium": {},
        "hard": {"layer": "conv", "count": 2},
    },
)
def variance(
    rng: Rng, *, layer: str = "dense", count: int = 3, uniform: bool = True, deviation: bool = False
) -> Exercise:
    """Compute the variance of initial weights, and the range of a uniform distribution that has it."""
    if layer not in {"dense", "conv"}:
        raise BadGiven(f"layer: {layer!r} is none of dense, conv")
    inputs, outputs = rng.sample("sizes", CHANNELS if layer == "conv" else WIDTHS, 2)
    k = rng.choice("k", (3, 5, 7)) if layer == "conv" else 1
    if min(inputs, outputs, k) < 1 or any(size % 1 for size in (inputs, outputs, k)):
        raise BadGiven(f"sizes: {inputs}, {outputs}, k: {k}; give whole numbers from 1 up")
    schemes = rng.sample("schemes", tuple(SCHEMES), count)
    fan_in, fan_out = inputs * k * k, outputs * k * k
    chosen = [SCHEMES[name] for name in schemes]
    given = {"sizes": (inputs, outputs), "schemes": schemes, "layer": layer, "count": count, "uniform": uniform,
             "deviation": deviation}  # fmt: skip
    return Exercise(
        given=given | ({"k": k} if layer == "conv" else {}),
        shown={"inputs": inputs, "outputs": outputs, "k": k, "fans": (fan_in, fan_out),
               "chosen": [(scheme, *scheme.shown(fan_in, fan_out)) for scheme in chosen]},
        prompt=PROMPT,
        parts=[
            *(_fans(inputs, outputs, k) if layer == "conv" else []),
            *(part for scheme in chosen for part in _parts(scheme, fan_in, fan_out, uniform, deviation)),
        ],
        solution=SOLUTION,
        work=float(2 * count + count * uniform + 3 * (layer == "conv")),
    )  # fmt: skip


def _fans(inputs: int, outputs: int, k: int) -> list[Part]:
    """How many weights meet in an output value of a convolution, and in an input value."""
    parts = []
    for name, own, other, said in (("fan_in", inputs, outputs, "in"), ("fan_out", outputs, inputs, "out")):
        wrong = {"no_window": own, "line": own * k, "no_channels": k * k, "other_side": other * k * k}
        slips = [Slip(slip, value, SAID[slip]) for slip, value in wrong.items()]
        parts.append(Part(name, f"The fan-{said} of the layer.", Integer(own * k * k), misconceptions=slips))
    return parts


def _parts(scheme: Scheme, fan_in: int, fan_out: int, uniform: bool, deviation: bool) -> list[Part]:
    """The variance of this scheme, from the student's own fans, and what follows from it: deviation, squared bound."""
    name = f"{scheme.name}_variance"

    def of(rule: Any) -> Any:
        return lambda e: rule(e.get("fan_in", fan_in), e.get("fan_out", fan_out))

    slips = [Slip(slip, of(rule), SAID[slip]) for slip, rule in scheme.wrong.items()]
    key = scheme.rule(fan_in, fan_out)
    parts = [Part(name, f"{scheme.title}: the variance of the weights.", Rational(key),
                  follow=of(scheme.rule), misconceptions=slips)]  # fmt: skip
    if deviation:
        squares = {"variance_itself": lambda e: e[name], "halved": lambda e: e[name] / 2}
        roots = [Slip(slip, rule, SAID[slip]) for slip, rule in squares.items()]
        parts.append(Part(f"{scheme.name}_deviation", f"{scheme.title}: the standard deviation of the weights.",
                          Number(sqrt(key), floor=1e-3), follow=lambda e: sqrt(e[name]),
                          misconceptions=roots))  # fmt: skip
    if uniform:
        factors = {"bound_is_deviation": Fraction(1), "whole_width": Fraction(12), "inverse_factor": Fraction(1, 3)}
        bounds = [Slip(slip, lambda e, f=f: f * e[name], SAID[slip]) for slip, f in factors.items()]
        parts.append(Part(f"{scheme.name}_bound", f"{scheme.title}: $a^2$, if the weights are uniform on $[-a, a]$.",
                          Rational(3 * key), follow=lambda e: 3 * e[name], misconceptions=bounds))  # fmt: skip
    return parts


@variance.oracle
def by_balance(
    sizes: tuple[int, int], schemes: tuple[str, ...], uniform: bool, deviation: bool, **given: Any
) -> dict[str, Any]:
    """The variance for which signals keep their mean square, and the variance of a uniform one by Simpson's rule."""
    k = given.get("k", 1)
    kernel = np.broadcast_to(np.int8(0), (sizes[1], sizes[0], k, k))  # the weights of the layer; a dense one has k = 1
    into, out_of = kernel[0].size, kernel[:, 0].size
    values: dict[str, Any] = {}
    for name, fan, other in (("fan_in", kernel[0], kernel[:, 0]), ("fan_out", kernel[:, 0], kernel[0])):
        if given["layer"] == "conv":
            values |= {name: fan.size, f"{name}.no_window": len(fan), f"{name}.line": fan[..., 0].size,
                       f"{name}.no_channels": fan[0].size, f"{name}.other_side": other.size}  # fmt: skip
    for scheme in schemes:
        found = _keeping(Fraction(into), Fraction(out_of))[scheme]
        values |= {f"{scheme}_variance{slip}": value for slip, value in found.items()}
        own = found[""]
        if deviation:
            values |= {f"{scheme}_deviation": np.sqrt(float(own)), f"{scheme}_deviation.variance_itself": float(own),
                       f"{scheme}_deviation.halved": float(own / 2)}  # fmt: skip
        if uniform:
            values |= {f"{scheme}_bound": own / _mean_square(1), f"{scheme}_bound.bound_is_deviation": own,
                       f"{scheme}_bound.whole_width": own / _mean_square(Fraction(1, 2)),
                       f"{scheme}_bound.inverse_factor": own * _mean_square(1)}  # fmt: skip
    return values


def _mean_square(a: Fraction | int) -> Fraction:
    """The mean of x^2 on [-a, a], by Simpson's rule, which is exact for a parabola."""
    return Fraction(a**2 + 4 * 0**2 + a**2) / 6


def _keeping(into: Fraction, out_of: Fraction) -> dict[str, dict[str, Fraction]]:
    """What each scheme asks for: times the fan, and times what the unit passes on of a mean square, it gives 1."""
    passed_on = Fraction(sum(max(sign, 0) ** 2 for sign in (-1, 1)), 2)  # by ReLU, of a symmetric input
    forward, backward, both = 1 / into, 1 / out_of, harmonic_mean([1 / into, 1 / out_of])
    he, he_backward = 1 / (into * passed_on), 1 / (out_of * passed_on)
    return {
        "xavier": {"": both, ".one_over_sum": both / 2, ".only_fan_in": forward, ".doubled": both / passed_on},
        "he": {"": he, ".no_two": forward, ".by_fan_out": he_backward, ".as_xavier": both},
        "lecun": {"": forward, ".as_he": he, ".by_fan_out": backward, ".as_xavier": both},
        "he_backward": {"": he_backward, ".no_two": backward, ".by_fan_in": he, ".as_xavier": both},
    }
