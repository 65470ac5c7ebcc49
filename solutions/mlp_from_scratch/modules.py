"""The building blocks of a multi-layer perceptron in NumPy: a model solution of the practical.

Goodfellow et al., Deep Learning, sections 6.2.2.3 and 6.5. Initialisation: He et al. 2015, arXiv:1502.01852;
ELU: Clevert et al. 2016, arXiv:1511.07289.

This file stands alone, as a student's does. `forward` keeps what `backward` needs, `backward` gets
the gradient of the loss with respect to the output and returns that with respect to the input, and
`clear_cache` forgets what was kept. S is the number of samples, one per row.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Targets = NDArray[Any]  # class numbers, shape (S,), or distributions, shape (S, K)


class LinearModule:
    """Y = X Wᵀ + b.

    `params` holds "weight", W of shape (out_features, in_features), and "bias", b of shape
    (out_features,); `grads` the gradients of the loss in the same shapes: those of the latest `backward`.
    """

    def __init__(self, in_features: int, out_features: int, input_layer: bool = False) -> None:
        """Weights with mean 0 and variance 2 / in_features (Kaiming), or 1 / in_features in the input layer.

        The 2 makes up for what the activation in front takes away; the input layer has none in front.
        """
        deviation = np.sqrt((1.0 if input_layer else 2.0) / in_features)
        self.params: dict[str, Array] = {
            "weight": np.random.normal(0.0, deviation, (out_features, in_features)),
            "bias": np.zeros(out_features),
        }
        self.grads: dict[str, Array] = {name: np.zeros_like(value) for name, value in self.params.items()}
        self._x: Array | None = None

    def forward(self, x: Array) -> Array:
        """The output, shape (S, out_features), for x of shape (S, in_features)."""
        self._x = x
        return x @ self.params["weight"].T + self.params["bias"]

    def backward(self, dout: Array) -> Array:
        """Set `grads`, the sums over the samples of what each one adds; return dL/dX, shape (S, in_features)."""
        x = _kept(self._x)
        rows = dout.reshape(-1, dout.shape[-1])  # axes before the last one are all samples
        self.grads = {"weight": rows.T @ x.reshape(-1, x.shape[-1]), "bias": rows.sum(axis=0)}
        return dout @ self.params["weight"]

    def clear_cache(self) -> None:
        """Forget the input."""
        self._x = None


class ELUModule:
    """x right of 0, α(eˣ − 1) left of it."""

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha
        self._x: Array | None = None

    def forward(self, x: Array) -> Array:
        """ELU of every entry. The exponential never sees a positive number, so it cannot overflow."""
        self._x = x
        return np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))

    def backward(self, dout: Array) -> Array:
        """Dout times the slope at x: 1 right of 0, αeˣ left of it."""
        x = _kept(self._x)
        return dout * np.where(x > 0, 1.0, self.alpha * np.exp(np.minimum(x, 0)))

    def clear_cache(self) -> None:
        """Forget the input."""
        self._x = None


class ReLUModule:
    """max(x, 0)."""

    def __init__(self) -> None:
        self._x: Array | None = None

    def forward(self, x: Array) -> Array:
        """The larger of every entry and 0."""
        self._x = x
        return np.maximum(x, 0)

    def backward(self, dout: Array) -> Array:
        """Dout where x was positive, 0 elsewhere."""
        return dout * (_kept(self._x) > 0)

    def clear_cache(self) -> None:
        """Forget the input."""
        self._x = None


class SoftMaxModule:
    """Turns each row of scores into probabilities of the classes."""

    def __init__(self) -> None:
        self._s: Array | None = None

    def forward(self, x: Array) -> Array:
        """Probabilities, shape (S, K), for scores of that shape.

        A constant added to a row changes nothing, so its maximum is subtracted: no exponential can overflow.
        """
        powers = np.exp(x - x.max(axis=-1, keepdims=True))
        self._s = powers / powers.sum(axis=-1, keepdims=True)
        return self._s

    def backward(self, dout: Array) -> Array:
        """The Jacobian diag(s) − s sᵀ of each row times that row of dout."""
        s = _kept(self._s)
        return s * (dout - (dout * s).sum(axis=-1, keepdims=True))

    def clear_cache(self) -> None:
        """Forget the probabilities."""
        self._s = None


class CrossEntropyModule:
    """L = −(1/S) Σ log x[i, yᵢ] for probabilities x of shape (S, K) and class numbers y of shape (S,).

    Rows of target probabilities, y of shape (S, K), are taken as well: L = −(1/S) Σᵢ Σₖ y[i, k] log x[i, k].
    """

    def forward(self, x: Array, y: Targets) -> float:
        """The mean loss of the batch."""
        return float(-(_rows(y, x) * np.log(_positive(x))).sum() / len(x))

    def backward(self, x: Array, y: Targets) -> Array:
        """dL/dx, shape (S, K): −1 / (S x) at the class of each sample, 0 elsewhere."""
        return -_rows(y, x) / (_positive(x) * len(x))


def _rows(y: Targets, x: Array) -> Array:
    """Targets as rows of probabilities; their number is that of x's columns, whichever classes y holds."""
    return np.eye(x.shape[1])[y] if y.ndim == 1 else y


def _positive(x: Array) -> Array:
    """Probabilities that were rounded to 0 as the smallest normal number: a loss of about 700, not infinity."""
    return np.maximum(x, np.finfo(x.dtype).tiny)


def _kept(value: Array | None) -> Array:
    if value is None:
        raise RuntimeError("backward needs a forward pass before it")
    return value
