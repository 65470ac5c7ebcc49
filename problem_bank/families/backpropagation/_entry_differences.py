"""The gradient through a function of each entry by central differences, and what the misconceptions make of it."""

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from problem_bank.answers import Instance

X = np.array([[0.5, -1.25, 2.0], [-0.75, 1.5, 0.25]])
G = np.array([[2.0, -1.0, 3.0], [1.0, -2.0, 5.0]])
FUNCTIONS: dict[str, Any] = {
    "relu": lambda x: np.maximum(x, 0),
    "square": np.square,
    "cube": lambda x: x**3,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
}
_CUBIC: dict[str, Any] = {"h": lambda x: x**3 - 2 * x, "h'": lambda x: 3 * x**2 - 2}
_EXACT = {"sigmoid": lambda x: 1 / (1 + math.exp(-x)), "tanh": math.tanh}


def gradients(name: str, x: Any, g: Any) -> dict[str, Any]:
    """dL/dX and what the misconceptions make of it, by ".misconception"."""
    h = FUNCTIONS[name]
    y, slopes = h(x), _slopes(h, x)
    wrong: dict[str, Any] = {
        "relu": lambda: {"always_one": np.ones_like(x), "value_for_slope": y},
        "square": lambda: {"two_lost": slopes / 2, "value_for_slope": y, "slope_at_output": _slopes(h, y)},
        "cube": lambda: {"three_lost": slopes / 3, "value_for_slope": y, "exponent_kept": slopes * x},
        "sigmoid": lambda: {"value_for_slope": y, "of_tanh": (1 - y) * (1 + y), "sign": -slopes},
        "tanh": lambda: {"value_for_slope": y, "of_sigmoid": y - y * y, "square_lost": 1 - y},
    }[name]()
    return {"": g * slopes, ".slope_alone": slopes, **{f".{slip}": g * value for slip, value in wrong.items()}}


@cache
def of_function(name: str, names: tuple[str, str]) -> dict[str, Instance]:
    """The same, as what expressions are worth for some arrays, whose names stand for X and G."""
    return _instances(gradients(name, X, G), _EXACT, names)


@cache
def of_any_function(names: tuple[str, str]) -> dict[str, Instance]:
    """The same for a function that is left open, here a cubic."""
    h = _CUBIC["h"]
    slopes = _slopes(h, X)
    values = {"": G * slopes, ".value_for_slope": G * h(X), ".slope_alone": slopes,
              ".slope_at_output": G * _slopes(h, h(X)), ".divided": G / slopes}  # fmt: skip
    return _instances(values, _CUBIC, names)


def _slopes(h: Any, x: Any) -> Any:
    """The gradient of sum(h(X)), one entry after the other."""
    slopes, step = np.zeros_like(x), 1e-5
    for i in np.ndindex(x.shape):
        shift = np.zeros_like(x)
        shift[i] = step
        slopes[i] = (h(x + shift).sum() - h(x - shift).sum()) / (2 * step)
    return slopes


def _instances(values: Mapping[str, Any], functions: Mapping[str, Any], names: tuple[str, str]) -> dict[str, Instance]:
    pairs = zip(names, (X, G), strict=True)
    arrays = {name: tuple(tuple(map(Fraction, row)) for row in array.tolist()) for name, array in pairs}
    return {
        slip: Instance(arrays, tuple(map(tuple, value.tolist())), functions, tolerance=1e-5)
        for slip, value in values.items()
    }
