"""Batch normalisation and layer normalisation, with gradients through the mean and the variance.

Goodfellow et al., Deep Learning, section 8.7.1; Ioffe & Szegedy 2015, arXiv:1502.03167; layer normalisation:
Ba et al. 2016, arXiv:1607.06450.

`params` holds the scale gamma as "weight" and the shift beta as "bias"; `grads` has the same shapes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class _Norm:
    """y = gamma · (x − mean) / √(variance + eps) + beta, the statistics taken over some axes of x."""

    def __init__(self, shape: tuple[int, ...], eps: float) -> None:
        self.eps = eps
        self.params: dict[str, Array] = {"weight": np.ones(shape), "bias": np.zeros(shape)}
        self.grads = {name: np.zeros_like(value) for name, value in self.params.items()}
        self._cache: tuple[Array, Array] | None = None

    def clear_cache(self) -> None:
        """Forget what was kept for `backward`."""
        self._cache = None

    def _cached(self) -> tuple[Array, Array]:
        if self._cache is None:
            raise RuntimeError("backward needs the input of a forward pass; call forward first")
        return self._cache


def _through_statistics(dnormal: Array, normal: Array, deviation: Array, axes: tuple[int, ...]) -> Array:
    """dL/dx from dL/dx̂ for x̂ = (x − mean) / deviation, where mean and deviation depend on x themselves.

    The two subtracted terms are what the mean and the deviation answer for; they take out the part of
    the gradient that would shift or stretch the whole group, which x̂ does not feel.
    """
    mean = dnormal.mean(axis=axes, keepdims=True)
    stretch = (dnormal * normal).mean(axis=axes, keepdims=True)
    return (dnormal - mean - normal * stretch) / deviation


class _BatchNorm(_Norm):
    """Statistics per channel over the batch in training, running averages in evaluation."""

    ndims: tuple[int, ...]
    layout: str

    def __init__(self, n_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        """Running averages move by the share `momentum` towards each new batch; `training` is true at first."""
        super().__init__((n_features,), eps)
        self.momentum, self.training = momentum, True
        self.buffers: dict[str, Array] = {"running_mean": np.zeros(n_features), "running_var": np.ones(n_features)}

    def train(self) -> None:
        """From now on use the batch's statistics, and update the running ones."""
        self.training = True

    def eval(self) -> None:
        """From now on use the running statistics: what a sample gives no longer depends on its batch."""
        self.training = False

    def forward(self, x: Array) -> Array:
        """The normalised batch, in the shape of x. In training it needs two values per channel, or ValueError."""
        axes, shape = self._axes(x)
        if self.training:
            mean, var = self._batch_statistics(x, axes)
        else:
            mean, var = self.buffers["running_mean"], self.buffers["running_var"]
        deviation = np.sqrt(var + self.eps).reshape(shape)
        normal = (x - mean.reshape(shape)) / deviation
        self._cache = normal, deviation
        return normal * self.params["weight"].reshape(shape) + self.params["bias"].reshape(shape)

    def _batch_statistics(self, x: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
        count = x.size // x.shape[1]
        if count < 2:
            raise ValueError("one value per channel has no variance: train on larger batches, or call eval() first")
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        # The batch is normalised with its own variance, the mean square. The running average estimates the
        # population's, hence the factor n / (n − 1).
        for name, new in (("running_mean", mean), ("running_var", var * count / (count - 1))):
            self.buffers[name] = (1 - self.momentum) * self.buffers[name] + self.momentum * new
        return mean, var

    def backward(self, dout: Array) -> Array:
        """The gradient with respect to x; sets `grads`. Needs a `forward`, and the mode that it ran in."""
        normal, deviation = self._cached()
        axes, shape = self._axes(dout)
        self.grads["weight"] = (dout * normal).sum(axis=axes)
        self.grads["bias"] = dout.sum(axis=axes)
        dnormal = dout * self.params["weight"].reshape(shape)
        if not self.training:
            return dnormal / deviation  # the running statistics are constants
        return _through_statistics(dnormal, normal, deviation, axes)

    def _axes(self, x: Array) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """All axes but the channels', and the shape that puts one number per channel along x."""
        if x.ndim not in self.ndims:
            raise ValueError(f"{type(self).__name__} takes {self.layout}; got shape {x.shape}")
        return (0, *range(2, x.ndim)), (1, -1, *[1] * (x.ndim - 2))


class BatchNorm1dModule(_BatchNorm):
    """Batch normalisation of vectors (S, C), or of sequences (S, C, T)."""

    ndims, layout = (2, 3), "(samples, channels) or (samples, channels, time)"


class BatchNorm2dModule(_BatchNorm):
    """Batch normalisation of images (S, C, H, W): one mean and one variance per channel, over all pixels."""

    ndims, layout = (4,), "(samples, channels, height, width)"


class LayerNormModule(_Norm):
    """Statistics per sample over its last axes: the same in training and evaluation, even for a batch of one."""

    def __init__(self, shape: int | tuple[int, ...], eps: float = 1e-5) -> None:
        """`shape` holds the sizes of the last axes, which are normalised together."""
        super().__init__((shape,) if isinstance(shape, int) else shape, eps)

    def forward(self, x: Array) -> Array:
        """The normalised batch, in the shape of x."""
        axes = tuple(range(-self.params["weight"].ndim, 0))
        deviation = np.sqrt(x.var(axis=axes, keepdims=True) + self.eps)
        normal = (x - x.mean(axis=axes, keepdims=True)) / deviation
        self._cache = normal, deviation
        return normal * self.params["weight"] + self.params["bias"]

    def backward(self, dout: Array) -> Array:
        """The gradient with respect to x; sets `grads`. Raises RuntimeError without a `forward` before it."""
        normal, deviation = self._cached()
        n = self.params["weight"].ndim
        samples = tuple(range(dout.ndim - n))
        self.grads["weight"] = (dout * normal).sum(axis=samples)
        self.grads["bias"] = dout.sum(axis=samples)
        return _through_statistics(dout * self.params["weight"], normal, deviation, tuple(range(-n, 0)))
