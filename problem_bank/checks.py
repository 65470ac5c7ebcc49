"""Hidden checks of student code: written like a pytest test, run against a proxy.

    @check(points=3)
    def forward(student, rng):
        '''forward computes Y = X Wᵀ + b'''
        layer = student.LinearModule(5, 3)
        ...
        close(layer.forward(x), expected, what="forward(x)")

`student` stands for the module that was handed in, which runs in another process; what comes back
is plain data, or a `Kept` object that stayed there. The docstring is the sentence the student
reads. `rng` is a NumPy generator for inputs that nobody has seen before.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problem_bank.exercise import Slip

Function: TypeAlias = Callable[[Any, np.random.Generator], None]

_SINGLE = 1e-4  # relative; float32 and an epsilon in a logarithm stay below it


class CheckFailed(Exception):  # an outcome, not a malfunction
    """The submission does not do what the check says; `misconception` names a known wrong rule.

    `ours` tells that the message is a text of ours alone: nothing that the submission made stands in it.
    """

    def __init__(self, message: str, misconception: str | None = None, *, ours: bool = False) -> None:
        super().__init__(message)
        self.misconception, self.ours = misconception, ours


class StudentError(Exception):
    """An error that student code raised: its type's name, its message, and the place in the student's file."""

    def __init__(self, type: str, message: str, file: str = "", line: int = 0) -> None:
        super().__init__(f"{type}: {message}")
        self.type, self.message, self.file, self.line = type, message, file, line


class Kept:
    """An object of the submission that did not travel. Its public names are the submission's own.

    What checks ask of it; the grader's proxies do it.
    """

    _kind: str  # the name of its type

    def _kept_call(self, *args: Any, **kwargs: Any) -> Any:
        """Call this object; the result stays beside it."""
        raise NotImplementedError

    def _tools(self) -> Any:
        """The helpers for models that lie beside this object."""
        raise NotImplementedError

    def _put(self, value: Any) -> Any:
        """A copy of the value that stays beside this object."""
        raise NotImplementedError

    def _data(self) -> Any:
        """This object as plain data."""
        raise NotImplementedError


@dataclass(frozen=True)
class Check:
    """One thing that the code must do.

    `requires` names the checks without which this one is not run; `seconds` is the time it may
    take, where that is less than the grader's own limit. What comes of a `hidden` one counts, and is
    shown to instructors only.
    """

    name: str
    sentence: str
    function: Function
    points: int = 1
    requires: tuple[str, ...] = ()
    seconds: float | None = None
    hidden: bool = False

    def __call__(self, student: Any, rng: np.random.Generator) -> None:
        """Run it. Raises CheckFailed, and StudentError where student code raised."""
        self.function(student, rng)


def check(
    *, points: int = 1, requires: Sequence[str] = (), seconds: float | None = None, hidden: bool = False
) -> Callable[[Function], Check]:
    """Make a function (student, rng) a check that bears its name; the docstring becomes the sentence."""

    def decorate(function: Function) -> Check:
        sentence = inspect.getdoc(function)
        if not sentence:
            raise ValueError(f"check {function.__name__} has no docstring; the student reads it")
        return Check(function.__name__, sentence, function, points, tuple(requires), seconds, hidden)

    return decorate


def close(
    actual: Any,
    expected: ArrayLike,
    *,
    what: str,
    rtol: float = 1e-9,
    atol: float = 1e-12,
    slips: Sequence[Slip] = (),
) -> None:
    """Hold a value of the submission against the expected one: its kind, its shape, finiteness, then its entries.

    `what` names the value for the student; expected entries are never shown. A slip whose value
    (of any shape) is the actual one is named. Raises CheckFailed.
    """
    truth, value = np.asarray(expected), numeric(actual, what)
    if value.shape != truth.shape:
        _name(value, slips, rtol, atol)
        raise CheckFailed(f"{what} has shape {value.shape}; expected {truth.shape}.")
    if not np.isfinite(value).all():
        raise CheckFailed(f"{what} holds {np.count_nonzero(~np.isfinite(value))} entries that are nan or infinite.")
    if _near(value, truth, rtol, atol):
        return
    _name(value, slips, rtol, atol)
    if _near(value, truth, _SINGLE, _SINGLE):
        raise CheckFailed(f"{what} agrees to about four digits only; compute in float64 and round nothing.")
    wrong = np.count_nonzero(~np.isclose(value, truth, rtol, atol))
    raise CheckFailed(f"{what} has the right shape, but {wrong} of its {truth.size} entries are wrong.")


def numeric(actual: Any, what: str) -> NDArray[Any]:
    """A value of the submission as an array of numbers. Raises CheckFailed for anything else."""
    if isinstance(actual, bool | int | float | complex | list | tuple | np.ndarray | np.generic):
        try:
            value = np.asarray(actual)
        except (ValueError, OverflowError) as error:
            raise CheckFailed(f"{what} is a list with rows of different length; expected an array.") from error
        if value.dtype.kind in "biufc":
            return value
    raise CheckFailed(f"{what} is {describe(actual)}; expected an array of numbers.")


def kept_call(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Call a function of the submission and leave the result there: ask for its entries, or `data`."""
    return function._kept_call(*args, **kwargs)


def tools(student: Any) -> Any:
    """The helpers for models beside the submission: see grader/sandbox/models.py."""
    return student._tools()


def held(student: Any, value: Any) -> Any:
    """A copy of the value that stays beside the submission, so that `data` shows what became of it."""
    return student._put(value) if isinstance(student, Kept) else copy.deepcopy(value)


def data(value: Any) -> Any:
    """What stayed beside the submission, as plain data: an array, or a dict or list that is an attribute."""
    return value._data() if isinstance(value, Kept) else value


def describe(value: Any) -> str:
    """What kind of thing a value is, in words for the student."""
    if value is None:
        return "nothing (None); is a `return` or an assignment missing"
    kind = value._kind if isinstance(value, Kept) else type(value).__name__
    if kind == "ellipsis":
        return "an unfinished `...`"
    return "an integer of more than 64 bits" if kind == "int" else f"an object of type {kind}"


def _near(value: NDArray[Any], truth: NDArray[Any], rtol: float, atol: float) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):  # the values may be anything
        return value.shape == truth.shape and bool(np.allclose(value, truth, rtol, atol))


def _name(value: NDArray[Any], slips: Sequence[Slip], rtol: float, atol: float) -> None:
    """Raise CheckFailed with the first wrong rule that leads to exactly this value."""
    for slip in slips:
        if slip.value is not None and _near(value, np.asarray(slip.value), rtol, atol):
            raise CheckFailed(slip.feedback, slip.name, ours=True)
