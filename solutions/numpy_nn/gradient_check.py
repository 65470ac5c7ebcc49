"""Derivatives by central differences, to check the ones worked out by hand.

Goodfellow et al., Deep Learning, section 11.5 ("compare back-propagated derivatives to numerical derivatives").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def numerical_gradient(f: Callable[[], float], x: Array, h: float = 1e-5) -> Array:
    """(f(x + h) − f(x − h)) / 2h for every entry of x, in the shape of x.

    `f` takes no argument: it reads x itself, which is changed in place one entry at a time and put
    back. The error is of order h² from the formula and 1e-16 / h from rounding; h = 1e-5 balances the two.
    """
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f()
        x[index] = kept - h
        below = f()
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


def relative_error(a: Array, b: Array) -> float:
    """max |a − b| / max(1, |a|, |b|) over all entries; raises ValueError where the shapes differ."""
    if a.shape != b.shape:
        raise ValueError(f"arrays of shapes {a.shape} and {b.shape} cannot be compared")
    scale = np.maximum(1, np.maximum(np.abs(a), np.abs(b)))
    return float((np.abs(a - b) / scale).max(initial=0))


def check_module(module: Any, x: Array, rng: np.random.Generator, h: float = 1e-5) -> dict[str, float]:
    """The relative error of a module's gradients against differences: for "input" and for each parameter.

    The loss is Σ out · r with random r, so that no entry of the gradient can hide behind another. The
    module must give the same output each time: put dropout into evaluation mode first.
    """
    r = rng.normal(size=module.forward(x).shape)
    dx = module.backward(r)
    by_hand = {"input": dx} | dict(getattr(module, "grads", {}))
    places = {"input": x} | dict(getattr(module, "params", {}))
    return {
        name: relative_error(by_hand[name], numerical_gradient(lambda: float((module.forward(x) * r).sum()), place, h))
        for name, place in places.items()
    }
