"""Goodfellow et al., Deep Learning, sections 6.3 and 3.10: activation functions and their derivatives."""

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

from problem_bank.algebra import Node, evaluate, names, tree_of
from problem_bank.answers import Array, Expression, Rational
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.families.activations._by_sympy import derivatives
from problem_bank.families.activations._functions import ACTIVATIONS, Activation
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.letters import VECTORS, Names
from problem_bank.values import Number, whole

ALPHAS: tuple[Number, ...] = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 3), 2, 3)
COMMON = ("sigmoid", "tanh", "relu", "elu")
EVERY = (*COMMON, "softplus", "silu")
OLD = ("h", "x", "s")  # the names in the texts; each draw has names of its own

PROMPT = r"""
For each activation function $h = f(x)$, write the derivative $h' = f'(x)$ in the letters that are named, and the
numbers exactly, as fractions. $\ln$ is the natural logarithm; type $\alpha$ as `alpha`.
""".strip()

SOLUTION = r"""
{% for line in lines %}
- {{ line }}
{% endfor %}
""".strip()


@family(
    topic="activations",
    source="Goodfellow 3.10, 6.3",
    minutes=7,
    version=2,
    levels={"easy": {"pool": COMMON, "count": 2}, "medium": {}, "hard": {"count": 4}},
)
def pointwise(rng: Rng, *, pool: tuple[str, ...] = EVERY, count: int = 3) -> Exercise:
    """Differentiate activation functions, and evaluate them where they are rational."""
    functions = rng.sample("functions", pool, count)
    at = rng.sample("k", range(2, 10), count)
    alpha = rng.choice("alpha", ALPHAS)
    letters = rng.sample("letters", [letter for letter in VECTORS if letter not in "fg"], len(OLD))
    said = Names(OLD, letters)
    parts = [part for name, k in zip(functions, at, strict=True) for part in _parts(name, k, alpha, said)]
    return Exercise(
        given={"functions": functions, "k": at, "alpha": alpha, "letters": letters, "pool": pool, "count": count},
        shown={"lines": [said(_line(name, k, alpha)) for name, k in zip(functions, at, strict=True)]},
        prompt=said(PROMPT),
        parts=parts,
        solution=SOLUTION,
        work=float(len(parts) + count),
    )


def _parts(name: str, k: int, alpha: Number, said: Names) -> Iterator[Part]:
    """The parts on one function, in the letters of this draw."""
    for part in _in_old_letters(name, k, alpha, said):
        slips = [replace(slip, feedback=said(slip.feedback)) for slip in part.misconceptions]
        yield replace(part, prompt=said(part.prompt), misconceptions=slips)


def _in_old_letters(name: str, k: int, alpha: Number, said: Names) -> Iterator[Part]:
    if name == "relu":
        yield _relu(k)
        return
    shape = ACTIVATIONS[name]
    answer = Expression(said(shape.derivative), said.keys(shape.symbols))
    slips = [Slip(one.name, said(one.text), one.feedback) for one in shape.wrong]
    yield Part(name, _prompt(shape, said), answer, points=2, misconceptions=slips)
    if shape.value:
        yield _value(name, k, alpha)
        yield _slope(name, k, alpha, said)


def _prompt(shape: Activation, said: Names) -> str:
    side = "For $x < 0$, w" if shape.side < 0 else "W"
    letters = " and ".join(rf"`{letter}`" for letter in shape.symbols)
    known = r", where $s = \sigma(x)$ is the sigmoid" if "s" in shape.symbols else ""
    return f"Let $h = {shape.tex}$ ({shape.title}). {side}rite $h'$ with {letters} alone{known}."


def _value(name: str, k: int, alpha: Number) -> Part:
    shape = ACTIVATIONS[name]
    slips = [Slip(one.name, _number(one.text, k=k, alpha=alpha), one.feedback) for one in shape.wrong_values]
    answer = Rational(_number(shape.value, k=k, alpha=alpha))
    return Part(f"{name}_value", f"What is $h$ at {_place(name, k, alpha)}?", answer, misconceptions=slips)


def _slope(name: str, k: int, alpha: Number, said: Names) -> Part:
    """The derivative at a point, from the own derivative and the own value."""
    shape = ACTIVATIONS[name]
    value, symbols = _number(shape.value, k=k, alpha=alpha), said.keys(shape.symbols)
    right = tree_of(said(shape.derivative), symbols)

    def at_own_value(derivative: Node, earlier: Earlier) -> Number:
        return _at(derivative, earlier.get(f"{name}_value", value), alpha, said.table["h"])

    def follow(earlier: Earlier) -> Number:
        own = earlier.get(name, right)
        if not names(own):
            raise ValueError("a bare number: nothing follows from it")
        return at_own_value(own, earlier)

    slips = [
        Slip(one.name, lambda e, one=one: at_own_value(tree_of(said(one.text), symbols), e), one.feedback)
        for one in shape.wrong
        if "exp" not in one.text
    ]
    answer = Rational(_at(right, value, alpha, said.table["h"]))
    return Part(f"{name}_slope", "And what is $h'$ there?", answer, misconceptions=slips, follow=follow)


