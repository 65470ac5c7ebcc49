"""Goodfellow et al., Deep Learning, section 7.13, and Goodfellow et al. 2015: attacks on a linear classifier."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exact import add, dot, scale
from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.adversarial._linear_texts import ASKED, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps, bracketed, products
from problem_bank.values import Number, Vector, whole

EPSILONS = tuple(Fraction(n, d) for n, d in ((1, 10), (1, 5), (3, 10), (2, 5), (1, 4), (1, 2), (3, 4)))
SIDES = ((1, 2, 2), (2, 3, 6), (1, 4, 8), (4, 4, 7), (2, 6, 9), (6, 6, 7), (3, 4, 12), (2, 5, 14), (2, 10, 11))
STEP = ("margin", "attacked", "after")


@family(
    topic="adversarial",
    source="Goodfellow 7.13; Goodfellow et al. 2015",
    minutes=7,
    levels={"easy": {"ask": STEP}, "medium": {"size": 4}, "hard": {"ask": tuple(ASKED)}},
)
def linear(rng: Rng, *, ask: tuple[str, ...] = (*STEP, "least"), size: int = 3) -> Exercise:
    """Attack a linear classifier, and find the least perturbation that fools it."""
    euclidean = {"least_l2", "delta_l2"} & {*ask}
    w = rng.built("w", _whole_norm) if euclidean else rng.ints("w", size, -6, 6, exclude=(0,))
    x, b, y = rng.ints("x", len(w), -7, 7), rng.int("b", -9, 9, exclude=(0,)), rng.choice("y", (-1, 1))
    eps = rng.choice("eps", EPSILONS)
    margin = y * (dot(w, x) + b)
    heights: list[Any] = [abs(v) for v in w]
    norms: dict[str, Any] = {"l1": sum(heights), "l2": _root(dot(w, w)), "max": max(heights)}
    if euclidean and not norms["l2"]:
        raise BadGiven(f"w: {w} has no whole Euclidean norm; give weights such as (1, -2, 2)")
    rng.require(len({v > 0 for v in w}) == 2, "the weights have both signs")
    rng.require(3 <= margin <= 60, "the input is classified correctly, by a margin that can be lost")
    rng.require(margin != eps * norms["l1"], "the step does not end on the boundary")
    steps = Steps(SAID)
    for name, (right, wrong) in _rules(w, b, x, y=y, eps=eps, norms=norms).items():
        if name in ask:
            steps.ask(name, ASKED[name], right, wrong, points=2 if name in ("attacked", "delta_l2") else 1)
    return Exercise(
        given={**rng.drawn, "ask": ask, "size": size},
        shown={"keys": steps.keys, "norms": norms, "terms": products(w, x), "bias": bracketed(b),
               "against": tuple(-y if v > 0 else y for v in w)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=len(ask) * (2.0 + len(w)),
    )  # fmt: skip


def _rules(w: Vector, b: Number, x: Vector, *, y: Number, eps: Number, norms: dict[str, Any]) -> dict[str, Any]:
    """Each part: what follows from the earlier ones, and its misconceptions."""
    signs = tuple(1 if v > 0 else -1 for v in w)
    unbiased = y * dot(w, x)

    def margin(e: Earlier) -> Any:
        return e.get("margin", y * (dot(w, x) + b))

    def moved(by: Vector, step: Number) -> Vector:
        return tuple(whole(Fraction(v)) for v in add(x, scale(step, by)))

    def over(norm: str) -> Any:
        return (lambda e: whole(Fraction(margin(e)) / norms[norm])) if norms[norm] else None

    def along(e: Earlier, by: Vector = w, norm: Any = norms["l2"], side: int = -1) -> Vector:
        length = e.get("least_l2", Fraction(margin(e)) / norms["l2"])
        return tuple(whole(Fraction(v)) for v in scale(side * y * Fraction(length) / norm, by))

    rules: dict[str, Any] = {
        "margin": (y * (dot(w, x) + b), {"no_bias": unbiased, "no_label": dot(w, x) + b if y < 0 else None}),
        "attacked": (moved(signs, -eps * y), {
            "helps": moved(signs, eps * y), "no_sign": moved(w, -eps * y), "no_epsilon": moved(signs, -y),
        }),
        "after": (lambda e: y * (dot(w, e["attacked"]) + b), {
            "epsilon_only": lambda e: margin(e) - eps,
            "cancelled": lambda e: margin(e) - eps * sum(w),
            "largest_only": lambda e: margin(e) - eps * norms["max"],
            "no_bias": lambda e: y * dot(w, e["attacked"]),
        }),
        "least": (over("l1"), {
            "not_scaled": margin, "max_norm": over("max"), "l2_norm": over("l2"),
            "no_bias": whole(Fraction(unbiased, norms["l1"])),
        }),
    }  # fmt: skip
    if norms["l2"]:
        rules |= {
            "least_l2": (over("l2"), {
                "not_scaled": margin, "l1_norm": over("l1"),
                "squared": lambda e: whole(Fraction(margin(e)) / dot(w, w)),
            }),
            "delta_l2": (along, {
                "helps": lambda e: along(e, side=1), "not_normalised": lambda e: along(e, norm=1),
                "equal_moves": lambda e: along(e, by=signs, norm=1),
            }),
            "least_l1": (over("max"), {"not_scaled": margin, "l1_norm": over("l1"), "l2_norm": over("l2")}),
        }  # fmt: skip
    return rules


def _whole_norm(rng: Rng) -> Vector:
    """Three weights with a whole Euclidean norm."""
    sides = rng.choice("sides", SIDES)
    order, signs = rng.shuffle("order", 3), rng.choices("signs", (-1, 1), 3)
    return tuple(sign * sides[i] for i, sign in zip(order, signs, strict=True))


def _root(square: Number) -> int | None:
    """The root of a square, where it is whole."""
    root = round(float(square) ** 0.5)
    return root if root * root == square else None


@linear.oracle
def by_trying(w: Vector, b: Number, x: Vector, *, y: int, eps: Fraction) -> dict[str, Any]:
    """The worst corner of each ball, found by trying them all; the nearest point of the boundary by least squares."""
    weights, point = np.array(w, dtype=object), np.array(x, dtype=object)
    corners: list[Any] = [np.array(corner, dtype=object) for corner in product((-1, 1), repeat=len(w))]
    tips = [side * tip for tip in np.eye(len(w), dtype=int).astype(object) for side in (-1, 1)]

    def margin(z: Any, bias: Number = b) -> Any:
        return y * (weights @ z + bias)

    start = margin(point)
    worst: Any = min(corners, key=margin)
    drop = Fraction(-margin(worst, 0))
    lost = Fraction(max(-margin(tip, 0) for tip in tips))
    attacked = point + worst * eps
    values = {
        "margin": start, "margin.no_bias": margin(point, 0), "margin.no_label": y * start if y < 0 else None,
        "attacked": attacked, "attacked.helps": point - worst * eps,
        "attacked.no_sign": point + abs(weights) * worst * eps, "attacked.no_epsilon": point + worst,
        "after": margin(attacked), "after.epsilon_only": start - eps, "after.no_bias": margin(attacked, 0),
        "after.cancelled": start - eps * weights.sum(), "after.largest_only": start - eps * lost,
        "least": start / drop, "least.not_scaled": start, "least.max_norm": start / lost, "least.l2_norm": None,
        "least.no_bias": margin(point, 0) / drop,
    }  # fmt: skip
    length = float(np.linalg.norm(np.array(w, dtype=float)))
    if length.is_integer():
        values |= _euclidean(weights, y * start, worst, drop, lost)
    return values


def _euclidean(w: Any, score: Any, worst: Any, drop: Fraction, lost: Fraction) -> dict[str, Any]:
    """The shortest perturbation with w . delta = -score, as NumPy's least squares find it."""
    found = np.linalg.lstsq(w.astype(float)[None], np.array([-float(score)]), rcond=None)[0]
    delta = np.array([Fraction(v).limit_denominator(1000) for v in found])
    length = Fraction(float(np.linalg.norm(found))).limit_denominator(1000)
    norm = abs(score) / length
    return {
        "least.l2_norm": length, "least_l2": length, "least_l2.not_scaled": abs(score),
        "least_l2.l1_norm": abs(score) / drop, "least_l2.squared": length / norm,
        "delta_l2": delta, "delta_l2.helps": -delta, "delta_l2.not_normalised": delta * norm,
        "delta_l2.equal_moves": length * worst, "least_l1": abs(score) / lost, "least_l1.not_scaled": abs(score),
        "least_l1.l1_norm": abs(score) / drop, "least_l1.l2_norm": length,
    }  # fmt: skip
