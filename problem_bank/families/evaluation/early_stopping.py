"""Goodfellow et al., Deep Learning, sections 7.8 and 5.3.1: early stopping with patience, and cross-validation."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from problem_bank.answers import Integer
from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.evaluation._early_stopping_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number, Vector, whole

CHANGES = tuple(range(-95, 61))  # thousandths, from one measurement to the next
UNIT = Fraction(1, 1000)
ENTRY = ("stop", "kept", "gap")


@family(
    topic="evaluation",
    source="Goodfellow 7.8, 5.3.1",
    minutes=6,
    levels={
        "easy": {"ask": (*ENTRY, "missed")},
        "medium": {},
        "hard": {"ask": (*ENTRY, "missed", "needed", "folds", "runs"), "threshold": True},
    },
)
def early_stopping(
    rng: Rng, *, measured: int = 12, ask: tuple[str, ...] = (*ENTRY, "missed", "needed"), threshold: bool = False
) -> Exercise:
    """Say where early stopping ends a training, what it keeps, and what it misses."""
    if not set(ask) <= set(PART) or measured < 6 or ask[:2] != ENTRY[:2]:
        raise BadGiven(f"ask {', '.join(ask)}, measured {measured}: write stop, kept, then some of {', '.join(PART)}, "
                       "and at least 6 measurements")  # fmt: skip
    patience = rng.choice("patience", (2, 3, 4))
    least = rng.choice("least", (10, 15, 20, 25)) * UNIT if threshold else 0
    every = rng.choice("every", (40, 60, 70, 80, 90, 110, 120, 130, 140, 150, 160, 170, 180, 190, 250, 300, 350))
    losses = rng.built("losses", lambda inner: _curve(inner, measured))
    training = rng.built("training", lambda inner: _falling(inner, measured))
    samples, folds = rng.choice("samples", range(60, 1260, 60)), rng.choice("folds", (3, 4, 5, 6, 10))
    settings = rng.int("settings", 3, 9)
    curve = _Curve(losses, least)
    stop, kept = curve.stop(patience), curve.kept(patience)
    lowest = losses.index(min(losses)) + 1
    rng.require(stop is not None and stop <= measured - 2, "training stops before the end of the table")
    rng.require(len(set(losses)) == measured and lowest > (stop or 0) > 3, "the lowest loss comes after the stop")
    rng.require(kept > 1 and curve.needed(lowest) is not None, "some epochs improve, and the lowest one too")
    steps = Steps(SAID)
    rules = _rules(curve, patience, training, every) | _fold_rules(samples, folds, settings)
    for name in ask:
        kind: Any = None if name in ("gap", "missed") else Integer
        steps.ask(name, PART[name], *rules[name], points=2 if name in ("stop", "gap") else 1, kind=kind)
    return Exercise(
        given={**rng.drawn, "measured": measured, "ask": ask, "threshold": threshold},
        shown={"shown_losses": [_decimal(v) for v in losses], "shown_training": [_decimal(v) for v in training],
               "minimum": _decimal(least) if threshold else "", "lines": curve.lines(stop or measured, every),
               "keys": steps.keys, "kept_loss": _decimal(losses[kept - 1]), "lowest": lowest * every,
               "lowest_loss": _decimal(min(losses))},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
    )  # fmt: skip


def _curve(rng: Rng, measured: int) -> Vector:
    """Validation losses in thousandths that fall and rise."""
    return _summed(rng.int("start", 900, 1400), rng.choices("changes", CHANGES, measured - 1))


def _falling(rng: Rng, measured: int) -> Vector:
    """Training losses, which only fall."""
    return _summed(rng.int("start", 830, 890), rng.ints("changes", measured - 1, -50, -20))


def _summed(start: int, changes: Vector) -> Vector:
    return tuple(whole(UNIT * total) for total in accumulate((start, *changes)))


def _decimal(value: Any) -> str:
    return f"{float(value):.3f}"


@dataclass(frozen=True)
class _Curve:
    """Validation losses, one measurement after the other, and by how much one has to be lower."""

    losses: Vector
    least: Number

    def improving(self, least: Number | None = None) -> list[int]:
        """The measurements that improve, counted from 1."""
        share, best, found = self.least if least is None else least, self.losses[0], [1]
        for place, loss in enumerate(self.losses[1:], 2):
            if best - loss > share:
                best, found = loss, [*found, place]
        return found

    def stop(self, patience: int, least: Number | None = None) -> int | None:
        """The measurement after which training stops; None where the table ends first."""
        found = [*self.improving(least), len(self.losses) + 1]
        return next((a + patience for a, b in pairwise(found) if b - a > patience), None)

    def stop_by_previous(self, patience: int) -> int | None:
        """Where training would stop if each loss were compared with the one before."""
        worse = 0
        for place, (before, loss) in enumerate(pairwise(self.losses), 2):
            worse = 0 if before - loss > self.least else worse + 1
            if worse == patience:
                return place
        return None

    def kept(self, patience: int) -> int:
        """The last measurement that improves before training stops."""
        last = self.stop(patience) or len(self.losses)
        return max(place for place in self.improving() if place <= last)

    def needed(self, lowest: int) -> int | None:
        """The patience that reaches this measurement; None where it does not count as an improvement."""
        found = [place for place in self.improving() if place <= lowest]
        return max((b - a for a, b in pairwise(found)), default=0) if found[-1] == lowest else None

    def lines(self, stop: int, every: int) -> list[str]:
        """What improves up to the stop."""
        found = [place for place in self.improving() if place <= stop]
        shown = ", ".join(f"{place * every} ({_decimal(self.losses[place - 1])})" for place in found)
        return [f"The losses improve after these updates: {shown}."]


def _rules(curve: _Curve, patience: int, training: Vector, every: int) -> dict[str, tuple[Rule, dict[str, Any]]]:
    """The right rules, and the misconceptions; a student's own answer is looked up in the table."""
    losses = dict(enumerate(curve.losses, 1))
    low, lowest = min(curve.losses), curve.losses.index(min(curve.losses)) + 1
    stop, kept, needed = curve.stop(patience) or len(losses), curve.kept(patience), curve.needed(lowest) or 0
    loose, previous = curve.stop(patience, 0), curve.stop_by_previous(patience)

    def gap(place: Any) -> Number:
        return losses[place] - training[int(place) - 1]

    def own(e: Earlier) -> Any:
        return Fraction(e["kept"]) / every

    return {
        "stop": (lambda e: stop * every, {
            "first_rise": (curve.stop(1) or 0) * every, "one_late": (stop + 1) * every,
            "to_previous": previous * every if previous and previous != stop else None,
            "no_minimum": loose * every if curve.least and loose and loose != stop else None,
        }),
        "kept": (lambda e: kept * every, {"stopping": lambda e: e["stop"], "lowest": lowest * every}),
        "gap": (lambda e: gap(own(e)), {
            "sign": lambda e: -gap(own(e)), "at_stop": gap(stop), "loss_itself": lambda e: losses[own(e)],
        }),
        "missed": (lambda e: losses[own(e)] - low, {"at_stop": losses[stop] - low, "loss_itself": low}),
        "needed": (lambda e: needed * every, {"one_less": (needed - 1) * every}),
    }  # fmt: skip


