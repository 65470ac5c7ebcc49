"""Goodfellow et al., Deep Learning, section 10.2: the states of a recurrent network, step by step."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from math import tanh
from typing import Any

import numpy as np

from problem_bank.exact import add, dot, elementwise, matvec, relu, scale, transpose
from problem_bank.exercise import Exercise, Rule
from problem_bank.families.recurrent._telling import telling
from problem_bank.families.recurrent._unroll_texts import PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.figures.unrolled import Unrolled
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps, bracketed
from problem_bank.values import Matrix, Vector

WHOLE: Vector = (-3, -2, -1, 1, 2, 3)
HALVES: Vector = (-1, -Fraction(1, 2), Fraction(1, 2), 1)


@family(
    topic="recurrent",
    source="Goodfellow 10.2",
    minutes=8,
    levels={"easy": {"steps": 2}, "medium": {}, "hard": {"smooth": True}},
)
def unroll(rng: Rng, *, steps: int = 3, smooth: bool = False) -> Exercise:
    """Unroll a small recurrent network over a short sequence."""
    pool = HALVES if smooth else WHOLE
    w = rng.each("W", [tuple(product(pool, repeat=2))] * 2)
    u, b, h0 = rng.choices("U", pool, 2), rng.choices("b", pool, 2), rng.choices("h0", pool, 2)
    x, v = rng.ints("x", steps, -3, 4, exclude=(0,)), rng.ints("v", 2, -3, 3, exclude=(0,))
    c, net = rng.int("c", -3, 3, exclude=(0,)), _Network(w, u, b, smooth)
    rng.require(len(set(x)) == steps, "no two inputs are the same")
    asked, states, rows = Steps(SAID, tolerance=1e-3 if smooth else 0.0), [h0], []
    for t, value in enumerate(x, start=1):
        right = _after(t, h0, partial(net.state, x=value))
        wrong = telling(right, net.wrong(t, h0, x), asked.keys)
        before = states[-1]
        rows.append(
            {"x": bracketed(value), "wh": matvec(w, before), "ux": scale(value, u), "a": net.sum(before, value)}
        )
        states.append(asked.ask(f"h{t}", f"The state $h_{t}$.", right, wrong))
    sums = [n for row in rows for n in row["a"]]
    rng.require(
        all(map(any, states)) and min(sums) < 0 and (smooth or len(set(states)) > steps), "no state is all zeros"
    )
    rng.require(max(map(abs, sums)) < (2.5 if smooth else 30), "no unit is saturated, no value large")
    y = asked.ask("y", "The output $y$.", lambda e: dot(v, e[f"h{steps}"]) + c, {
        "state_before": lambda e: dot(v, e[f"h{steps - 1}"]) + c,
        "no_offset": lambda e: dot(v, e[f"h{steps}"]),
        "swapped": lambda e: dot(v[::-1], e[f"h{steps}"]) + c,
    })  # fmt: skip
    return Exercise(
        given={**rng.drawn, "steps": steps, "smooth": smooth},
        shown={"offset": bracketed(c), "name": r"\tanh" if smooth else r"\mathrm{ReLU}", "y": y,
               "rows": [{**row, "h": h} for row, h in zip(rows, states[1:], strict=True)]},
        figures={"unrolled": Unrolled("The network, unrolled over the sequence", x)},
        prompt=PROMPT,
        parts=asked.parts,
        solution=SOLUTION,
        work=float(steps),
    )  # fmt: skip


def _after(t: int, h0: Vector, cell: Callable[[Any], Any]) -> Rule:
    """The state after step t, from the student's own state before it."""
    return lambda e: cell(e[f"h{t - 1}"] if t > 1 else h0)


@dataclass(frozen=True)
class _Network:
    """The weights, and what one step makes of a state and an input."""

    w: Matrix
    u: Vector
    b: Vector
    smooth: bool

    def phi(self, a: Any) -> Any:
        """The activation."""
        return elementwise(tanh, a) if self.smooth else relu(a)

    def sum(self, h: Any, x: Any, w: Matrix | None = None) -> Any:
        """W h + U x + b"""
        return add(add(matvec(w or self.w, h), scale(x, self.u)), self.b)

    def state(self, h: Any, x: Any) -> Any:
        """phi(W h + U x + b)"""
        return self.phi(self.sum(h, x))

    def wrong(self, t: int, h0: Vector, x: Vector) -> dict[str, Rule]:
        """Misconceptions of step t."""
        now = x[t - 1]
        cells: dict[str, Callable[[Any], Any]] = {
            "no_recurrence": lambda h: self.state((0, 0), now),
            "no_bias": lambda h: self.phi(add(matvec(self.w, h), scale(now, self.u))),
            "no_activation": lambda h: self.sum(h, now),
            "bias_afterwards": lambda h: add(self.phi(add(matvec(self.w, h), scale(now, self.u))), self.b),
            "transposed": lambda h: self.phi(self.sum(h, now, transpose(self.w))),
        }
        if t > 1:
            cells["start_again"] = lambda h: self.state(h0, now)
            cells["input_before"] = lambda h: self.state(h, x[t - 2])
        return {name: _after(t, h0, cell) for name, cell in cells.items()}


@unroll.oracle
def by_one_matrix(smooth: bool, steps: int, **given: Any) -> dict[str, Any]:
    """Each step as one matrix [W U b] on the vector [h; x; 1], in NumPy."""
    number = float if smooth else int
    w, u, b = (np.array(given[name], dtype=number) for name in ("W", "U", "b"))
    whole = np.column_stack([w, u, b])
    x, h0 = given["x"], np.array(given["h0"], dtype=number)
    h = h0
    phi: Any = np.tanh if smooth else lambda a: np.clip(a, 0, None)
    values: dict[str, Any] = {}
    for t in range(1, steps + 1):
        own = np.array([*h, x[t - 1], 1])
        values |= {
            f"h{t}.no_recurrence": phi(whole[:, 2:] @ own[2:]), f"h{t}.no_bias": phi(whole[:, :3] @ own[:3]),
            f"h{t}.no_activation": whole @ own, f"h{t}.bias_afterwards": phi(whole[:, :3] @ own[:3]) + b,
            f"h{t}.transposed": phi(np.column_stack([w.T, u, b]) @ own),
            f"h{t}.start_again": phi(whole @ [*h0, x[t - 1], 1]), f"h{t}.input_before": phi(whole @ [*h, x[t - 2], 1]),
            "y.state_before": np.dot(given["v"], h) + given["c"],
        }  # fmt: skip
        h = values[f"h{t}"] = phi(whole @ own)
    v, c = np.array(given["v"]), given["c"]
    return values | {"y": v @ h + c, "y.no_offset": v @ h, "y.swapped": v @ h[::-1] + c}
