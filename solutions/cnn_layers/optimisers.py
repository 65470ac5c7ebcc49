"""Update rules as functions: (w, dw, config) to (the next w, config). What a rule remembers is kept in config.

Goodfellow et al., Deep Learning, sections 8.3 and 8.5. AdamW: Loshchilov & Hutter 2019, arXiv:1711.05101.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Config = dict[str, Any]
Step = tuple[Array, Config]


def sgd(w: Array, dw: Array, config: Config) -> Step:
    """w ← w − learning_rate · g."""
    return w - config["learning_rate"] * dw, config


def momentum(w: Array, dw: Array, config: Config) -> Step:
    """v ← momentum · v + g; w ← w − learning_rate · v."""
    v = config["momentum"] * config.get("v", 0) + dw
    return w - config["learning_rate"] * v, config | {"v": v}


def nesterov(w: Array, dw: Array, config: Config) -> Step:
    """v ← momentum · v + g; w ← w − learning_rate · (g + momentum · v)."""
    v = config["momentum"] * config.get("v", 0) + dw
    return w - config["learning_rate"] * (dw + config["momentum"] * v), config | {"v": v}


def rmsprop(w: Array, dw: Array, config: Config) -> Step:
    """r ← rho · r + (1 − rho) · g²; w ← w − learning_rate · g / (√r + epsilon)."""
    r = config["rho"] * config.get("r", 0) + (1 - config["rho"]) * dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(r) + config["epsilon"]), config | {"r": r}


def adam(w: Array, dw: Array, config: Config) -> Step:
    """RMSProp's scaling of a running mean of gradients, both corrected for their start at zero."""
    rho1, rho2, t = config["rho1"], config["rho2"], config.get("t", 0) + 1
    s = rho1 * config.get("s", 0) + (1 - rho1) * dw
    r = rho2 * config.get("r", 0) + (1 - rho2) * dw**2
    mean, square = s / (1 - rho1**t), r / (1 - rho2**t)
    following = w - config["learning_rate"] * mean / (np.sqrt(square) + config["epsilon"])
    return following, config | {"s": s, "r": r, "t": t}


def adamw(w: Array, dw: Array, config: Config) -> Step:
    """Adam's step from w shrunk by learning_rate · weight_decay · w: the scaling never sees the decay."""
    return adam(w * (1 - config["learning_rate"] * config["weight_decay"]), dw, config)
