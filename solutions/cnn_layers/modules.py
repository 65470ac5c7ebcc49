"""The layers of a convolutional network as classes that keep their parameters, gradients and caches.

Goodfellow et al., Deep Learning, sections 7.12, 8.7.1, 9.1 to 9.5. Images have shape (S, C, H, W), other
batches (S, n) with one sample per row.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Conv2d:
    """Cross-correlation with `out_channels` filters: `params["weight"]` (F, C, k, k) and `params["bias"]` (F,)."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int, stride: int = 1, padding: int = 0
    ) -> None:
        deviation = np.sqrt(2 / (in_channels * kernel_size**2))
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.params: dict[str, Array] = {
            "weight": np.random.normal(0.0, deviation, shape),
            "bias": np.zeros(out_channels),
        }
        self.grads = {name: np.zeros_like(value) for name, value in self.params.items()}
        self.size, self.stride, self.padding = kernel_size, stride, padding
        self._cache: Any = None

    def forward(self, x: Array) -> Array:
        """The output, shape (S, F, rows, columns)."""
        p = self.padding
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        windows = sliding_window_view(padded, (self.size, self.size), axis=(2, 3))
        windows = windows[:, :, :: self.stride, :: self.stride]  # (S, C, rows, columns, k, k)
        self._cache = padded.shape, windows
        out = np.tensordot(windows, self.params["weight"], axes=((1, 4, 5), (1, 2, 3)))  # (S, rows, columns, F)
        return (out + self.params["bias"]).transpose(0, 3, 1, 2)

    def backward(self, dout: Array) -> Array:
        """Set both gradients and return dL/dx."""
        shape, windows = self._cache
        self.grads["weight"] = np.tensordot(dout, windows, axes=((0, 2, 3), (0, 2, 3)))
        self.grads["bias"] = dout.sum(axis=(0, 2, 3))
        shares = np.tensordot(dout, self.params["weight"], axes=(1, 0))  # (S, rows, columns, C, k, k)
        dx, s, p = np.zeros(shape), self.stride, self.padding
        rows, columns = dout.shape[2:]
        for i in range(self.size):
            for j in range(self.size):
                share = shares[..., i, j].transpose(0, 3, 1, 2)
                dx[:, :, i : i + s * rows : s, j : j + s * columns : s] += share
        return dx[:, :, p : shape[2] - p, p : shape[3] - p]

    def clear_cache(self) -> None:
        """Forget the windows."""
        self._cache = None


class MaxPool2d:
    """The largest pixel of every window of kernel_size × kernel_size; windows lie side by side without a stride."""

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        self.size, self.stride = kernel_size, stride or kernel_size
        self._cache: Any = None

    def forward(self, x: Array) -> Array:
        """The maxima, shape (S, C, rows, columns)."""
        windows = sliding_window_view(x, (self.size, self.size), axis=(2, 3))[:, :, :: self.stride, :: self.stride]
        pixels = windows.reshape(*windows.shape[:4], -1)
        winners = pixels.argmax(axis=-1)[..., None]
        self._cache = x.shape, winners
        maxima: Array = np.take_along_axis(pixels, winners, axis=-1)[..., 0]
        return maxima

    def backward(self, dout: Array) -> Array:
        """dL/dx: every entry of dout goes to the one pixel that was largest."""
        shape, winners = self._cache
        shares = np.zeros((*dout.shape, self.size**2))
        np.put_along_axis(shares, winners, dout[..., None], axis=-1)
        dx, s, (rows, columns) = np.zeros(shape), self.stride, dout.shape[2:]
        for place in range(self.size**2):
            i, j = divmod(place, self.size)
            dx[:, :, i : i + s * rows : s, j : j + s * columns : s] += shares[..., place]
        return dx

    def clear_cache(self) -> None:
        """Forget which pixels were largest."""
        self._cache = None


