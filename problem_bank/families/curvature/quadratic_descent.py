"""Goodfellow et al., Deep Learning, sections 4.3.1 and 8.2.3: descent and Newton's method on a quadratic."""

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import count
from typing import Any

import numpy as np

from problem_bank.algebra import number, symbol
from problem_bank.answers import Expression, Integer
from problem_bank.exact import add, matvec, scale
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.curvature import _hessians as hessians
from problem_bank.families.curvature._descent_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Number, Vector, whole

RATES = (Fraction(1, 4), Fraction(1, 5), Fraction(1, 8), Fraction(1, 10), Fraction(1, 16), Fraction(1, 20))
POINTS = ("gradient", "descent", "newton")
T = symbol("t")


@family(
    topic="curvature",
    source="Goodfellow 4.3.1, 8.2.3",
    minutes=10,
    levels={
        "easy": {"ask": (*POINTS, "bound", "c1"), "directions": ((1, 0),)},
        "medium": {},
        "hard": {"ask": (*POINTS, "c1", "c2", "escape"), "saddle": True},
    },
)
def quadratic_descent(
    rng: Rng,
    *,
    ask: tuple[str, ...] = (*POINTS, "bound", "c1", "c2"),
    directions: tuple[tuple[int, int], ...] = hessians.DIRECTIONS[:6],
    saddle: bool = False,
) -> Exercise:
    """Follow gradient descent and Newton's method on a quadratic, along its eigenvectors."""
    direction = hessians.draw_direction(rng, directions)
    signs = (1, -1 if saddle else 1)
    eigenvalues = rng.built("eigenvalues", lambda r: r.choice("pair", hessians.pairs(direction, signs)))
    epsilon = rng.choice("epsilon", RATES)
    center, start = rng.ints("center", 2, -4, 4), rng.ints("start", 2, -3, 3, exclude=(0,))
    times = rng.choice("times", (20, 50, 100, 200, 500, 1000)) if "escape" in ask else 1
    descent = Descent(direction, eigenvalues, epsilon, center, start, times)
    factors = descent.factors
    rng.require(all(f and -1 < f < 1 for f in factors[: 1 if saddle else 2]), "descent converges, but not at once")
    rng.require(all(center), "the linear term is there")
    steps = Steps(SAID)
    for name in ask:
        descent.ask(steps, name)
    h = descent.h
    return Exercise(
        given={**rng.drawn, "ask": ask, "directions": directions, "saddle": saddle},
        shown={
            "h": h, "b": descent.b, "theta0": descent.theta0, "factors": list(zip(eigenvalues, factors, strict=True)),
            "axes": list(zip((direction, hessians.across(direction)), eigenvalues, strict=True)),
            "keys": steps.keys,
        },
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )  # fmt: skip


@dataclass(frozen=True)
class Descent:
    """Descent on z^T H z / 2 around a center, from center + start[0] u_1 + start[1] u_2."""

    direction: Vector
    eigenvalues: Vector
    epsilon: Number
    center: Vector
    start: Vector
    times: Number

    @property
    def h(self) -> Matrix:
        """The Hessian."""
        return hessians.hessian(self.eigenvalues, self.direction)

    @property
    def b(self) -> Vector:
        """The linear term."""
        return matvec(self.h, self.center)

    @property
    def theta0(self) -> Vector:
        """Where descent begins."""
        across = hessians.across(self.direction)
        return add(self.center, add(scale(self.start[0], self.direction), scale(self.start[1], across)))

    @property
    def factors(self) -> Vector:
        """What a step does along each eigenvector."""
        return tuple(whole(Fraction(1 - self.epsilon * v)) for v in self.eigenvalues)

    def ask(self, steps: Steps, name: str) -> None:
        """Append the part of this name."""
        match name:
            case "gradient":
                pull = matvec(self.h, self.theta0)
                wrong: dict[str, Any] = {
                    "no_linear_term": pull,
                    "halved": add(scale(Fraction(1, 2), pull), scale(-1, self.b)),
                    "plus_b": add(pull, self.b),
                }
                steps.ask(name, PART[name], lambda e: add(pull, scale(-1, self.b)), wrong, points=2)
            case "descent":
                wrong = {"uphill": self._moved(self.epsilon), "no_rate": self._moved(-1)}
                steps.ask(name, PART[name], self._moved(-self.epsilon), wrong, points=2)
            case "newton":
                self._newton(steps)
            case "bound":
                high, low = max(self.eigenvalues), min(self.eigenvalues)
                wrong = {"one_over": Fraction(1, high), "smallest": Fraction(2, low), "trace": Fraction(2, high + low)}
                steps.ask(name, PART[name], lambda e: whole(Fraction(2, high)), wrong)
            case "escape":
                self._escape(steps)
            case _:
                self._component(steps, int(name[1]) - 1)

    def _gradient(self, earlier: Earlier) -> Vector:
        return tuple(earlier.get("gradient", add(matvec(self.h, self.theta0), scale(-1, self.b))))

    def _moved(self, rate: Number) -> Rule:
        """The start plus this multiple of the gradient."""
        return lambda e: add(self.theta0, scale(rate, self._gradient(e)))

    def _newton(self, steps: Steps) -> None:
        (a, b), (_, d) = self.h
        determinant = a * d - b * b

        def to(earlier: Earlier, rate: Number = -1) -> Vector:
            g, h = self._gradient(earlier)
            solved = Fraction(d * g - b * h) / determinant, Fraction(a * h - b * g) / determinant
            return tuple(whole(Fraction(v)) for v in add(self.theta0, scale(rate, solved)))

        def by_entries(earlier: Earlier) -> Vector:
            (p, q), (g, h) = self.theta0, self._gradient(earlier)
            return p - Fraction(g) / a, q - Fraction(h) / d

        wrong = {
            "not_inverted": lambda e: add(self.theta0, scale(-1, matvec(self.h, self._gradient(e)))),
            "entries_inverted": by_entries if b and a and d else None,
            "with_rate": partial(to, rate=-self.epsilon),
            "uphill": partial(to, rate=1),
        }
        steps.ask("newton", PART["newton"], to, wrong, points=3)

    def _component(self, steps: Steps, axis: int) -> None:
        """The factor of t steps along one eigenvector."""
        factor, rate = number(self.factors[axis]), self.epsilon * self.eigenvalues[axis]
        wrong = {"sign": number(1 + rate) ** T, "linear": 1 - number(rate) * T, "one_step": factor}
        name = f"c{axis + 1}"
        kind = partial(Expression, symbols={"t": "natural"})
        steps.ask(name, PART[name], lambda e: factor**T, wrong, kind=kind)

    def _escape(self, steps: Steps) -> None:
        """How long it takes to leave the neighbourhood of a saddle."""
        grown = Fraction(self.factors[1])
        needed = next(t for t in count(1) if grown**t > self.times)
        added = next(t for t in count(1) if 1 + t * (grown - 1) > self.times)
        wrong = {"one_short": needed - 1, "added_up": added}
        steps.ask("escape", PART["escape"], lambda e: needed, wrong, kind=Integer)


