"""Goodfellow et al., Deep Learning, sections 9.2 and 9.3: does a layer move its output along with its input?"""

from typing import Any, NamedTuple

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exact import add, correlate, scale
from problem_bank.exercise import Exercise
from problem_bank.families.convolution._equivariance_texts import LAYERS, PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector

POOL = 2
ENTRIES = (0, 0, 0, 0, -3, -2, -1, 1, 2, 3, 4)  # with zeros, sides agree where one would not think so


class Layer(NamedTuple):
    """One layer on signals: kernel (empty for max pooling), stride, zeros on each side."""

    w: Vector
    stride: int
    padding: int

    def __call__(self, x: Vector) -> Vector:
        """Its output."""
        if not self.w:
            return tuple(max(x[i : i + POOL]) for i in range(0, len(x) - POOL + 1, self.stride))
        padded = (*(0,) * self.padding, *x, *(0,) * self.padding)
        return correlate((padded,), (self.w,), self.stride)[0]


KINDS = {"plain": (1, 0), "padded": (1, 1), "strided": (2, 0), "pooling": (2, 0), "strided_padded": (2, 1)}


@family(
    topic="convolution",
    source="Goodfellow 9.2, 9.3",
    minutes=7,
    version=2,
    levels={
        "easy": {"kinds": ("plain", "padded"), "lengths": (5, 6, 7)},
        "medium": {},
        "hard": {"kinds": ("strided", "strided_padded", "pooling"), "lengths": (8, 9, 10, 11), "shifts": (1, 2, 3)},
    },
)
def equivariance(
    rng: Rng, *, kinds: tuple[str, ...] = ("plain", "padded", "pooling"), lengths: tuple[int, ...] = (6, 7, 8, 9),
    shifts: tuple[int, ...] = (1, 2),
) -> Exercise:  # fmt: skip
    """Shift a signal before a layer and after it, and compare."""
    kind, length, by = rng.choice("kind", kinds), rng.choice("length", lengths), rng.choice("by", shifts)
    weights = 2 if kind == "pooling" else rng.choice("weights", (2, 3))
    if not (0 < weights < length - 1 and 0 < by < length):
        raise BadGiven(f"weights {weights} and shift {by} must be well below the length {length}")
    x = rng.each("x", [ENTRIES] * length)
    w = () if kind == "pooling" else rng.ints("w", weights, -2, 3, exclude=(0,))
    layer, out_by = Layer(w, *KINDS[kind]), max(1, by // KINDS[kind][0])
    rng.require(2 * sum(v == 0 for v in x) <= length, "at most half of the signal is zero")
    before, after = layer(shifted(x, by)), shifted(layer(x), out_by)
    agree = _agreeing(before, after)
    rng.require(bool(agree) and len(agree) < agree[-1], "they agree somewhere, and not just up to some place")
    steps = Steps(SAID)
    steps.ask("shift_first", PART["shift_first"], lambda e: before, _wrong_before(x, layer, by), points=3)
    steps.ask("layer_first", PART["layer_first"], lambda e: after, _wrong_after(x, layer, out_by), points=3)
    steps.ask("difference", PART["difference"], lambda e: _minus(e["shift_first"], e["layer_first"]), {
        "swapped": lambda e: _minus(e["layer_first"], e["shift_first"]),
        "added": lambda e: add(e["shift_first"], e["layer_first"]),
        "everywhere": (0,) * len(before),
    })  # fmt: skip
    return Exercise(
        given={**rng.drawn, "kinds": kinds, "lengths": lengths, "shifts": shifts},
        shown={"w": w, "stride": layer.stride, "out_by": out_by, "layer": LAYERS[kind], "moved": shifted(x, by),
               "plain": layer(x), "before": before, "after": after, "difference": steps.keys["difference"],
               "places": ", ".join(map(str, agree)),
               "pool": POOL, "padding": layer.padding},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(length),
    )  # fmt: skip


def shifted(x: Vector, by: int) -> Vector:
    """The entries `by` places to the right, zeros in front."""
    return (*(0,) * by, *x[: len(x) - by])


def _minus(one: Vector, other: Vector) -> Vector:
    return add(one, scale(-1, other))


def _agreeing(one: Vector, other: Vector) -> Vector:
    """The places, counted from 1, where two vectors agree; ValueError where their lengths differ."""
    return tuple(place for place, (a, b) in enumerate(zip(one, other, strict=True), 1) if a == b)


def _wrong_before(x: Vector, layer: Layer, by: int) -> dict[str, Any]:
    return {
        "wrapped": layer(x[-by:] + x[:-by]),
        "to_the_left": layer((*x[by:], *(0,) * by)),
        "not_shifted": layer(x),
        "flipped": layer._replace(w=layer.w[::-1])(shifted(x, by)) if layer.w else None,
        "stride_one": layer._replace(stride=1)(shifted(x, by)) if layer.stride > 1 else None,
    }


def _wrong_after(x: Vector, layer: Layer, by: int) -> dict[str, Any]:
    y = layer(x)
    return {
        "wrapped": y[-by:] + y[:-by],
        "to_the_left": (*y[by:], *(0,) * by),
        "not_shifted": y,
        "flipped": shifted(layer._replace(w=layer.w[::-1])(x), by) if layer.w else None,
        "stride_one": shifted(layer._replace(stride=1)(x), by) if layer.stride > 1 else None,
    }


@equivariance.oracle
def by_matrices(kind: str, x: Vector, by: int, **given: Any) -> dict[str, Any]:
    """Shifts and convolutions as matrices; pooling by maxima over reshaped pairs."""
    stride, padding = KINDS[kind]
    w, n = given.get("w", ()), len(x)
    out_by = by // stride or 1

    def move(size: int, by: int) -> Any:
        return np.eye(size, k=-by, dtype=int)

    def layer(signal: Any, kernel: Any = w, stride: int = stride) -> Any:
        if not kernel:
            pairs = np.stack([signal[:-1], signal[1:]])
            return pairs.max(0)[::stride]
        size = n + 2 * padding
        bands = sum(v * np.eye(size - len(kernel) + 1, size, k=j, dtype=int) for j, v in enumerate(kernel))
        return (bands[:, padding : size - padding] @ signal)[::stride]

    X = np.array(x)
    y = layer(X)
    left, right = layer(move(n, by) @ X), move(len(y), out_by) @ y
    slow = layer(X, stride=1)
    return {
        "shift_first": left,
        "shift_first.wrapped": layer(np.roll(X, by)),
        "shift_first.to_the_left": layer(move(n, by).T @ X),
        "shift_first.not_shifted": y,
        "shift_first.flipped": layer(move(n, by) @ X, w[::-1]) if w else None,
        "shift_first.stride_one": layer(move(n, by) @ X, stride=1) if stride > 1 else None,
        "layer_first": right,
        "layer_first.wrapped": np.roll(y, out_by),
        "layer_first.to_the_left": move(len(y), out_by).T @ y,
        "layer_first.not_shifted": y,
        "layer_first.flipped": move(len(y), out_by) @ layer(X, w[::-1]) if w else None,
        "layer_first.stride_one": move(len(slow), out_by) @ slow if stride > 1 else None,
        "difference": left - right,
        "difference.swapped": right - left,
        "difference.added": left + right,
        "difference.everywhere": 0 * left,
    }
