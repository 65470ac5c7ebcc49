"""The gradients of a linear layer by differences of its loss, and what the misconceptions make of them."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from problem_bank.answers import Instance

SIZES = {"S": 3, "M": 5, "N": 2}
SHAPES = {"rows, W^T": ("SM", "NM", "SN"), "rows, W": ("SM", "MN", "SN"), "columns": ("MS", "NM", "NS")}  # X, W, G


@cache
def instances(form: str, names: tuple[str, ...]) -> dict[str, dict[str, Instance]]:
    """The gradients for random integers, of sizes that are all different; `names` stand for X, W and G."""
    dice = np.random.default_rng(3)
    arrays = {a: dice.integers(-4, 5, [SIZES[s] for s in shape]) for a, shape in zip("XWG", SHAPES[form], strict=True)}
    plain = {name: tuple(map(tuple, array.tolist())) for name, array in zip(names, arrays.values(), strict=True)}
    return {
        part: {slip: Instance(plain, _tuples(value)) for slip, value in values.items()}
        for part, values in gradients(form, arrays).items()
    }


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value.tolist() if hasattr(value, "tolist") else value)) if np.ndim(value) else value


def gradients(form: str, arrays: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each gradient, and what the misconceptions make of it, by ".misconception"."""
    samples = 1 if form == "columns" else 0
    g, w = arrays["G"], arrays["W"]
    right = {by: _slope(form, arrays, by) for by in "WbX"}
    after = _slope(form, {**arrays, "W": w - right["W"]}, "X")
    count = g.shape[samples]
    values: dict[str, dict[str, Any]] = {
        f"d{by}": {"": right[by], ".averaged": right[by].astype(object) * Fraction(1, count)} for by in "WbX"
    }
    values["dW"][".transposed"], values["dX"][".transposed"] = right["W"].T, right["X"].T
    values["dX"][".updated_first"] = after
    values["db"] |= {".not_summed": g, ".wrong_sum": g.sum(axis=1 - samples)}
    return values


def _slope(form: str, arrays: Mapping[str, Any], by: str) -> Any:
    """The differences of the loss by the entries of one array."""
    units = arrays["G"].shape[0 if form == "columns" else 1]
    point = {**arrays, "b": np.zeros(units, dtype=int)}
    slopes = np.zeros_like(point[by])
    for i in np.ndindex(slopes.shape):
        step = np.zeros_like(slopes)
        step[i] = 1
        slopes[i] = _loss(form, {**point, by: point[by] + step}) - _loss(form, point)
    return slopes


def _loss(form: str, a: Mapping[str, Any]) -> int:
    y = {"rows, W^T": lambda: a["X"] @ a["W"].T + a["b"], "rows, W": lambda: a["X"] @ a["W"] + a["b"],
         "columns": lambda: a["W"] @ a["X"] + a["b"][:, None]}[form]()  # fmt: skip
    return int((a["G"] * y).sum())
