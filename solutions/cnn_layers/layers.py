"""The layers of a convolutional network as pairs of functions, forward and backward.

Goodfellow et al., Deep Learning, sections 7.12, 8.7.1, 9.1 to 9.5. `..._forward` returns the output and a cache;
`..._backward` takes the gradient with respect to the output, and that cache. Images have shape (S, C, H, W).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.float64]


def im2col(x: Array, kernel: tuple[int, int], stride: int = 1, pad: int = 0) -> Array:
    """Every patch under a kernel of (k_h, k_w) pixels as a column: (S, C, H, W) to (S, C·k_h·k_w, positions)."""
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = sliding_window_view(padded, kernel, axis=(2, 3))[:, :, ::stride, ::stride]
    patches = windows.transpose(0, 1, 4, 5, 2, 3)  # (S, C, k_h, k_w, rows, columns)
    return patches.reshape(len(x), -1, patches.shape[4] * patches.shape[5])


def col2im(columns: Array, shape: tuple[int, ...], kernel: tuple[int, int], stride: int = 1, pad: int = 0) -> Array:
    """Add every patch back where it came from: (S, C·k_h·k_w, positions) to images of `shape`."""
    samples, channels, height, width = shape
    rows, cols = ((n + 2 * pad - k) // stride + 1 for n, k in zip((height, width), kernel, strict=True))
    patches = columns.reshape(samples, channels, *kernel, rows, cols)
    padded = np.zeros((samples, channels, height + 2 * pad, width + 2 * pad))
    for i, j in np.ndindex(kernel):  # pixels that share a place in the kernel never overlap: one addition for each
        padded[:, :, i : i + stride * rows : stride, j : j + stride * cols : stride] += patches[:, :, i, j]
    return padded[:, :, pad : pad + height, pad : pad + width]


def conv_forward(x: Array, w: Array, b: Array, conv_param: Mapping[str, int]) -> tuple[Array, Any]:
    """Cross-correlate x (S, C, H, W) with the filters w (F, C, k_h, k_w) and add b (F,)."""
    filters, _, *kernel = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    columns = im2col(x, (kernel[0], kernel[1]), stride, pad)
    rows = (x.shape[2] + 2 * pad - kernel[0]) // stride + 1
    out = w.reshape(filters, -1) @ columns + b[:, None]  # (F, C k k) (S, C k k, positions) + (F, 1)
    return out.reshape(len(x), filters, rows, -1), (x.shape, w, columns, stride, pad)


def conv_backward(dout: Array, cache: Any) -> tuple[Array, Array, Array]:
    """(dx, dw, db) in the shapes of x, w and b."""
    shape, w, columns, stride, pad = cache
    flat = dout.reshape(*dout.shape[:2], -1)  # (S, F, positions)
    dw = np.tensordot(flat, columns, axes=((0, 2), (0, 2))).reshape(w.shape)
    dcolumns = w.reshape(len(w), -1).T @ flat  # (C k k, F) (S, F, positions)
    return col2im(dcolumns, shape, (w.shape[2], w.shape[3]), stride, pad), dw, flat.sum(axis=(0, 2))


def max_pool_forward(x: Array, pool_param: Mapping[str, int]) -> tuple[Array, Any]:
    """The largest pixel of every window of every channel."""
    size, stride = (pool_param["pool_height"], pool_param["pool_width"]), pool_param["stride"]
    windows = sliding_window_view(x, size, axis=(2, 3))[:, :, ::stride, ::stride]
    rows = windows.reshape(*windows.shape[:4], -1)  # (S, C, rows, columns, pixels of a window)
    winners = rows.argmax(axis=-1)[..., None]
    return np.take_along_axis(rows, winners, axis=-1)[..., 0], (x.shape, winners, size, stride)


def max_pool_backward(dout: Array, cache: Any) -> Array:
    """dx: every entry of dout goes to the one pixel that was largest, the first in reading order."""
    shape, winners, (height, width), stride = cache
    shares = np.zeros((*dout.shape, height * width))
    np.put_along_axis(shares, winners, dout[..., None], axis=-1)
    dx, (rows, columns) = np.zeros(shape), dout.shape[2:]
    for place in range(height * width):  # windows may overlap, and then a pixel collects
        i, j = divmod(place, width)
        dx[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride] += shares[..., place]
    return dx


def batchnorm_forward(x: Array, gamma: Array, beta: Array, bn_param: dict[str, Any]) -> tuple[Array, Any]:
    """Normalise every column of x (S, D), then scale by gamma and shift by beta.

    In training, the batch's mean and mean square deviation are used and `bn_param`'s running statistics move
    towards them: running ← momentum · running + (1 − momentum) · batch. In testing the running ones are used.
    """
    if bn_param["mode"] == "test":
        mean, var = bn_param["running_mean"], bn_param["running_var"]
    else:
        mean, var, keep = x.mean(axis=0), x.var(axis=0), bn_param["momentum"]
        bn_param["running_mean"] = keep * bn_param["running_mean"] + (1 - keep) * mean
        bn_param["running_var"] = keep * bn_param["running_var"] + (1 - keep) * var
    deviation = np.sqrt(var + bn_param["eps"])
    normal = (x - mean) / deviation
    return gamma * normal + beta, (normal, deviation, gamma)


def batchnorm_backward(dout: Array, cache: Any) -> tuple[Array, Array, Array]:
    """(dx, dgamma, dbeta) after a forward pass in training: mean and deviation depend on x as well."""
    normal, deviation, gamma = cache
    dnormal = dout * gamma
    dx = (dnormal - dnormal.mean(axis=0) - normal * (dnormal * normal).mean(axis=0)) / deviation
    return dx, (dout * normal).sum(axis=0), dout.sum(axis=0)


def dropout_forward(x: Array, dropout_param: Mapping[str, Any]) -> tuple[Array, Any]:
    """In training, set each entry to 0 with probability p and divide the others by 1 − p; in testing, do nothing."""
    if dropout_param["mode"] == "test":
        return x.copy(), None
    p = dropout_param["p"]
    mask = (np.random.random(x.shape) >= p) / (1 - p)
    return x * mask, mask


def dropout_backward(dout: Array, cache: Any) -> Array:
    """dx: through the mask of the forward pass, if there was one."""
    return dout.copy() if cache is None else dout * cache
