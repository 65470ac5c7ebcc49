"""One epoch of the perceptron, by the right rule or a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from problem_bank.exact import add, dot, scale
from problem_bank.values import Matrix, Number, Vector


@dataclass(frozen=True)
class Learning:
    """One epoch; a state is (weights, bias), `low` the negative class. `change` says how often a step adds (x, 1)."""

    points: Matrix
    targets: Vector
    start: Vector
    low: int
    rate: int = 1

    def change(self, target: Number, said: Number) -> Number:
        """The right rule: nothing, or towards the target."""
        return 0 if target == said else 1 if target > said else -1

    def row(self, at: int, before: Vector) -> Vector | None:
        """The step at this place, after the row before it (activation, class, weights, bias).

        None without weights: then every activation is the bias.
        """
        return self.step(at, before[2:], self.change) if any(before[2:-1]) else None

    def step(
        self,
        at: int,
        state: Vector,
        change: Callable[..., Number],
        *,
        low: int | None = None,
        bias: int = 1,
        edge: int = 0,
    ) -> Vector:
        """Activation and class, then the state after the update; `edge` is the least activation of class 1."""
        x, target = self.points[at], self.targets[at]
        z = dot(state[:-1], x) + state[-1]
        said = 1 if z >= edge else self.low if low is None else low
        moved = self.rate * change(target, said)
        return (z, said, *add(state[:-1], scale(moved, x)), state[-1] + bias * moved)

    def rows(self, change: Callable[..., Number] | None = None, *, carried: bool = True, **wrong: int) -> Matrix:
        """The whole epoch, by the right rule or a wrong one."""
        rows, state = [], self.start
        for at in range(len(self.points)):
            rows.append(self.step(at, state, change or self.change, **wrong))
            state = rows[-1][2:] if carried else self.start
        return tuple(rows)

    def activations(self, state: Vector) -> Vector:
        """Those of all points in this state."""
        return tuple(dot(state[:-1], x) + state[-1] for x in self.points)
