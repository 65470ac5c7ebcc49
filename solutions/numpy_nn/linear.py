"""A fully connected layer with its gradients worked out by hand.

Goodfellow et al., Deep Learning, section 6.5; initialisation: He et al. 2015, arXiv:1502.01852.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class LinearModule:
    """Y = X Wᵀ + b for a batch X of S samples, one per row; axes before the last one are all samples.

    `params` holds "weight", W of shape (out_features, in_features), and "bias", b of shape
    (out_features,). `grads` holds the gradients of the loss with respect to them, in the same
    shapes: zeros at first, then those of the latest `backward`.
    """

    def __init__(
        self, in_features: int, out_features: int, input_layer: bool = False, *, rng: np.random.Generator | None = None
    ) -> None:
        """Draw the weights with mean 0 and variance 2 / in_features (Kaiming), and set the bias to 0.

        A ReLU in front of the layer halves the second moment of what comes in; the factor 2 makes
        up for it. The input layer has none in front, so its variance is 1 / in_features.
        """
        gain = 1.0 if input_layer else 2.0
        rng = rng or np.random.default_rng()
        self.params: dict[str, Array] = {
            "weight": rng.normal(0.0, np.sqrt(gain / in_features), (out_features, in_features)),
            "bias": np.zeros(out_features),
        }
        self.grads = {name: np.zeros_like(value) for name, value in self.params.items()}
        self._x: Array | None = None

    def forward(self, x: Array) -> Array:
        """The output, shape (S, out_features), for x of shape (S, in_features); keeps x for `backward`."""
        self._x = x
        return x @ self.params["weight"].T + self.params["bias"]

    def backward(self, dout: Array) -> Array:
        """The gradient with respect to the input, shape (S, in_features); sets `grads`.

        `dout` is the gradient with respect to the output, shape (S, out_features). Every sample
        adds its share; the mean over the batch, if there is one, belongs to the loss and is in
        `dout` already. Raises RuntimeError without a `forward` before it.
        """
        self.set_grads(dout)
        return dout @ self.params["weight"]  # (S, out) (out, in)

    def set_grads(self, dout: Array) -> None:
        """The half of `backward` that a network's first layer needs: nobody asks for the gradient of the data."""
        if self._x is None:
            raise RuntimeError("backward needs the input of a forward pass; call forward first")
        rows, x = dout.reshape(-1, dout.shape[-1]), self._x.reshape(-1, self._x.shape[-1])
        self.grads["weight"] = rows.T @ x  # (out, S) (S, in)
        self.grads["bias"] = rows.sum(axis=0)

    def clear_cache(self) -> None:
        """Forget the input that was kept for `backward`."""
        self._x = None
