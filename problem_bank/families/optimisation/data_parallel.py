"""Goodfellow et al., Deep Learning, section 12.1.3, and Goyal et al. (2017): one minibatch on several workers."""

from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np

from problem_bank.answers import Number as Real
from problem_bank.errors import BadGiven
from problem_bank.exact import add, dot, elementwise, scale
from problem_bank.exercise import Exercise
from problem_bank.families.optimisation._data_parallel_texts import ASK, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Vector, entries, whole

EPSILONS = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 10), Fraction(1, 5))
RATES = tuple(Fraction(n, 100) for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15))
Shard = tuple[Matrix, Vector]


@family(
    topic="optimisation",
    source="Goodfellow 12.1.3",
    minutes=8,
    levels={
        "easy": {"shards": (2, 2), "ask": ("local", "mean", "step")},
        "medium": {},
        "hard": {"shards": (1, 2), "ask": ("local", "mean", "step", "rate", "own", "averaged")},
    },
)
def data_parallel(
    rng: Rng, *, shards: tuple[int, ...] = (1, 3), ask: tuple[str, ...] = ("local", "mean", "step", "rate")
) -> Exercise:
    """Average the gradients of several workers to that of the whole minibatch."""
    if len(shards) < 2 or any(size < 1 for size in shards):
        raise BadGiven(f"shards: {shards}; give the samples of two workers or more, at least one each")
    n, workers_ = sum(shards), range(1, len(shards) + 1)
    w, epsilon = rng.ints("w", 2, -2, 3, exclude=(0,)), rng.choice("epsilon", EPSILONS)
    data: list[Shard] = [
        (rng.int_matrix(f"x{k}", size, 2, -2, 3), rng.ints(f"y{k}", size, -3, 5))
        for k, size in zip(workers_, shards, strict=True)
    ]
    tuned, base = rng.choice("tuned", RATES), rng.choice("base", (32, 64, 128))
    workers, each = rng.choice("workers", (3, 4, 6, 8, 12, 16)), rng.choice("each", (48, 80, 96, 160, 192))
    growth = Fraction(workers * each, base)

    def descend(at: Vector, g: Vector, sign: int = -1) -> Vector:
        return add(at, scale(sign * epsilon, g))

    def weighted(rows: Matrix) -> Vector:
        return _mean(rows, shards)

    local = _whole(tuple(_gradient(w, shard) for shard in data))
    first = tuple(descend(w, g) for g in local)
    own = _whole(tuple(descend(at, _gradient(at, shard)) for at, shard in zip(first, data, strict=True)))
    mean = weighted(local)
    after = descend(w, mean)
    together = _whole(descend(after, weighted(tuple(_gradient(after, shard) for shard in data))))
    rng.require(all(any(g) for g in local), "every worker has a gradient")
    rng.require(all(mean), "the gradient has no zero")
    rng.require("own" not in ask or all(a != b for a, b in zip(first, own, strict=True)), "every second step moves")
    rng.require("own" not in ask or max(Fraction(v).denominator for v in entries(own)) <= 50, "the fractions are short")
    unequal = len(set(shards)) > 1
    rules: dict[str, Any] = {
        "local": (lambda e: local, {
            "not_divided": tuple(scale(size, g) for size, g in zip(shards, local, strict=True)),
            "of_all": _whole(tuple(scale(Fraction(size, n), g) for size, g in zip(shards, local, strict=True))),
            "doubled": elementwise(lambda v: 2 * v, local), "sign": elementwise(lambda v: -v, local),
        }),
        "mean": (lambda e: weighted(e["local"]), {
            "summed": lambda e: _sum(e["local"]), "unweighted": (lambda e: _mean(e["local"])) if unequal else None,
            "over_workers": lambda e: scale(Fraction(n, len(shards)), weighted(e["local"])),
        }),
        "step": (lambda e: _whole(descend(w, e["mean"])), {
            "ascent": lambda e: descend(w, e["mean"], 1), "no_rate": lambda e: add(w, scale(-1, e["mean"])),
            "all_steps": lambda e: descend(w, _sum(e["local"])),
        }),
        "rate": (lambda e: float(tuned * growth), {
            "unscaled": float(tuned), "workers_only": float(tuned * workers),
            "share_only": float(tuned * Fraction(each, base)), "root": float(tuned) * sqrt(growth),
        }),
        "own": (lambda e: own, {
            "one_step": first, "old_gradient": tuple(descend(at, g) for at, g in zip(first, local, strict=True)),
        }),
        "averaged": (lambda e: weighted(e["own"]), {
            "unweighted": (lambda e: _mean(e["own"])) if unequal else None, "together": together,
            "changes_added": lambda e: add(_sum(e["own"]), scale(1 - len(shards), w)),
        }),
    }  # fmt: skip
    steps = Steps(SAID)
    for name in ask:
        steps.ask(name, ASK[name], *rules[name], kind=(lambda key: Real(key, floor=1e-3)) if name == "rate" else None)
    return Exercise(
        given={**rng.drawn, "shards": shards, "ask": ask},
        shown={"data": data, "n": n, "keys": steps.keys, "together": together,
               "ways": list(zip(first, own, strict=True)),
               "terms": [[(dot(w, x) - y, x) for x, y in zip(*shard, strict=True)] for shard in data]},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(sum(len(str(v)) for v in entries(tuple(v for k, v in steps.keys.items() if k != "rate")))),
    )  # fmt: skip


