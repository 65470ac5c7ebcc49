"""A small convolutional network for classification, in PyTorch.

Goodfellow et al., Deep Learning, chapter 9.
"""

from __future__ import annotations

from torch import Tensor, nn

from solutions.torch_nn.mlp import kaiming, linear


class CNN(nn.Sequential):
    """Convolution, ReLU, pooling, convolution, ReLU, global pooling, Linear; scores, without a softmax.

    Modules stand at the places that they have in the NumPy network, so that parameters have the same names.
    """

    def __init__(self, n_channels: int, n_filters: tuple[int, int], n_classes: int, kernel_size: int = 3) -> None:
        """`n_filters` holds the channels after the first and the second convolution; the kernel size is odd."""
        first, second = n_filters
        super().__init__(
            _convolution(n_channels, first, kernel_size, input_layer=True),
            nn.ReLU(),
            nn.MaxPool2d(2),
            _convolution(first, second, kernel_size),
            nn.ReLU(),
            nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()),
            linear(second, n_classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Scores (logits), shape (S, n_classes), for images (S, C, H, W), or (S, H, W) with one channel."""
        return super().forward(x.unsqueeze(1) if x.ndim == 3 else x)


def _convolution(n_in: int, n_out: int, kernel_size: int, input_layer: bool = False) -> nn.Conv2d:
    layer = nn.Conv2d(n_in, n_out, kernel_size, padding=kernel_size // 2)
    kaiming(layer.weight, input_layer)
    nn.init.zeros_(layer.bias)
    return layer
