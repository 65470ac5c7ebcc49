"""Goodfellow et al., Deep Learning, sections 8.2.5 and 10.7: gradients that vanish or explode with depth."""

from fractions import Fraction
from functools import cache
from itertools import accumulate, repeat
from math import log, prod
from operator import mul
from typing import Any, NamedTuple

import numpy as np

from problem_bank.answers import Integer
from problem_bank.exact import times
from problem_bank.exercise import Earlier, Exercise
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.tex import tex
from problem_bank.values import Number, Vector, whole

WEIGHTS: tuple[Number, ...] = (Fraction(1, 2), Fraction(3, 2), 2, 3, -1, -2, Fraction(-1, 2))

LONG: tuple[Number, ...] = (Fraction(1, 2), 2, Fraction(3, 2), -2, 3)

PROMPT = r"""
A chain of {{ layers }} units computes $h_l = \sigma(z_l)$ with $z_l = w_l h_{l-1} + b_l$ for
$l = 1, \dots, {{ layers }}$, where $\sigma(z) = 1 / (1 + e^{-z})$ is the sigmoid. The weights are $w = {{ w }}$, and
the biases are such that at some input the sums are
$$z = ({% for k in odds %}{{ "0" if k == 1 else "\\ln %s" | format(k) }}{{ "" if loop.last else ",\\, " }}{% endfor
%}).$$ Give exact values.
""".strip()

SOLUTION = r"""
- At $z = \ln k$ the sigmoid is $\frac{k}{k + 1}$, so its slope $\sigma (1 - \sigma)$ is $\frac{k}{(k + 1)^2}$. That
gives ${{ slopes }}$: never more than $\frac{1}{4}$.
- Each layer multiplies the gradient by $w_l\, \sigma'(z_l)$:
$$\frac{\partial h_{ {{- layers -}} }}{\partial h_0} = {{ terms }} = {{ gradient }}.$$
{% if "depth" in ask %}
- In the long chain every layer multiplies by $r = {{ weight }} \cdot {{ slope }} = {{ rate }}$. The smallest $L$ with
$|r|^L < 10^{-{{ power }}}$ is ${{ depth }}$, the first whole number above
$\frac{ {{- power -}} \, \ln 10}{-\ln |r|}$.
{% endif %}
""".strip()

PART = {
    "slopes": r"The slopes $\sigma'(z_1), \sigma'(z_2), \dots$ as a vector.",
    "gradient": r"The derivative of the last unit by the input, $\partial h_{ {{- layers -}} } / \partial h_0$.",
    "first_weight": r"The derivative of the last unit by the first weight, $\partial h_{ {{- layers -}} } / "
    r"\partial w_1$, if $h_0 = {{ h0 }}$.",
    "depth": r"In a long chain of $L$ such units, every weight is ${{ weight }}$ and every sum is "
    r"${{ '0' if odd == 1 else '\\ln %s' | format(odd) }}$. What is the smallest $L$ for which "
    r"$|\partial h_L / \partial h_0| < 10^{-{{ power }}}$? (A calculator helps.)",
}

SAID = {
    "values": "These are values of the sigmoid; its slope is σ(z) (1 − σ(z)).",
    "inner_forgotten": "You forgot the exponential in the derivative: the slope is σ (1 − σ), not (1 − σ)².",
    "tanh": "This is the derivative of tanh, 1 − σ²; the sigmoid has σ (1 − σ).",
    "no_weights": "The weights are missing: each sum depends on the layer below through its weight.",
    "no_slopes": "The slopes are missing: every layer also multiplies by the slope of its sigmoid.",
    "one_layer_less": "You left a layer out; every layer contributes one factor.",
    "added": "You added the factors; by the chain rule they are multiplied.",
    "own_weight": "The first weight itself is no factor here: its sum depends on it through the input.",
    "no_input": "The input is missing: a weight counts as much as the input that it multiplies.",
    "one_short": "At this depth the product is not below the bound yet.",
    "weight_forgotten": "You used the slope alone; the weight multiplies as well.",
    "value_for_slope": "You used the value of the sigmoid in place of its slope.",
}


