"""Goodfellow et al., Deep Learning, section 7.5.1, and Szegedy et al. 2016: cross-entropy with smoothed targets."""

from fractions import Fraction
from math import log
from typing import Any

import numpy as np

from problem_bank.answers import Array
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.losses._label_smoothing_texts import GAP, LEAST, PROMPT, RULES, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.softmax import cross_entropy, logs, one_hot, shares
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number, Vector

ALPHAS = tuple(Fraction(n, 100) for n in (5, 6, 8, 10, 12, 15, 16, 20, 24, 25, 30, 40))


@family(
    topic="losses",
    source="Goodfellow 7.5.1",
    minutes=7,
    levels={"easy": {"classes": 3}, "medium": {"classes": 4}, "hard": {"classes": 4, "limits": True}},
)
def label_smoothing(rng: Rng, *, classes: int = 4, limits: bool = False) -> Exercise:
    """Smooth a target, and follow it through the loss and its gradient."""
    if classes < 3:
        raise BadGiven(f"classes: {classes}; smoothing over the other classes needs 3 or more")
    spread, alpha = rng.choice("spread", tuple(RULES)), rng.choice("alpha", ALPHAS)
    a, target = rng.sample("a", range(1, 10), classes), rng.int("target", 1, classes)
    hard, p = one_hot(target, classes), shares(a)
    q = smoothed(hard, alpha, spread)
    steps = Steps(SAID)
    steps.ask("q", "The smoothed target $q$.", lambda e: q, _wrong_targets(hard, alpha, spread))
    steps.tolerance = 1e-3
    steps.ask("loss", "The loss $L$.", lambda e: cross_entropy(e["q"], p), {
        "hard": cross_entropy(hard, p),
        "inside": lambda e: -log(sum(t * v for t, v in zip(e["q"], p, strict=True))),
        "true_only": lambda e: e["q"][target - 1] * cross_entropy(hard, p),
        "base_two": lambda e: cross_entropy(e["q"], p) / log(2),
    })  # fmt: skip
    steps.ask("dz", r"The gradient $\partial L / \partial z$.", lambda e: _less(p, e["q"]), {
        "hard": _less(p, hard),
        "sign": lambda e: _less(e["q"], p),
        "by_outputs": lambda e: tuple(-t / v for t, v in zip(e["q"], p, strict=True)),
    }, kind=lambda key: Array(key, 1e-3))  # fmt: skip
    if limits:
        _ask_limits(steps, classes, target)
    high, low = max(q), min(q)
    return Exercise(
        given={**rng.drawn, "classes": classes, "limits": limits},
        shown={"logits": logs(a), "p": p, "q": q, "high": high, "low": low, "terms": list(zip(q, p, strict=True)),
               "sharing": classes - (spread == "others"), "gap": log(high / low), "least": cross_entropy(q, q),
               **{name: steps.keys[name] for name in ("loss", "dz")}},
        prompt=PROMPT.replace("RULE", RULES[spread]),
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(steps.parts)),
    )  # fmt: skip


def smoothed(hard: Vector, alpha: Number, spread: str) -> Vector:
    """The share alpha spread evenly over all classes, or over the others alone."""
    if spread == "all":
        return tuple((1 - alpha) * t + alpha / Fraction(len(hard)) for t in hard)
    return tuple((1 - alpha) * t + alpha / Fraction(len(hard) - 1) * (1 - t) for t in hard)


def _wrong_targets(hard: Vector, alpha: Number, spread: str) -> dict[str, Any]:
    """Misconceptions of the target."""
    other = "others" if spread == "all" else "all"
    mixed = _less(smoothed(hard, alpha, spread), [0] * len(hard))
    kept = max(smoothed(hard, alpha, other))
    return {
        "other_rule": smoothed(hard, alpha, other),
        "too_much": tuple(kept if t else v for t, v in zip(hard, mixed, strict=True)),
        "alpha_each": tuple(1 - alpha if t else alpha for t in hard),
    }


def _ask_limits(steps: Steps, classes: int, target: int) -> None:
    """What no training can go beyond."""

    def others(e: Any) -> Any:
        return e["q"][target % classes]

    steps.ask("least", LEAST, lambda e: cross_entropy(e["q"], e["q"]), {
        "zero": 0.0, "uniform": log(classes),
        "true_only": lambda e: -e["q"][target - 1] * log(e["q"][target - 1]),
    })  # fmt: skip
    steps.ask("gap", GAP, lambda e: log(e["q"][target - 1] / others(e)), {
        "difference": lambda e: float(e["q"][target - 1] - others(e)),
        "odds": lambda e: log(e["q"][target - 1] / (1 - e["q"][target - 1])),
    })  # fmt: skip


def _less(u: Any, v: Any) -> Any:
    return tuple(a - b for a, b in zip(u, v, strict=True))


@label_smoothing.oracle
def by_matrices(spread: str, alpha: Number, a: Vector, target: int, limits: bool) -> dict[str, Any]:
    """Targets as a stochastic matrix on the hard ones; the loss from ln(sum exp z), its gradient by complex steps."""
    n, z = len(a), np.log(np.array(a, dtype=float))
    eye, ones = np.eye(n, dtype=int), np.ones((n, n), dtype=int)
    noise = {"all": ones * Fraction(1, n), "others": (ones - eye) * Fraction(1, n - 1)}
    exact = {name: ((1 - alpha) * eye + alpha * matrix)[target - 1] for name, matrix in noise.items()}
    q = exact.pop(spread)
    (other,) = exact.values()
    mixed, t = q.copy(), eye[target - 1]
    mixed[target - 1] = other[target - 1]
    soft, log_p = q.astype(float), z - np.logaddexp.reduce(z)
    loss = -soft @ log_p
    d_z = gradient(lambda v: np.log(np.exp(v).sum()) - v @ soft, z)
    values = {
        "q": q, "q.other_rule": other, "q.too_much": mixed, "q.alpha_each": alpha + (1 - 2 * alpha) * t,
        "loss": loss, "loss.hard": -log_p[target - 1], "loss.inside": -np.log(soft @ np.exp(log_p)),
        "loss.true_only": -soft[target - 1] * log_p[target - 1], "loss.base_two": -soft @ log_p * np.log2(np.e),
        "dz": d_z, "dz.hard": gradient(lambda v: np.log(np.exp(v).sum()) - v[target - 1], z), "dz.sign": -d_z,
        "dz.by_outputs": gradient(lambda p: -np.log(p) @ soft, np.exp(log_p)),
    }  # fmt: skip
    if limits:
        best, (true, rest) = np.log(soft), (soft.max(), soft.min())
        values |= {"least": -soft @ best, "least.zero": 0.0, "least.uniform": np.log(n),
                   "least.true_only": -true * np.log(true), "gap": np.ptp(best), "gap.difference": true - rest,
                   "gap.odds": best.max() - np.log(soft.sum() - true)}  # fmt: skip
    return values
