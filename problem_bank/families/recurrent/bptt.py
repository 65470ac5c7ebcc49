"""Goodfellow et al., Deep Learning, section 10.2.2: backpropagation through time, with one unit."""

from fractions import Fraction
from math import tanh
from typing import Any

import numpy as np

from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.recurrent._bptt_texts import CELLS, PROMPT, SAID, SOLUTION
from problem_bank.families.recurrent._telling import telling
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.steps import Steps, bracketed
from problem_bank.tex import tex
from problem_bank.values import Number, whole

HALVES = tuple(whole(Fraction(n, 2)) for n in (-4, -3, -1, 1, 3, 4))
TENTHS = tuple(Fraction(n, 10) for n in (-15, -12, -9, -8, -6, -5, 5, 6, 7, 8, 9, 12, 14))


@family(
    topic="recurrent",
    source="Goodfellow 10.2.2",
    minutes=10,
    version=2,
    levels={"easy": {"cell": "linear"}, "medium": {"cell": "leaky"}, "hard": {"cell": "tanh"}},
)
def bptt(rng: Rng, *, cell: str = "leaky", steps: int = 3, b: Number = 0) -> Exercise:
    """Backpropagate through time to the weights that all steps share."""
    pool = TENTHS if cell == "tanh" else HALVES
    w, u = rng.choice("w", pool), rng.choice("u", pool)
    h0, y = rng.int("h0", -3, 3, exclude=(0,)), rng.int("y", -6, 6)
    x = rng.ints("x", steps, -4, 5, exclude=(0,))
    rng.require(abs(w) != 1 and w != u and len(set(x)) > 1, "the weights and the inputs differ")
    net = _Network(cell, w, u, h0, x, y, b)
    asked = Steps(SAID, tolerance=1e-3 if cell == "tanh" else 0.0)
    net.ask(asked)
    keys = asked.keys
    rng.require(all(abs(v) > Fraction(1, 50) for v in keys.values()), "no value is about 0")
    rng.require(
        cell == "tanh" or all(Fraction(v).denominator <= 32 and abs(v) < 60 for v in keys.values()), "short values"
    )
    rng.require(cell != "leaky" or 0 < sum(keys[f"h{t}"] < 0 for t in range(1, steps + 1)) < steps, "both slopes occur")
    return Exercise(
        given={**rng.drawn, "cell": cell, "steps": steps, "b": b},
        shown={
            "formula": CELLS[cell].replace("u x_t", "u x_t + b") if b else CELLS[cell],
            "rows": net.lines(keys),
            "dw": keys["dw"],
            "du": keys["du"],
        },
        prompt=PROMPT,
        parts=asked.parts,
        solution=SOLUTION,
        work=float(steps),
    )


