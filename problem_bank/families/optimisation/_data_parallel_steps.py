"""One minibatch on several workers: the graded steps, from their gradients to the common ones."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import Any, NamedTuple

from problem_bank.exact import add, dot, elementwise, scale
from problem_bank.exercise import Rule
from problem_bank.values import Matrix, Vector, whole

Shard = tuple[Matrix, Vector]
Question = tuple[Any, dict[str, Any]]
"""The key or its rule, and the misconceptions."""


class Workers(NamedTuple):
    """Workers that start from the same weights, each with samples of its own."""

    data: tuple[Shard, ...]
    start: Vector
    epsilon: Fraction

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many samples each has."""
        return tuple(len(targets) for _, targets in self.data)

    def descend(self, at: Vector, g: Vector, sign: int = -1) -> Vector:
        """One step from there."""
        return add(at, scale(sign * self.epsilon, g))

    def weighted(self, rows: Matrix) -> Vector:
        """The mean over all samples of what each worker has."""
        return _mean(rows, self.sizes)

    def _gradients(self, at: Vector) -> Matrix:
        return tuple(_gradient(at, shard) for shard in self.data)

    def local(self) -> Matrix:
        """Each worker's gradient at the start."""
        value: Matrix = _whole(self._gradients(self.start))
        return value

    def after_one(self) -> Matrix:
        """The weights after a step of each worker by itself."""
        return tuple(self.descend(self.start, g) for g in self.local())

    def after_two(self) -> Matrix:
        """The weights after two such steps."""
        ways = zip(self.after_one(), self.data, strict=True)
        value: Matrix = _whole(tuple(self.descend(at, _gradient(at, shard)) for at, shard in ways))
        return value

    def together(self) -> Vector:
        """The weights after two steps with the common gradient."""
        after = self.descend(self.start, self.weighted(self.local()))
        value: Vector = _whole(self.descend(after, self.weighted(self._gradients(after))))
        return value

    def _unweighted(self, name: str) -> Rule | None:
        """The plain mean over the workers, where that is another one."""
        return (lambda e: _mean(e[name])) if len(set(self.sizes)) > 1 else None

    def one_step(self) -> dict[str, Question]:
        """From the gradients of the workers to the common step."""
        w, local, n = self.start, self.local(), sum(self.sizes)
        shared = tuple(scale(Fraction(size, n), g) for size, g in zip(self.sizes, local, strict=True))
        return {
            "local": (local, {
                "not_divided": tuple(scale(size, g) for size, g in zip(self.sizes, local, strict=True)),
                "of_all": _whole(shared), "doubled": elementwise(lambda v: 2 * v, local),
                "sign": elementwise(lambda v: -v, local),
            }),
            "mean": (lambda e: self.weighted(e["local"]), {
                "summed": lambda e: _sum(e["local"]), "unweighted": self._unweighted("local"),
                "over_workers": lambda e: scale(Fraction(n, len(self.data)), self.weighted(e["local"])),
            }),
            "step": (lambda e: _whole(self.descend(w, e["mean"])), {
                "ascent": lambda e: self.descend(w, e["mean"], 1), "no_rate": lambda e: add(w, scale(-1, e["mean"])),
                "all_steps": lambda e: self.descend(w, _sum(e["local"])),
            }),
        }  # fmt: skip

    def two_steps(self) -> dict[str, Question]:
        """Two steps of each worker by itself, and their mean."""
        first = self.after_one()
        return {
            "own": (self.after_two(), {
                "one_step": first,
                "old_gradient": tuple(self.descend(at, g) for at, g in zip(first, self.local(), strict=True)),
            }),
            "averaged": (lambda e: self.weighted(e["own"]), {
                "unweighted": self._unweighted("own"), "together": self.together(),
                "changes_added": lambda e: add(_sum(e["own"]), scale(1 - len(self.data), self.start)),
            }),
        }  # fmt: skip


def scaled_rate(tuned: Fraction, workers: int, share: Fraction) -> Question:
    """The learning rate in proportion to the batch, of which each worker has `share` times the tuned one."""
    growth = workers * share
    return float(tuned * growth), {
        "unscaled": float(tuned), "workers_only": float(tuned * workers), "share_only": float(tuned * share),
        "root": float(tuned) * sqrt(growth),
    }  # fmt: skip


def _gradient(w: Vector, shard: Shard) -> Vector:
    """Of the mean of half the squared errors of these samples."""
    xs, ys = shard
    return scale(Fraction(1, len(ys)), _sum(tuple(scale(dot(w, x) - y, x) for x, y in zip(xs, ys, strict=True))))


def _sum(rows: Matrix) -> Vector:
    return tuple(map(sum, zip(*rows, strict=True)))


def _mean(rows: Matrix, weights: tuple[int, ...] = ()) -> Vector:
    weights = weights or (1,) * len(rows)
    total = _sum(tuple(scale(c, row) for c, row in zip(weights, rows, strict=True)))
    return tuple(whole(Fraction(v) / sum(weights)) for v in total)


def _whole(value: Any) -> Any:
    """With plain integers where the denominator is 1."""
    return elementwise(lambda v: whole(Fraction(v)), value)
