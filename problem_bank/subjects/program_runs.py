"""Running the programs of the bank in this process, and judging what another process returned for one of them.

Only texts of the bank are run here: the right program, and the same with one of its known wrong expressions.
What a student typed is run by the grader, in its sandbox.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from problem_bank.subjects.programs import Program

Array: TypeAlias = NDArray[Any]
Inputs: TypeAlias = dict[str, Any]
RTOL, ATOL = 1e-8, 1e-11


def inputs(program: Program, rng: np.random.Generator, trial: int = 0) -> Inputs:
    """What the function is called with, by argument: drawn as its `inputs` say, in the sizes of this trial."""
    sizes = {letter: str(several[trial % len(several)]) for letter, several in program.sizes.items()}
    words = {name: [sizes.get(word, word) for word in kind.split()] for name, kind in program.inputs.items()}
    return {name: _drawn(rng, *kind) for name, kind in words.items()}


def run(program: Program, given: Inputs, hole: str = "", wrong: str = "") -> Any:
    """What the right program returns or, given a hole, the one with this wrong expression of the bank in it.

    Raises ValueError for any other text.
    """
    if hole and wrong not in [known.text for known in program.holes[hole].wrong]:
        raise ValueError(f"{wrong!r} is no text of the bank, and is not run here")
    function = _function(program.built({hole: wrong} if hole else {}), program.function)
    with np.errstate(all="ignore"):
        return function(**{name: np.copy(v) if isinstance(v, np.ndarray) else v for name, v in given.items()})


def arrays(value: Any) -> tuple[Array, ...]:
    """The results of a program, one or several. Raises TypeError or ValueError for what is no number."""
    several = value if isinstance(value, tuple | list) else (value,)
    found = tuple(np.asarray(each) for each in several)
    if any(each.dtype.kind not in "biuf" for each in found):
        raise TypeError("results are numbers")
    return found


def same(one: Any, other: Any) -> bool:
    """Are these the same results, up to rounding? What is no number is the same as nothing."""
    found = agreeing(one, other)
    return bool(found) and all(found)


def agreeing(one: Any, other: Any) -> tuple[bool, ...]:
    """Which of these results are the same, one by one; nothing where they are no numbers, or not as many."""
    try:
        return tuple(_close(a, b) for a, b in zip(arrays(one), arrays(other), strict=True))
    except (TypeError, ValueError, OverflowError):
        return ()


def _close(a: Array, b: Array) -> bool:
    with np.errstate(all="ignore"):  # the values may be anything
        return a.shape == b.shape and np.allclose(a, b, RTOL, ATOL, equal_nan=True)


@cache
def _function(source: str, name: str) -> Callable[..., Any]:
    """The function of a text of the bank."""
    namespace: dict[str, Any] = {}
    exec(compile(source, f"<{name}>", "exec"), namespace)  # ours: see `run`
    made: Callable[..., Any] = namespace[name]
    return made


def _drawn(rng: np.random.Generator, kind: str, *sizes: str) -> Any:
    """One input: "normal 4 3" is an array of that shape, "uniform 0.1 0.9" a number, "labels 6 4" six of four."""
    if kind == "uniform":
        low, high = map(float, sizes)
        return rng.uniform(low, high)
    shape = tuple(map(int, sizes))
    if kind == "size":
        return shape[0]
    if kind == "integer":
        return int(rng.integers(shape[0], shape[1] + 1))
    if kind == "labels":
        return rng.integers(0, shape[1], shape[0])
    if kind == "order":
        return rng.permutation(shape[0])
    if kind == "logits":  # some rows far from 0, and one entry far below its row: powers overflow
        far = np.zeros(shape)
        far[0, -1] = 6_000
        return 3 * rng.normal(size=shape) + 900 * rng.permutation(np.arange(shape[0]) - 1)[:, None] - far
    if kind == "positive":
        return rng.uniform(0.5, 2.0, shape)
    return rng.random(shape) if kind == "unit" else rng.normal(size=shape)
