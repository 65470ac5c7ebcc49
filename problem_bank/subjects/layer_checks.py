"""What checks of hand-written layers share: making a layer, reading its arrays, and slips by a factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from problem_bank.checks import CheckFailed, Kept, StudentError, describe, numeric
from problem_bank.exercise import Slip

Array: TypeAlias = NDArray[Any]


def sizes(rng: np.random.Generator, n: int) -> list[int]:
    """Draw n different numbers from 3 to 9, so that no swapped axis can hide."""
    return [int(size) for size in rng.permutation(np.arange(3, 10))[:n]]


def make(kind: Any, *dimensions: Any, **flags: Any) -> Any:
    """An object of the student's class. A constructor may want plain or NumPy integers: both are tried."""
    try:
        return kind(*dimensions, **flags)
    except StudentError as error:
        try:
            return kind(*map(np.int64, dimensions), **flags)
        except StudentError:
            raise error from None


def unset(layer: Any, key: str) -> bool:
    """Is this gradient of a layer still None, or its whole dict?"""
    table: Any = getattr(layer, "grads", None)
    if table is None:
        return True
    usable = isinstance(table, Kept | dict)
    try:
        return usable and table[key] is None
    except (StudentError, KeyError):
        return False


def entry(layer: Any, table: str, key: str) -> Array:
    """An array out of a dict of the layer, such as `params` or `grads`. Raises CheckFailed where there is none."""
    held: Any = getattr(layer, table)
    usable = isinstance(held, Kept | dict)
    if not usable:
        raise CheckFailed(f"{table} is {describe(held)}; expected a dict.")
    try:
        value = held[key]
    except (StudentError, KeyError) as error:
        raise CheckFailed(f'{table} has no entry "{key}".') from error
    array = numeric(value, f'{table}["{key}"]')
    if array.dtype.kind == "c":
        raise CheckFailed(f'{table}["{key}"] holds complex numbers; expected real ones.')
    return array


def scaled(name: str, gradient: Array, samples: int) -> list[Slip]:
    """Slips that get a gradient right but for a factor."""
    twice = f"The {name} gradient is divided by the batch size once more; a mean over the batch is in dout already."
    return [
        Slip(f"{name}_gradient_averaged", gradient / samples, twice),
        Slip(f"{name}_gradient_sign", -gradient, f"The {name} gradient has the wrong sign."),
    ]


def drawn(weights: Array, variance: float, wrong: Mapping[str, tuple[float, str]]) -> None:
    """Hold random weights (10,000 or more) against mean 0 and, within 10 %, the asked variance.

    `wrong` names variances that wrong rules lead to, with their feedback. Raises CheckFailed.
    """
    measured, mean = float(weights.var()), float(weights.mean())
    if measured == 0:
        raise CheckFailed("All weights are equal, so all units would stay equal; draw them at random.", "symmetric")
    if abs(mean) > 6 * (measured / weights.size) ** 0.5:
        raise CheckFailed("The mean of the weights is not 0.", "not_centred")
    if abs(measured / variance - 1) <= 0.1:
        return
    for name, (value, feedback) in wrong.items():
        if abs(measured / value - 1) <= 0.1:
            raise CheckFailed(feedback, name)
    raise CheckFailed(f"The variance of the weights is {measured / variance:.2g} times what it should be.")
