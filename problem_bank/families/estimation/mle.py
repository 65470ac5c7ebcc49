"""Goodfellow et al., Deep Learning, section 5.5: maximum likelihood estimates and the loss they minimise."""

from statistics import median
from typing import Any

from problem_bank.exercise import Exercise
from problem_bank.families.estimation._by_sympy import PARAMETERS, routes
from problem_bank.families.estimation._mle_texts import ASKED, DENSITIES, PROMPT, SAID, SOLUTIONS
from problem_bank.families.estimation._models import MODELS
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector

COUNTS = {"bernoulli": tuple(range(8, 14)), "poisson": (4, 5, 6), "exponential": (4, 5, 6), "gaussian": (4, 5, 6),
          "laplace": (5, 7)}  # fmt: skip
"""How many data there may be."""
LETTERS = {"p": "$p$", "lambda": r"$\lambda$", "mu": r"$\mu$", "v": "$v$", "b": "$b$"}
SYMBOLIC = ("likelihood", "slope", "slope_mean", "slope_variance")


@family(
    topic="estimation",
    source="Goodfellow 5.5",
    minutes=9,
    levels={"easy": {"models": tuple(COUNTS)[:3]}, "medium": {}, "hard": {"models": ("laplace",)}},
)
def mle(rng: Rng, *, models: tuple[str, ...] = ("gaussian",)) -> Exercise:
    """Write down a log-likelihood, differentiate it, and find its maximum and the loss there."""
    model = rng.choice("model", models)
    data = _data(rng, model)
    letters = [LETTERS[name] for name in PARAMETERS[model]]
    steps = Steps(SAID)
    for name, step in MODELS[model](data).items():
        prompt = ASKED[name].replace("LETTER", letters[-1]).replace("ARGUMENT", " and ".join(letters))
        if model == "laplace" and name == "likelihood":
            prompt = prompt[:-1] + r", with $\mu$ at its estimate."
        steps.ask(name, prompt, step.right, step.wrong, points=2 if name in SYMBOLIC else 1, kind=step.kind)
    return Exercise(
        given={**rng.drawn, "models": models},
        shown={"data": data, "n": len(data), "total": sum(data), "keys": steps.keys,
               "dense": model not in ("bernoulli", "poisson"), **_sums(model, data, steps.keys)},
        prompt=PROMPT.replace("DENSITY", DENSITIES[model]),
        parts=steps.parts,
        solution=SOLUTIONS[model].strip(),
        work=float(len(steps.parts)),
    )  # fmt: skip


def _data(rng: Rng, model: str) -> Vector:
    """Small whole numbers that suit the model."""
    n = rng.choice("n", COUNTS[model])
    if model == "bernoulli":
        data = rng.ints("data", n, 0, 1)
        rng.require(2 <= sum(data) <= n - 2 and 2 * sum(data) != n, "both outcomes occur, one more often")
        return data
    if model in ("poisson", "exponential"):
        data = rng.ints("data", n, int(model == "exponential"), 9)
        rng.require(len({*data}) > 2, "the numbers differ")
        return data
    centre, apart = rng.int("centre", 5, 60), rng.ints("apart", n, -4, 5)
    rng.require(len({*apart}) > 3, "the numbers differ")
    rng.require(model == "laplace" or sum(apart) % n == 0, "the mean is a whole number")
    rng.require(sum(apart) != n * median(apart), "mean and median differ")
    return tuple(centre + v for v in apart)


def _sums(model: str, data: Vector, keys: dict[str, Any]) -> dict[str, Any]:
    """What else the solution shows."""
    if model == "gaussian":
        return {"squares": sum((x - keys["mean"]) ** 2 for x in data)}
    if model == "laplace":
        return {"ordered": tuple(sorted(data)), "distances": sum(abs(x - keys["location"]) for x in data)}
    if model == "poisson":
        return {"constant": r"\ln(" + r" \cdot ".join(f"{x}!" for x in data) + ")"}
    return {}


@mle.oracle
def by_sympy(model: str, **given: Any) -> dict[str, Any]:
    """SymPy's sums, derivatives and solutions."""
    return routes(model, given.get("data") or tuple(given["centre"] + v for v in given["apart"]))
