"""A multi-layer perceptron in NumPy, built of `modules.py`: a model solution of the practical.

Goodfellow et al., Deep Learning, chapter 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from modules import ELUModule, LinearModule, SoftMaxModule
from numpy.typing import NDArray

Array = NDArray[np.float64]


class MLP:
    """Linear and ELU for every hidden layer, then Linear and softmax.

    `layers` holds the modules in order. Those with parameters have dicts `params` and `grads`, so one step of
    gradient descent is `layer.params[name] -= lr * layer.grads[name]` for each of them.
    """

    def __init__(self, n_inputs: int, n_hidden: Sequence[int], n_classes: int) -> None:
        """`n_hidden` holds the width of each hidden layer; without any this is multinomial logistic regression."""
        self.layers: list[Any] = []
        width = n_inputs
        for n_units in n_hidden:
            self.layers += [LinearModule(width, n_units, input_layer=not self.layers), ELUModule(alpha=1.0)]
            width = n_units
        self.layers += [LinearModule(width, n_classes, input_layer=not self.layers), SoftMaxModule()]

    def forward(self, x: Array) -> Array:
        """Probabilities, shape (S, n_classes), for x of shape (S, n_inputs) or images of that many numbers."""
        out = x.reshape(len(x), -1)
        for layer in self.layers:
            out = layer.forward(out)
        return out

    def backward(self, dout: Array) -> None:
        """Set the gradients of all layers, from dL/d(probabilities), the last layer first."""
        for layer in reversed(self.layers):
            dout = layer.backward(dout)

    def clear_cache(self) -> None:
        """Forget the batch, in every layer."""
        for layer in self.layers:
            layer.clear_cache()