def _fold_rules(samples: int, folds: int, settings: int) -> dict[str, tuple[Rule, dict[str, Any]]]:
    """How cross-validation counts, and what goes wrong."""
    fold = samples // folds
    return {
        "folds": (lambda e: samples - fold, {"one_fold": fold, "all": samples}),
        "runs": (lambda e: settings * folds + 1, {"no_last": settings * folds, "folds_only": folds + 1}),
    }


@early_stopping.oracle
def by_replay(*, losses: Any, training: Any, patience: int, every: int, threshold: bool, ask: Any, samples: int,
              folds: int, settings: int, **given: Any) -> dict[str, Any]:  # fmt: skip
    """Replay the training with a counter, as programs keep one, for each rule and patience; folds as NumPy splits."""
    table, more = [round(1000 * v) for v in losses], given.get("least", 0) if threshold else 0
    gaps = np.array(table) - np.array([round(1000 * v) for v in training])

    def replay(wait: int, least: int, *, previous: bool = False) -> tuple[int, int]:
        best, kept, counter = table[0], 0, 0
        for place in range(1, len(table)):
            if table[place] < (table[place - 1] if previous else best) - least:
                best, kept, counter = table[place], place, 0
            else:
                counter += 1
            if counter == wait:
                return place, kept
        return -1, kept

    (stop, kept), lowest = replay(patience, more), int(np.argmin(table))
    loose, previous = replay(patience, 0)[0], replay(patience, more, previous=True)[0]
    needed = next((wait for wait in range(1, len(table)) if replay(wait, more)[1] >= lowest), 0)
    parts = np.array_split(np.arange(samples), folds)
    places = {
        "stop": stop, "stop.first_rise": replay(1, more)[0], "stop.one_late": stop + 1,
        "stop.to_previous": None if previous in (-1, stop) else previous,
        "stop.no_minimum": None if not more or loose in (-1, stop) else loose,
        "kept": kept, "kept.stopping": stop, "kept.lowest": lowest, "needed": needed - 1, "needed.one_less": needed - 2,
    }  # fmt: skip
    thousandths = {
        "gap": gaps[kept], "gap.sign": -gaps[kept], "gap.at_stop": gaps[stop], "gap.loss_itself": table[kept],
        "missed": table[kept] - table[lowest], "missed.at_stop": table[stop] - table[lowest],
        "missed.loss_itself": table[lowest],
    }  # fmt: skip
    counts = {
        "folds": sum(map(len, parts[1:])), "folds.one_fold": len(parts[0]), "folds.all": samples,
        "runs": 1 + sum(len(parts) for _ in range(settings)), "runs.no_last": len(parts) * settings,
        "runs.folds_only": 1 + len(parts),
    }  # fmt: skip
    found = {name: None if place is None else (place + 1) * every for name, place in places.items()}
    return found | {name: Fraction(int(v), 1000) for name, v in thousandths.items()} | counts
