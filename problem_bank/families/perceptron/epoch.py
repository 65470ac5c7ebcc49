"""Rosenblatt (1958); Bishop, Pattern Recognition and Machine Learning, section 4.1.7: the perceptron learns."""

from typing import Any

import numpy as np

from problem_bank.answers import Array, Table
from problem_bank.errors import BadGiven
from problem_bank.exact import dot
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.families.perceptron._epoch_texts import AFTER, PROMPT, SAID, SOLUTION, TABLE
from problem_bank.families.perceptron._learning import Learning
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import bracketed, products
from problem_bank.values import Matrix, Number, Vector, entries

LOW = {"01": 0, "pm1": -1}  # the negative class; the other one is 1
LARGEST = 6


@family(
    topic="perceptron",
    source="Bishop 4.1.7",
    minutes=8,
    levels={"easy": {"features": 1}, "medium": {"coding": "pm1"}, "hard": {"coding": "pm1", "after": True}},
)
def epoch(
    rng: Rng, *, features: int = 2, coding: str = "01", after: bool = False, count: int = 4, rate: int = 1
) -> Exercise:
    """Train a perceptron for one epoch, step by step."""
    if coding not in LOW:
        raise BadGiven(f"coding: {coding!r} is none of {', '.join(LOW)}")
    points = rng.int_matrix("points", count, features, -LARGEST, LARGEST)
    targets = rng.choices("targets", (LOW[coding], 1), count)
    start = rng.ints("start", features + 1, -LARGEST, LARGEST)
    if rate % 1 or rate < 1:
        raise BadGiven(f"rate: {rate}; give a whole number from 1 up, so that the numbers stay whole")
    learning = Learning(points, targets, start, LOW[coding], rate)
    rows = learning.rows()
    updates = sum(row[1] != target for row, target in zip(rows, targets, strict=True))
    rng.require(len(set(points)) == count and all(map(any, points)), "the points differ, and none is the origin")
    rng.require(len(set(targets)) == 2, "there are points of both classes")
    rng.require(any(start), "the perceptron starts with something")
    rng.require(2 <= updates < count, "some points are learned, and one is right already")
    rng.require(max(map(abs, entries(rows))) <= 40, "the numbers stay small")
    columns = ("z", "class", *((f"w{i}" for i in range(1, features + 1)) if features > 1 else "w"), "b")
    steps = Table(rows, columns=columns, step=learning.row, start=start)
    slips = _slips(learning)
    wrong = [slip.value for slip in slips if slip.value]
    rng.require(len(set(wrong)) == len(wrong), "each wrong rule leads to a table of its own")
    parts = [Part("steps", TABLE, steps, points=5, misconceptions=slips)]
    if after:
        parts.append(_after(points, learning.activations(rows[-1][2:])))
    return Exercise(
        given={"points": points, "targets": targets, "start": start,
               "features": features, "coding": coding, "after": after, "count": count, "rate": rate},
        shown={"times": rf"{rate} \," if rate > 1 else "",
               "high": 1, "low": LOW[coding], "start_w": _weights(start[:-1]), "start_b": start[-1],
               "seen": list(zip(map(_weights, points), targets, strict=True)), "columns": _listed(columns),
               "worked": _worked(learning, rows), "sum_of": _sum, "end": parts[-1].answer.key},
        prompt=PROMPT,
        parts=parts,
        solution=SOLUTION,
        work=float(count * (features + 1) + 2 * updates),
    )  # fmt: skip


def _slips(learning: Learning) -> list[Slip]:
    """Tables of wrong rules."""
    zero = any(row[0] == 0 for row in learning.rows(edge=1))
    wrong: dict[str, Matrix | None] = {
        "not_carried": learning.rows(carried=False),
        "always_updated": learning.rows(lambda target, _: 1 if target == 1 else -1),
        "bias_fixed": learning.rows(bias=0),
        "subtracted": learning.rows(lambda target, said: -learning.change(target, said)),
        "zero_low": learning.rows(edge=1) if zero else None,
    }
    if learning.low == 0:
        wrong["target_zero"] = learning.rows(lambda target, said: target if target != said else 0)
    else:
        wrong["doubled"] = learning.rows(lambda target, said: target - said)
        wrong["class_zero"] = learning.rows(lambda target, said: target - said, low=0)
    return [Slip(name, rows, SAID[name]) for name, rows in wrong.items()]


def _after(points: Matrix, key: Vector) -> Part:
    """The activations after the epoch, from the last row."""

    def last(earlier: Earlier) -> Vector:
        return tuple(earlier["steps"][len(points) - 1][2:])

    def by(state: Vector, bias: Number) -> Vector:
        return tuple(dot(state[:-1], x) + bias for x in points)

    slips = [
        Slip("during", lambda e: tuple(row[0] for row in e["steps"]), SAID["during"]),
        Slip("no_bias", lambda e: by(last(e), 0) if last(e)[-1] else None, SAID["no_bias"]),
    ]
    return Part("after", AFTER, Array(key), 2, slips, lambda e: by(last(e), last(e)[-1]))


def _worked(learning: Learning, rows: Matrix) -> list[tuple[Any, ...]]:
    """For each step of the solution: the point, its target, the state before, and the row."""
    states = [learning.start, *(row[2:] for row in rows)]
    return [
        (x, t, state[:-1], state[-1], (row[0], row[1], _weights(row[2:-1]), row[-1]))
        for x, t, state, row in zip(learning.points, learning.targets, states, rows, strict=False)
    ]


def _weights(w: Vector) -> Any:
    """A vector; of one entry, the number."""
    return w if len(w) > 1 else w[0]


def _sum(w: Vector, x: Vector, b: Number) -> str:
    return f"{products(w, x)} + {bracketed(b)}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


@epoch.oracle
def by_signs(points: Matrix, targets: Vector, start: Vector, coding: str, after: bool, *, rate: int) -> dict[str, Any]:
    """The bias as a weight of a constant input, and classes as signs s and p: any coding adds (s - p) / 2 times it."""
    inputs, signs = np.c_[np.array(points), np.ones(len(points), int)], np.where(np.array(targets) > 0, 1, -1)

    def run(change: Any, *, reset: bool = False, zero: int = 1, learns: Any = 1, low: int = LOW[coding]) -> Any:
        theta, rows = np.array(start), []
        for x, s in zip(inputs, signs, strict=True):
            z = int(theta @ x)
            p = int(np.sign(z)) or zero
            new = theta + rate * change(s, p) * x * learns
            rows.append([z, 1 if p > 0 else low, *new.tolist()])
            theta = np.array(start) if reset else new
        return rows

    def right(s: int, p: int) -> int:
        return (s - p) // 2

    table, at_zero = run(right), run(right, zero=-1)
    values: dict[str, Any] = {
        "steps": table,
        "steps.not_carried": run(right, reset=True),
        "steps.always_updated": run(lambda s, p: s),
        "steps.bias_fixed": run(right, learns=np.array([1] * (len(start) - 1) + [0])),
        "steps.subtracted": run(lambda s, p: (p - s) // 2),
        "steps.zero_low": at_zero if any(row[0] == 0 for row in at_zero) else None,
        "steps.target_zero": run(lambda s, p: int(s > p)),
        "steps.doubled": run(lambda s, p: s - p),
        "steps.class_zero": run(lambda s, p: s - (p > 0), low=0),
    }
    if after:
        end = np.array(table[-1][2:])
        values |= {"after": inputs @ end, "after.during": [row[0] for row in table]}
        values["after.no_bias"] = inputs[:, :-1] @ end[:-1] if end[-1] else None
    return values
