"""Goodfellow et al., Deep Learning, section 6.5: forward values and derivatives on a computation graph."""

from collections.abc import Sequence
from itertools import chain
from math import isclose, log
from typing import Any

from problem_bank.answers import Number, Rational
from problem_bank.computation_graphs import (
    LEAVES, OPS, ROUNDED, Graph, Node, Uses, Values, Wrong, check, derivative, names, one, over, uses, value,
)  # fmt: skip
from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise, Part, Rule, Slip
from problem_bank.families.backpropagation._forward_mode import ForwardMode
from problem_bank.families.backpropagation._graph_texts import PROMPT, SAID, SOLUTION, backward, definitions, forward, symbol
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Vector

WRONG = {
    "factors_swapped": Wrong("*", {0: lambda a, b: a, 1: lambda a, b: b}),
    "minus_lost": Wrong("-", {1: one}),
    "both_of_max": Wrong("max", {0: one, 1: one}),
    "two_lost": Wrong("^2", {0: lambda a: a}),
    "reciprocal_sign": Wrong("1/x", {0: lambda a: over(1, a * a)}),
    "exp_as_power": Wrong("exp", {0: lambda a: a * exp(a - 1)}),
    "ln_kept": Wrong("ln", {0: log}),
}
FIRST, LAST = slice(1), slice(-1, None)


@family(
    topic="backpropagation",
    source="Goodfellow 6.5",
    minutes=10,
    levels={
        "easy": {"unary": ("^2",)},
        "medium": {"unary": ("^2", "1/x"), "functions": 2, "inner": True},
        "hard": {"unary": ("exp", "ln", "1/x", "^2"), "leaves": 4, "inner": True},
    },
)
def graph(
    rng: Rng,
    *,
    graph: Graph = (),
    leaves: int = 3,
    functions: int = 1,
    reuses: int = 1,
    unary: Sequence[str] = ("^2",),
    binary: Sequence[str] = ("+", "-", "*", "*", "max"),
    inner: bool = False,
) -> Exercise:
    """Compute all values of a computation graph, then the derivatives of its output."""
