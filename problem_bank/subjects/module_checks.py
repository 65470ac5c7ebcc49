"""What checks of modules (layers without parameters, losses, networks) share: building one, and what it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from problem_bank.checks import CheckFailed, StudentError, close, numeric, tools
from problem_bank.subjects.layer_checks import Array

FORGETFUL = "After clear_cache(), backward still knows the batch of the forward pass before; set what was kept to None."


def member(owner: Any, name: str, place: str) -> Any:
    """A class of a file or a method of an object. Raises CheckFailed, naming the place, where there is none."""
    try:
        return getattr(owner, name)
    except (StudentError, AttributeError) as error:
        if isinstance(error, StudentError) and error.type != "AttributeError":
            raise
        raise CheckFailed(f"{place} has no `{name}`; define it under exactly this name.") from error


def built(student: Any, name: str, *optional: Any, file: str = "modules.py") -> Any:
    """An object of the student's class, made without arguments, or with these if it insists on them."""
    kind = member(student, name, file)
    try:
        return kind()
    except StudentError as error:
        if error.type != "TypeError" or not optional:
            raise
        return kind(*optional)


def agrees(actual: Any, expected: Any, *, rtol: float = 1e-6, atol: float = 1e-9) -> bool:
    """Would `close` let this value pass?"""
    try:
        close(actual, expected, what="it", rtol=rtol, atol=atol)
    except CheckFailed:
        return False
    return True


def forgets(layer: Any, dout: Array, stale: Array) -> None:
    """After `clear_cache`, `backward(dout)` must not give `stale`, what belongs to the pass before; it may raise.

    Raises CheckFailed.
    """
    member(layer, "clear_cache", layer._kind if hasattr(layer, "_kind") else type(layer).__name__)()
    try:
        value = layer.backward(dout)
    except StudentError:
        return  # nothing is there to work with, as it should be
    if agrees(value, stale):
        raise CheckFailed(FORGETFUL, "cache_kept")


def both_signs(rng: np.random.Generator, shape: Sequence[int]) -> Array:
    """Random numbers away from the kink at 0, with both signs among them."""
    signs = np.resize([1.0, -1.0, -1.0, 1.0, -1.0], int(np.prod(shape)))
    return (rng.permutation(signs) * rng.uniform(0.2, 2.5, signs.size)).reshape(shape)


def network_output(student: Any, model: Any, x: Array) -> Array:
    """What the student's torch network makes of x, in double precision."""
    tools(student).cast(model)
    return numeric(tools(student).call(model, x), "the output")
