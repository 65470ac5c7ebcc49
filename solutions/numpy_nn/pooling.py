"""Max and average pooling, windows of any size and stride, forward and backward.

Goodfellow et al., Deep Learning, section 9.3. Images have shape (S, C, H, W); a size or a stride is one number,
or two for height and width. Windows may overlap (stride below size) or leave pixels out (stride above it).
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.float64]
Pair = int | tuple[int, int]


def _pair(value: Pair) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


class _Pool:
    """What both kinds share: cutting into windows, and adding the windows' gradients back."""

    def __init__(self, size: Pair = 2, stride: Pair | None = None) -> None:
        """Without a stride the windows lie side by side."""
        self.size, self.stride = _pair(size), _pair(size if stride is None else stride)
        self._shape: tuple[int, ...] = ()

    def _windows(self, x: Array) -> Array:
        """Every window as a row of pixels: (S, C, rows, columns, k_h·k_w), in reading order."""
        self._shape = x.shape
        if x.shape[2] < self.size[0] or x.shape[3] < self.size[1]:
            raise ValueError(f"a window of {self.size} does not fit into an image of {x.shape[2:]}")
        windows = sliding_window_view(x, self.size, axis=(2, 3))[:, :, :: self.stride[0], :: self.stride[1]]
        return windows.reshape(*windows.shape[:4], -1)

    def _add_back(self, shares: Array) -> Array:
        """dx, shape (S, C, H, W), from each window's shares, shape (S, C, rows, columns, k_h·k_w)."""
        (kh, kw), (sh, sw), (rows, columns) = self.size, self.stride, shares.shape[2:4]
        dx = np.zeros(self._shape, shares.dtype)
        for place in range(kh * kw):  # windows overlap, but not in pixels that share a place in the window
            i, j = divmod(place, kw)
            dx[:, :, i : i + sh * rows : sh, j : j + sw * columns : sw] += shares[..., place]
        return dx

    def clear_cache(self) -> None:
        """Forget the shape that was kept for `backward`."""
        self._shape = ()

    def _require_forward(self) -> None:
        if not self._shape:
            raise RuntimeError("backward needs the input of a forward pass; call forward first")


class MaxPool2dModule(_Pool):
    """The largest pixel of each window; its gradient goes to that pixel alone, the first one if several tie."""

    def __init__(self, size: Pair = 2, stride: Pair | None = None) -> None:
        super().__init__(size, stride)
        self._winners: NDArray[np.intp] = np.zeros(0, np.intp)

    def forward(self, x: Array) -> Array:
        """The maxima, shape (S, C, rows, columns), with rows = ⌊(H − k_h) / s_h⌋ + 1."""
        windows = self._windows(x)
        self._winners = windows.argmax(axis=-1)[..., None]  # (S, C, rows, columns, 1)
        maxima: Array = np.take_along_axis(windows, self._winners, axis=-1)[..., 0]
        return maxima

    def backward(self, dout: Array) -> Array:
        """The gradient with respect to x, for dout in the shape of the output. Needs a `forward` before it."""
        self._require_forward()
        shares = np.zeros((*dout.shape, self.size[0] * self.size[1]), dout.dtype)
        np.put_along_axis(shares, self._winners, dout[..., None], axis=-1)
        return self._add_back(shares)

    def clear_cache(self) -> None:
        """Forget which pixels were largest."""
        super().clear_cache()
        self._winners = np.zeros(0, np.intp)


class AvgPool2dModule(_Pool):
    """The mean of each window; its gradient is shared equally."""

    def forward(self, x: Array) -> Array:
        """The means, shape (S, C, rows, columns), with rows = ⌊(H − k_h) / s_h⌋ + 1."""
        return self._windows(x).mean(axis=-1)

    def backward(self, dout: Array) -> Array:
        """The gradient with respect to x, for dout in the shape of the output. Needs a `forward` before it."""
        self._require_forward()
        pixels = self.size[0] * self.size[1]
        return self._add_back(np.repeat(dout[..., None] / pixels, pixels, axis=-1))


class GlobalMaxPoolModule:
    """The largest pixel of each channel, wherever it is: (S, C, H, W) to (S, C), for every image size."""

    def __init__(self) -> None:
        self._pool: MaxPool2dModule | None = None

    def forward(self, x: Array) -> Array:
        """The maximum of every channel, shape (S, C)."""
        self._pool = MaxPool2dModule((x.shape[2], x.shape[3]))
        return self._pool.forward(x)[:, :, 0, 0]

    def backward(self, dout: Array) -> Array:
        """The gradient with respect to x, for dout of shape (S, C). Needs a `forward` before it."""
        if self._pool is None:
            raise RuntimeError("backward needs the input of a forward pass; call forward first")
        return self._pool.backward(dout[:, :, None, None])

    def clear_cache(self) -> None:
        """Forget which pixels were largest."""
        self._pool = None
