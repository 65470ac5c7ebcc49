"""Goodfellow et al., Deep Learning, section 8.5.3: Adam, step by step, with bias correction."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np

from problem_bank.answers import Number
from problem_bank.exercise import Earlier, Exercise, Part, Rule, Slip
from problem_bank.families.optimisation._adam_texts import PROMPT, RATIO, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Number as Exact
from problem_bank.values import Vector

GRADIENTS = tuple(g for g in range(-16, 17) if g)
RHO1 = (Fraction(1, 2), Fraction(4, 5), Fraction(9, 10))
RHO2 = (Fraction(3, 4), Fraction(9, 10), Fraction(99, 100), Fraction(999, 1000))


@family(
    topic="optimisation",
    source="Goodfellow 8.5.3",
    minutes=12,
    version=2,
    levels={"easy": {"factor": False}, "medium": {}, "hard": {"steps": 3}},
)
def adam_steps(rng: Rng, *, steps: int = 2, factor: bool = True) -> Exercise:
    """Take the first steps of Adam with given gradients."""
    g = rng.sample("g", GRADIENTS, steps)
    rng.require(len({abs(value) for value in g}) == steps, "no two gradients have the same size")
    rng.require(abs(g[0]) > 1, "the root of the first squared gradient changes it")
    rho1, rho2 = rng.choice("rho1", RHO1), rng.choice("rho2", RHO2)
    rng.require(rho1 != rho2, "the two decay rates differ")
    rng.require((1 - rho1) ** 2 != 1 - rho2, "bias correction changes the first step")
    epsilon = rng.choice("epsilon", (Fraction(1, 10), Fraction(1, 5), Fraction(1, 4), Fraction(1, 2)))
    delta, theta0 = rng.choice("delta", (Fraction(1, 10**8),)), rng.int("theta0", -9, 9, exclude=(0,))
    adam = Adam(float(rho1), float(rho2), float(epsilon), float(delta))
    rows = adam.rows(float(theta0), g)
    rng.require(all(abs(row.s) > 0.02 and abs(row.theta) > 0.1 for row in rows[1:]), "no value nearly cancels")
    parts = [part for t in range(1, steps + 1) for part in Step(adam, t, g[t - 1], rows[0]).parts(rows[t])]
    return Exercise(
        given={"g": g, "rho1": rho1, "rho2": rho2, "epsilon": epsilon, "delta": delta, "theta0": theta0,
               "steps": steps, "factor": factor},
        shown={"rows": list(pairwise(rows)), "ratio": adam.ratio},
        prompt=PROMPT,
        parts=[*parts, _ratio(adam)] if factor else parts,
        solution=SOLUTION,
        work=float(len(parts)),
    )  # fmt: skip


@dataclass(frozen=True)
class State:
    """All that one step of Adam leaves behind."""

    s: float
    r: float
    s_hat: float
    r_hat: float
    theta: float


@dataclass(frozen=True)
class Adam:
    """The settings and the right rule."""

    rho1: float
    rho2: float
    epsilon: float
    delta: float

    def rows(self, theta: float, g: Vector) -> list[State]:
        """The start and the state after every gradient."""
        rows, s, r = [State(0.0, 0.0, 0.0, 0.0, theta)], 0.0, 0.0
        for t, new in enumerate(g, start=1):
            s, r = self.rho1 * s + (1 - self.rho1) * new, self.rho2 * r + (1 - self.rho2) * new * new
            s_hat, r_hat = s / (1 - self.rho1**t), r / (1 - self.rho2**t)
            rows.append(State(s, r, s_hat, r_hat, self.move(rows[-1].theta, s_hat, r_hat)))
        return rows

    def move(self, theta: float, s: Exact | float, r: float) -> float:
        """The parameter after a step along s, scaled by the root of r."""
        return theta - self.epsilon * s / (sqrt(r) + self.delta)

    @property
    def ratio(self) -> float:
        """The first step with bias correction over the one without, if delta is 0."""
        return sqrt(1 - self.rho2) / (1 - self.rho1)


@dataclass(frozen=True)
class Step:
    """The questions of one step: rules of the values that the student found before."""

    adam: Adam
    t: int
    g: Exact
    start: State

    def parts(self, new: State) -> list[Part]:
        """Both averages, both corrected, and the parameter."""
        rho1, rho2, square = self.adam.rho1, self.adam.rho2, self.g * self.g
        not_squared = {"not_squared": None if self.g == 1 else self.average("r", rho2, self.g)}
        return [
            self.part("s", "s", new.s, self.average("s", rho1, self.g), self.wrong_averages("s", rho1, rho2, self.g)),
            self.part("r", "r", new.r, self.average("r", rho2, square),
                      self.wrong_averages("r", rho2, rho1, square) | not_squared),
            self.part("s_hat", r"\hat{s}", new.s_hat, self.correct("s", rho1), self.wrong_corrections("s", rho1, rho2)),
            self.part("r_hat", r"\hat{r}", new.r_hat, self.correct("r", rho2), self.wrong_corrections("r", rho2, rho1)),
            self.part("theta", r"\theta", new.theta, self.move("s_hat", "r_hat"), self.wrong_moves()),
        ]  # fmt: skip

    def part(self, name: str, symbol: str, key: float, follow: Rule, wrong: dict[str, Rule | None]) -> Part:
        """One value of this step."""
        return Part(f"{name}{self.t}", f"${symbol}_{self.t}$ of step {self.t}.", _number(key), follow=follow,
                    misconceptions=[Slip(slip, rule, SAID[slip]) for slip, rule in wrong.items()])  # fmt: skip

    def old(self, name: str, earlier: Earlier) -> Any:
        """A value from before this step."""
        return earlier[f"{name}{self.t - 1}"] if self.t > 1 else getattr(self.start, name)

    def average(self, name: str, rho: float, new: Exact, weight: float | None = None) -> Rule:
        """The running average after `new`, which enters with `weight` (1 - rho)."""
        entering = (1 - rho if weight is None else weight) * new
        return lambda earlier: rho * self.old(name, earlier) + entering

    def wrong_averages(self, name: str, rho: float, other: float, new: Exact) -> dict[str, Rule | None]:
        """Misconceptions of the running average; equal weights cannot be swapped."""
        return {
            "rhos_swapped": self.average(name, other, new),
            "weights_swapped": None if rho == 1 - rho else self.average(name, 1 - rho, new),
            "weight_missing": self.average(name, rho, new, weight=1),
        }

    def correct(self, name: str, rho: float, exponent: int = 0) -> Rule:
        """The average over 1 - rho to the power of the step's number, or of another exponent."""
        divisor = 1 - rho ** (exponent or self.t)
        return lambda earlier: earlier[f"{name}{self.t}"] / divisor

    def wrong_corrections(self, name: str, rho: float, other: float) -> dict[str, Rule | None]:
        """Misconceptions of the bias correction; at t = 1 the exponent does not show."""
        average, factor = f"{name}{self.t}", 1 - rho**self.t
        return {
            "no_correction": lambda earlier: earlier[average],
            "exponent_missing": self.correct(name, rho, 1) if self.t > 1 else None,
            "step_too_late": self.correct(name, rho, self.t + 1),
            "rhos_swapped": self.correct(name, other),
            "multiplied": lambda earlier: earlier[average] * factor,
        }

    def move(self, s: str, r: str) -> Rule:
        """The parameter after this step, along these of the averages."""
        s, r = f"{s}{self.t}", f"{r}{self.t}"
        return lambda earlier: self.adam.move(self.old("theta", earlier), earlier[s], earlier[r])

    def wrong_moves(self) -> dict[str, Rule | None]:
        """Misconceptions of the move; at t = 1 the corrected average is the gradient."""
        right, s_hat, r_hat = self.move("s_hat", "r_hat"), f"s_hat{self.t}", f"r_hat{self.t}"
        return {
            "no_root": lambda earlier: self.adam.move(self.old("theta", earlier), earlier[s_hat], earlier[r_hat] ** 2),
            "uncorrected": self.move("s", "r"),
            "only_s_corrected": self.move("s_hat", "r"),
            "raw_gradient": (lambda earlier: self.adam.move(self.old("theta", earlier), self.g, earlier[r_hat]))
            if self.t > 1 else None,
            "uphill": lambda earlier: 2 * self.old("theta", earlier) - right(earlier),
        }  # fmt: skip


