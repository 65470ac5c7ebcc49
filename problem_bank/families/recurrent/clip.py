"""Goodfellow et al., Deep Learning, section 10.11.1: clipping a gradient by its norm, or entry by entry."""

from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np

from problem_bank.exact import dot, scale
from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.recurrent._clip_texts import ASKED, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number, Vector, whole

TRIPLES: tuple[Vector, ...] = (
    (1, 2, 2),
    (2, 3, 6),
    (1, 4, 8),
    (4, 4, 7),
    (2, 6, 9),
    (6, 6, 7),
    (3, 4, 12),
    (2, 5, 14),
    (2, 10, 11),
)
PLACED: tuple[Vector, ...] = tuple(placed for triple in TRIPLES for placed in sorted(set(permutations(triple))))
SIGNS: tuple[Vector, ...] = tuple((a, b, c) for a in (1, -1) for b in (1, -1) for c in (1, -1))
FACTORS: Vector = tuple(whole(Fraction(n, 10)) for n in (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 18, 20, 25, 30))
RATES = (Fraction(1, 2), Fraction(1, 5), Fraction(1, 10))


@family(
    topic="recurrent",
    source="Goodfellow 10.11.1",
    minutes=6,
    levels={"easy": {"ask": ("norm", "clipped")}, "medium": {}, "hard": {"ask": tuple(ASKED)}},
)
def clip(rng: Rng, *, ask: tuple[str, ...] = ("norm", "clipped", "theta")) -> Exercise:
    """Clip exploding gradients, and see what it keeps."""
    g: Any = scale(rng.choice("factor", FACTORS), _signed(rng.choice("g", PLACED), rng.choice("g_signs", SIGNS)))
    small = _signed(rng.choice("small", PLACED), rng.choice("small_signs", SIGNS))
    small = scale(Fraction(1, 10), small)
    theta, rate = rng.ints("theta", 3, -4, 4, exclude=(0,)), rng.choice("rate", RATES)
    threshold = rng.choice("threshold", (2, 3, 4, 5))
    norm, least = _norm(g), _norm(small)
    rng.require(norm >= Fraction(3, 2) * threshold and least < threshold, "the first is clipped, the second is not")
    rng.require(
        max(map(abs, g)) > threshold > min(map(abs, g)) and threshold != norm, "some entries are large, some not"
    )
    steps = Steps(SAID)

    def step(along: Vector, rate: Number = rate) -> Vector:
        return tuple(p - rate * d for p, d in zip(theta, along, strict=True))

    def to(length: Any, e: Earlier) -> Vector:
        return scale(Fraction(threshold) / length(e), g)

    clamped = tuple(_clamped(v, threshold) for v in g)
    rules: dict[str, Any] = {
        "norm": (lambda e: norm, {"squared": norm**2, "absolute": sum(map(abs, g)), "largest": max(map(abs, g))}),
        "clipped": (lambda e: to(lambda e: e["norm"], e), {
            "by_value": clamped,
            "not_clipped": g,
            "unit": lambda e: scale(1 / Fraction(e["norm"]), g),
            "squared": lambda e: to(lambda e: e["norm"] ** 2, e),
        }),
        "theta": (lambda e: step(e["clipped"]), {
            "uphill": lambda e: step(e["clipped"], -rate),
            "not_clipped": step(g),
            "no_rate": lambda e: step(e["clipped"], 1),
        }),
        "small": (lambda e: small, {
            "lengthened": scale(threshold / least, small), "unit": scale(1 / least, small),
            "same_factor": lambda e: scale(Fraction(threshold) / e["norm"], small),
        }),
        "by_value": (lambda e: clamped, {"by_norm": scale(Fraction(threshold) / norm, g), "not_clipped": g,
                                          "sign_lost": tuple(min(abs(v), threshold) for v in g)}),
    }  # fmt: skip
    for name in ask:
        right, wrong = rules[name]
        kept = {slip: value for slip, value in wrong.items() if callable(value) or value != right(steps.keys)}
        steps.ask(name, ASKED[name], right, kept, points=1 if name == "norm" else 2)
    return Exercise(
        given={**rng.drawn, "ask": ask},
        shown={"gradient": g, "second": small, "keys": steps.keys, "least": least, "squares": tuple(v * v for v in g)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )


def _clamped(v: Any, limit: int) -> Any:
    return v if abs(v) <= limit else limit if v > 0 else -limit


def _signed(v: Vector, signs: Vector) -> Vector:
    return tuple(a * s for a, s in zip(v, signs, strict=True))


def _norm(v: Vector) -> Fraction:
    """The Euclidean norm of a tenth or a whole of one of the triples."""
    scaled = Fraction(dot(v, v))
    return Fraction(round(100 * float(scaled) ** 0.5), 100)


@clip.oracle
def by_minimum(ask: tuple[str, ...], threshold: int, rate: Number, theta: Vector, **given: Any) -> dict[str, Any]:
    """NumPy's norm and clip in floats; norm clipping as multiplication by min(1, v / norm), for any gradient."""
    g = np.array(given["g"], dtype=float) * given["g_signs"] * float(given["factor"])
    small = np.array(given["small"], dtype=float) * given["small_signs"] / 10

    def clipped(v: Any, power: int = 1) -> Any:
        return v * min(1, threshold / np.linalg.norm(v) ** power)

    start, epsilon = np.array(theta), float(rate)
    by_norm = clipped(g)
    values = {
        "norm": np.linalg.norm(g), "norm.squared": g @ g, "norm.absolute": np.linalg.norm(g, 1),
        "norm.largest": np.linalg.norm(g, np.inf),
        "clipped": by_norm, "clipped.by_value": np.clip(g, -threshold, threshold), "clipped.not_clipped": g,
        "clipped.unit": by_norm / threshold, "clipped.squared": clipped(g, 2),
        "theta": start - epsilon * by_norm, "theta.uphill": start + epsilon * by_norm,
        "theta.not_clipped": start - epsilon * g, "theta.no_rate": start - by_norm,
        "small": clipped(small), "small.unit": small / np.hypot.reduce(small),
        "small.lengthened": threshold * small / np.hypot.reduce(small),
        "small.same_factor": small * (by_norm[0] / g[0]),
        "by_value": np.clip(g, -threshold, threshold), "by_value.by_norm": by_norm, "by_value.not_clipped": g,
        "by_value.sign_lost": np.minimum(np.abs(g), threshold),
    }  # fmt: skip
    return {name: _fractions(value) for name, value in values.items() if name.split(".")[0] in ask}


def _fractions(value: Any) -> Any:
    if np.ndim(value):
        return tuple(map(_fractions, value))
    return Fraction(float(value)).limit_denominator(10**4)
