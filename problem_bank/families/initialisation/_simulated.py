"""The second route to what moves: gradient descent in NumPy, its gradients by complex steps."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from problem_bank.algebra.sets import Collection, collection_of

STEP = 1e-30  # f(p + ih) = f(p) + ih f'(p) up to h^2, so the imaginary part is the derivative
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "relu": lambda z: np.where(np.real(z) > 0, z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "arctan": np.arctan,
    "sinh": np.sinh,
    "identity": lambda z: z,
    "exp": np.exp,
    "cube": lambda z: z * z * z,
    "square": lambda z: z * z,
    "shifted_square": lambda z: (z + 1) * (z + 1),
    "sine": np.sin,
    "cosine": np.cos,
    "bump": lambda z: np.exp(-z * z),
}


def simulated(*, activations: Any, asked: str, x: Any, t: Any, weight: Any, rate: Any, targets: Any, xor: bool) -> Any:
    """Train every network for two steps and see what has moved; the numbers of the one that is asked."""
    x, t, rate = np.array(x, dtype=float), float(t), float(rate)
    start = np.array([0.0] * 6 + [float(weight)] * 2 + [0.0])  # W1 row by row, b1, W2, b2
    runs = {name: _train(FUNCTIONS[name], start, x, t, rate) for name in activations}
    moves = {name: [np.abs(g) > 1e-12 for g in gradients] for name, (_, gradients, _) in runs.items()}
    early = [bool(moves[name][0][slice(0, 4) if weight else slice(6, 8)].any()) for name in activations]
    if weight:
        late = [not np.any([move[:8] for move in moves[name]]) for name in activations]
    else:
        late = [bool(moves[name][1][:4].any()) for name in activations]
    found = {"early": _numbers(early), "late": _numbers(late)}
    at_zero = [(abs(FUNCTIONS[name](0.0)) > 0, abs(_slope(name)) > 0) for name in activations]
    values, slopes, everything = [v for v, _ in at_zero], [s for _, s in at_zero], [True] * len(at_zero)
    wrong = {"early.value_for_slope": values, "early.all_move": everything, "late.value_is_0": [not v for v in values],
             "late.slope_is_0": [not s for s in slopes], "late.none_stuck": [],
             "early.slope_for_value": slopes, "early.zero_frozen": [],
             "late.slope_alone": slopes, "late.value_alone": values, "late.zero_frozen": []}  # fmt: skip
    found |= {name: _numbers(which) for name, which in wrong.items()}
    if xor:
        found |= {"xor": _numbers([_can_xor(name) for name in activations]), "xor.never": _numbers([]),
                  "xor.any_bend": _numbers([not _is_line(name) for name in activations])}  # fmt: skip
    return found | _numbers_of(asked, runs[asked], start, rate, bool(weight)) | _limits(targets)


def _train(f: Callable[[Any], Any], start: Any, x: Any, t: float, rate: float) -> tuple[Any, Any, Any]:
    """Parameters before each of two steps and after them, their gradients, and y - t in each step (complex-step)."""

    def error(p: Any) -> Any:
        h = f(p[..., 0:4].reshape(*p.shape[:-1], 2, 2) @ x + p[..., 4:6])
        return (p[..., 6:8] * h).sum(-1) + p[..., 8] - t

    states, gradients, errors = [start], [], []
    for _ in range(2):
        state = states[-1]
        gradients.append((error(state + 1j * STEP * np.eye(9)) ** 2 / 2).imag / STEP)
        errors.append(float(np.real(error(state))))
        states.append(state - rate * gradients[-1])
    return states, gradients, errors


def _numbers_of(name: str, run: Any, start: Any, rate: float, weighted: bool) -> dict[str, Any]:
    """The parts in numbers, with their misconceptions."""
    (_, after, _), (g1, g2), (delta, delta2) = run
    f0, slope = float(FUNCTIONS[name](0.0)), _slope(name)
    part, gradient, weight = ("dW1", g1, start[6]) if weighted else ("dW1_2", g2, after[6])
    matrix = gradient[:4].reshape(2, 2)
    values = {
        "delta": delta,
        "delta.sign": -delta,
        "W2": after[6:8],
        "W2.frozen": start[6:8],
        "W2.uphill": (2 * start - after)[6:8],
        "W2.slope_for_value": start[6:8] - rate * delta * slope if abs(slope - f0) > 1e-9 else None,
        "b2": after[8],
        "b2.frozen": 0,
        "b2.uphill": -after[8],
        part: matrix,
        f"{part}.frozen": 0 * matrix,
        f"{part}.transposed": matrix.T,
        f"{part}.slope_missing": matrix / slope if slope not in {0, 1} else None,
        f"{part}.weight_missing": matrix / weight if abs(weight) > 1e-12 and abs(weight - 1) > 1e-12 else None,
    }
    if not weighted:
        values |= {"delta2": delta2, "delta2.output_stays": delta, "delta2.one_unit": delta2 - after[7] * f0}
    return {name: _exact(value) for name, value in values.items()}


def _limits(targets: Any) -> dict[str, Any]:
    """The constant of least squares, by a fit of degree 0."""
    fit, middle = (
        _exact(np.polyfit(range(len(targets)), np.array(targets, dtype=float), 0)[0]),
        _exact(np.median(targets)),
    )
    return {"limit": fit, "limit.zero": 0, "limit.sum": sum(targets), "limit.median": middle if middle != fit else None}


def _exact(value: Any) -> Any:
    """Floats as the fraction they come from."""
    if value is None or isinstance(value, int):
        return value
    nested = np.vectorize(lambda v: Fraction(v).limit_denominator(100_000), otypes=[object])(value)
    return nested.tolist()


def _slope(name: str) -> float:
    return round(float(np.imag(FUNCTIONS[name](1j * STEP)) / STEP), 12)


def _numbers(which: list[bool]) -> Collection:
    """The numbers, from 1, of those that hold."""
    return collection_of([i for i, holds in enumerate(which, 1) if holds], {})


@cache
def _can_xor(name: str) -> bool:
    """Does any of many weights and biases give one value to (0, 0) and (1, 1), and another to both others?"""
    grid = [*range(-3, 4), *(np.pi * np.array([-1, -0.5, 0.5, 1]))]
    w1, w2, b = np.array(list(product(grid, repeat=3)), dtype=float).T
    f = FUNCTIONS[name]
    same, other = f(b), f(w1 + b)
    fits = np.isclose(same, f(w1 + w2 + b)) & np.isclose(other, f(w2 + b)) & ~np.isclose(same, other)
    return bool(fits.any())


def _is_line(name: str) -> bool:
    """Do three points lie on one line, and three others too?"""
    f = FUNCTIONS[name]
    return all(bool(np.isclose(f(a - 1.0) + f(a + 1.0), 2 * f(a))) for a in (0.0, 0.7, 2.0))
