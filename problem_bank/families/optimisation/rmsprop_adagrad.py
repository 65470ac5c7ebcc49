"""Goodfellow et al., Deep Learning, sections 8.5.1 and 8.5.2: AdaGrad and RMSProp, parameter by parameter."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.exact import elementwise, transpose
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.optimisation._adaptive_texts import PROMPT, SAID, SOLUTION
from problem_bank.families.optimisation._squares import histories, root
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.tex import tex
from problem_bank.values import Number, Vector

RATES = (Fraction(1, 2), Fraction(1, 5), Fraction(1, 10))
DECAYS = (Fraction(3, 4), Fraction(8, 9), Fraction(5, 9), Fraction(16, 25), Fraction(21, 25))


@family(
    topic="optimisation",
    source="Goodfellow 8.5.1, 8.5.2",
    minutes=9,
    levels={"easy": {"rules": ("adagrad",)}, "medium": {"rules": ("rmsprop",)}, "hard": {}},
)
def rmsprop_adagrad(rng: Rng, *, rules: tuple[str, ...] = ("adagrad", "rmsprop"), size: int = 2) -> Exercise:
    """Take two steps of AdaGrad and of RMSProp with given gradients."""
    theta0 = rng.ints("theta0", size, -9, 9, exclude=(0,))
    epsilon, rho = rng.choice("epsilon", RATES), rng.choice("rho", DECAYS) if "rmsprop" in rules else None
    steps, worked = Steps(SAID), []
    for name in rules:
        own = None if name == "adagrad" else rho
        gradients = rng.each(name, [histories(own)] * size)
        sizes = [{abs(v) for v in g} for g in transpose(gradients)]
        rng.require(all(len(s) == size for s in sizes), "no two parameters have gradients of the same size")
        method = Method(name, own, epsilon, theta0)
        worked.append((*method.formula, [method.ask(steps, t, g) for t, g in enumerate(transpose(gradients), 1)]))
    return Exercise(
        given={**rng.drawn, "rules": rules, "size": size},
        shown={"steps_of": transpose, "worked": worked},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(steps.parts)),
    )


@dataclass(frozen=True)
class Method:
    """AdaGrad, or RMSProp with its decay rate `rho`."""

    name: str
    rho: Number | None
    epsilon: Number
    theta0: Vector

    @property
    def formula(self) -> tuple[str, str]:
        """The title and how r is updated."""
        if self.rho is None:
            return "AdaGrad", "r_t = r_{t-1} + g_t^2"
        return "RMSProp", rf"r_t = {tex(self.rho)}\, r_{{t-1}} + {tex(1 - self.rho)}\, g_t^2"

    def ask(self, steps: Steps, t: int, g: Vector) -> str:
        """Append the two parts of step t, and return its line of the solution."""
        title, (r_name, name) = self.formula[0], (f"{self.name}_r{t}", f"{self.name}_theta{t}")
        r = steps.ask(r_name, f"{title}: $r_{t}$ after step {t}.", self._r(t, g), self._wrong_r(t, g))
        theta = steps.ask(name, rf"{title}: $\theta_{t}$ after step {t}.", self._move(t, g), self._wrong_moves(t, g))
        roots = tex(elementwise(root, r))
        return rf"$g_{t} = {tex(g)}$: $r_{t} = {tex(r)}$ with roots ${roots}$, so $\theta_{t} = {tex(theta)}$"

    def _old(self, name: str, t: int, earlier: Earlier) -> Any:
        start = (0,) * len(self.theta0) if name == "r" else self.theta0
        return earlier[f"{self.name}_{name}{t - 1}"] if t > 1 else start

    def _collect(self, t: int, new: Vector, keep: Number, weight: Number) -> Rule:
        return lambda e: tuple(keep * r + weight * v for r, v in zip(self._old("r", t, e), new, strict=True))

    def _r(self, t: int, g: Vector) -> Rule:
        return self._collect(t, _squared(g), *((1, 1) if self.rho is None else (self.rho, 1 - self.rho)))

    def _wrong_r(self, t: int, g: Vector) -> dict[str, Rule | None]:
        squares, later = _squared(g), t > 1
        shared = (sum(squares),) * len(g)
        if self.rho is None:
            return {
                "not_squared": self._collect(t, g, 1, 1),
                "shared": self._collect(t, shared, 1, 1),
                "forgotten": self._collect(t, squares, 0, 1) if later else None,
                "averaged": self._collect(t, squares, Fraction(t - 1, t), Fraction(1, t)) if later else None,
            }
        return {
            "not_squared": self._collect(t, g, self.rho, 1 - self.rho),
            "shared": self._collect(t, shared, self.rho, 1 - self.rho),
            "accumulated": self._collect(t, squares, 1, 1),
            "weight_missing": self._collect(t, squares, self.rho, 1) if later else None,
            "weights_swapped": self._collect(t, squares, 1 - self.rho, self.rho),
        }

    def _move(
        self, t: int, g: Vector, divisor: Callable[[Number], Number] = root, sign: int = -1, back: int = 0
    ) -> Rule:
        """Theta after step t along g over a function of r, that of `back` steps before."""

        def rule(earlier: Earlier) -> Vector:
            r = self._old("r", t - back + 1, earlier)
            entries = zip(self._old("theta", t, earlier), g, r, strict=True)
            return tuple(p + sign * self.epsilon * v / Fraction(divisor(s)) for p, v, s in entries)

        return rule

    def _wrong_moves(self, t: int, g: Vector) -> dict[str, Rule | None]:
        return {
            "no_root": self._move(t, g, lambda r: r),
            "old_r": self._move(t, g, back=1) if t > 1 else None,
            "unscaled": self._move(t, g, lambda r: 1),
            "uphill": self._move(t, g, sign=1),
        }


def _squared(g: Vector) -> Vector:
    return tuple(v * v for v in g)


@rmsprop_adagrad.oracle
def weighted_sums(rules: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """r as a weighted sum of all squares at once, in NumPy, and theta as one cumulative sum."""
    values: dict[str, Any] = {}
    for name in rules:
        table = _table(np.array(given[name], dtype=object).T, given.get("rho") if name == "rmsprop" else None, given)
        for key, rows in table.items():
            part, dot, slip = key.partition(".")
            first = slip in {"forgotten", "averaged", "weight_missing", "old_r"}
            for t, row in enumerate(rows, start=1):
                values[f"{name}_{part}{t}{dot}{slip}"] = None if first and t == 1 else list(row)
    return values


def _table(g: Any, rho: Number | None, given: dict[str, Any]) -> dict[str, Any]:
    """Every value and misconception, a row for each step; g has shape (steps, parameters)."""
    keep, weight = (1, 1) if rho is None else (rho, 1 - rho)
    n = len(g)
    ages = np.array([[weight * keep ** (t - i) if i <= t else 0 for i in range(n)] for t in range(n)], dtype=object)
    r = ages.dot(g**2)
    old, count = _before(r, 0 * r[0]), np.arange(1, n + 1)[:, None]
    total = (g**2).sum(axis=1, keepdims=True)
    roots = np.array([[Fraction(float(v) ** 0.5).limit_denominator(10**4) for v in row] for row in r], dtype=object)
    moves = given["epsilon"] * g / roots
    theta = np.array(given["theta0"], dtype=object) - moves.cumsum(axis=0)
    before = theta + moves
    divided = given["epsilon"] * g / np.where(old == 0, 1, _before(roots, roots[0]))
    return {
        "r": r,
        "r.not_squared": keep * old + weight * g,
        "r.shared": keep * old + weight * total,
        "r.forgotten": g**2,
        "r.averaged": (old * (count - 1) + g**2) * np.array([[Fraction(1, t)] for t in range(1, n + 1)], dtype=object),
        "r.accumulated": old + g**2,
        "r.weight_missing": keep * old + g**2,
        "r.weights_swapped": weight * old + keep * g**2,
        "theta": theta,
        "theta.no_root": before - given["epsilon"] * g / r,
        "theta.old_r": before - divided,
        "theta.unscaled": before - given["epsilon"] * g,
        "theta.uphill": before + moves,
    }


def _before(rows: Any, start: Any) -> Any:
    """The rows one step earlier."""
    return np.vstack([start, rows[:-1]])