def _relu(k: int) -> Part:
    points = _points(k)

    def slopes(below: int, above: int) -> tuple[int, ...]:
        return tuple(below if x < 0 else above for x in points)

    slips = [
        Slip("values", slopes(0, k), "These are the values; the derivative is the slope."),
        Slip("sign", slopes(-1, 1), "For negative $x$ the ReLU is flat: its slope is 0."),
        Slip("identity", slopes(1, 1), "For negative $x$ the output stays 0, whatever $x$ is."),
        Slip("swapped", slopes(1, 0), "The flat side is the one with negative $x$."),
    ]
    where = rf"at $x = {points[0]}$ and at $x = {points[1]}$, in this order"
    prompt = rf"Let $h = \max(0, x)$ (ReLU). Write its derivatives {where}."
    return Part("relu", prompt, Array(slopes(0, 1)), points=Fraction(1, 2), misconceptions=slips)


def _points(k: int) -> tuple[int, int]:
    """Both sides of 0, in an order that changes with k."""
    return (-k, k) if k % 2 else (k, -k)


def _place(name: str, k: int, alpha: Number) -> str:
    sign = "-" if ACTIVATIONS[name].side < 0 else ""
    return rf"$x = {sign}\ln {k}$" + (rf", with $\alpha = {alpha}$" if "alpha" in ACTIVATIONS[name].value else "")


def _line(name: str, k: int, alpha: Number) -> str:
    if name == "relu":
        return "ReLU: it is flat for negative $x$ and has the slope 1 for positive $x$; at 0 it has no derivative."
    shape = ACTIVATIONS[name]
    derivative = tree_of(shape.derivative, shape.symbols).tex()
    line = f"{shape.title[0].upper()}{shape.title[1:]}: $h = {shape.tex}$, so $h' = {shape.steps} = {derivative}$"
    if not shape.value:
        return f"{line}."
    value = _number(shape.value, k=k, alpha=alpha)
    slope = _at(tree_of(shape.derivative, shape.symbols), value, alpha)
    return f"{line}. At {_place(name, k, alpha)}: $h = {value}$ and $h' = {slope}$."


def _at(derivative: Node, value: Number, alpha: Number, h: str = "h") -> Number:
    """A derivative at this value of its letter h. Raises ValueError where that is irrational."""
    found = evaluate(derivative, {h: value, "alpha": Fraction(alpha)})
    if not isinstance(found, Fraction):
        raise ValueError("not rational")
    return whole(found)


def _number(text: str, *, k: int, alpha: Number) -> Number:
    """A rational value in k and alpha."""
    return whole(Fraction(evaluate(tree_of(text, ("k", "alpha")), {"k": k, "alpha": alpha})))


FORWARD: dict[str, Any] = {
    "sigmoid": lambda x, alpha: 1 / (1 + math.exp(-x)),
    "tanh": lambda x, alpha: math.tanh(x),
    "elu": lambda x, alpha: alpha * math.expm1(x),
}


@pointwise.oracle
def by_differences(
    functions: tuple[str, ...], k: tuple[int, ...], alpha: Number, letters: tuple[str, str, str]
) -> dict[str, Any]:
    """SymPy's derivatives, rewritten in terms of the output; numbers by floats and central differences."""
    found: dict[str, Any] = {}
    for name, at in zip(functions, k, strict=True):
        found.update(_relu_numbers(at) if name == "relu" else derivatives(name, letters))
        if name in FORWARD:
            found.update(_numbers(name, at, float(alpha)))
    return found


def _relu_numbers(k: int) -> dict[str, Any]:
    """Slopes as differences of values one step apart."""
    values = {x: max(0, x) for x in range(-k - 1, k + 2)}
    points = _points(k)
    slopes = [values[x + 1] - values[x] if x < 0 else values[x] - values[x - 1] for x in points]
    return {"relu": slopes, "relu.values": [values[x] for x in points], "relu.sign": [x // k for x in points],
            "relu.identity": [1] * len(points), "relu.swapped": slopes[::-1]}  # fmt: skip


@cache
def _numbers(name: str, k: int, alpha: float) -> dict[str, Any]:
    f, step = FORWARD[name], 1e-4
    x = math.log(k) * (-1 if name == "elu" else 1)
    h = f(x, alpha)
    slope = (8 * (f(x + step, alpha) - f(x - step, alpha)) - f(x + 2 * step, alpha) + f(x - 2 * step, alpha)) / (
        12 * step
    )
    values: dict[str, float]
    if name == "sigmoid":
        values = {
            "value.of_tanh": math.tanh(x),
            "value.sign_of_x": f(-x, alpha),
            "slope.output_itself": h,
            "slope.of_tanh": 1 - h * h,
            "slope.sign": -slope,
            "slope.other_factor": slope / h,
        }
    elif name == "tanh":
        values = {
            "value.of_sigmoid": 1 / (1 + math.exp(-x)),
            "value.half_the_argument": math.tanh(x / 2),
            "slope.of_sigmoid": h - h * h,
            "slope.square_lost": slope / (1 + h),
            "slope.sign": -slope,
            "slope.output_itself": h,
        }
    else:
        values = {
            "value.one_lost": slope,
            "value.sign_of_x": f(-x, alpha),
            "slope.alpha_lost": slope + 1 - alpha,
            "slope.output_itself": h,
            "slope.linear_side": 1.0,
        }
    found = {"value": h, "slope": slope, **values}
    return {f"{name}_{part}": Fraction(number).limit_denominator(10_000) for part, number in found.items()}
