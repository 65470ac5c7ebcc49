"""How weights start: wide enough to keep signals alive, narrow enough to keep them finite.

Goodfellow et al., Deep Learning, section 8.4. Xavier: Glorot & Bengio 2010; Kaiming: He et al. 2015,
arXiv:1502.01852.

Weights have shape (out, in) for dense layers and (out, in, k_h, k_w) for convolutions. Every function takes
the shape first and returns a new array; the random ones take the generator second.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shape = tuple[int, ...]

# What an activation does to the second moment of its input, undone: √2 for ReLU, which halves it.
GAINS = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2)}


def fans(shape: Shape) -> tuple[int, int]:
    """How many inputs reach one unit, and how many units one input reaches; raises ValueError below two axes."""
    if len(shape) < 2:
        raise ValueError(f"weights of shape {shape} have no fans; expected (out, in, ...)")
    positions = math.prod(shape[2:])  # a kernel meets every channel once per position
    return shape[1] * positions, shape[0] * positions


def xavier_normal(shape: Shape, rng: np.random.Generator, gain: float = 1.0) -> Array:
    """Normal with variance gain² · 2 / (fan_in + fan_out): a compromise between forward and backward."""
    return rng.normal(0.0, gain * math.sqrt(2 / sum(fans(shape))), shape)


def xavier_uniform(shape: Shape, rng: np.random.Generator, gain: float = 1.0) -> Array:
    """Uniform with the same variance: a bound of √3 standard deviations, since Var U(−a, a) = a² / 3."""
    bound = gain * math.sqrt(3 * 2 / sum(fans(shape)))
    return rng.uniform(-bound, bound, shape)


def kaiming_normal(
    shape: Shape, rng: np.random.Generator, gain: float = GAINS["relu"], mode: Literal["in", "out"] = "in"
) -> Array:
    """Normal with variance gain² / fan: "in" keeps the variance of signals, "out" that of gradients."""
    return rng.normal(0.0, gain / math.sqrt(_fan(shape, mode)), shape)


def kaiming_uniform(
    shape: Shape, rng: np.random.Generator, gain: float = GAINS["relu"], mode: Literal["in", "out"] = "in"
) -> Array:
    """Uniform with the same variance, gain² / fan."""
    bound = gain * math.sqrt(3 / _fan(shape, mode))
    return rng.uniform(-bound, bound, shape)


def _fan(shape: Shape, mode: Literal["in", "out"]) -> int:
    fan_in, fan_out = fans(shape)
    return fan_in if mode == "in" else fan_out


def zeros(shape: Shape) -> Array:
    """All zeros: right for biases. Hidden units that start with equal weights stay equal for ever."""
    return np.zeros(shape)


def constant(shape: Shape, value: float) -> Array:
    """The same value everywhere, such as a small positive bias that lets ReLU units start alive."""
    return np.full(shape, float(value))
