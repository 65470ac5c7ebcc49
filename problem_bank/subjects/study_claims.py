"""What a study claims, held against the student's own numbers and nobody else's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from problem_bank.checks import CheckFailed, describe, numeric
from problem_bank.subjects.studies import ROUNDED, Array, Result, Run, Setting, same

_TIE = ROUNDED
_OWN = "look at your own numbers after the last epoch."


def claim(result: Result, *keys: Any) -> Any:
    """A claim, or the entry of one that is a table. Raises CheckFailed where there is none."""
    value: Any = result.claims
    path = "claims"
    for key in keys:
        if not isinstance(value, dict):
            raise CheckFailed(f"{path} is {describe(value)}; expected a dict.")
        path += f"[{key!r}]"
        found = [entry for own, entry in value.items() if same(key, own) or str(own) == str(key)]
        if not found:
            raise CheckFailed(f"There is no {path}.", "missing_claim")
        value = found[0]
    return value


def winner(claimed: Any, curves: Mapping[Any, Array], *, curve: str, most: bool, what: str) -> None:
    """Is the claimed setting the one with the highest (or lowest) last entry? Ties count for each. Raises CheckFailed.

    `curve` is the name of the curves, `what` names the claim for the student.
    """
    chosen = next((setting for setting in curves if same(setting, claimed)), None)
    if chosen is None:
        shown = claimed if isinstance(claimed, str | int | float) else describe(claimed)
        raise CheckFailed(f"{what} is {shown}; expected one of {', '.join(map(str, curves))}.", "missing_claim")
    sign, best = (1 if most else -1), (np.max if curve == "val_accuracy" else np.min)
    if _leads(chosen, {setting: sign * values[-1] for setting, values in curves.items()}):
        return
    if _alone(chosen, {setting: sign * best(values) for setting, values in curves.items()}):
        raise CheckFailed(f"{what} compares the best epoch of each run; {_OWN}", "claim_by_best_epoch")
    if _alone(chosen, {setting: -sign * values[-1] for setting, values in curves.items()}):
        raise CheckFailed(f"{what} is the setting at the wrong end of your results; {_OWN}", "claim_inverted")
    raise CheckFailed(f"{what} does not follow from your curves; {_OWN}", "claim_against_numbers")


def statement(claimed: Any, difference: float, *, what: str) -> None:
    """Is the claim true exactly where the difference is positive? Near 0 both count. Raises CheckFailed."""
    if isinstance(claimed, str) or (size := numeric(claimed, what)).size != 1 or size.ravel()[0] not in (0, 1):
        raise CheckFailed(f"{what} is neither True nor False.", "missing_claim")
    said = bool(numeric(claimed, what).ravel()[0])
    if abs(difference) > _TIE and said != (difference > 0):
        raise CheckFailed(f"{what} is {said}, but your curves say otherwise; {_OWN}", "claim_against_numbers")


def collected(
    runs: Mapping[Setting, Run], curve: str, epochs: int, fixed: Mapping[int, Any], key: int
) -> dict[Any, Array]:
    """The curves of the runs whose setting has these fixed entries (by place), by another entry of it."""
    return {
        setting[key]: run.curve(curve, epochs)
        for setting, run in runs.items()
        if all(setting[place] == value for place, value in fixed.items())
    }


def _leads(chosen: Any, values: Mapping[Any, float]) -> bool:
    return bool(values[chosen] >= max(values.values()) - _TIE)


def _alone(chosen: Any, values: Mapping[Any, float]) -> bool:
    """Does it lead, and no other with it? Else a wrong rule that leads there proves nothing."""
    return [setting for setting in values if _leads(setting, values)] == [chosen]
