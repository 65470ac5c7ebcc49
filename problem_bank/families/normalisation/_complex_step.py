"""The second route to the gradients of batch normalisation: derivatives by complex steps, without any chain rule.

For a real analytic f, f(x + ih) = f(x) + ih f'(x) up to terms of order h^2, so with h = 1e-30 the imaginary part is
the derivative to machine precision: nothing is subtracted.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

STEP = 1e-30


def gradients(x: Any, g: Any, gamma: Any, inputs: bool) -> dict[str, Any]:
    """The gradients of L = sum of g y by shift, scale and inputs, and the values of the misconceptions."""
    x, g, gamma = np.array(x, dtype=float), np.array(g, dtype=float), float(gamma)
    centre, deviation = x.mean(), x.std()

    def loss(x: Any, gamma: Any, beta: Any, centre: Any = None, spread: Any = None) -> Any:
        """A given centre or spread (a variance) is held constant."""
        distances = x - (x.mean() if centre is None else centre)
        spread = ((x - x.mean()) ** 2).mean() if spread is None else spread
        return g @ (gamma * distances / np.sqrt(spread) + beta)

    def by_inputs(scale: float = gamma, **held: Any) -> Any:
        return _derivatives(lambda moved: loss(moved, scale, 0, **held), x)

    d_beta = float(_derivatives(lambda beta: loss(x, gamma, beta[0]), np.zeros(1))[0])
    d_gamma = float(_derivatives(lambda scale: loss(x, scale[0], 0), np.ones(1))[0])
    values = {
        "x_hat": (x - centre) / deviation,
        "x_hat.by_variance": (x - centre) / deviation**2,
        "x_hat.not_centred": x / deviation,
        "d_beta": d_beta,
        "d_beta.averaged": float(g.mean()),
        "d_beta.times_scale": float((gamma * g).sum()),
        "d_gamma": d_gamma,
        "d_gamma.raw_inputs": float(g @ x),
        "d_gamma.averaged": float((g * (x - centre)).mean() / deviation),
        "d_gamma.like_shift": d_beta,
        "d_gamma.times_scale": float(np.real(loss(x, gamma, 0))),
    }
    if inputs:
        values |= {
            "d_x": by_inputs(),
            "d_x.constants": by_inputs(centre=centre, spread=x.var()),
            "d_x.constant_variance": by_inputs(spread=x.var()),
            "d_x.constant_mean": by_inputs(centre=centre),
            "d_x.scale_missing": by_inputs(1.0),
        }
    return values


def _derivatives(f: Callable[[Any], Any], at: Any) -> Any:
    """The partial derivatives of f at a real vector."""
    steps = 1j * STEP * np.eye(len(at))
    return np.array([f(at + step).imag / STEP for step in steps])
