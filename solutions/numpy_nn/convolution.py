"""Convolution of images as one matrix product (im2col), forward and backward.

Goodfellow et al., Deep Learning, sections 9.1, 9.2 and 9.5. As everywhere in deep learning the kernel is not
flipped: this is cross-correlation.

An image batch has shape (S, C, H, W): samples, channels, height, width. F filters have shape (F, C, k_h, k_w).
Stride, padding and dilation are one number, or two for height and width.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.float64]
Pair = int | tuple[int, int]


@dataclass(frozen=True)
class Geometry:
    """Where the kernel is put down: sizes and steps as (height, width)."""

    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)

    @property
    def extent(self) -> tuple[int, int]:
        """What a dilated kernel spans: d (k − 1) + 1 pixels."""
        (kh, kw), (dh, dw) = self.kernel, self.dilation
        return dh * (kh - 1) + 1, dw * (kw - 1) + 1

    def output(self, height: int, width: int) -> tuple[int, int]:
        """The output size ⌊(n + 2p − extent) / s⌋ + 1; raises ValueError where the kernel does not fit."""
        sizes = zip((height, width), self.padding, self.extent, self.stride, strict=True)
        rows, columns = ((n + 2 * p - extent) // s + 1 for n, p, extent, s in sizes)
        if rows < 1 or columns < 1:
            raise ValueError(f"a kernel that spans {self.extent} does not fit into an image of {(height, width)}")
        return rows, columns


def im2col(x: Array, geometry: Geometry) -> Array:
    """Every patch under the kernel as a column: (S, C, H, W) to (S, C·k_h·k_w, number of positions)."""
    rows, columns = geometry.output(*x.shape[2:])
    (ph, pw), (sh, sw), (dh, dw) = geometry.padding, geometry.stride, geometry.dilation
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    windows = sliding_window_view(padded, geometry.extent, axis=(2, 3))  # a view (S, C, H', W', extents): no copy
    windows = windows[:, :, ::sh, ::sw, ::dh, ::dw]  # (S, C, rows, columns, k_h, k_w)
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(len(x), -1, rows * columns)


def col2im(columns: Array, shape: tuple[int, ...], geometry: Geometry) -> Array:
    """The adjoint of `im2col`: adds every patch back where it came from, giving an image batch of `shape`."""
    samples, channels, height, width = shape
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = geometry.kernel, geometry.stride, geometry.padding, geometry.dilation
    rows, cols = geometry.output(height, width)
    patches = columns.reshape(samples, channels, kh, kw, rows, cols)
    image = np.zeros((samples, channels, height + 2 * ph, width + 2 * pw), columns.dtype)
    for i in range(kh):  # pixels that share a place in the kernel never overlap, so each place is one addition
        for j in range(kw):
            down, right = slice(i * dh, i * dh + sh * rows, sh), slice(j * dw, j * dw + sw * cols, sw)
            image[:, :, down, right] += patches[:, :, i, j]
    return image[:, :, ph : ph + height, pw : pw + width]


def conv_forward(x: Array, w: Array, b: Array, conv_param: Mapping[str, Pair] | None = None) -> tuple[Array, Any]:
    """The output, shape (S, F, rows, columns), and what `conv_backward` needs.

    `conv_param` may hold "stride", "pad" and "dilation". Raises ValueError for an unknown entry, for
    channels that do not match, and for a kernel larger than the padded image.
    """
    param = dict(conv_param or {})
    steps = {"stride": _pair(param.pop("stride", 1)), "padding": _pair(param.pop("pad", 0))}
    geometry = Geometry((w.shape[2], w.shape[3]), dilation=_pair(param.pop("dilation", 1)), **steps)
    if param:
        raise ValueError(f"conv_param knows stride, pad and dilation, not {', '.join(param)}")
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"x has {x.shape[1]} channels and the filters have {w.shape[1]}")
    patches = im2col(x, geometry)  # (S, C k k, positions)
    out = w.reshape(len(w), -1) @ patches + b[:, None]  # (F, C k k) (S, C k k, positions) + (F, 1)
    return out.reshape(len(x), len(w), *geometry.output(*x.shape[2:])), (x.shape, w, patches, geometry)


def conv_backward(dout: Array, cache: Any) -> tuple[Array, Array, Array]:
    """The gradients (dx, dw, db) in the shapes of x, w and b, for dout in the shape of the output."""
    shape, w, patches, geometry = cache
    dout = dout.reshape(*dout.shape[:2], -1)  # (S, F, positions)
    dw = np.tensordot(dout, patches, axes=((0, 2), (0, 2)))  # summed over samples and positions: (F, C k k)
    dpatches = w.reshape(len(w), -1).T @ dout  # (C k k, F) (S, F, positions)
    return col2im(dpatches, shape, geometry), dw.reshape(w.shape), dout.sum(axis=(0, 2))


def _pair(value: Pair) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


class Conv2dModule:
    """A convolution layer; `params` holds "weight" (F, C, k_h, k_w) and "bias" (F,), `grads` the same shapes."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Pair = 0,
        *,
        dilation: Pair = 1,
        input_layer: bool = False,
        rng: np.random.Generator | None = None,
    ) -> None:
        """Draw the weights with variance 2 / (C·k_h·k_w), or 1 / (C·k_h·k_w) in the input layer; the bias is 0."""
        shape = (out_channels, in_channels, *_pair(kernel_size))
        deviation = np.sqrt((1.0 if input_layer else 2.0) / np.prod(shape[1:]))
        weight = (rng or np.random.default_rng()).normal(0.0, deviation, shape)
        self.params: dict[str, Array] = {"weight": weight, "bias": np.zeros(out_channels)}
        self.grads = {name: np.zeros_like(value) for name, value in self.params.items()}
        self.conv_param = {"stride": stride, "pad": padding, "dilation": dilation}
        self._cache: Any = None

    def forward(self, x: Array) -> Array:
        """The output, shape (S, F, rows, columns), for x of shape (S, C, H, W)."""
        out, self._cache = conv_forward(x, self.params["weight"], self.params["bias"], self.conv_param)
        return out

    def backward(self, dout: Array) -> Array:
        """The gradient with respect to x; sets `grads`. Raises RuntimeError without a `forward` before it."""
        if self._cache is None:
            raise RuntimeError("backward needs the input of a forward pass; call forward first")
        dx, self.grads["weight"], self.grads["bias"] = conv_backward(dout, self._cache)
        return dx

    def clear_cache(self) -> None:
        """Forget the patches that were kept for `backward`."""
        self._cache = None
