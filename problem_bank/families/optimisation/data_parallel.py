"""Goodfellow et al., Deep Learning, section 12.1.3, and Goyal et al. (2017): one minibatch on several workers."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.answers import Number as Real
from problem_bank.errors import BadGiven
from problem_bank.exact import dot, elementwise
from problem_bank.exercise import Exercise
from problem_bank.families.optimisation._data_parallel_steps import Shard, Workers, scaled_rate
from problem_bank.families.optimisation._data_parallel_texts import ASK, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import entries

EPSILONS = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 10), Fraction(1, 5))
RATES = tuple(Fraction(n, 100) for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15))


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
    w, epsilon = rng.ints("w", 2, -2, 3, exclude=(0,)), rng.choice("epsilon", EPSILONS)
    data: list[Shard] = [
        (rng.int_matrix(f"x{k}", size, 2, -2, 3), rng.ints(f"y{k}", size, -3, 5)) for k, size in enumerate(shards, 1)
    ]
    tuned, base = rng.choice("tuned", RATES), rng.choice("base", (32, 64, 128))
    workers, each = rng.choice("workers", (3, 4, 6, 8, 12, 16)), rng.choice("each", (48, 80, 96, 160, 192))
    run = Workers(tuple(data), w, epsilon)
    local, first, own = run.local(), run.after_one(), run.after_two()
    rng.require(all(any(g) for g in local), "every worker has a gradient")
    rng.require(all(run.weighted(local)), "the gradient has no zero")
    rng.require("own" not in ask or all(a != b for a, b in zip(first, own, strict=True)), "every second step moves")
    rng.require("own" not in ask or max(Fraction(v).denominator for v in entries(own)) <= 50, "the fractions are short")
    rules = run.one_step() | {"rate": scaled_rate(tuned, workers, Fraction(each, base))} | run.two_steps()
    steps = Steps(SAID)
    for name in ask:
        steps.ask(name, ASK[name], *rules[name], kind=(lambda key: Real(key, floor=1e-3)) if name == "rate" else None)
    return Exercise(
        given={**rng.drawn, "shards": shards, "ask": ask},
        shown={"data": data, "n": sum(shards), "keys": steps.keys, "together": run.together(),
               "ways": list(zip(first, own, strict=True)),
               "terms": [[(dot(w, x) - y, x) for x, y in zip(*shard, strict=True)] for shard in data]},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(sum(len(str(v)) for v in entries(tuple(v for k, v in steps.keys.items() if k != "rate")))),
    )  # fmt: skip


@data_parallel.oracle
def by_quadratics(shards: tuple[int, ...], **given: Any) -> dict[str, Any]:
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
    return values


def _exact(value: Any) -> Any:
    """An array of fractions."""
    return np.array(elementwise(Fraction, value), dtype=object)
