"""Goodfellow et al., Deep Learning, section 8.7.1: batch normalisation at test time, with running statistics."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.normalisation._inference_parts import PROMPT, SOLUTION, Running, TestMode
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.normalisation import variance
from problem_bank.values import Matrix, Number, Vector

MOMENTA = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 4))


@family(
    topic="normalisation",
    source="Goodfellow 8.7.1",
    minutes=9,
    levels={"easy": {"steps": 0}, "medium": {}, "hard": {"steps": 2}},
)
def batch_norm_inference(rng: Rng, *, steps: int = 1, n: int = 4) -> Exercise:
    """Update the running statistics of batch normalisation, and use them at test time."""
    batches = rng.int_matrix("batches", steps, n, -4, 8) if steps else ()
    rng.require(all(variance(x) >= 2 for x in batches), "every minibatch is spread out")
    momentum = rng.choice("momentum", MOMENTA) if steps else Fraction(0)
    start: tuple[Number, Number] = rng.int("mean0", -4, 6, exclude=(0,)), rng.int("variance0", 2, 15, exclude=(4, 9))
    if start[1] <= 0 or n < 2:
        raise BadGiven(f"variance0: {start[1]}, n: {n}; give a positive variance and two examples or more")
    running = Running(start, batches, momentum)
    rng.require(all(100 * m * m > 1 for m, _ in running.rows), "no running mean nearly vanishes")
    test = rng.sample("test", range(-6, 10), 3)
    rng.require(variance(test) >= 2, "the test values are spread out")
    gamma, beta = rng.int("gamma", -4, 4, exclude=(-1, 0, 1)), rng.int("beta", -5, 5, exclude=(0,))
    layer = TestMode(running, test, gamma, beta)
    return Exercise(
        given={"batches": batches, "momentum": momentum, "mean0": start[0], "variance0": start[1], "test": test,
               "gamma": gamma, "beta": beta, "steps": steps, "n": n},
        shown={"updates": running.lines(), "mean": float(running.rows[-1][0]), "variance": float(running.rows[-1][1]),
               "slope": layer.slope, "intercept": layer.intercept, "y": layer.outputs(layer.slope, layer.intercept)},
        prompt=PROMPT,
        parts=[*running.parts(), *layer.parts()],
        solution=SOLUTION,
        work=float(12 + 10 * steps),
    )  # fmt: skip


@batch_norm_inference.oracle
def by_weights(
    *, batches: Matrix, momentum: Number, mean0: Number, variance0: Number, test: Vector, gamma: Number, beta: Number
) -> dict[str, Any]:
    """Each running value as one weighted sum over all minibatches so far; the outputs value by value from NumPy."""
    x, share, values = np.array(batches, dtype=float), float(momentum), dict[str, Any]()
    first = {"mean": float(mean0), "variance": float(variance0)}
    seen = {"mean": [row.mean() for row in x], "variance": [row.var(ddof=1) for row in x]}
    for name, entering in seen.items():
        for t in range(1, len(x) + 1):
            old = _weighted([first[name], *entering[: t - 1]], share)
            new = {"": entering[t - 1], **({".biased": x[t - 1].var()} if name == "variance" else {})}
            values |= {f"{name}{t}{slip}": _weighted([old, value], share) for slip, value in new.items()}
            values |= {f"{name}{t}.reversed": _weighted([entering[t - 1], old], share),
                       f"{name}{t}.replaced": float(entering[t - 1])}  # fmt: skip
    centre, spread = (_weighted([first[name], *seen[name]], share) for name in ("mean", "variance"))
    scale, where = float(gamma), np.array(test, dtype=float)

    def normal(at: Any, centre: float, spread: float) -> Any:
        return scale * (at - centre) / np.sqrt(spread) + float(beta)

    at_zero, slope = normal(0.0, centre, spread), normal(1.0, centre, spread) - normal(0.0, centre, spread)
    return values | {
        "slope": slope,
        "slope.by_variance": normal(1.0, 0.0, spread**2) - normal(0.0, 0.0, spread**2),
        "slope.no_scale": slope / scale,
        "slope.last_batch": scale / x[-1].std() if len(x) else None,
        "slope.not_updated": scale / np.sqrt(first["variance"]) if len(x) else None,
        "intercept": at_zero,
        "intercept.not_centred": float(beta),
        "intercept.wrong_sign": normal(0.0, -centre, spread),
        "intercept.mean_not_scaled": float(beta) - centre,
        "y": normal(where, centre, spread),
        "y.test_statistics": normal(where, where.mean(), where.var()),
        "y.no_intercept": normal(where, centre, spread) - at_zero,
        "y.swapped": at_zero * where + slope,
    }


def _weighted(values: list[float], share: float) -> float:
    """The running value after all of these: the first keeps what the later ones leave of it."""
    after = (1 - share) ** np.arange(len(values) - 1, -1, -1)
    after[1:] *= share
    return float(after @ np.array(values))
