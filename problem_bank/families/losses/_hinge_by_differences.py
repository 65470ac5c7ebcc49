"""Hinge losses and their gradients by exact differences: near the point they are linear, with a penalty quadratic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

STEP = Fraction(1, 10**6)


def _slope(f: Any, at: Any) -> Any:
    """The gradient of a function that is linear or quadratic near the point, by central differences."""
    found = np.zeros(at.shape, dtype=object)
    for i in np.ndindex(at.shape):
        shift = np.zeros(at.shape, dtype=object)
        shift[i] = STEP
        found[i] = (f(at + shift) - f(at - shift)) / (2 * STEP)
    return found


def _array(value: Any) -> Any:
    return np.array(value, dtype=object) * Fraction(1)


def binary(given: dict[str, Any]) -> dict[str, Any]:
    """The values of the batch of two classes."""
    x, t, wb = _array(given["x"]), _array(given["t"]), _array([*given["w"], given["b"]])
    ones = np.column_stack([x, _array([1] * len(t))])

    def losses(parameters: Any) -> Any:
        return np.maximum(0, 1 - t * (ones @ parameters))

    m, n = t * (ones @ wb), Fraction(len(t))
    d = _slope(lambda v: losses(v).sum() / n, wb)
    every = _slope(lambda v: (1 - t * (ones @ v)).sum() / n, wb)
    cost = losses(wb)
    return {
        "margins": m, "margins.no_label": ones @ wb, "margins.no_bias": t * (x @ wb[:2]), "losses": cost,
        "losses.no_margin": np.maximum(0, -m), "losses.not_clipped": 1 - m, "L": cost.sum() / n,
        "L.sum_for_mean": cost.sum(), "dw": d[:2], "dw.sign": -d[:2], "dw.every_sample": every[:2],
        "dw.sum_for_mean": d[:2] * n, "dw.active_only": d[:2] * n / np.count_nonzero(cost),
    }  # fmt: skip


def several(given: dict[str, Any], weights: bool) -> dict[str, Any]:
    """The values of the one sample of several classes."""
    y, delta = given["label"] - 1, given["delta"]
    s = _array(given["W"]) @ _array(given["x"]) if weights else _array(given["s"])

    def loss(scores: Any, margin: int = delta) -> Any:
        return np.delete(np.maximum(0, scores - scores[y] + margin), y).sum()

    d, terms = _slope(loss, s), np.maximum(0, s - s[y] + delta)
    once, none, values = d.copy(), d.copy(), terms.copy()
    once[y], none[y], values[y] = -1, 0, -loss(s)
    found = {
        "s": s, "loss": loss(s), "loss.own_class": terms.sum(), "loss.no_margin": loss(s, 0),
        "loss.not_clipped": (s - s[y]).sum() + delta * (len(s) - 1), "loss.turned": loss(-s),
        "loss.largest_only": np.delete(terms, y).max(), "ds": d, "ds.sign": -d, "ds.own_once": once,
        "ds.own_forgotten": none, "ds.values": values,
    }  # fmt: skip
    if weights:
        w, x, penalty = _array(given["W"]), _array(given["x"]), given["penalty"]

        def total(v: Any, fed: Any = x, share: Any = penalty) -> Any:
            shift = (v - w) @ fed
            return loss(s + shift) + share * (v * v).sum() / 2

        found |= {"s.no_input": w.sum(axis=1), "dW": _slope(total, w),
                  "dW.no_penalty": _slope(lambda v: total(v, share=0), w),
                  "dW.penalty_doubled": _slope(lambda v: total(v, share=2 * penalty), w),
                  "dW.no_input": _slope(lambda v: total(v, fed=x**0), w)}  # fmt: skip
    return found