def _ratio(adam: Adam) -> Part:
    """What bias correction does to the very first step."""
    wrong = {"only_s_corrected": 1 / (1 - adam.rho1), "no_root": (1 - adam.rho2) / (1 - adam.rho1),
             "upside_down": 1 / adam.ratio}  # fmt: skip
    slips = [Slip(name, value, SAID[name]) for name, value in wrong.items()]
    return Part("factor", RATIO, _number(adam.ratio), misconceptions=slips)


def _number(key: float) -> Number:
    """Right to a part in a thousand, small values too."""
    return Number(key, floor=1e-3)


@adam_steps.oracle
def weighted_sums(**given: Any) -> dict[str, Any]:
    """The averages in closed form, as weighted sums of all gradients, for all steps at once."""
    g, rho1, rho2 = np.array(given["g"], dtype=float), float(given["rho1"]), float(given["rho2"])
    s, r = _averages("s", rho1, rho2, g), _averages("r", rho2, rho1, g**2)
    r["r.not_squared"] = rho2 * _before(0.0, r["r"]) + (1 - rho2) * g
    moves = _moves(given, g, s | r)
    late = {"exponent_missing", "raw_gradient"}
    values: dict[str, Any] = {}
    for name, row in (s | r | moves).items():
        part, dot, slip = name.partition(".")
        for t, value in enumerate(row.tolist(), start=1):
            hidden = (slip in late and t == 1) or (slip == "not_squared" and g[t - 1] == 1)
            values[f"{part}{t}{dot}{slip}"] = None if hidden or value == np.inf else value
    return values | _factors(1 - rho1, 1 - rho2)