class BatchNorm1d:
    """Every feature of a batch (S, n) normalised: gamma is `params["weight"]`, beta is `params["bias"]`.

    Running statistics move by the share `momentum` towards each batch of the training; they are used in evaluation.
    """

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        self.params: dict[str, Array] = {"weight": np.ones(num_features), "bias": np.zeros(num_features)}
        self.grads = {name: np.zeros(num_features) for name in self.params}
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.eps, self.momentum, self.training = eps, momentum, True
        self._cache: Any = None

    def train(self) -> None:
        """Use the batch's statistics from now on."""
        self.training = True

    def eval(self) -> None:
        """Use the running statistics from now on."""
        self.training = False

    def forward(self, x: Array) -> Array:
        """The normalised, scaled and shifted batch."""
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            # The batch's own mean square normalises it; the running variance estimates the population's.
            unbiased, new = var * len(x) / (len(x) - 1), self.momentum
            self.running_mean = (1 - new) * self.running_mean + new * mean
            self.running_var = (1 - new) * self.running_var + new * unbiased
        deviation = np.sqrt(var + self.eps)
        normal = (x - mean) / deviation
        self._cache = normal, deviation
        return self.params["weight"] * normal + self.params["bias"]

    def backward(self, dout: Array) -> Array:
        """Set both gradients and return dL/dx; in evaluation the statistics are constants."""
        normal, deviation = self._cache
        self.grads["weight"], self.grads["bias"] = (dout * normal).sum(axis=0), dout.sum(axis=0)
        dnormal = dout * self.params["weight"]
        if self.training:
            dnormal = dnormal - dnormal.mean(axis=0) - normal * (dnormal * normal).mean(axis=0)
        dx: Array = dnormal / deviation
        return dx

    def clear_cache(self) -> None:
        """Forget the normalised batch."""
        self._cache = None


class LayerNorm:
    """Every sample of a batch (S, n) normalised by its own statistics, in training and evaluation alike."""

    def __init__(self, num_features: int, eps: float = 1e-5) -> None:
        self.params: dict[str, Array] = {"weight": np.ones(num_features), "bias": np.zeros(num_features)}
        self.grads = {name: np.zeros(num_features) for name in self.params}
        self.eps = eps
        self._cache: Any = None

    def forward(self, x: Array) -> Array:
        """The normalised, scaled and shifted samples."""
        deviation = np.sqrt(x.var(axis=1, keepdims=True) + self.eps)
        normal = (x - x.mean(axis=1, keepdims=True)) / deviation
        self._cache = normal, deviation
        return self.params["weight"] * normal + self.params["bias"]

    def backward(self, dout: Array) -> Array:
        """Set both gradients and return dL/dx."""
        normal, deviation = self._cache
        self.grads["weight"], self.grads["bias"] = (dout * normal).sum(axis=0), dout.sum(axis=0)
        dnormal = dout * self.params["weight"]
        mean, stretch = dnormal.mean(axis=1, keepdims=True), (dnormal * normal).mean(axis=1, keepdims=True)
        dx: Array = (dnormal - mean - normal * stretch) / deviation
        return dx

    def clear_cache(self) -> None:
        """Forget the normalised samples."""
        self._cache = None


class Dropout:
    """In training each entry is set to 0 with probability p and the others divided by 1 − p."""

    def __init__(self, p: float = 0.5) -> None:
        self.p, self.training = p, True
        self._mask: Any = None

    def train(self) -> None:
        """Drop entries from now on."""
        self.training = True

    def eval(self) -> None:
        """Pass everything on from now on."""
        self.training = False

    def forward(self, x: Array) -> Array:
        """The thinned batch, or in evaluation the batch as it is."""
        self._mask = (np.random.random(x.shape) >= self.p) / (1 - self.p) if self.training else np.ones(x.shape)
        return x * self._mask

    def backward(self, dout: Array) -> Array:
        """dL/dx, through the mask of the forward pass."""
        dx: Array = dout * self._mask
        return dx

    def clear_cache(self) -> None:
        """Forget the mask."""
        self._mask = None
