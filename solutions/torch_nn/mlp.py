"""A multilayer perceptron for classification, in PyTorch.

Goodfellow et al., Deep Learning, chapter 6; initialisation: He et al. 2015, arXiv:1502.01852.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor, nn

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "elu": nn.ELU,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "softplus": nn.Softplus,
    "silu": nn.SiLU,
    "gelu": nn.GELU,
}


class MLP(nn.Sequential):
    """Linear, [batch norm,] activation, [dropout] for every hidden layer, then Linear.

    There is no softmax at the end: `nn.functional.cross_entropy` takes scores, and is more exact that
    way. Parameters are named as in the NumPy network, "index.weight" and "index.bias".
    """

    def __init__(
        self,
        n_inputs: int,
        n_hidden: Sequence[int],
        n_classes: int,
        use_batch_norm: bool = False,
        *,
        activation: str = "elu",
        dropout: float = 0.0,
    ) -> None:
        """`n_hidden` holds the width of each hidden layer; without any this is multinomial logistic regression.

        `activation` is a key of ACTIVATIONS, `dropout` the probability to drop a hidden unit.
        """
        modules: list[nn.Module] = []
        width = n_inputs
        for n_units in n_hidden:
            modules.append(linear(width, n_units, input_layer=not modules))
            if use_batch_norm:
                modules.append(nn.BatchNorm1d(n_units))
            modules.append(ACTIVATIONS[activation]())
            if dropout:
                modules.append(nn.Dropout(dropout))
            width = n_units
        super().__init__(*modules, linear(width, n_classes, input_layer=not modules))

    def forward(self, x: Tensor) -> Tensor:
        """Scores (logits), shape (S, n_classes), for x of shape (S, n_inputs) or images of that many numbers."""
        return super().forward(x.flatten(1))


def linear(in_features: int, out_features: int, input_layer: bool = False) -> nn.Linear:
    """A dense layer with Kaiming weights, of variance 2 / in_features (1 / in_features at the input), and zero bias."""
    layer = nn.Linear(in_features, out_features)
    kaiming(layer.weight, input_layer)
    nn.init.zeros_(layer.bias)
    return layer


def kaiming(weight: Tensor, input_layer: bool) -> None:
    """Redraw weights in place; the gain of 2 makes up for the ReLU in front, which the input layer lacks."""
    nn.init.kaiming_normal_(weight, nonlinearity="linear" if input_layer else "relu")
