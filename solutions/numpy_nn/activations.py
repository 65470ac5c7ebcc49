"""Activation functions, their derivatives, and the modules made of them.

Goodfellow et al., Deep Learning, section 6.3 (softplus and sigmoid: section 3.10). ELU: Clevert et al.
2016, arXiv:1511.07289; SiLU and GELU: Hendrycks & Gimpel 2016, arXiv:1606.08415.

Every function works entry by entry on arrays of any shape, keeps the floating-point type, leaves its
argument as it is, and stays finite without a warning however large an entry is: no `exp` ever sees a
positive number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def relu(x: Array) -> Array:
    """max(x, 0)."""
    return np.maximum(x, 0)


def relu_grad(x: Array) -> Array:
    """1 right of 0, else 0; at the kink itself, where there is no derivative, 0."""
    return (x > 0).astype(x.dtype)


def leaky_relu(x: Array, slope: float = 0.01) -> Array:
    """x right of 0, slope · x left of it."""
    return np.where(x > 0, x, slope * x)


def leaky_relu_grad(x: Array, slope: float = 0.01) -> Array:
    """1 right of 0, else the slope."""
    return np.where(x > 0, 1, slope).astype(x.dtype)


def elu(x: Array, alpha: float = 1.0) -> Array:
    """x right of 0, α(eˣ − 1) left of it."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def elu_grad(x: Array, alpha: float = 1.0) -> Array:
    """1 right of 0, αeˣ left of it."""
    return np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))


def sigmoid(x: Array) -> Array:
    """1 / (1 + e⁻ˣ), written as eˣ / (1 + eˣ) left of 0, where e⁻ˣ would overflow."""
    tail = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, tail) / (1 + tail)


def sigmoid_grad(x: Array) -> Array:
    """σ(1 − σ), with σ(−x) for 1 − σ(x): a difference from 1 would lose its digits."""
    return sigmoid(x) * sigmoid(-x)


def tanh(x: Array) -> Array:
    """(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)."""
    return np.tanh(x)


def tanh_grad(x: Array) -> Array:
    """1 − tanh²."""
    return 1 - np.tanh(x) ** 2


def softplus(x: Array) -> Array:
    """log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|)."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softplus_grad(x: Array) -> Array:
    """The sigmoid."""
    return sigmoid(x)


def silu(x: Array) -> Array:
    """x · σ(x), also called swish."""
    return x * sigmoid(x)


def silu_grad(x: Array) -> Array:
    """σ + x σ′."""
    return sigmoid(x) + x * sigmoid_grad(x)


# NumPy has no erfc. This one calls Python's for each entry: exact, and fast enough for small networks.
_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def gelu(x: Array) -> Array:
    """x · Φ(x), with Φ the distribution function of the standard normal; the exact form, not the one with tanh."""
    return x * _normal_cdf(x)


def gelu_grad(x: Array) -> Array:
    """Φ + x φ, with φ = Φ′ the density of the standard normal."""
    # Beyond 40 the density is 0 in double precision, and the bound keeps the square from overflowing.
    density = np.exp(-(np.clip(x, -40, 40) ** 2) / 2) / math.sqrt(2 * math.pi)
    return _normal_cdf(x) + x * density


def _normal_cdf(x: Array) -> Array:
    return (_erfc(-x / math.sqrt(2)) / 2).astype(x.dtype)


class _Activation:
    """A module without parameters: `forward` applies a function, `backward` multiplies by its derivative at x."""

    def __init__(self, function: Callable[[Array], Array], derivative: Callable[[Array], Array]) -> None:
        self._function, self._derivative = function, derivative
        self._x: Array | None = None

    def forward(self, x: Array) -> Array:
        """f(x), in the shape of x; keeps x for `backward`."""
        self._x = x
        return self._function(x)

    def backward(self, dout: Array) -> Array:
        """dL/dx = dL/dy · f′(x), in the shape of x. Raises RuntimeError without a `forward` before it."""
        if self._x is None:
            raise RuntimeError("backward needs the input of a forward pass; call forward first")
        return dout * self._derivative(self._x)

    def clear_cache(self) -> None:
        """Forget the input that was kept for `backward`."""
        self._x = None


class ReLUModule(_Activation):
    """max(x, 0)."""

    def __init__(self) -> None:
        super().__init__(relu, relu_grad)


class LeakyReLUModule(_Activation):
    """x right of 0, slope · x left of it."""

    def __init__(self, slope: float = 0.01) -> None:
        super().__init__(partial(leaky_relu, slope=slope), partial(leaky_relu_grad, slope=slope))


class ELUModule(_Activation):
    """x right of 0, α(eˣ − 1) left of it."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__(partial(elu, alpha=alpha), partial(elu_grad, alpha=alpha))


class SigmoidModule(_Activation):
    """1 / (1 + e⁻ˣ)."""

    def __init__(self) -> None:
        super().__init__(sigmoid, sigmoid_grad)


class TanhModule(_Activation):
    """The hyperbolic tangent."""

    def __init__(self) -> None:
        super().__init__(tanh, tanh_grad)


class SoftplusModule(_Activation):
    """log(1 + eˣ)."""

    def __init__(self) -> None:
        super().__init__(softplus, softplus_grad)


class SiLUModule(_Activation):
    """x · σ(x)."""

    def __init__(self) -> None:
        super().__init__(silu, silu_grad)


class GELUModule(_Activation):
    """x · Φ(x)."""

    def __init__(self) -> None:
        super().__init__(gelu, gelu_grad)
