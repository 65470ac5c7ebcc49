"""Prince, Understanding Deep Learning, chapter 5; Huber 1964: squared, absolute and Huber errors beside an outlier."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exact import elementwise
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.losses._robust_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.tex import tex
from problem_bank.values import Number, Vector

LOSSES = ("r", "mse", "mae")
STEP = Fraction(1, 1000)
DELTAS = (Fraction(3, 2), Fraction(5, 2), Fraction(7, 2))  # no error lies where Huber's pieces meet


@family(
    topic="losses",
    source="Prince 5.3; Huber 1964",
    minutes=7,
    levels={
        "easy": {"ask": (*LOSSES, "best")},
        "medium": {},
        "hard": {"ask": ("r", "huber", "gradients"), "linear": True},
    },
)
def robust(
    rng: Rng, *, n: int = 5, ask: tuple[str, ...] = (*LOSSES, "huber", "slopes"), linear: bool = False
) -> Exercise:
    """Compare squared, absolute and Huber errors on data with an outlier."""
    if n < 3 or n % 2 == 0 or ask[:1] != ("r",) or not set(ask) <= set(PART) or (linear and "best" in ask):
        raise BadGiven(f"n {n}, ask {', '.join(ask)}: write an odd number from 3 up, and r, then some of "
                       f"{', '.join(PART)}; best goes without linear")  # fmt: skip
    w, x = (rng.choice("w", (-2, -1, 2, 3)), rng.ints("x", n, -3, 4, exclude=(0,))) if linear else (1, ())
    predicted = tuple(w * v for v in x) or rng.ints("predicted", n, -6, 9)
    r: Any = rng.built("errors", lambda inner: _errors(inner, n))
    delta = rng.choice("delta", DELTAS) if {"huber", "slopes", "gradients"} & set(ask) else 0
    y: Any = tuple(p - e for p, e in zip(predicted, r, strict=True))
    rng.require(len(set(r)) == n and 0 not in r and sum(r) != 0, "the errors differ, and none is 0")
    rng.require(not delta or 2 <= sum(abs(e) > delta for e in r) < n, "some errors are large, some small")
    rng.require(len(set(y)) == n and sum(y) != n * sorted(y)[n // 2], "mean and median differ")
    if not rng.free and (0 in r or delta in map(abs, r)):
        raise BadGiven("errors: no error may be 0 or of size delta, where a loss has a kink or its pieces meet")
    steps = Steps(SAID)
    rules = _rules(r, y, delta, x)
    for name in ask:
        steps.ask(name, PART[name], *rules[name], points=1 if name in ("r", "mae") else 2)
    return Exercise(
        given={**rng.drawn, "n": n, "ask": ask, "linear": linear},
        shown={"y": y, "predicted": predicted, "delta": delta, "keys": steps.keys, "squares": _sum(v * v for v in r),
               "sizes": _sum(map(abs, r)), "hubers": _sum(_huber(v, delta) for v in r)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
    )  # fmt: skip


def _errors(rng: Rng, n: int) -> Vector:
    """Small errors, and one that is large."""
    small, place = list(rng.sample("small", (*range(-6, 0), *range(1, 7)), n)), rng.int("place", 0, n - 1)
    small[place] = rng.int("outlier", 8, 19) * rng.choice("side", (-1, 1))
    return tuple(small)


def _huber(r: Any, delta: Number) -> Any:
    return Fraction(r) ** 2 / 2 if abs(r) <= delta else delta * (abs(r) - Fraction(delta) / 2)


def _cut(r: Any, delta: Number) -> Any:
    return max(-delta, min(delta, r))


def _sum(values: Any) -> str:
    return " + ".join(map(tex, values))


def _rules(r: Any, y: Any, delta: Any, x: Vector) -> dict[str, tuple[Rule, dict[str, Any]]]:
    """The right rules, and the misconceptions, from the student's own errors."""
    n, half = len(r), Fraction(1, 2)

    def mean(f: Callable[[Any], Any]) -> Rule:
        return lambda e: Fraction(sum(map(f, e["r"]))) / n

    def slopes(f: Callable[[Any], Any], share: Number = Fraction(1, n)) -> Rule:
        return lambda e: elementwise(lambda v: share * f(v), tuple(e["r"]))

    def gradients(square: int = 2, inputs: Vector = x, cut: Callable[[Any], Any] = lambda v: _cut(v, delta)) -> Rule:
        def rule(e: Earlier) -> Vector:
            columns = [
                [f(v) * a for v, a in zip(e["r"], inputs, strict=True)] for f in (lambda v: square * v, _sign, cut)
            ]
            return tuple(Fraction(sum(column)) / n for column in columns)

        return rule

    middle, average = sorted(y)[n // 2], Fraction(sum(y)) / n
    return {
        "r": (lambda e: r, {"turned": elementwise(lambda v: -v, r)}),
        "mse": (mean(lambda v: v * v), {
            "sum_for_mean": lambda e: sum(v * v for v in e["r"]), "halved": mean(lambda v: half * v * v),
            "root": lambda e: Fraction(sum(e["r"]) ** 2) / n,
        }),
        "mae": (mean(abs), {"sum_for_mean": lambda e: sum(map(abs, e["r"])), "signed": mean(lambda v: v)}),
        "huber": (mean(lambda v: _huber(v, delta)), {
            "all_squared": mean(lambda v: half * v * v),
            "line_alone": mean(lambda v: _huber(v, delta) + (half * delta * delta if abs(v) > delta else 0)),
            "all_lines": mean(lambda v: delta * (abs(v) - half * delta)),
        }),
        "best": (lambda e: (average, middle), {"swapped": (middle, average)}),
        "slopes": (slopes(lambda v: _cut(v, delta)), {
            "uncut": slopes(lambda v: v), "no_mean": slopes(lambda v: _cut(v, delta), 1),
            "sign_only": slopes(lambda v: delta * _sign(v)),
        }),
        "gradients": (gradients(), {
            "no_input": gradients(inputs=(1,) * n), "two_lost": gradients(square=1),
            "uncut": gradients(cut=lambda v: v),
        }),
    }  # fmt: skip


def _sign(v: Any) -> int:
    return 1 if v > 0 else -1


@robust.oracle
def by_differences(*, errors: Any, n: int, ask: Any, **given: Any) -> dict[str, Any]:
    """NumPy on fractions: gradients as exact differences of the losses, the best constants by trying the data."""
    r, x = np.array(errors, dtype=object) * Fraction(1), np.array(given.get("x", (1,) * n), dtype=object)
    d = given.get("delta", 0)
    y = (np.array(given["predicted"]) if "predicted" in given else given["w"] * x) - r

    def huber(v: Any) -> Any:
        inside = np.minimum(abs(v), d)
        return inside * (abs(v) - inside / 2)

    losses: dict[str, Any] = {"square": lambda v: v * v, "size": abs, "huber": huber, "half": lambda v: v * v / 2}

    def slope(name: str) -> Any:
        f = losses[name]
        return (f(r + STEP) - f(r - STEP)) / (2 * STEP)

    by_w = {name: (slope(name) * x).sum() / n for name in losses}
    bare = {name: slope(name).sum() / n for name in losses}
    best = min(y, key=lambda c: abs(y - c).sum())
    halves = (r * r).sum() / Fraction(2 * n)
    found = {
        "r": r, "r.turned": -r, "mse": 2 * halves, "mse.sum_for_mean": (r * r).sum(), "mse.halved": halves,
        "mse.root": r.sum() ** 2 / n, "mae": abs(r).sum() / n, "mae.sum_for_mean": abs(r).sum(),
        "mae.signed": r.sum() / n, "huber": huber(r).sum() / n, "huber.all_squared": halves,
        "huber.line_alone": np.where(abs(r) > d, d * abs(r), r * r / 2).sum() / n,
        "huber.all_lines": (d * (abs(r) - d / Fraction(2))).sum() / n,
        "best": [y.sum() / n, best], "best.swapped": [best, y.sum() / n], "slopes": slope("huber") / n,
        "slopes.uncut": slope("half") / n, "slopes.no_mean": slope("huber"),
        "slopes.sign_only": slope("size") * d / n,
    }  # fmt: skip
    three = ("square", "size", "huber")
    return found | {
        "gradients": [by_w[name] for name in three], "gradients.no_input": [bare[name] for name in three],
        "gradients.two_lost": [by_w[name] for name in ("half", "size", "huber")],
        "gradients.uncut": [by_w[name] for name in ("square", "size", "half")],
    }  # fmt: skip
