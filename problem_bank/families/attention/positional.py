"""Vaswani et al. 2017, section 3.5, and Su et al., RoFormer (2021): where a token stands, as an angle."""

from fractions import Fraction
from math import cos, pi, sin
from typing import Any

import numpy as np

from problem_bank.exact import dot
from problem_bank.exercise import Exercise
from problem_bank.families.attention._positional_texts import ASKED, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps

THETAS = tuple(Fraction(i, 20) for i in range(1, 9))


@family(
    topic="attention",
    source="Vaswani et al. 2017, section 3.5; Su et al. 2021",
    minutes=7,
    levels={"easy": {"ask": ("p",)}, "medium": {}, "hard": {"ask": ("p", "dot", "rq", "rk", "score")}},
)
def positional(rng: Rng, *, ask: tuple[str, ...] = ("p", "dot")) -> Exercise:
    """Encode positions by sines and cosines, or by turning queries and keys."""
    m, n = rng.sample("positions", range(2, 40), 2)
    base, theta = rng.choice("base", (25, 100, 400, 1600, 2500, 6400, 10000)), rng.choice("theta", THETAS)
    q, k = rng.ints("q", 2, -3, 4, exclude=(0,)), rng.ints("k", 2, -3, 4, exclude=(0,))
    steps, omega = Steps(SAID, tolerance=1e-3), 1 / base**0.5
    rules: dict[str, Any] = {
        "p": (_encoding(m, omega), {
            "degrees": _encoding(m * pi / 180, omega),
            "swapped": (cos(m), sin(m), cos(m * omega), sin(m * omega)),
            "concatenated": (sin(m), sin(m * omega), cos(m), cos(m * omega)),
            "exponent": _encoding(m, base**-0.25),
            "from_one": _encoding(m - 1, omega),
        }),
        "dot": (cos(m - n) + cos((m - n) * omega), {
            "sum": cos(m + n) + cos((m + n) * omega),
            "one_frequency": cos(m - n),
            "linear": float(abs(m - n)),
            "degrees": cos((m - n) * pi / 180) + cos((m - n) * omega * pi / 180),
        }),
        "rq": (_turned(q, m * theta), _wrong_turns(q, m, theta)),
        "rk": (_turned(k, n * theta), _wrong_turns(k, n, theta)),
    }  # fmt: skip
    for name in ask:
        if name == "score":
            wrong = {"not_turned": float(dot(q, k)), "sum": _score(q, k, (m + n) * theta)}
            steps.ask(name, ASKED[name], lambda e: sum(a * b for a, b in zip(e["rq"], e["rk"], strict=True)), wrong)
        else:
            right, wrong = rules[name]
            steps.ask(name, ASKED[name], right, wrong)
    rng.require(abs(steps.keys.get("score", 1)) > 0.1 and abs(steps.keys.get("dot", 1)) > 0.1, "no product is about 0")
    return Exercise(
        given={**rng.drawn, "ask": ask},
        shown={"m": m, "n": n, "omega": omega, "keys": steps.keys},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )


def _encoding(n: float, omega: float) -> tuple[float, ...]:
    return sin(n), cos(n), sin(n * omega), cos(n * omega)


def _turned(v: Any, angle: Any) -> tuple[float, float]:
    """v, turned counter-clockwise."""
    return v[0] * cos(angle) - v[1] * sin(angle), v[0] * sin(angle) + v[1] * cos(angle)


def _score(q: Any, k: Any, angle: Any) -> float:
    """q . k once k is turned by this angle."""
    a, b = _turned(k, angle)
    return float(q[0] * a + q[1] * b)


def _wrong_turns(v: Any, position: int, theta: Fraction) -> dict[str, Any]:
    return {
        "clockwise": _turned(v, -position * theta),
        "degrees": _turned(v, float(position * theta) * pi / 180),
        "one_step": _turned(v, theta),
    }


@positional.oracle
def by_complex_numbers(**given: Any) -> dict[str, Any]:
    """Every pair as one complex number on the unit circle; turning is multiplication."""
    (m, n), base, angle, q, k = (given[name] for name in ("positions", "base", "theta", "q", "k"))

    def circle(position: float, power: float = 0.5) -> Any:
        return np.exp(1j * position * np.array([1, base**-power]))

    def pairs(z: Any) -> Any:
        return np.column_stack([z.imag, z.real]).ravel()

    def vector(z: complex) -> Any:
        return np.array([z.real, z.imag])

    here, there, radians = circle(m), circle(n), np.pi / 180
    values: dict[str, Any] = {
        "p": pairs(here), "p.degrees": pairs(circle(m * radians)), "p.swapped": pairs(1j * here.conj()),
        "p.concatenated": np.concatenate([here.imag, here.real]), "p.exponent": pairs(circle(m, 0.25)),
        "p.from_one": pairs(circle(m - 1)),
        "dot": np.vdot(here, there).real, "dot.sum": (here @ there).real, "dot.linear": float(np.hypot(m - n, 0)),
        "dot.one_frequency": (here[0] * there[0].conj()).real,
        "dot.degrees": np.vdot(circle(m * radians), circle(n * radians)).real,
    }  # fmt: skip
    turn = np.exp(1j * float(angle))
    for name, z, position in (("rq", complex(*q), m), ("rk", complex(*k), n)):
        values |= {name: vector(z * turn**position), f"{name}.clockwise": vector(z / turn**position),
                   f"{name}.degrees": vector(z * turn ** (position * radians)),
                   f"{name}.one_step": vector(z * turn)}  # fmt: skip
    product = complex(*q) * complex(*k).conjugate()
    values |= {"score": (product * turn ** (m - n)).real, "score.not_turned": product.real,
               "score.sum": (product / turn ** (m + n)).real}  # fmt: skip
    return values
