"""Tables of probabilities: drawn from a list of pleasant ones, or any that an instructor gives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from problem_bank.errors import BadGiven
from problem_bank.rng import Rng
from problem_bank.values import Vector, is_number


def tables(parts: int, least: int = 1) -> tuple[Vector, ...]:
    """All distributions over three outcomes in multiples of 1/parts, of which each has `least` or more."""
    splits = ((a, b, parts - a - b) for a in range(least, parts) for b in range(least, parts))
    return tuple(tuple(Fraction(n, parts) for n in split) for split in splits if split[2] >= least)


def draw_table(rng: Rng, name: str, options: Sequence[Vector]) -> Vector:
    """A distribution over outcomes; a given one may have two outcomes or more, and as many zeros as these have.

    Raises BadGiven for a given one that has not, or that is no distribution.
    """
    p: Any = rng.built(name, lambda inner: inner.choice("table", options))
    zeros = options[0].count(0)
    if not isinstance(p, tuple) or len(p) < 2 or not all(is_number(v) and v >= 0 for v in p) or sum(p) != 1:
        raise BadGiven(f"{name}: expected probabilities that sum to 1, got {p!r}")
    if p.count(0) != zeros:
        raise BadGiven(f"{name}: expected {zeros} of the probabilities to be 0, got {p!r}")
    return p
