"""Update rules, in the form that torch.optim has them.

Goodfellow et al., Deep Learning, sections 8.3 and 8.5. AdamW: Loshchilov & Hutter 2019, arXiv:1711.05101.

An optimiser holds the parameters, a dict of arrays that it changes in place, and `step(grads)` takes a dict of
gradients with the same names. Every rule is one method: the direction for a gradient, of which the parameter
moves −lr times.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Arrays = dict[str, Array]


class SGD:
    """θ ← θ − lr · g, with g the gradient of the loss plus weight_decay · θ (an L2 penalty of half that weight)."""

    def __init__(self, params: Arrays, lr: float, *, weight_decay: float = 0.0) -> None:
        self.params, self.lr, self.weight_decay = params, lr, weight_decay
        self.steps = 0

    def step(self, grads: Mapping[str, Array]) -> None:
        """Move every parameter once; `grads` has the names and shapes of the parameters."""
        self.steps += 1
        for name, parameter in self.params.items():
            self.params[name] -= self.lr * self.direction(name, self.decayed(parameter, grads[name]))  # in place

    def decayed(self, parameter: Array, gradient: Array) -> Array:
        """The gradient with the penalty's own gradient added."""
        return gradient + self.weight_decay * parameter

    def direction(self, name: str, gradient: Array) -> Array:
        """What one step follows: here the gradient itself."""
        return gradient

    def _zeros(self) -> Arrays:
        return {name: np.zeros_like(parameter) for name, parameter in self.params.items()}


class Momentum(SGD):
    """v ← momentum · v + g; θ ← θ − lr · v. Steps in one direction add up to 1 / (1 − momentum) times the first."""

    def __init__(self, params: Arrays, lr: float, momentum: float = 0.9, *, weight_decay: float = 0.0) -> None:
        super().__init__(params, lr, weight_decay=weight_decay)
        self.momentum, self.velocity = momentum, self._zeros()

    def direction(self, name: str, gradient: Array) -> Array:
        """The velocity."""
        self.velocity[name] = self.momentum * self.velocity[name] + gradient
        return self.velocity[name]


class Nesterov(Momentum):
    """v ← momentum · v + g; θ ← θ − lr · (g + momentum · v): the gradient where the momentum is about to lead.

    θ stands for the looked-ahead point, at which the gradient is taken anyway.
    """

    def direction(self, name: str, gradient: Array) -> Array:
        """The gradient plus the next stretch of the velocity."""
        return gradient + self.momentum * super().direction(name, gradient)


class Adagrad(SGD):
    """r ← r + g²; θ ← θ − lr · g / (√r + eps): the steps only ever shrink."""

    def __init__(self, params: Arrays, lr: float = 0.01, eps: float = 1e-10, *, weight_decay: float = 0.0) -> None:
        super().__init__(params, lr, weight_decay=weight_decay)
        self.eps, self.squares = eps, self._zeros()

    def direction(self, name: str, gradient: Array) -> Array:
        """The gradient over the root of the sum of its squares."""
        self.squares[name] = self.squares[name] + gradient**2
        return gradient / (np.sqrt(self.squares[name]) + self.eps)


class RMSProp(SGD):
    """r ← rho · r + (1 − rho) · g²; θ ← θ − lr · g / (√r + eps): old gradients are forgotten."""

    def __init__(
        self,
        params: Arrays,
        lr: float = 0.01,
        rho: float = 0.99,
        eps: float = 1e-8,
        *,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr, weight_decay=weight_decay)
        self.rho, self.eps, self.squares = rho, eps, self._zeros()

    def direction(self, name: str, gradient: Array) -> Array:
        """The gradient over the root of the running mean of its squares."""
        self.squares[name] = self.rho * self.squares[name] + (1 - self.rho) * gradient**2
        return gradient / (np.sqrt(self.squares[name]) + self.eps)


class Adam(SGD):
    """s ← rho1 · s + (1 − rho1) · g; r ← rho2 · r + (1 − rho2) · g²; θ ← θ − lr · ŝ / (√r̂ + eps).

    ŝ = s / (1 − rho1ᵗ) and r̂ = r / (1 − rho2ᵗ) undo the start from zero: at t = 1 they are g and g².
    """

    def __init__(
        self,
        params: Arrays,
        lr: float = 0.001,
        rhos: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        *,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr, weight_decay=weight_decay)
        self.rhos, self.eps = rhos, eps
        self.means, self.squares = self._zeros(), self._zeros()

    def direction(self, name: str, gradient: Array) -> Array:
        """The corrected mean over the corrected root mean square."""
        rho1, rho2 = self.rhos
        self.means[name] = rho1 * self.means[name] + (1 - rho1) * gradient
        self.squares[name] = rho2 * self.squares[name] + (1 - rho2) * gradient**2
        mean, square = self.means[name] / (1 - rho1**self.steps), self.squares[name] / (1 - rho2**self.steps)
        return mean / (np.sqrt(square) + self.eps)


class AdamW(Adam):
    """Adam with decoupled decay: θ shrinks by lr · weight_decay · θ, which Adam's scaling never sees."""

    def __init__(
        self,
        params: Arrays,
        lr: float = 0.001,
        rhos: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        *,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(params, lr, rhos, eps, weight_decay=weight_decay)

    def decayed(self, parameter: Array, gradient: Array) -> Array:
        """The gradient as it is, after the parameter itself has shrunk."""
        parameter *= 1 - self.lr * self.weight_decay
        return gradient