@quadratic_descent.oracle
def by_running(eigenvalues: Vector, direction: Vector, ask: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """Differences of the loss, exact for a quadratic; descent as it runs; a solver for Newton's step."""
    axes = np.array([direction, (-direction[1], direction[0])], dtype=object)
    lengths = (axes**2).sum(axis=1)
    h = sum(Fraction(v) / n * np.outer(u, u) for v, n, u in zip(eigenvalues, lengths, axes, strict=True))
    center, epsilon = np.array(given["center"], dtype=object), given["epsilon"]
    theta0 = center + np.array(given["start"], dtype=object) @ axes

    def slope(theta: Any, power: Any = 1, linear: int = -1) -> Any:
        """Differences of power * theta^T H theta / 2 + linear * b^T theta."""

        def loss(z: Any) -> Any:
            return power * (z @ h @ z) / Fraction(2) + linear * (h @ center) @ z

        ends = np.eye(2, dtype=int).astype(object)
        return np.array([(loss(theta + e) - loss(theta - e)) / Fraction(2) for e in ends], dtype=object)

    g = slope(theta0)
    solved = np.array([Fraction(v).limit_denominator(10**4) for v in np.linalg.solve(h.astype(float), g.astype(float))])
    values: dict[str, Any] = {
        "gradient": g, "gradient.no_linear_term": slope(theta0, linear=0),
        "gradient.halved": slope(theta0, Fraction(1, 2)), "gradient.plus_b": slope(theta0, linear=1),
        "descent": theta0 - epsilon * g, "descent.uphill": theta0 + epsilon * g, "descent.no_rate": theta0 - g,
        "newton": theta0 - solved, "newton.not_inverted": theta0 - h @ g,
        "newton.entries_inverted": theta0 - g / h.diagonal() if h[0][1] and all(h.diagonal()) else None,
        "newton.with_rate": theta0 - epsilon * solved, "newton.uphill": theta0 + solved,
    }  # fmt: skip
    if "bound" in ask:
        low, high = sorted(Fraction(v) for v in eigenvalues)
        values |= {"bound": 2 / high, "bound.one_over": 1 / high, "bound.smallest": 2 / low}
        values["bound.trace"] = 4 / (low + high) / 2
    for axis, name in enumerate(("c1", "c2")):
        if name in ask:
            values |= _component(name, axes[axis], theta0 - center, epsilon * h)
    return values | (_leaving(1 - epsilon * eigenvalues[1], given["times"]) if "escape" in ask else {})


def _component(name: str, axis: Any, offset: Any, pull: Any) -> dict[str, Any]:
    """The share along one axis, before and after one step of descent."""
    import sympy

    t = sympy.symbols("t")
    before, after = (sympy.Rational(str(Fraction(z @ axis) / (axis @ axis))) for z in (offset, offset - pull @ offset))
    factor = after / before
    return {name: factor**t, f"{name}.sign": (2 - factor) ** t, f"{name}.linear": 1 + t * (factor - 1),
            f"{name}.one_step": factor}  # fmt: skip


def _leaving(factor: Fraction, times: int) -> dict[str, int]:
    """All powers and all multiples that could matter, and where the bound belongs among them."""
    steps = range(int(np.log(times) / np.log(float(factor))) + 3)
    needed = bisect_right([factor**t for t in steps], times)
    return {"escape": needed, "escape.one_short": needed - 1, "escape.added_up": int((times - 1) // (factor - 1)) + 1}
