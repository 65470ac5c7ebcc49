"""Goodfellow et al., Deep Learning, section 6.3.1: ReLU units that no example reaches."""

from typing import Any

import numpy as np

from problem_bank.algebra.sets import collection_of
from problem_bank.answers import Array, Set
from problem_bank.exact import affine, dot, matvec, transpose
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.families.activations._dead_texts import PROMPT, SAID, SOLUTION, picture
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Matrix, Vector

GRID = tuple((i, j) for i in range(-3, 5) for j in range(-3, 5) if i or j)


@family(
    topic="activations",
    source="Goodfellow 6.3.1",
    minutes=8,
    levels={"easy": {"points": 3, "units": 5}, "medium": {}, "hard": {"points": 5, "units": 7}},
)
def dead_units(rng: Rng, *, points: int = 4, units: int = 6) -> Exercise:
    """Find the ReLU units that are dead on a data set, and the bias at which they come to life."""
    x = rng.each("X", [GRID] * points)
    rng.require(len(set(x)) == points, "no example occurs twice")
    w = rng.int_matrix("W", units, 2, -3, 3, exclude=(0,))
    highest = tuple(int(max(dot(row, point) for point in x)) for row in w)
    b = rng.each("b", [tuple(v for v in range(-top - 4, -top + 8) if v) for top in highest])
    z = _pre_activations(w, x, b)
    dead, some = _dead(z), [i for i, row in enumerate(z, 1) if min(row) <= 0]
    rng.require(2 <= len(dead) <= units - 2, "two or more units are dead, and two or more are not")
    rng.require(all(sum(v == 0 for v in row) <= 1 for row in z), "few pre-activations are 0")
    answer = Set(dead)
    wrong_dead = {
        "once_negative": some,
        "mean_negative": [i for i, row in enumerate(z, 1) if sum(row) < 0],
        "bias_forgotten": _dead(_pre_activations(w, x, (0,) * units)),
        "alive_ones": _alive(dead, units),
    }
    slips = [Slip(name, collection_of(found, {}), SAID[name]) for name, found in wrong_dead.items()]
    return Exercise(
        given={"X": x, "W": w, "b": b, "points": points, "units": units},
        shown={"lines": [_line(i, w[i], x, b[i]) for i in range(units)], "dead": answer.key.tex()},
        figures={"units": picture(x, w, b, dead)},
        prompt=PROMPT,
        parts=[
            Part("Z", "All pre-activations $z$: a row for each unit, a column for each example.", Array(z), points=6,
                 misconceptions=[Slip("no_bias", _pre_activations(w, x, (0,) * units), SAID["no_bias"]),
                                 Slip("transposed", transpose(z), SAID["transposed"]),
                                 Slip("after_relu", tuple(tuple(max(v, 0) for v in row) for row in z),
                                      SAID["after_relu"])]),
            Part("dead", "The numbers of the dead units, as a set.", answer, misconceptions=slips,
                 follow=lambda e: collection_of(_dead(e["Z"]), {})),
            Part("thresholds", "For every unit, in order: the largest bias with which it would be dead, its weights "
                 "unchanged.", Array(tuple(-top for top in highest)), points=4,
                 follow=lambda e: tuple(own - max(row) for own, row in zip(b, e["Z"], strict=True)),
                 misconceptions=_wrong_thresholds(w, x, b)),
        ],
        solution=SOLUTION,
        work=float(3 * points * units + 4 * units),
    )  # fmt: skip


def _pre_activations(w: Matrix, x: Matrix, b: Vector) -> Matrix:
    """A row for each unit."""
    return transpose(tuple(affine(w, point, b) for point in x))


def _dead(z: Matrix) -> list[int]:
    """The numbers of the units that no example makes positive."""
    return [i for i, row in enumerate(z, 1) if max(row) <= 0]


def _alive(dead: list[int], units: int) -> list[int]:
    return [i for i in range(1, units + 1) if i not in dead]


def _wrong_thresholds(w: Matrix, x: Matrix, b: Vector) -> list[Slip]:
    sums = [matvec(x, row) for row in w]

    def increase(e: Earlier) -> Vector:
        return tuple(-max(row) for row in e["Z"])

    wrong: dict[str, Any] = {
        "sign": tuple(max(row) for row in sums),
        "least_example": tuple(-min(row) for row in sums),
        "change_of_bias": increase,
    }
    return [Slip(name, value, SAID[name]) for name, value in wrong.items()]


def _line(i: int, row: Vector, x: Matrix, bias: Any) -> tuple[Any, ...]:
    """For the solution: unit, weights, weighted sums, bias, pre-activations, their largest, threshold, dead?"""
    sums = matvec(x, row)
    z = tuple(v + bias for v in sums)
    return i + 1, row, sums, bias, z, max(z), -max(sums), max(z) <= 0


@dead_units.oracle
def by_gradients(X: Matrix, W: Matrix, b: Vector) -> dict[str, Any]:
    """NumPy; a unit is dead where the slopes of ReLU leave its bias no gradient, thresholds by trying biases."""
    w, bias = np.array(W), np.array(b)
    sums = w @ np.array(X).T
    z = sums + bias[:, None]

    def where(holds: Any) -> Any:
        return collection_of((np.flatnonzero(holds) + 1).tolist(), {})

    alive = np.heaviside(z, 0).sum(1) > 0
    tried = np.arange(-100, 101)[:, None, None]  # the largest bias of these with which no sum is positive
    thresholds = np.array([tried[((row + tried) <= 0).all((1, 2))].max() for row in sums])
    return {
        "Z": z,
        "Z.no_bias": sums,
        "Z.transposed": z.T,
        "Z.after_relu": z * (z > 0),
        "dead": where(~alive),
        "dead.once_negative": where((z <= 0).any(1)),
        "dead.mean_negative": where(z.mean(1) < 0),
        "dead.bias_forgotten": where(sums.max(1) <= 0),
        "dead.alive_ones": where(alive),
        "thresholds": thresholds,
        "thresholds.sign": -thresholds,
        "thresholds.least_example": -sums.min(1),
        "thresholds.change_of_bias": thresholds - bias,
    }
