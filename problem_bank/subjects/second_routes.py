"""What many second routes need: sizes of arrays that are not stored, and mistakes that change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from problem_bank.values import freeze


def size(*shape: int) -> int:
    """How many numbers an array of this shape holds; nothing is stored."""
    return np.broadcast_to(np.int8(0), shape).size


def unless_right(values: Mapping[str, Any]) -> dict[str, Any]:
    """These values, with None for each `part.misconception` that leads to the value of its `part`."""
    right = {name: freeze(value) for name, value in values.items() if "." not in name}
    return {
        name: None if "." in name and freeze(value) == right[name.partition(".")[0]] else value
        for name, value in values.items()
    }