@family(
    topic="backpropagation",
    source="Goodfellow 8.2.5, 10.7",
    minutes=7,
    version=2,
    levels={
        "easy": {"layers": 3, "ask": ("slopes", "gradient")},
        "medium": {},
        "hard": {"layers": 4, "ask": ("slopes", "gradient", "first_weight", "depth")},
    },
)
def depth_product(rng: Rng, *, layers: int = 4, ask: tuple[str, ...] = ("slopes", "gradient", "depth")) -> Exercise:
    """Multiply what every layer of a chain does to a gradient, and find the depth where it has vanished."""
    w, odds = rng.choices("w", WEIGHTS, layers), rng.choices("odds", (1, 2, 3, 4, 5, 7, 9), layers)
    rng.require(len(set(odds)) > 1 and odds[0] != odds[-1], "the slopes differ")
    h0 = rng.int("h0", 2, 5)
    weight, odd = rng.choice("weight", LONG), rng.choice("odd", (1, 2, 3, 4))
    power = rng.int("power", 3, 20)
    steps = Steps(SAID)
    for name in ask:
        _ask(steps, name, Chain(w, odds, h0), Layer(weight, odd, power))
    slopes = tuple(map(slope, odds))
    rate = whole(Fraction(weight * slope(odd)))
    factors = [rf"({tex(v)} \cdot {tex(s)})" for v, s in zip(w, slopes, strict=True)]
    return Exercise(
        given={**rng.drawn, "layers": layers, "ask": ask},
        shown={"slopes": slopes, "gradient": tangent(w, slopes), "depth": depth(rate, power), "slope": slope(odd),
               "rate": rate, "terms": r" \cdot ".join(factors)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(layers + len(ask)),
    )  # fmt: skip


class Chain(NamedTuple):
    """Weights, exponentials of the sums, and the input."""

    w: Vector
    odds: Vector
    h0: Number


class Layer(NamedTuple):
    """What all layers of the long chain are like, and the bound 10^-power."""

    weight: Number
    odd: Number
    power: int


def slope(odds: Number) -> Fraction:
    """The derivative of the sigmoid at ln(odds)."""
    return Fraction(odds) / (odds + 1) ** 2


def tangent(w: Vector, slopes: Vector) -> Number:
    """The product over all layers of weight times slope."""
    return whole(Fraction(prod(times(w, slopes), start=Fraction(1))))


def depth(rate: Number, power: int) -> int:
    """The smallest number of factors whose product is below 10^-power."""
    return next(
        n for n, size in enumerate(accumulate(repeat(abs(Fraction(rate))), mul), 1) if size < Fraction(1, 10**power)
    )


def _ask(steps: Steps, name: str, chain: Chain, layer: Layer) -> None:
    """Append the part of this name."""
    w, odds, h0 = chain

    def slopes(earlier: Earlier) -> Vector:
        return tuple(earlier.get("slopes", map(slope, odds)))

    def product_of(earlier: Earlier) -> Number:
        return whole(Fraction(earlier.get("gradient", tangent(w, slopes(earlier)))))

    if name == "slopes":
        values = tuple(Fraction(k, k + 1) for k in odds)
        wrong: dict[str, Any] = {
            "values": values,
            "inner_forgotten": tuple((1 - v) ** 2 for v in values),
            "tanh": tuple(1 - v * v for v in values),
        }
        steps.ask(name, PART[name], slopes, wrong)
    elif name == "gradient":
        wrong = {
            "no_weights": lambda e: prod(slopes(e), start=Fraction(1)),
            "no_slopes": prod(w, start=Fraction(1)),
            "one_layer_less": lambda e: tangent(w[:-1], slopes(e)[:-1]),
            "added": lambda e: sum(times(w, slopes(e))),
        }
        steps.ask(name, PART[name], lambda e: tangent(w, slopes(e)), wrong, points=2)
    elif name == "first_weight":
        wrong = {
            "own_weight": lambda e: product_of(e) * h0,
            "no_input": lambda e: Fraction(product_of(e)) / w[0],
        }
        steps.ask(name, PART[name], lambda e: whole(Fraction(product_of(e) * h0) / w[0]), wrong)
    else:
        rate, value = layer.weight * slope(layer.odd), layer.weight * Fraction(layer.odd, layer.odd + 1)
        needed = depth(rate, layer.power)
        wrong = {
            "one_short": needed - 1,
            "weight_forgotten": depth(slope(layer.odd), layer.power),
            "value_for_slope": depth(value, layer.power) if abs(value) < 1 else None,
        }
        steps.ask(name, PART[name], lambda e: needed, wrong, kind=Integer)


@depth_product.oracle
def in_logarithms(w: Vector, odds: Vector, weight: Number, odd: Number, **given: Any) -> dict[str, Any]:
    """SymPy differentiates the sigmoid and its chain; depths come from logarithms."""
    import sympy

    h0, power = given["h0"], given["power"]
    z = sympy.Symbol("z")
    sigmoid = 1 / (1 + sympy.exp(-z))
    s = np.array([_exactly(sigmoid.diff(z).subs(z, sympy.log(k))) for k in odds], dtype=object)
    values = np.array([_exactly(sigmoid.subs(z, sympy.log(k))) for k in odds], dtype=object)
    local = np.array(w, dtype=object) * s
    gradient = local.prod()
    own, value = _exactly(sigmoid.diff(z).subs(z, sympy.log(odd))), _exactly(sigmoid.subs(z, sympy.log(odd)))

    def deep(rate: Any) -> int | None:
        return int(power * log(10) / -log(abs(rate))) + 1 if abs(rate) < 1 else None

    return {
        "slopes": s,
        "slopes.values": values,
        "slopes.inner_forgotten": values**2 + 1 - 2 * values,
        "slopes.tanh": 1 - values**2,
        "gradient": gradient,
        "gradient.no_weights": s.prod(),
        "gradient.no_slopes": gradient / s.prod(),
        "gradient.one_layer_less": gradient / local[-1],
        "gradient.added": local.sum(),
        "first_weight": s[0] * h0 * local[1:].prod(),
        "first_weight.own_weight": gradient * h0,
        "first_weight.no_input": s[0] * local[1:].prod(),
        "depth": deep(weight * own),
        "depth.one_short": (deep(weight * own) or 0) - 1,
        "depth.weight_forgotten": deep(own),
        "depth.value_for_slope": deep(weight * value),
    }


@cache
def _exactly(value: Any) -> Fraction:
    return Fraction(str(value))
