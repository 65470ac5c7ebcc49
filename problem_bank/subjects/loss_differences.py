"""The gradients of a network with one hidden layer by central differences of its loss, and wrong ones beside them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

EXACT = Fraction(1, 1000)  # the loss is quadratic along every axis, so any step gives the derivative
SMALL = 1e-5


def steps(given: dict[str, Any]) -> dict[str, Any]:
    """All steps and their misconceptions; `given` holds W1, b1, v, b2, x, target, hidden, loss and perhaps m1, keep."""
    exact = given["hidden"] == "relu" and given["loss"] == "squared"
    kind: Any = object if exact else float
    net = {
        name: np.array(given[source], dtype=kind) for name, source in (("w", "W1"), ("b", "b1"), ("v", "v"), ("x", "x"))
    }
    bits = np.array(given.get("m1", (1,) * len(net["v"])), dtype=kind)
    keep, sigmoid = given.get("keep", 1), given["hidden"] == "sigmoid"
    mask, other = bits / keep if keep != 1 else bits, (1 - bits) / keep if keep != 1 else 1 - bits
    live = net["w"] @ net["x"] + net["b"] > 0  # which units are on; a ReLU that is off stays off, at 0 too
    zero = {"w": 0 * net["w"], "v": 0 * net["v"], "a": 0 * net["b"], "h": 0 * net["b"], "y": np.zeros(1, dtype=kind)}

    def forward(moved: dict[str, Any]) -> dict[str, Any]:
        at = {**zero, **moved}
        a = (net["w"] + at["w"]) @ net["x"] + net["b"] + at["a"]
        h = (1 / (1 + np.exp(-a)) if sigmoid else live * a) + at["h"]
        y = (net["v"] + at["v"]) @ (mask * h) + given["b2"] + at["y"][0]
        return {"a": a, "h": h, "y": y}

    def loss(moved: dict[str, Any]) -> Any:
        y = forward(moved)["y"]
        if given["loss"] == "squared":
            return (y - given["target"]) ** 2 / (Fraction(2) if exact else 2)
        return np.log1p(np.exp(-y if given["target"] else y))

    def slope(name: str) -> Any:
        step, found = EXACT if exact else SMALL, zero[name].copy()
        for i in np.ndindex(found.shape):
            ends = []
            for side in (step, -step):
                moved = zero[name].copy()
                moved[i] = side
                ends.append(loss({name: moved}))
            found[i] = (ends[0] - ends[1]) / (2 * step)
        return found

    values = forward({})
    a, h, y, v, x = values["a"], values["h"], values["y"], net["v"], net["x"]
    dy, dv, dh, da, dw = slope("y")[0], slope("v"), slope("h"), slope("a"), slope("w")
    bias = np.array(given["b1"], dtype=kind)
    table = {
        "a": a, "a.no_bias": a - bias,
        "h": h, "h.no_activation": a,
        "masked": mask * h, "masked.no_mask": h, "masked.inverted_mask": other * h, "masked.not_rescaled": bits * h,
        "y": y, "y.no_bias": y - given["b2"],
        "dy": dy, "dy.sign": -dy, "dy.doubled": 2 * dy,
        "dv": dv, "dv.of_sums": dy * a, "dv.weights": dy * v, "dv.no_error": mask * h, "dv.unmasked": dy * h,
        "dh": dh, "dh.mask_forgotten": dy * v, "dh.mask_inverted": dy * v * other, "dh.no_error": v * mask,
        "dh.only_forward": dy * v * bits, "dh.scaled_twice": dh * mask,
        "da": da, "da.no_slope": dh, "da.no_weights": da / v, "da.value_for_slope": dh * h,
        "dW": dw, "dW.transposed": dw.T, "dW.no_slope": np.outer(dh, x), "dW.no_input": np.outer(da, np.ones_like(x)),
    }  # fmt: skip
    if given["loss"] == "logistic":
        q = (1 + np.tanh(float(y) / 2)) / 2
        table |= {"q": q, "q.negated": 1 - q, "dy.slope_again": dy * q * (1 - q)}
    return {name: value.tolist() if hasattr(value, "tolist") else value for name, value in table.items()}
