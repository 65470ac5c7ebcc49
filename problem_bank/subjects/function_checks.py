"""What checks of free functions share: finding one, taking its results apart, seeing what it does to its arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from problem_bank.checks import CheckFailed, StudentError, data, describe, held, numeric
from problem_bank.subjects.layer_checks import Array


def function(student: Any, name: str) -> Any:
    """A function of the module that was handed in. Raises CheckFailed where there is none of this name."""
    try:
        return getattr(student, name)
    except (StudentError, AttributeError) as error:
        raise CheckFailed(f"There is no function {name}; define it, and keep its name.") from error


def results(value: Any, call: str, *names: str) -> list[Any]:
    """What a function returned together, such as (out, cache). Raises CheckFailed where it is not as many things."""
    expected = f"({', '.join(names)})"
    if isinstance(value, tuple | list) and len(value) == len(names):
        return list(value)
    if isinstance(value, tuple | list):
        raise CheckFailed(f"{call} returns {len(value)} things; expected {expected}.")
    raise CheckFailed(f"{call} returns {describe(value)}; expected {expected}.")


def unchanged(student: Any, call: Any, what: str, *arguments: Any, more: tuple[Any, ...] = ()) -> Any:
    """Call with these arrays, and `more` behind them; the result. Raises CheckFailed if an array is another after."""
    kept = [held(student, argument) for argument in arguments]
    result = call(*kept, *more)
    for after, before in zip(kept, arguments, strict=True):
        if not np.array_equal(numeric(data(after), "an argument"), before):
            raise CheckFailed(f"{what} changes an array that it is given; work on a new one.", "input_changed")
    return result


def vector(value: Any, size: int, what: str) -> Array:
    """An array with so many numbers as a vector: (n, 1) and (1, n, 1, 1) are matters of style."""
    array = numeric(value, what)
    return array.reshape(size) if array.size == size else array


def like(value: Array, own: Any, what: str) -> Array:
    """A vector in the shape of the submission's `own` array. Raises CheckFailed where that has another size."""
    shape = numeric(own, what).shape
    if np.prod(shape) != value.size:
        raise CheckFailed(f"{what} has shape {shape}; expected {value.shape}.")
    return value.reshape(shape)
