"""Small dense networks, exact: ReLU in every hidden layer, masks on its units, one linear output.

There is a mask for the input and one for each hidden layer; it multiplies the activations after ReLU.
A mask of ones is a layer without dropout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from problem_bank.exact import add, affine, dot, matvec, relu, times
from problem_bank.rng import Rng
from problem_bank.values import Matrix, Number, Vector

LARGEST = 30  # magnitude of any value on the way, for work by hand
WEIGHT = 2  # magnitude of the drawn weights
BIASES = (-3, -2, -1, 1, 2, 3)

HiddenLayer: TypeAlias = Callable[[Matrix, Vector, Vector, Vector], Vector]
"""From weights, input, bias and mask of a layer to what it hands on."""


@dataclass(frozen=True)
class Network:
    """Hidden layers (W, b), the rows of W being units, and one output unit v . h + c."""

    hidden: tuple[tuple[Matrix, Vector], ...]
    v: Vector
    c: Number

    def without_biases(self) -> Network:
        """The same weights, all biases 0."""
        return replace(self, hidden=tuple((w, (0,) * len(b)) for w, b in self.hidden), c=0)


def masked_layer(w: Matrix, h: Vector, b: Vector, mask: Vector) -> Vector:
    """mask * ReLU(W h + b)"""
    return times(mask, relu(affine(w, h, b)))


def without_relu(w: Matrix, h: Vector, b: Vector, mask: Vector) -> Vector:
    """mask * (W h + b): a wrong layer."""
    return times(mask, affine(w, h, b))


def bias_after_relu(w: Matrix, h: Vector, b: Vector, mask: Vector) -> Vector:
    """mask * (ReLU(W h) + b): a wrong layer."""
    return times(mask, add(relu(matvec(w, h)), b))


def mask_before_bias(w: Matrix, h: Vector, b: Vector, mask: Vector) -> Vector:
    """ReLU(mask * W h + b): a wrong layer."""
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
    layers, h = [], times(masks[0], x)
    for i, (columns, rows) in enumerate(pairwise((len(x), *hidden)), start=1):
        w = rng.int_matrix(f"W{i}", rows, columns, -WEIGHT, WEIGHT, exclude=(0,))
        b = rng.choices(f"b{i}", _biases(matvec(w, h), masks[i]), rows)
        a = affine(w, h, b)
        _require_mix(rng, a, masks[i])
        layers.append((w, b))
        h = times(masks[i], relu(a))
    v = rng.ints("v", len(h), -WEIGHT, WEIGHT, exclude=(0,))
    return Network(tuple(layers), v, rng.choice(f"b{len(hidden) + 1}", BIASES))


def _require_mix(rng: Rng, a: Vector, mask: Vector) -> None:
    dropped, kept = _split(a, mask)
    rng.require(not dropped or min(dropped) > 0, "a dropped unit is active")
    rng.require(bool(kept) and max(kept) > 0, "a kept unit is active")
    rng.require(len(kept) < 2 or min(kept) < 0, "a unit is dead")
    rng.require(max(map(abs, a)) <= LARGEST, f"no value is above {LARGEST}")


def _biases(sums: Vector, mask: Vector) -> Sequence[Number]:
    """The biases that give units with these weighted sums the wanted mix of active and dead ones; all where none do.

    Drawing from all of them always would be rejected up to five times as often.
    """
    dropped, kept = _split(sums, mask)
    active, dead = min([*dropped, max(kept or dropped)]), min(kept or dropped)
    return [b for b in BIASES if active + b > 0 and (len(kept) < 2 or dead + b < 0)] or BIASES


def _split(values: Vector, mask: Vector) -> tuple[list[Number], list[Number]]:
    """The values of the dropped and of the kept units."""
    pairs = list(zip(values, mask, strict=True))
    return [v for v, m in pairs if not m], [v for v, m in pairs if m]
