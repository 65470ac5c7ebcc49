"""Update rules as functions with a switch for each well-known mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from problem_bank.subjects.layer_checks import Array

Config: TypeAlias = dict[str, float]
Memory: TypeAlias = dict[str, Any]
Update: TypeAlias = Callable[[Array, Array, Config, Memory], Array]
"""(w, gradient, config, memory) to the next w; memory is a dict of its own, empty at first."""


def plain(sign: float = -1.0, rate: bool = True) -> Update:
    return lambda w, g, c, m: w + sign * (c["learning_rate"] if rate else 1.0) * g


def momentum(
    new: Callable[[float], float] = lambda mu: 1.0,
    *,
    nesterov: bool = False,
    sign: float = 1.0,
    keep: bool = True,
) -> Update:
    """`new` is the factor of the new gradient."""

    def update(w: Array, g: Array, c: Config, m: Memory) -> Array:
        mu = c["momentum"]
        v = mu * m.get("v", np.zeros_like(w)) + new(mu) * g
        m["v"] = v if keep else np.zeros_like(w)
        step: Array = g + mu * v if nesterov else v
        return w - sign * c["learning_rate"] * step

    return update


def rmsprop(*, swapped: bool = False, inside: bool = False, root: bool = True, total: bool = False) -> Update:
    def update(w: Array, g: Array, c: Config, m: Memory) -> Array:
        rho, eps = (1 - c["rho"] if swapped else c["rho"]), c["epsilon"]
        m["r"] = r = (m.get("r", 0.0) + g**2) if total else rho * m.get("r", 0.0) + (1 - rho) * g**2
        scale = np.sqrt(r + eps) if inside else (np.sqrt(r) + eps if root else r + eps)
        following: Array = w - c["learning_rate"] * g / scale
        return following

    return update


def adam(
    *,
    corrected: tuple[bool, bool] = (True, True),
    inside: bool = False,
    late: bool = False,
    swapped: bool = False,
    mixed: bool = False,
    first: int = 1,
    advance: int = 1,
    decay: str = "none",
) -> Update:
    """`late` adds epsilon before the correction; `mixed` gives rho1 to the new gradient; `first` is the first t."""

    def update(w: Array, g: Array, c: Config, m: Memory) -> Array:
        rho1, rho2 = (c["rho2"], c["rho1"]) if swapped else (c["rho1"], c["rho2"])
        rho1, rho2 = (1 - rho1, 1 - rho2) if mixed else (rho1, rho2)
        rate, weight, t = c["learning_rate"], c.get("weight_decay", 0.0), m.get("t", first)
        g = g + weight * w if decay == "coupled" else g
        m["t"] = t + advance
        m["s"] = s = rho1 * m.get("s", 0.0) + (1 - rho1) * g
        m["r"] = r = rho2 * m.get("r", 0.0) + (1 - rho2) * g**2
        mean = s / (1 - rho1**t) if corrected[0] else s
        square = r / (1 - rho2**t) if corrected[1] else r
        scale = np.sqrt(square + c["epsilon"]) if inside else np.sqrt(square) + c["epsilon"]
        if late:
            scale = (np.sqrt(r) + c["epsilon"]) / np.sqrt(1 - rho2**t)
        following: Array = w - rate * mean / scale
        shrinks = {"rateless": weight * w, "after": rate * weight * following, "decoupled": rate * weight * w}
        return following - shrinks[decay] if decay in shrinks else following

    return update
