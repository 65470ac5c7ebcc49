"""Studies of trained networks, seen from the checks: a function that trains several and returns their curves.

A study is called as `study(data, ..., seed=0)` and returns `{"runs": [...], "claims": {...}}`: for each
setting a dict with the setting, the curves of its run, and the network as it was after the last epoch. No
number in it is compared with ours: what counts is that the log is complete and true of its own networks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problem_bank.checks import CheckFailed, Kept, StudentError, describe, numeric, tools
from problem_bank.subjects.function_checks import function

Array = NDArray[Any]
Data = Mapping[str, Any]  # {"train": (x, y), "validation": (x, y)}, or several of these by name
Setting = tuple[Any, ...]
Case = tuple[Data, dict[str, Any]]

CURVES = ("train_loss", "val_loss", "val_accuracy")
ROUNDED = 6e-3  # two decimals of a logged number are enough


@dataclass(frozen=True)
class Run:
    """One run of a study; `place` says which, for the student."""

    place: str
    table: Mapping[str, Any]

    def curve(self, name: str, epochs: int) -> Array:
        """The numbers of one curve, shape (epochs,). Raises CheckFailed where there are not as many."""
        what = f'The entry "{name}" of {self.place}'
        values = numeric(self.entry(name), what)
        if values.size == epochs:
            return values.reshape(epochs).astype(float)
        if values.size == 1:
            raise CheckFailed(f"{what} is one number; a curve has one for each of the {epochs} epochs.", "one_number")
        if values.size % epochs == 0 and values.size:
            many = f"{what} has {values.size} numbers for {epochs} epochs; average over the batches of an epoch."
            raise CheckFailed(many, "one_number_per_batch")
        raise CheckFailed(f"{what} has {values.size} numbers; expected one for each of the {epochs} epochs.")

    @property
    def model(self) -> Any:
        """The network after the last epoch. Raises CheckFailed where there is none."""
        return self.network("model")

    def network(self, name: str) -> Any:
        """A network, which stayed beside the submission. Raises CheckFailed where there is none."""
        model = self.entry(name)
        if not isinstance(model, Kept):
            raise CheckFailed(f'The entry "{name}" of {self.place} is {describe(model)}; expected a trained network.')
        return model

    def entry(self, name: str) -> Any:
        """An entry of the run's dict. Raises CheckFailed where there is none."""
        if name not in self.table:
            raise CheckFailed(f'There is no entry "{name}" in {self.place}.')
        return self.table[name]


@dataclass(frozen=True)
class Result:
    """What a study returned: its runs by their setting, and what it claims."""

    runs: Mapping[Setting, Run]
    claims: Mapping[Any, Any]


@dataclass(frozen=True)
class Study:
    """A student's study.

    `axes` maps each argument that lists settings to the entry of a run that holds its own; the
    argument "data" lists the names of several data sets. `small` draws data and arguments for a quick run;
    `easy` those with which any right training does well.
    """

    module: Any
    name: str
    axes: Mapping[str, str]
    small: Callable[[np.random.Generator], Case]
    easy: Callable[[np.random.Generator], Case]

    def __call__(self, data: Data, *, seed: int, outside: int = 0, **arguments: Any) -> Result:
        """Run it. Every global generator is seeded with `outside` before. Raises CheckFailed, StudentError."""
        tools(self.module).seed(outside)
        found = function(self.module, self.name)(data, **arguments, seed=seed)
        if not isinstance(found, dict) or not isinstance(found.get("runs"), list | tuple):
            what = describe(found) if not isinstance(found, dict) else 'a dict without a list "runs"'
            raise CheckFailed(f'{self.name} returns {what}; expected {{"runs": [...], "claims": {{...}}}}.')
        values = [list(data) if argument == "data" else arguments[argument] for argument in self.axes]
        claims = found.get("claims")
        return Result(self._runs(found["runs"], list(product(*values))), claims if isinstance(claims, dict) else {})

    def _runs(self, found: Sequence[Any], asked: list[Setting]) -> dict[Setting, Run]:
        runs: dict[Setting, Run] = {}
        for table in found:
            if not isinstance(table, dict):
                raise CheckFailed(f'An entry of "runs" is {describe(table)}; expected a dict.')
            own = tuple(Run("a run", table).entry(key) for key in self.axes.values())
            setting = next((one for one in asked if all(map(same, one, own))), None)
            if setting is None:
                raise CheckFailed(f"There is a run with {self._words(own)}, which was not asked for.", "other_settings")
            if setting in runs:
                raise CheckFailed(f"There are two runs with {self._words(own)}.", "repeated_setting")
            runs[setting] = Run(f"the run with {self._words(setting)}", table)
        for setting in asked:
            if setting not in runs:
                raise CheckFailed(f"There is no run with {self._words(setting)}.", "missing_setting")
        return runs

    def _words(self, setting: Setting) -> str:
        return ", ".join(f"{key} {_short(value)}" for key, value in zip(self.axes.values(), setting, strict=True))

    def sets(self, data: Data, setting: Setting) -> Data:
        """The data set of a run."""
        named = dict(zip(self.axes, setting, strict=True)).get("data")
        return data if named is None else data[named]


def same(asked: Any, own: Any) -> bool:
    """Is a setting the asked one? Numbers up to rounding, names in any case."""
    if isinstance(asked, str):
        return isinstance(own, str) and own.strip().lower() == asked
    try:
        value = numeric(own, "a setting")
    except CheckFailed:
        return False
    return value.size == 1 and bool(np.isclose(float(np.real(value.ravel()[0])), asked, rtol=1e-6, atol=1e-12))


def scores(student: Any, model: Any, x: Array) -> Array:
    """The network's outputs, shape (S, K), in evaluation mode; images are also tried with a channel, and flat.

    Raises CheckFailed, and what the network raised on x as it is.
    """
    forms = [x] if x.ndim == 2 else [x, x[:, None], x.reshape(len(x), -1)]
    tools(student).train(model, False)
    first: StudentError | None = None
    for form in forms:
        try:
            found = numeric(tools(student).call(model, form, dtype="float32"), "the network's output")
        except StudentError as error:
            first = first or error
            continue
        if found.ndim == 2 and len(found) == len(x):
            return found.astype(float)
    if first:
        raise first
    raise CheckFailed(f"A network's output has shape {found.shape} for {len(x)} samples; expected a row for each.")


def losses(outputs: Array, y: Array) -> Array:
    """The cross-entropy of every sample, from scores of shape (S, K)."""
    shifted = outputs - outputs.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y])


def _short(value: Any) -> str:
    if isinstance(value, str):
        return value[:40]
    return f"{value:g}" if isinstance(value, int | float | np.number) else describe(value)
