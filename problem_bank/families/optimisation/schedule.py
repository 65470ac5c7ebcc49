"""Goodfellow et al., Deep Learning, section 8.3.1, equation 8.14: how the learning rate falls during training."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.optimisation._schedule_texts import PROMPT, SAID, SCHEDULES, SOLUTION
from problem_bank.families.optimisation._schedules import ASK, Moment
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.tex import decimal

STARTS = tuple(
    Fraction(n, 100) for n in (5, 6, 8, 10, 12, 15, 16, 18, 20, 24, 25, 30, 32, 36, 40, 45, 48, 50, 60, 64, 75, 80, 90)
)
BATCHES = (70, 90, 100, 110, 130, 150, 160, 175, 200, 250)


@family(
    topic="optimisation",
    source="Goodfellow 8.3.1",
    minutes=8,
    version=2,
    levels={
        "easy": {"kinds": ("step", "linear")},
        "medium": {},
        "hard": {"kinds": ("step", "exponential", "linear", "warm")},
    },
)
def schedule(rng: Rng, *, kinds: tuple[str, ...] = ("step", "linear", "cosine")) -> Exercise:
    """Find the learning rate that a schedule gives to an update."""
    if not set(kinds) <= set(ASK):
        raise BadGiven(f"kinds: {', '.join(kinds)}; write some of {', '.join(ASK)}")
    start, batches = rng.choice("start", STARTS), rng.choice("batches", BATCHES)
    at = Moment(Fraction(start), batches, rng.choice("k", tuple(range(240, 2520, 120))))
    rng.require(at.k % batches > 0, "the update is not the first of its epoch")
    steps = Steps(SAID, tolerance=1e-3)
    place = at.k % batches
    wrong = {"from_one": (at.epoch + 1, place), "to_come": (at.epoch, batches - place)}
    steps.ask(
        "place",
        f"The epoch of update ${at.k}$ and its place in this epoch, as `[epoch, place]`.",
        lambda e: (at.epoch, place),
        wrong,
    )
    worked = [ASK[kind](rng, at, steps) for kind in kinds]
    numbers = {name: decimal(value) for name, value in rng.drawn.items()} | {"last": rng.drawn.get("warm", 1) - 1}
    return Exercise(
        given={**rng.drawn, "kinds": kinds},
        shown={"schedules": [SCHEDULES[kind].format(**numbers) for kind in kinds], "at": at, "worked": worked},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(steps.parts)),
    )


@schedule.oracle
def tables(kinds: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """Whole schedules as arrays, one entry for each update, in NumPy; the cosine as the square of half the angle."""
    start, k = float(given["start"]), given["k"]
    epochs = np.repeat(np.arange(k + 1), given["batches"])[: k + 1]
    first = int(np.searchsorted(epochs, epochs[k]))  # update of this epoch
    values: dict[str, Any] = {
        "place": [int(epochs[k]), k - first],
        "place.from_one": [int(epochs[k]) + 1, k - first],
        "place.to_come": [int(epochs[k]), first + given["batches"] - k],
    }
    if "step" in kinds:
        values |= _powers("step", start, given["gamma"], epochs, given["every"])
    if "exponential" in kinds:
        values |= _powers("exponential", start, given["decay"], epochs, 1)
    if "linear" in kinds:
        values |= _line(start, k, given["end"], given["tau"], given["late"])
    for name, begin in (("cosine", 0), ("warm", given.get("warm", 0))):
        if name in kinds:
            values |= _wave(name, begin, given)
    if "warm" in kinds:
        ramp = np.linspace(0, start, given["warm"] + 1)
        values["warm_rise"], values["warm_rise.falling"] = ramp[given["rise"] + 1], ramp[-given["rise"] - 2]
        values["warm_rise.from_zero"] = ramp[given["rise"]]
    return values


def _powers(name: str, start: float, factor: Any, epochs: Any, every: int) -> dict[str, Any]:
    """Rates that are multiplied at boundaries, as running products."""
    factors = np.full(len(epochs) + 1, float(factor))
    factors[0] = start
    rates = np.cumprod(factors)  # after so many reductions
    epoch = int(epochs[-1])
    if name == "step":
        between = np.exp(np.log(start) + epoch / every * np.log(float(factor)))
        return {"step": np.repeat(rates, every)[epoch], "step.no_floor": between, "step.per_epoch": rates[epoch],
                "step.one_more": np.repeat(rates, every)[epoch + every]}  # fmt: skip
    line = start - start * (1 - float(factor)) * np.arange(len(epochs))
    return {"exponential": rates[epoch], "exponential.one_more": rates[epoch + 1],
            "exponential.subtracted": line[epoch]}  # fmt: skip


def _line(start: float, k: int, end: Any, tau: int, late: int) -> dict[str, Any]:
    """NumPy's interpolation, which keeps the ends."""
    ends = np.array([start, float(end)])
    slope = (ends[1] - ends[0]) / tau
    return {
        "linear": np.interp(k, [0, tau], ends),
        "linear.ends_swapped": np.interp(k, [0, tau], ends[::-1]),
        "linear.to_zero": np.interp(k, [0, tau], [start, 0]),
        "linear_late": np.interp(late, [0, tau], ends),
        "linear_late.not_held": start + slope * late,
        "linear_late.to_zero": 0,
    }


def _wave(name: str, begin: int, given: dict[str, Any]) -> dict[str, Any]:
    """A cosine from `begin` on."""
    start, k, least, period = float(given["start"]), given["k"], float(given["least"]), given["period"]

    def rate(update: int, low: float = least, high: float = start) -> float:
        return low + (high - low) * float(np.cos(np.pi * update / (2 * period)) ** 2)

    done, middle = k - begin, 2 * (k - begin) == period
    return {
        name: rate(done),
        f"{name}.no_half": 2 * rate(done) - least,
        f"{name}.ends_swapped": None if middle else rate(done, start, least),
        f"{name}.to_zero": rate(done, 0),
        f"{name}.straight": None if middle else np.interp(done, [0, period], [start, least]),
        f"{name}.warm_up_counted": rate(k) if begin else None,
    }
