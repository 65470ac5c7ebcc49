"""Goodfellow et al., Deep Learning, section 8.1.3: samples, mini-batches, updates and epochs."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from problem_bank.answers import Integer
from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.optimisation._iteration_texts import LINES, PART, PROMPT, SAID
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps

SIZES = (24, 30, 32, 36, 40, 45, 48, 50, 56, 60, 64, 70, 72, 75, 80, 90, 96, 100, 120, 128, 144, 150)


@family(
    topic="optimisation",
    source="Goodfellow 8.1.3",
    minutes=5,
    levels={
        "easy": {"ask": ("last", "updates", "total", "seen")},
        "medium": {"keep_last": False},
        "hard": {
            "ask": ("batches", "effective", "updates", "total", "seen", "drops"),
            "accumulations": (3, 4, 5, 6, 7, 8),
        },
    },
)
def iterations(
    rng: Rng,
    *,
    ask: tuple[str, ...] = ("last", "updates", "total", "seen", "drops"),
    keep_last: bool = True,
    accumulations: tuple[int, ...] = (1,),
) -> Exercise:
    """Count the batches, the updates and the samples of a training."""
    if not set(ask) <= set(PART):
        raise BadGiven(f"ask: {', '.join(ask)}; write some of {', '.join(PART)}")
    samples, size, epochs = rng.int("samples", 3000, 20000), rng.choice("size", SIZES), rng.int("epochs", 6, 40)
    accumulate, every = rng.choice("accumulate", accumulations), rng.choice("every", (20, 25, 30, 40, 50, 60, 75, 80))
    if min(size, accumulate, epochs, every) < 1 or size > samples:
        raise BadGiven(f"size {size}, samples {samples}: write numbers from 1 up, and no batch larger than the data")
    count = Count(samples, size, epochs, keep_last, accumulate, every)
    rng.require(samples % size > 0, "the last batch is smaller")
    rng.require(accumulate == 1 or count.batches % accumulate > 0, "some batches are left at the end of an epoch")
    steps = Steps(SAID)
    for name in ask:
        steps.ask(name, PART[name], *getattr(count, f"of_{name}")(), kind=Integer)
    rng.require("drops" not in ask or steps.keys["drops"] >= 8, "the learning rate falls several times")
    return Exercise(
        given={**rng.drawn, "ask": ask, "keep_last": keep_last, "accumulations": accumulations},
        shown={"keys": steps.keys, "count": count},
        prompt=PROMPT,
        parts=steps.parts,
        solution="\n".join(LINES[name] for name in ask),
        work=float(len(ask)),
    )


Question = tuple[Rule, dict[str, Any]]  # the right rule, and the wrong ones


@dataclass(frozen=True)
class Count:
    """A training; an `of_...` for each part that may be asked."""

    samples: int
    size: int
    epochs: int
    keep_last: bool
    accumulate: int
    every: int

    @property
    def full(self) -> int:
        """The full batches of an epoch."""
        return self.samples // self.size

    @property
    def batches(self) -> int:
        """All that are used in an epoch."""
        return self.full + (self.keep_last and self.rest > 0)

    @property
    def rest(self) -> int:
        """The samples that fill no batch."""
        return self.samples % self.size

    def grouped(self, batches: int) -> int:
        """The updates that so many batches make."""
        return -(-batches // self.accumulate)

    def of_batches(self) -> Question:
        """How many there are in an epoch."""
        other = "rounded_down" if self.keep_last else "rounded_up"
        wrong = {other: self.full + (not self.keep_last), "per_sample": self.samples, "batch_size": self.size}
        return lambda e: self.batches, wrong

    def of_last(self) -> Question:
        """The size of the smaller batch; of any other where the batches come out even."""
        if not self.rest:
            return lambda e: self.size, {"whole_size": None, "missing": None}
        return lambda e: self.rest, {"whole_size": self.size, "missing": self.size - self.rest}

    def of_effective(self) -> Question:
        """The samples of an update."""
        return lambda e: self.size * self.accumulate, {"not_accumulated": self.size, "data_set": self.samples}

    def of_updates(self) -> Question:
        """The updates of an epoch, from its batches."""

        def batches(e: Earlier) -> int:
            return int(e.get("batches", self.batches))

        if self.accumulate == 1:
            return lambda e: self.grouped(batches(e)), self.of_batches()[1]
        return lambda e: self.grouped(batches(e)), {
            "rest_lost": lambda e: batches(e) // self.accumulate,
            "ungrouped": batches,
            "multiplied": lambda e: batches(e) * self.accumulate,
        }

    def _updates(self, e: Earlier) -> int:
        return int(e.get("updates", self.grouped(self.batches)))

    def of_total(self) -> Question:
        """The updates of all epochs."""
        through = self.samples * self.epochs
        unbroken = -(-through // self.size) if self.keep_last else through // self.size
        wrong = {"epochs_forgotten": self._updates, "unbroken": self.grouped(unbroken), "samples_counted": through}
        return lambda e: self._updates(e) * self.epochs, wrong

    def _seen(self, e: Earlier) -> int:
        rest = 0 if self.keep_last else e.get("last", self.rest)
        return int(e.get("seen", (self.samples - rest) * self.epochs))

    def of_seen(self) -> Question:
        """The samples of all epochs; where the rest is dropped, from the own rest."""
        other = "rest_dropped" if self.keep_last else "rest_counted"
        used = self.full * self.size if self.keep_last else self.samples
        return self._seen, {
            other: used * self.epochs,
            "once": self.samples if self.keep_last else self.full * self.size,
            "all_full": (self.full + (self.rest > 0)) * self.size * self.epochs,
        }

    def of_drops(self) -> Question:
        """How often the interval fits into the whole training."""

        def total(e: Earlier) -> int:
            return int(e.get("total", self.grouped(self.batches) * self.epochs))

        return lambda e: total(e) // self.every, {
            "one_more": lambda e: total(e) // self.every + 1,
            "per_epoch": lambda e: self._updates(e) // self.every,
            "samples_counted": lambda e: self._seen(e) // self.every,
        }


@iterations.oracle
def by_running(samples: int, size: int, epochs: int, keep_last: bool, accumulate: int, **given: Any) -> dict[str, Any]:
    """The training as it runs: the batches of each epoch as slices, every update as an entry of a list."""
    slices = [len(part) for part in np.split(np.arange(samples), range(size, samples, size))]
    rest, used = slices[-1], slices if keep_last else slices[:-1]
    updates = [sum(used[i : i + accumulate]) for i in range(0, len(used), accumulate)] * epochs
    per_epoch, every = len(updates) // epochs, given["every"]
    through = np.arange(samples * epochs)
    unbroken = len(through[::size]) if keep_last else len(through[size - 1 :: size])
    other = {"rounded_down" if keep_last else "rounded_up": len(slices) - (len(used) == len(slices))}
    wrong_batches = {**other, "per_sample": samples, "batch_size": size}
    grouped = {"rest_lost": len(used[accumulate - 1 :: accumulate]), "ungrouped": len(used)}
    grouped["multiplied"] = len(used * accumulate)
    values: dict[str, tuple[Any, dict[str, Any]]] = {
        "batches": (len(used), wrong_batches),
        "last": (rest, {"whole_size": slices[0], "missing": slices[0] - rest} if rest < slices[0] else {}),
        "effective": (max(updates), {"not_accumulated": slices[0], "data_set": sum(slices)}),
        "updates": (per_epoch, grouped if accumulate > 1 else wrong_batches),
        "total": (len(updates), {"epochs_forgotten": per_epoch, "samples_counted": len(through),
                                 "unbroken": len(range(0, unbroken, accumulate))}),
        "seen": (sum(updates), {"rest_dropped" if keep_last else "rest_counted":
                                sum(slices[:-1] if keep_last else slices) * epochs,
                                "once": sum(used), "all_full": len(slices) * size * epochs}),
        "drops": (len(updates[every - 1 :: every]), {"one_more": len([*updates[every - 1 :: every], 0]),
                                                     "per_epoch": len(updates[every - 1 : per_epoch : every]),
                                                     "samples_counted": sum(updates) // every}),
    }  # fmt: skip
    flat = {part: right for part, (right, _) in values.items()}
    return flat | {f"{part}.{slip}": value for part, (_, wrong) in values.items() for slip, value in wrong.items()}
