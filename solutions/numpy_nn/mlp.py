"""A multilayer perceptron for classification, in NumPy.

Goodfellow et al., Deep Learning, chapter 6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from solutions.numpy_nn.activations import (
    ELUModule,
    GELUModule,
    LeakyReLUModule,
    ReLUModule,
    SigmoidModule,
    SiLUModule,
    SoftplusModule,
    TanhModule,
)
from solutions.numpy_nn.dropout import DropoutModule
from solutions.numpy_nn.linear import LinearModule
from solutions.numpy_nn.normalisation import BatchNorm1dModule
from solutions.numpy_nn.sequential import Module, Sequential
from solutions.numpy_nn.softmax import SoftMaxModule

Array = NDArray[np.float64]

ACTIVATIONS: dict[str, Callable[[], Module]] = {
    "elu": ELUModule,
    "relu": ReLUModule,
    "leaky_relu": LeakyReLUModule,
    "sigmoid": SigmoidModule,
    "tanh": TanhModule,
    "softplus": SoftplusModule,
    "silu": SiLUModule,
    "gelu": GELUModule,
}


class MLP(Sequential):
    """Linear, [batch norm,] activation, [dropout] for every hidden layer, then Linear and softmax."""

    def __init__(
        self,
        n_inputs: int,
        n_hidden: Sequence[int],
        n_classes: int,
        use_batch_norm: bool = False,
        *,
        activation: str = "elu",
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> None:
        """`n_hidden` holds the width of each hidden layer; without any this is multinomial logistic regression.

        `activation` is a key of ACTIVATIONS, `dropout` the probability to drop a hidden unit.
        """
        rng = rng or np.random.default_rng()
        modules: list[Module] = []
        width = n_inputs
        for n_units in n_hidden:
            modules.append(LinearModule(width, n_units, input_layer=not modules, rng=rng))
            modules += [BatchNorm1dModule(n_units)] * use_batch_norm
            modules.append(ACTIVATIONS[activation]())
            modules += [DropoutModule(dropout, rng=rng)] * (dropout > 0)
            width = n_units
        modules.append(LinearModule(width, n_classes, input_layer=not modules, rng=rng))
        super().__init__([*modules, SoftMaxModule()])

    def forward(self, x: Array) -> Array:
        """Class probabilities, shape (S, n_classes), for x of shape (S, n_inputs) or images of that many numbers."""
        return super().forward(x.reshape(len(x), -1))
