"""Numerical derivatives of the softmax, and the fractions that they stand for."""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

STEP = 1e-20  # a complex step loses no digits, however small it is


def softmax(z: Any) -> Any:
    """Along the last axis."""
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def derivatives(f: Callable[[Any], Any], z: Any) -> Any:
    """The derivatives of f along every entry of a vector z: one row for each, by complex steps."""
    return f(z + 1j * STEP * np.eye(len(z))).imag / STEP


def fractions(array: Any, denominator: int) -> Any:
    """The fractions with this denominator that floats stand for, as nested tuples.

    Raises ValueError where one is no such fraction.
    """
    scaled = np.asarray(array) * denominator
    whole = np.rint(scaled)
    if np.abs(scaled - whole).max() > 1e-6:
        raise ValueError(f"no multiples of 1/{denominator}: {array}")
    return _nested(whole.astype(int).tolist(), denominator)


def _nested(values: Any, denominator: int) -> Any:
    if isinstance(values, list):
        return tuple(_nested(value, denominator) for value in values)
    return _fraction(values, denominator)


_fraction = lru_cache(maxsize=1 << 16)(Fraction)  # the same few come back in every draw