def _averages(name: str, rho: float, other: float, new: Any) -> dict[str, Any]:
    """Running averages of `new`, their corrections and the misconceptions, each for all steps."""
    t = np.arange(1, len(new) + 1)
    age = t[:, None] - t  # of every value, at every step
    total = (np.where(age >= 0, rho ** np.abs(age), 0.0) * new).sum(axis=1)
    average = (1 - rho) * total
    old = _before(0.0, average)
    return {
        name: average,
        f"{name}.rhos_swapped": other * old + (1 - other) * new,
        f"{name}.weights_swapped": old + rho * (new - old) + (np.inf if rho == 1 - rho else 0.0),  # inf: hidden
        f"{name}.weight_missing": rho * old + new,
        f"{name}_hat": average / (1 - rho**t),
        f"{name}_hat.no_correction": average,
        f"{name}_hat.exponent_missing": total,
        f"{name}_hat.step_too_late": average / (1 - rho ** (t + 1)),
        f"{name}_hat.rhos_swapped": average / (1 - other**t),
        f"{name}_hat.multiplied": average - average * rho**t,
    }


def _moves(given: dict[str, Any], g: Any, averages: dict[str, Any]) -> dict[str, Any]:
    """The parameters after every step, by one cumulative sum."""
    s_hat, r_hat, rate, delta = averages["s_hat"], averages["r_hat"], float(given["epsilon"]), float(given["delta"])
    length, plain = np.sqrt(r_hat) + delta, np.sqrt(averages["r"]) + delta
    theta = float(given["theta0"]) - rate * np.cumsum(s_hat / length)
    old = _before(float(given["theta0"]), theta)
    return {
        "theta": theta,
        "theta.no_root": old - rate * s_hat / (r_hat + delta),
        "theta.uncorrected": old - rate * averages["s"] / plain,
        "theta.only_s_corrected": old - rate * s_hat / plain,
        "theta.raw_gradient": old - rate * g / length,
        "theta.uphill": old + rate * s_hat / length,
    }


def _before(start: float, row: Any) -> Any:
    """The values one step earlier."""
    return np.concatenate(([start], row[:-1]))


def _factors(s: float, r: float) -> dict[str, Any]:
    """The first step for a gradient of 1, when s_1 = 1 - rho_1 and r_1 = 1 - rho_2."""
    plain = s / np.sqrt(r)
    return {"factor": float(1 / plain), "factor.only_s_corrected": 1 / s, "factor.no_root": r / s,
            "factor.upside_down": float(plain)}  # fmt: skip
