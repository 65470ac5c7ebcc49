"""Small dense networks, exact: ReLU in every hidden layer, masks on its units, one linear output.

There is a mask for the input and one for each hidden layer; it multiplies the activations after ReLU.
A mask of ones is a layer without dropout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import TypeAlias

from problem_bank.errors import BadGiven
from problem_bank.exact import add, affine, dot, matvec, relu, times
from problem_bank.rng import Rng
from problem_bank.values import Matrix, Number, Vector

LARGEST = 30  # magnitude of any value on the way, for work by hand
WEIGHTS = (-2, -1, 1, 2)
BIASES = (-3, -2, -1, 1, 2, 3)

HiddenLayer: TypeAlias = Callable[[Matrix, Vector, Vector, Vector], Vector]
"""From weights, input, bias and mask of a layer to what it hands on."""


@dataclass(frozen=True)
class Network:
    """Hidden layers (W, b), the rows of W being units, and one output unit v . h + c."""

    hidden: tuple[tuple[Matrix, Vector], ...]
    v: Vector
    c: Number

    @property
    def widths(self) -> tuple[int, ...]:
        """How many inputs, and how many units in each hidden layer."""
        return (len(self.hidden[0][0][0]), *(len(b) for _, b in self.hidden))

    def without_biases(self) -> Network:
        """The same weights, all biases 0."""
        return replace(self, hidden=tuple((w, (0,) * len(b)) for w, b in self.hidden), c=0)


def masked_layer(w: Matrix, h: Vector, b: Vector, mask: Vector) -> Vector:
    """The hidden layer: mask * ReLU(W h + b)."""
    return times(mask, relu(affine(w, h, b)))


def without_relu(w: Matrix, h: Vector, b: Vector, mask: Vector) -> Vector:
    """A wrong layer: mask * (W h + b)."""
    return times(mask, affine(w, h, b))


def bias_after_relu(w: Matrix, h: Vector, b: Vector, mask: Vector) -> Vector:
    """A wrong layer: mask * (ReLU(W h) + b)."""
    return times(mask, add(relu(matvec(w, h)), b))


def mask_before_bias(w: Matrix, h: Vector, b: Vector, mask: Vector) -> Vector:
    """A wrong layer: ReLU(mask * W h + b)."""
    return relu(add(times(mask, matvec(w, h)), b))


def output(net: Network, x: Vector, masks: Sequence[Vector], layer: HiddenLayer = masked_layer) -> Number:
    """The output for x; another kind of hidden layer makes it that of a wrong procedure."""
    h = times(masks[0], x)
    for (w, b), mask in zip(net.hidden, masks[1:], strict=True):
        h = layer(w, h, b, mask)
    return dot(net.v, h) + net.c


def products(net: Network, x: Vector, masks: Sequence[Vector]) -> int:
    """How many products by hand a forward pass takes: those with 0 are free."""
    h, total = times(masks[0], x), 0
    for (w, b), mask in zip(net.hidden, masks[1:], strict=True):
        total += len(w) * sum(v != 0 for v in h)
        h = masked_layer(w, h, b, mask)
    return total + sum(v != 0 for v in h)


def draw_network(rng: Rng, x: Vector, hidden: Sequence[int], masks: Sequence[Vector]) -> Network:
    """Weights W1, b1, ..., v, and the output's bias b of the last number, fit to be worked by hand.

    Layer by layer, since a rejected first layer then costs nothing more: each drops active units
    only, keeps an active one, and holds a dead one where more than one is kept.
    """
    if not hidden:
        raise BadGiven("hidden: give the width of at least one hidden layer, such as [3, 2]")
    layers, h = [], times(masks[0], x)
    for i, rows in enumerate(hidden, start=1):
        mask = masks[i]
        w = rng.each(f"W{i}", _rows(h, mask))
        sums = matvec(w, h)
        rng.require(len({*w}) == rows and any(sums), "the units of a layer differ")
        b = rng.each(f"b{i}", _biases(sums, mask))
        a = add(sums, b)
        _require_mix(rng, a, mask)
        layers.append((w, b))
        h = times(mask, relu(a))
    v = rng.choices("v", WEIGHTS, len(h))
    return Network(tuple(layers), v, rng.choice(f"b{len(hidden) + 1}", BIASES))


def _rows(h: Vector, mask: Vector) -> list[Sequence[Vector]]:
    """For each unit the rows of weights to draw from: those that some bias makes active, where it must be."""
    every = _all_rows(len(h))
    live = [row for row in every if dot(row, h) + BIASES[-1] > 0]
    one_kept = sum(map(bool, mask)) == 1
    return [live if one_kept or not m else every for m in mask]


@cache
def _all_rows(columns: int) -> tuple[Vector, ...]:
    return tuple(product(WEIGHTS, repeat=columns))


def _require_mix(rng: Rng, a: Vector, mask: Vector) -> None:
    kept = [v for v, m in zip(a, mask, strict=True) if m]
    rng.require(all(m or v > 0 for v, m in zip(a, mask, strict=True)), "a dropped unit is active")
    rng.require(bool(kept) and max(kept) > 0, "a kept unit is active")
    rng.require(len(kept) < 2 or min(kept) < 0, "a unit is dead")
    rng.require(all(-LARGEST <= v <= LARGEST for v in a), f"no value is above {LARGEST}")


def _biases(sums: Vector, mask: Vector) -> list[Sequence[Number]]:
    """For each unit the biases to draw from, so that the layer has the wanted mix of active and dead units.

    The kept unit with the largest sum is made active, and the one with the smallest dead, so that
    few draws need to be rejected. Where no bias does it, any is drawn, and the draw rejected.
    """
    kept = sorted((s, j) for j, s in enumerate(sums) if mask[j])
    active = {j for j, m in enumerate(mask) if not m} | {j for _, j in kept[-1:]}
    dead = {j for _, j in kept[:1]} - active
    return [
        [b for b in BIASES if (j not in active or s + b > 0) and (j not in dead or s + b < 0)] or BIASES
        for j, s in enumerate(sums)
    ]
