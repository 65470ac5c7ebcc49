"""Softmax over the last axis, its logarithm, and the module with its gradient.

Goodfellow et al., Deep Learning, section 6.2.2.3; overflow: section 4.1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def softmax(x: Array) -> Array:
    """exp(x_k) / Σ_j exp(x_j) along the last axis, in the shape of x."""
    # A constant added to a row changes nothing. With the maximum subtracted no exp can overflow.
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def log_softmax(x: Array) -> Array:
    """x_k − log Σ_j exp(x_j) along the last axis; finite where log(softmax(x)) would be log 0."""
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


class SoftMaxModule:
    """Turns each row of scores (logits) into a distribution over the classes."""

    def __init__(self) -> None:
        self._s: Array | None = None

    def forward(self, x: Array) -> Array:
        """Probabilities of shape (S, K) for scores of shape (S, K); keeps them for `backward`."""
        self._s = softmax(x)
        return self._s

    def backward(self, dout: Array) -> Array:
        """dL/dx = s ⊙ (dout − Σ_k dout_k s_k), row by row, of shape (S, K).

        This is the Jacobian diag(s) − s sᵀ times dout, without ever building a K × K matrix. Raises
        RuntimeError without a `forward` before it.
        """
        if self._s is None:
            raise RuntimeError("backward needs the output of a forward pass; call forward first")
        s = self._s
        return s * (dout - (dout * s).sum(axis=-1, keepdims=True))

    def clear_cache(self) -> None:
        """Forget the output that was kept for `backward`."""
        self._s = None
