"""Activation functions at 0, where every hidden unit of an all-zero layer stands."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from problem_bank.values import Number


@dataclass(frozen=True)
class Activation:
    """A function with its value and slope at 0. `turns`: does it both rise and fall, so that copies of one unit can
    compute XOR? A monotone function of one weighted sum cannot.
    """

    name: str
    tex: str
    value: Number
    slope: Number
    apply: Callable[[float], float]
    turns: bool = False


HALF = Fraction(1, 2)
ACTIVATIONS = {
    one.name: one
    for one in (
        Activation("relu", r"\max(0, z)", 0, 0, lambda z: max(0.0, z)),
        Activation("sigmoid", r"\frac{1}{1 + e^{-z}}", HALF, HALF / 2, lambda z: 1 / (1 + math.exp(-z))),
        Activation("tanh", r"\tanh z", 0, 1, math.tanh),
        Activation("identity", "z", 0, 1, lambda z: z),
        Activation("arctan", r"\arctan z", 0, 1, math.atan),
        Activation("sinh", r"\sinh z", 0, 1, math.sinh),
        Activation("exp", "e^z", 1, 1, math.exp),
        Activation("cube", "z^3", 0, 0, lambda z: z**3),
        Activation("square", "z^2", 0, 0, lambda z: z**2, turns=True),
        Activation("shifted_square", "(z + 1)^2", 1, 2, lambda z: (z + 1) ** 2, turns=True),
        Activation("sine", r"\sin z", 0, 1, math.sin, turns=True),
        Activation("cosine", r"\cos z", 1, 0, math.cos, turns=True),
        Activation("bump", "e^{-z^2}", 1, 0, lambda z: math.exp(-z * z), turns=True),
    )
}
