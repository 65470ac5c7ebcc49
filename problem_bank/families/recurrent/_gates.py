"""Gates of one unit: their weights as they are drawn, and what a step makes of state and input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from problem_bank.exercise import Earlier, Rule
from problem_bank.rng import Rng
from problem_bank.values import whole

TENTHS = tuple(whole(Fraction(n, 10)) for n in range(-15, 16) if n)


class Block(NamedTuple):
    """The weights of a gate or candidate: on the input, on the state, and the bias."""

    w: float
    u: float
    b: float

    def sum(self, x: Any, h: Any) -> float:
        """w x + u h + b"""
        return float(self.w * x + self.u * h + self.b)


def draw_blocks(rng: Rng, names: str, biases: bool) -> dict[str, Block]:
    """Weights for each block; biases of 0 if there are none."""
    drawn = {name: rng.choices(f"weights_{name}", TENTHS, 2 + biases) for name in names}
    return {name: Block(*(float(v) for v in row), *(() if biases else (0.0,))) for name, row in drawn.items()}


def activated(
    blocks: Iterable[Block], phi: Callable[[float], float], x: Any, state: Rule
) -> Callable[[Earlier], tuple[float, ...]]:
    """phi of the sums of these blocks, after the student's own state."""
    return lambda e: tuple(phi(block.sum(x, state(e))) for block in blocks)


def only(rule: Callable[[Earlier], tuple[float, ...]]) -> Rule:
    """The value of a rule for a single block."""
    return lambda e: rule(e)[0]


def changed(block: Block, kind: str) -> Block:
    """A block as a misconception reads it."""
    readings = {
        "no_state": Block(block.w, 0.0, block.b),
        "no_bias": Block(block.w, block.u, 0.0),
        "swapped_weights": Block(block.u, block.w, block.b),
    }
    return readings[kind]


def parameters(given: Mapping[str, Any], names: str) -> tuple[Any, Any, Any]:
    """w, u and b of all blocks as arrays, for the second route."""
    import numpy as np

    rows = np.array([[float(v) for v in given[f"weights_{name}"]] for name in names])
    return rows[:, 0], rows[:, 1], rows[:, 2] if rows.shape[1] > 2 else np.zeros(len(rows))
