"""Ramachandran et al. (2017) and Hendrycks and Gimpel (2016): swish and GELU, x times a gate."""

from fractions import Fraction
from math import exp, log, pi, sqrt, tanh
from typing import Any

from problem_bank.answers import Array, Expression
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.activations._gated_by_differences import by_differences
from problem_bank.families.activations._gated_texts import ASK, LINES, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.tex import tex
from problem_bank.values import Number, Vector, entries

BETAS: tuple[Number, ...] = (Fraction(1, 2), Fraction(3, 2), 2, 3, 4)
POINTS = tuple(Fraction(n, 10) for n in range(6, 23))
FACTORS = (-5, -4, -3, -2, 2, 3, 4, 5)
SWISH = {"x": "real", "s": "unit"}
GELU = {"x": "real", "P": "unit", "q": "positive"}
Question = tuple[Any, dict[str, Any]]  # the key or its rule, and the misconceptions


@family(
    topic="activations",
    source="Hendrycks 2016",
    minutes=8,
    levels={
        "easy": {"ask": ("swish", "swish_value", "bounds")},
        "medium": {},
        "hard": {"ask": ("swish_slope", "betas", "gelu", "gelu_value", "mirrored", "slopes", "bounds")},
    },
)
def gated(
    rng: Rng, *, ask: tuple[str, ...] = ("swish", "swish_value", "swish_slope", "betas", "gelu", "slopes")
) -> Exercise:
    """Differentiate swish and GELU, evaluate them, and find their limits."""
    beta, k, at = rng.choice("beta", BETAS), rng.int("k", 2, 12), rng.int("at", -9, 9, exclude=(0,))
    factors = {name: rng.choices(f"{name}_factors", FACTORS, 2) for name in ("swish", "gelu")}
    width = rng.choice("width", FACTORS)
    point, height, shift = rng.choice("point", POINTS), rng.int("height", 2, 9), rng.int("shift", -9, 9, exclude=(0,))
    if beta <= 0 or k <= 1 or 0 in (*entries(tuple(factors.values())), width):
        raise BadGiven("beta, k, width, ..._factors: give a beta above 0, a k above 1, and factors other than 0")
    x, t = log(k) / float(beta), float(point)
    values = _swish(x, k, at) | _gelu(t) | _limits(factors["gelu"], width, shift, height)
    steps = Steps(SAID, tolerance=1e-3)
    for name in ask:
        if name in factors:
            steps.parts.append(_derivative(name, *factors[name]))
        else:
            key, mistaken = values[name]
            exact = Array if isinstance(key, tuple) else None
            steps.ask(name, ASK[name], key, mistaken, kind=exact)
    argument = _argument(t)
    shown = {"k": k, "x": x, "gate": Fraction(k, k + 1), "rest": Fraction(1, k + 1), "point": t, "argument": argument,
             "inner": factors["gelu"][1], "width": width, "tanh": tanh(argument), "share": _gelu_at(t, argument) / t,
             **steps.keys, **{part.name: part.answer.key for part in steps.parts if part.name in factors}}  # fmt: skip
    texts = {name: tex(value) for name, value in shown.items()}
    return Exercise(
        given={**rng.drawn, "ask": ask},
        shown={"lines": [LINES[name].format(**texts) for name in ask]},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )


def _swish(x: float, k: int, at: int) -> dict[str, Question]:
    """Swish and its slope where the gate is k / (k + 1), and its limits at `at` for a small and a large beta."""
    gate = k / (k + 1)
    return {
        "swish_value": (x * gate, {"beta_lost": x / (1 + exp(-x)), "gate_alone": gate, "sign": x / (k + 1)}),
        "swish_slope": (gate + log(k) * gate / (k + 1), {
            "inner_lost": gate + x * gate / (k + 1), "first_lost": log(k) * gate / (k + 1), "second_lost": gate,
        }),
        "betas": ((Fraction(at, 2), max(at, 0)), {
            "closed": (0, max(at, 0)) if at > 0 else None, "identity": (Fraction(at, 2), at) if at < 0 else None,
            "swapped": (max(at, 0), Fraction(at, 2)),
        }),
    }  # fmt: skip


def _argument(t: float) -> float:
    """What the tanh of the approximation is taken of."""
    return sqrt(2 / pi) * (t + 0.044715 * t**3)


def _gelu_at(t: float, argument: float) -> float:
    return t / 2 * (1 + tanh(argument))


def _gelu(t: float) -> dict[str, Question]:
    """GELU at t, by its approximation, and at -t."""
    argument = _argument(t)
    value = _gelu_at(t, argument)
    return {
        "gelu_value": (value, {
            "no_half": 2 * value, "gate_alone": value / t, "cube_lost": _gelu_at(t, sqrt(2 / pi) * t),
            "root_lost": _gelu_at(t, argument * sqrt(2 / pi)),
        }),
        "mirrored": (lambda e: e["gelu_value"] - t, {
            "odd": lambda e: -e["gelu_value"], "even": lambda e: e["gelu_value"],
        }),
    }  # fmt: skip


def _limits(factors: Vector, width: int, shift: int, height: int) -> dict[str, Question]:
    """The slopes of a x P(b x) far to the left and the right, and the bounds of a shifted tanh."""

    def sides(low: Number, high: Number, factor: Number) -> Vector:
        """The limits on the left and on the right, where the argument has this factor."""
        return (high, low) if factor < 0 else (low, high)

    (outer, inner), ends = factors, (shift - height, shift + height)
    return {
        "slopes": (sides(0, outer, inner), {
            "swapped": sides(outer, 0, inner), "flat": (0, 0), "inner_counted": sides(0, outer * inner, inner),
            "one_slope": (outer, outer),
        }),
        "bounds": (sides(*ends, width), {
            "swapped": sides(*ends, -width), "from_zero": sides(shift, ends[1], width),
            "stretched": sides(shift - abs(width) * height, shift + abs(width) * height, width),
            "shift_lost": sides(-height, height, width),
        }),
    }  # fmt: skip


def _derivative(name: str, a: int, b: int) -> Part:
    """Of a x g(b x), by the product rule: a g + a b x g'."""
    gate, slope, symbols = ("s", "s*(1 - s)", SWISH) if name == "swish" else ("P", "q", GELU)

    def rule(first: int, second: int, slope: str = slope) -> str:
        return f"{first}*{gate} {'-' if second < 0 else '+'} {abs(second)}*x*{slope}"

    wrong = {
        "inner_lost": rule(a, a), "first_lost": f"{a * b}*x*{slope}", "second_lost": f"{a}*{gate}",
        "inner_twice": rule(a * b, a * b), **({"sigmoid_rule": rule(a, a * b, "P*(1 - P)")} if name == "gelu" else {}),
    }  # fmt: skip
    slips = [Slip(slip, text, SAID[slip]) for slip, text in wrong.items()]
    return Part(name, ASK[name], Expression(rule(a, a * b), symbols), 2, slips)


gated.oracle(by_differences)
