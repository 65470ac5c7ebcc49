"""The functions by their definitions on NumPy's grid of inputs: a second route to the key and its misconceptions."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from problem_bank.families.networks._targets import TARGETS

DEFINITIONS: dict[str, Callable[[Any], Any]] = {
    "and": lambda x: x.all(1),
    "or": lambda x: x.any(1),
    "nand": lambda x: ~x.all(1),
    "nor": lambda x: ~x.any(1),
    "implies": lambda x: ~x[:, 0] | x[:, 1],
    "without": lambda x: x[:, 0] & ~x[:, 1],
    "xor": lambda x: x[:, 0] ^ x[:, 1],
    "xnor": lambda x: x[:, 0] == x[:, 1],
    "parity": lambda x: np.logical_xor.reduce(x, axis=1),
    "majority": lambda x: x.sum(1) >= 2,
    "exactly_one": lambda x: x.sum(1) == 1,
    "distance": lambda x: np.abs(x[:, 0] - x[:, 1]),
}


@cache
def defined(
    name: str, activation: str, coding: str, decision: str, outputs: tuple[int, int]
) -> tuple[Any, Any, dict[str, Any]]:
    """All inputs x, one in each row, the wanted values y, and the values after each mistake."""
    high, n = max(TARGETS[name].values), len(TARGETS[name].signs)
    states = np.indices((high + 1,) * n).reshape(n, -1).T
    y = outputs[0] + (outputs[1] - outputs[0]) * DEFINITIONS[name](states if high > 1 else states.astype(bool)).astype(
        int
    )
    x = 2 * states - 1 if coding == "bipolar" else states
    wrong = _mistaken(activation, np.array(TARGETS[name].signs), states, x, y)
    tables = {slip: table > 0.5 if decision == "threshold" else table for slip, table in wrong.items()}
    return x, y, {f"network.{slip}": unlike(table, y) for slip, table in tables.items()}


def unlike(wrong: Any, right: Any) -> Any:
    """The wrong values, or None where they are right."""
    return None if np.array_equal(wrong, right) else plain(wrong)


def plain(values: Any) -> Any:
    """A list; of integers where all values are whole."""
    whole = np.rint(values).astype(int)
    return (whole if np.array_equal(whole, values) else values).tolist()


def _mistaken(activation: str, signs: Any, states: Any, x: Any, y: Any) -> dict[str, Any]:
    """The outputs after each mistake. The profile is read off y, knots are where its (second) difference is not 0."""
    s, signed = states @ signs, x @ signs  # the sum with true as 1, and of the inputs as they are coded
    _, index = np.unique(s, return_index=True)
    profile = y[index]
    slopes = np.diff(profile) if activation == "relu" else profile[1:]
    change = np.diff(slopes, prepend=0 if activation == "relu" else profile[0])
    at = s.min() + np.arange(len(slopes)) + (0 if activation == "relu" else 0.5)

    def total(distance: Any, weights: Any) -> Any:
        return profile[0] + (np.maximum(distance, 0) if activation == "relu" else distance > 0) @ weights

    flipped = np.abs(x - x[:, None, ::-1]).sum(-1).argmin(1)  # the row of each input with its entries reversed
    shrink = 2 if x.min() < 0 and activation == "relu" else 1
    return {
        "new_for_change": total(s[:, None] - at, np.where(change != 0, slopes, 0)),
        "no_bias": total(np.repeat(signed[:, None], len(at), 1), change / shrink),
        "no_output_bias": y - profile[0],
        "swapped_inputs": y[flipped],
        "complement": y.min() + y.max() - y,
        "wrong_coding": total(signed[:, None] - at, change),
    }
