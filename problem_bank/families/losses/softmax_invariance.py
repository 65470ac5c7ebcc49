"""Goodfellow et al., Deep Learning, sections 4.1 and 6.2.2.3: what shifts and factors of the logits do to a softmax."""

from collections.abc import Callable
from fractions import Fraction
from math import log
from typing import Any

import numpy as np

from problem_bank.answers import Answer, Number
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.losses._softmax_invariance_texts import ASKED, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.softmax import logs, shares
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number as Exact
from problem_bank.values import Vector

SHIFTS = tuple(n for n in range(-2000, 2001, 50) if abs(n) >= 800)

KINDS: dict[str, Callable[[Any], Answer]] = {
    "lse": lambda key: Number(key, 1e-5),
    "loss": lambda key: Number(key, floor=1e-3),
}


@family(
    topic="losses",
    source="Goodfellow 4.1",
    minutes=6,
    levels={"easy": {"ask": ("p", "stable", "scaled")}, "medium": {}, "hard": {"ask": tuple(ASKED), "factor": 3}},
)
def softmax_invariance(
    rng: Rng, *, ask: tuple[str, ...] = ("p", "stable", "lse", "scaled"), factor: int = 2, classes: int = 3
) -> Exercise:
    """Tell what a shift and a factor of the logits change, and compute it without overflow."""
    if not set(ask) <= set(ASKED) or factor < 2:
        raise BadGiven(f"ask: {', '.join(ask)}; write some of {', '.join(ASKED)}, and a factor from 2 up")
    a, shift = rng.sample("a", range(1, 11), classes), rng.choice("shift", SHIFTS)
    target = rng.int("target", 1, classes)
    rng.require(a[target - 1] < max(a), "the true class is not the likeliest")
    steps, total = Steps(SAID), sum(a)
    for name in ask:
        right, wrong = _asked(name, a, shift, factor, a[target - 1])
        steps.ask(name, ASKED[name], right, wrong, kind=KINDS.get(name))
    return Exercise(
        given={**rng.drawn, "ask": ask, "factor": factor, "classes": classes},
        shown={"logits": logs(a), "total": total, "p": shares(a), "top": max(a), "stable": _over(a, max(a)),
               "lse": shift + log(total), "powers": tuple(v**factor for v in a), "loss": log(total / a[target - 1]),
               "scaled": shares(tuple(v**factor for v in a))},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(sum(len(str(v**factor)) for v in a) + len(ask)),
    )  # fmt: skip


def _asked(name: str, a: Vector, shift: int, factor: int, true: Exact) -> tuple[Any, dict[str, Any]]:
    """The key of a part, and where misconceptions lead."""
    total, p, powers = sum(a), shares(a), tuple(v**factor for v in a)
    if name == "p":
        return p, {"not_normalised": a, "squared_sum": _over(a, sum(v * v for v in a))}
    if name == "stable":
        mean = Fraction(total, len(a))
        return _over(a, max(a)), {"minimum": _over(a, min(a)), "mean": _over(a, mean), "not_normalised": p}
    if name == "lse":
        sums = sum(map(log, a)) + len(a) * shift
        return shift + log(total), {"invariant": log(total), "shift_each": log(total) + len(a) * shift,
                                    "sum_of_logits": sums, "maximum": shift + log(max(a))}  # fmt: skip
    if name == "scaled":
        return shares(powers), {"scale_invariant": p, "multiplied": _over(a, Fraction(total, factor)),
                                "squared_sum": _over(powers, total), "not_normalised": powers}  # fmt: skip
    loss = log(total / true)
    return loss, {"probability": float(true / total), "largest": log(total / max(a)), "base_two": loss / log(2),
                  "shift_kept": loss + shift}  # fmt: skip


def _over(a: Vector, divisor: Exact) -> Vector:
    return tuple(Fraction(v) / divisor for v in a)


@softmax_invariance.oracle
def by_exponents(a: Vector, shift: int, target: int, factor: int) -> dict[str, Any]:
    """Logits as floats, exponentials of their differences to each other, and the fractions that these stand for."""
    z = np.log(np.array(a, dtype=float)) + shift

    def exact(values: Any) -> list[Fraction]:
        return [Fraction(float(v)).limit_denominator(10**5) for v in values]

    def probabilities(z: Any) -> list[Fraction]:
        return exact(1 / np.exp(z[None, :] - z[:, None]).sum(axis=1))

    p, low, high, lse = probabilities(z), z.min(), z.max(), float(np.logaddexp.reduce(z))
    powers = np.exp(factor * (z - shift))
    norm = float(np.exp(z - shift) @ np.exp(z - shift))
    loss = lse - float(z[target - 1])
    values = {
        "p": p, "p.not_normalised": a, "p.squared_sum": exact(np.exp(z - shift) / norm),
        "stable": exact(np.exp(z - high)), "stable.minimum": exact(np.exp(z - low)), "stable.not_normalised": p,
        "stable.mean": [v * len(a) for v in p],
        "lse": lse, "lse.invariant": lse - shift, "lse.shift_each": lse + (len(a) - 1) * shift,
        "lse.sum_of_logits": z.sum(), "lse.maximum": high,
        "scaled": probabilities(factor * z), "scaled.scale_invariant": p, "scaled.multiplied": [factor * v for v in p],
        "scaled.squared_sum": exact(powers / np.exp(lse - shift)), "scaled.not_normalised": exact(powers),
        "loss": loss, "loss.probability": np.exp(-loss), "loss.largest": lse - high,
        "loss.base_two": np.log2(np.exp(loss)), "loss.shift_kept": loss + shift,
    }  # fmt: skip
    return values
