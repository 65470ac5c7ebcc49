"""A small convolutional network for classification, in NumPy.

Goodfellow et al., Deep Learning, chapter 9.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solutions.numpy_nn.activations import ReLUModule
from solutions.numpy_nn.convolution import Conv2dModule
from solutions.numpy_nn.linear import LinearModule
from solutions.numpy_nn.pooling import GlobalMaxPoolModule, MaxPool2dModule
from solutions.numpy_nn.sequential import Sequential
from solutions.numpy_nn.softmax import SoftMaxModule

Array = NDArray[np.float64]


class CNN(Sequential):
    """Convolution, ReLU, pooling, convolution, ReLU, global pooling, Linear, softmax.

    The last pooling keeps of every channel only whether its pattern occurs, not where. So the number
    of parameters does not depend on the image size, and neither does the network.
    """

    def __init__(
        self,
        n_channels: int,
        n_filters: tuple[int, int],
        n_classes: int,
        kernel_size: int = 3,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        """`n_filters` holds the channels after the first and the second convolution; the kernel size is odd."""
        rng = rng or np.random.default_rng()
        first, second = n_filters
        same = kernel_size // 2  # the padding that keeps height and width
        super().__init__(
            [
                Conv2dModule(n_channels, first, kernel_size, padding=same, input_layer=True, rng=rng),
                ReLUModule(),
                MaxPool2dModule(2),
                Conv2dModule(first, second, kernel_size, padding=same, rng=rng),
                ReLUModule(),
                GlobalMaxPoolModule(),
                LinearModule(second, n_classes, rng=rng),
                SoftMaxModule(),
            ]
        )

    def forward(self, x: Array) -> Array:
        """Class probabilities, shape (S, n_classes), for images (S, C, H, W), or (S, H, W) with one channel."""
        return super().forward(x[:, None] if x.ndim == 3 else x)