class _Network:
    """The unrolled network, forwards and backwards; everything follows from the values that were found before."""

    def __init__(self, *setting: Any) -> None:
        self.cell, self.w, self.u, self.h0, self.x, self.y, self.b = setting
        self.steps = range(1, len(self.x) + 1)

    def phi(self, a: Any) -> Any:
        """The activation."""
        if self.cell == "tanh":
            return tanh(a)
        return a / Fraction(2) if self.cell == "leaky" and a < 0 else a

    def slope(self, h: Any) -> Any:
        """Its derivative, from the state."""
        if self.cell == "tanh":
            return 1 - h * h
        return Fraction(1, 2) if self.cell == "leaky" and h < 0 else 1

    def state(self, e: Earlier, t: int) -> Any:
        """The own state of step t."""
        return e[f"h{t}"] if t else self.h0

    def number(self, value: Any) -> Any:
        """A float where the cell is not exact."""
        return float(value) if self.cell == "tanh" else value

    def ask(self, steps: Steps) -> None:
        """Append the states, the gradients by them from the last to the first, and those by the weights."""
        last = len(self.x)
        for t in self.steps:
            self._add(steps, f"h{t}", f"The state $h_{t}$.", self.states(t))
        error = {"doubled": lambda e: 2 * (e[f"h{last}"] - self.y), "sign": lambda e: self.y - e[f"h{last}"]}
        by = r"$\partial L / \partial "
        self._add(steps, f"d{last}", f"{by}h_{last}$.", (lambda e: e[f"h{last}"] - self.y, error))
        for t in reversed(self.steps[:-1]):
            self._add(steps, f"d{t}", f"{by}h_{t}$.", self.gradients(t))
        for name, before in (("w", True), ("u", False)):
            self._add(steps, f"d{name}", f"{by}{name}$.", self.weights(before), points=2)

    def _add(self, steps: Steps, name: str, said: str, rules: tuple[Rule, dict[str, Rule]], points: int = 1) -> None:
        right, wrong = rules
        steps.ask(name, said, right, telling(right, wrong, steps.keys), points=points)

    def states(self, t: int) -> tuple[Rule, dict[str, Rule]]:
        """phi(w h + u x + b), and misconceptions."""
        w, u, x, b = self.number(self.w), self.number(self.u), self.x[t - 1], self.number(self.b)
        return lambda e: self.phi(w * self.state(e, t - 1) + u * x + b), {
            "no_recurrence": lambda e: self.phi(u * x + b),
            "no_activation": lambda e: w * self.state(e, t - 1) + u * x + b,
            "swapped": lambda e: self.phi(u * self.state(e, t - 1) + w * x + b),
        }

    def gradients(self, t: int) -> tuple[Rule, dict[str, Rule]]:
        """One step back in time, and misconceptions."""
        w, u = self.number(self.w), self.number(self.u)

        def passed(e: Earlier) -> Any:
            return e[f"d{t + 1}"] * self.slope(e[f"h{t + 1}"])

        return lambda e: passed(e) * w, {
            "no_slope": lambda e: e[f"d{t + 1}"] * w,
            "no_weight": passed,
            "wrong_weight": lambda e: passed(e) * u,
            "not_passed_on": lambda e: e[f"d{t + 1}"],
        }

    def weights(self, before: bool) -> tuple[Rule, dict[str, Rule]]:
        """The sum over the steps of gradient, slope and what the weight is multiplied with."""
        last = len(self.x)

        def term(e: Earlier, t: int, slope: bool = True, shift: int = 1) -> Any:
            factor = self.state(e, t - shift) if before else self.x[t - 1]
            return e[f"d{t}"] * (self.slope(e[f"h{t}"]) if slope else 1) * factor

        def total(e: Earlier, **how: Any) -> Any:
            return sum(term(e, t, **how) for t in self.steps)

        wrong: dict[str, Rule] = {
            "last_step": lambda e: term(e, last),
            "no_slope": lambda e: total(e, slope=False),
            "averaged": lambda e: total(e) / (last if self.cell == "tanh" else Fraction(last)),
        }
        return total, wrong | ({"own_state": lambda e: total(e, shift=0)} if before else {})

    def lines(self, keys: Earlier) -> list[dict[str, Any]]:
        """The numbers of every step in the worked solution."""
        w, u = bracketed(float(self.w)), bracketed(float(self.u))
        ds = [bracketed(keys[f"d{t}"]) for t in self.steps]
        rows: list[dict[str, Any]] = []
        for t in self.steps:
            h, d = keys[f"h{t}"], keys[f"d{t}"]
            shown = rf"{w} \cdot {bracketed(self.state(keys, t - 1))} + {u} \cdot {bracketed(self.x[t - 1])}"
            shown += f" + {bracketed(float(self.b))}" if self.b else ""
            back = rf"{ds[t]} \cdot {tex(self.slope(keys[f'h{t + 1}']))} \cdot {w}" if t < len(self.x) else ""
            rows.append({"sum": shown, "h": h, "slope": self.slope(h), "d": d, "back": back,
                         "delta": d * self.slope(h)})  # fmt: skip
        return rows


@bptt.oracle
def by_complex_steps(cell: str, steps: int, **given: Any) -> dict[str, Any]:
    """The loss of the unrolled network as one function, differentiated by complex steps in NumPy."""
    w, u, b = float(given["w"]), float(given["u"]), float(given["b"])
    h0, x, y = float(given["h0"]), np.array(given["x"], dtype=float), given["y"]

    def phi(a: Any) -> Any:
        return np.tanh(a) if cell == "tanh" else a * (0.5 if cell == "leaky" and np.real(a) < 0 else 1.0)

    def run(ws: Any, us: Any, push: Any) -> list[Any]:
        """All states, with weights of its own and a push on the state for each step."""
        states = [h0]
        for t in range(steps):
            states.append(phi(ws[t] * states[-1] + us[t] * x[t] + b) + push[t])
        return states

    def loss(states: list[Any]) -> Any:
        return (states[-1] - y) ** 2 / 2

    ws, us, none = np.full(steps, w), np.full(steps, u), np.zeros(steps)
    h, d = run(ws, us, none), gradient(lambda push: loss(run(ws, us, push)), none)
    by_w = gradient(lambda v: loss(run(v, us, none)), ws)
    by_u = gradient(lambda v: loss(run(ws, v, none)), us)
    values: dict[str, Any] = {f"d{steps}.doubled": 2 * d[-1], f"d{steps}.sign": -d[-1]}
    for t in range(1, steps + 1):
        read = u * x[t - 1] + b
        values |= {f"h{t}": h[t], f"h{t}.no_recurrence": phi(read), f"h{t}.no_activation": read + w * h[t - 1],
                   f"h{t}.swapped": phi(u * h[t - 1] + w * x[t - 1] + b), f"d{t}": d[t - 1]}  # fmt: skip
        if t < steps:
            values |= {f"d{t}.no_slope": d[t] * w, f"d{t}.no_weight": by_u[t] / x[t],
                       f"d{t}.wrong_weight": by_u[t] / x[t] * u, f"d{t}.not_passed_on": d[t]}  # fmt: skip
    slopes = by_u / x / d
    values |= {"dw": by_w.sum(), "dw.last_step": by_w[-1], "dw.averaged": by_w.mean(), "dw.no_slope": d @ h[:-1],
               "dw.own_state": d * slopes @ h[1:], "du": by_u.sum(), "du.last_step": by_u[-1],
               "du.averaged": by_u.mean(), "du.no_slope": d @ x}  # fmt: skip
    exact = cell != "tanh"
    return {name: Fraction(float(v)).limit_denominator(10**4) if exact else float(v) for name, v in values.items()}
