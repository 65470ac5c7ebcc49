"""Losses and their gradients: every one is a mean, so a gradient holds the factor 1/S and nothing later divides again.

Goodfellow et al., Deep Learning, sections 5.5 and 6.2.1 (maximum likelihood) and 6.2.2 (output units).

Each loss has `forward(x, y)`, a number, and `backward(x, y)`, dL/dx in the shape of x. They keep nothing between
the two. For S samples and K classes, y is either S class numbers or S rows of K target probabilities.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Targets = NDArray[Any]  # class numbers, shape (S,), or distributions, shape (S, K)


def one_hot(labels: NDArray[np.integer[Any]], n_classes: int) -> Array:
    """Row i holds a 1 at column labels[i] and 0 elsewhere: shape (S, K).

    The number of classes is given, never read off the batch: a batch may lack the last class.
    Raises ValueError for a label outside 0 .. K − 1.
    """
    if labels.size and not (labels.min() >= 0 and labels.max() < n_classes):
        raise ValueError(f"labels lie in 0..{n_classes - 1}; got {labels.min()}..{labels.max()}")
    return np.eye(n_classes)[labels]


def _distributions(y: Targets, x: Array) -> Array:
    """The targets as rows of probabilities, in the shape and type of x."""
    rows = one_hot(y, x.shape[-1]) if y.ndim == x.ndim - 1 else y
    if rows.shape != x.shape:
        raise ValueError(f"targets of shape {y.shape} do not fit predictions of shape {x.shape}")
    return rows.astype(x.dtype)


class CrossEntropyModule:
    """L = −(1/S) Σ_i Σ_k t_ik log x_ik for probabilities x: what a softmax put out.

    A probability below the smallest normal number counts as that number, so that a hopeless
    prediction costs about 700 and not infinity.
    """

    def forward(self, x: Array, y: Targets) -> float:
        """The mean loss of the batch, for probabilities x of shape (S, K)."""
        t = _distributions(y, x)
        return float(-(t * np.log(_positive(x))).sum() / len(x))

    def backward(self, x: Array, y: Targets) -> Array:
        """dL/dx = −t / (S x), shape (S, K)."""
        t = _distributions(y, x)
        return -t / _positive(x) / len(x)


def _positive(x: Array) -> Array:
    return np.maximum(x, np.finfo(x.dtype).tiny)


class SoftmaxCrossEntropyModule:
    """Cross-entropy of softmax(x) for scores x, in one step: no logarithm of a rounded probability."""

    def forward(self, x: Array, y: Targets) -> float:
        """The mean loss of the batch, for scores x of shape (S, K)."""
        shifted = x - x.max(axis=-1, keepdims=True)
        log_s = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
        return float(-(_distributions(y, x) * log_s).sum() / len(x))

    def backward(self, x: Array, y: Targets) -> Array:
        """dL/dx = (softmax(x) − t) / S, shape (S, K), for targets t that sum to 1 in each row."""
        powers = np.exp(x - x.max(axis=-1, keepdims=True))
        return (powers / powers.sum(axis=-1, keepdims=True) - _distributions(y, x)) / len(x)


class MSEModule:
    """L = mean of (x − y)² over all entries: the negative log likelihood of a Gaussian, up to constants."""

    def forward(self, x: Array, y: Array) -> float:
        """The mean squared error, for predictions x and targets y of one shape."""
        return float(((x - _like(y, x)) ** 2).mean())

    def backward(self, x: Array, y: Array) -> Array:
        """dL/dx = 2 (x − y) / number of entries."""
        return 2 * (x - _like(y, x)) / x.size


class BCEWithLogitsModule:
    """L = mean of −y log σ(x) − (1 − y) log(1 − σ(x)) over all entries, for scores x and targets y in [0, 1]."""

    def forward(self, x: Array, y: Array) -> float:
        """The mean loss, as the mean of max(x, 0) − x y + log(1 + e^−|x|): the same, and finite for every x."""
        return float((np.maximum(x, 0) - x * _like(y, x) + np.log1p(np.exp(-np.abs(x)))).mean())

    def backward(self, x: Array, y: Array) -> Array:
        """dL/dx = (σ(x) − y) / number of entries."""
        tail = np.exp(-np.abs(x))
        return (np.where(x >= 0, 1, tail) / (1 + tail) - _like(y, x)) / x.size


def _like(y: Array, x: Array) -> Array:
    """Y, once it has the shape of x: (S,) against (S, 1) would silently broadcast to (S, S)."""
    if y.shape != x.shape:
        raise ValueError(f"targets of shape {y.shape} do not fit predictions of shape {x.shape}")
    return y