def _gradient(w: Vector, shard: Shard) -> Vector:
    """Of the mean of half the squared errors of these samples."""
    xs, ys = shard
    return scale(Fraction(1, len(ys)), _sum(tuple(scale(dot(w, x) - y, x) for x, y in zip(xs, ys, strict=True))))


def _sum(rows: Matrix) -> Vector:
    return tuple(map(sum, zip(*rows, strict=True)))


def _mean(rows: Matrix, weights: tuple[int, ...] = ()) -> Vector:
    weights = weights or (1,) * len(rows)
    total = _sum(tuple(scale(c, row) for c, row in zip(weights, rows, strict=True)))
    return tuple(whole(Fraction(v) / sum(weights)) for v in total)


def _whole(value: Any) -> Any:
    """With plain integers where the denominator is 1."""
    return elementwise(lambda v: whole(Fraction(v)), value)


@data_parallel.oracle
def by_quadratics(shards: tuple[int, ...], ask: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """Every loss as a quadratic with Hessian X^T X / n and slope X^T y / n, in NumPy arrays of fractions."""
    w, epsilon, identity = _exact(given["w"]), given["epsilon"], np.eye(2, dtype=int)
    xs = [_exact(given[f"x{k}"]) for k in range(1, len(shards) + 1)]
    ys = [_exact(given[f"y{k}"]) for k in range(1, len(shards) + 1)]
    x, y = np.concatenate(xs), np.concatenate(ys)

    def gradient(x: Any, y: Any) -> Any:
        return (x.T @ x @ w - x.T @ y) / Fraction(len(y))

    def steps(x: Any, y: Any, count: int) -> Any:
        """As a linear map that is applied `count` times."""
        at = w
        shrink, shift = identity - epsilon * (x.T @ x) / Fraction(len(y)), epsilon * (x.T @ y) / Fraction(len(y))
        for _ in range(count):
            at = shrink @ at + shift
        return at

    local = np.array([gradient(*shard) for shard in zip(xs, ys, strict=True)])
    own = np.array([steps(*shard, 2) for shard in zip(xs, ys, strict=True)])
    sizes, unequal = np.array(shards), len(set(shards)) > 1
    growth, tuned = given["workers"] * given["each"] / given["base"], float(given["tuned"])
    mean = gradient(x, y)
    values = {
        "local": local, "local.not_divided": local * sizes[:, None],
        "local.of_all": local * sizes[:, None] / Fraction(len(y)), "local.doubled": local + local, "local.sign": -local,
        "mean": mean, "mean.summed": local.sum(axis=0), "mean.unweighted": local.mean(axis=0) if unequal else None,
        "mean.over_workers": (local * sizes[:, None]).mean(axis=0),
        "step": steps(x, y, 1), "step.ascent": 2 * w - steps(x, y, 1), "step.no_rate": w - mean,
        "step.all_steps": w - epsilon * local.sum(axis=0),
        "rate": tuned * growth, "rate.unscaled": tuned, "rate.workers_only": tuned * given["workers"],
        "rate.share_only": tuned * growth / given["workers"], "rate.root": tuned * growth**0.5,
        "own": own, "own.one_step": np.array([steps(*shard, 1) for shard in zip(xs, ys, strict=True)]),
        "own.old_gradient": w - 2 * epsilon * local,
        "averaged": sizes @ own / Fraction(len(y)), "averaged.unweighted": own.mean(axis=0) if unequal else None,
        "averaged.together": steps(x, y, 2), "averaged.changes_added": w + (own - w).sum(axis=0),
    }  # fmt: skip
    return {name: value for name, value in values.items() if name.split(".")[0] in ask}


def _exact(value: Any) -> Any:
    """An array of fractions."""
    return np.array(elementwise(Fraction, value), dtype=object)
