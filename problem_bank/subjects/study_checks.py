"""The checks that every study has to pass: complete curves, true of the returned networks, and reproducible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from problem_bank.checks import Check, CheckFailed, check, numeric
from problem_bank.subjects.studies import CURVES, ROUNDED, Array, Data, Run, Study, losses, scores

Draw = np.random.Generator


@check(points=1, seconds=20)
def interface(study: Any, rng: Draw) -> None:
    """It returns one run for every setting that was asked for, and no other."""
    data, arguments = study.small(rng)
    study(data, **arguments, seed=_seed(rng))


@check(points=2, requires=["interface"], seconds=20)
def curves(study: Any, rng: Draw) -> None:
    """Every run has one finite number per epoch for the training loss, the validation loss and accuracy."""
    data, arguments = study.small(rng)
    epochs, runs = arguments["epochs"], study(data, **arguments, seed=_seed(rng)).runs.values()
    for run in runs:
        for name in CURVES:
            _sound(name, run.curve(name, epochs), run)
        if np.allclose(run.curve("train_loss", epochs), run.curve("val_loss", epochs), rtol=1e-9):
            raise CheckFailed(
                f"Both loss curves of {run.place} are the same; measure one on the training data and the other on the "
                "validation data.",
                "validation_is_training",
            )
    first, *others = (run.curve("train_loss", epochs) for run in runs)
    if all(np.array_equal(first, other) for other in others):
        raise CheckFailed("All runs have the same curves: the settings change nothing.", "settings_ignored")


def _sound(name: str, curve: Array, run: Run) -> None:
    if not np.isfinite(curve).all() or (curve < 0).any():
        raise CheckFailed(f'The entry "{name}" of {run.place} has numbers that are negative, infinite or nan.')
    if name == "val_accuracy" and (curve > 1).any():
        raise CheckFailed(f"The accuracy of {run.place} exceeds 1; give a share, no percentage.", "not_a_share")


@check(points=3, requires=["curves"], seconds=20)
def measured(study: Any, rng: Draw) -> None:
    """The last numbers of each validation curve are those of the returned network on the validation data."""
    for _ in range(3):  # in a single short study the accuracy of every run may happen to rise all the way
        _measured_once(study, rng)


def _measured_once(study: Study, rng: Draw) -> None:
    data, arguments = study.small(rng)
    for setting, run in study(data, **arguments, seed=_seed(rng)).runs.items():
        own = study.sets(data, setting)
        found = _Measured.of(study, run, own["validation"], arguments["batch_size"])
        loss, accuracy = (run.curve(name, arguments["epochs"]) for name in CURVES[1:])
        if found.accounts_for(loss[-1], accuracy[-1]):
            continue
        _wrongly_measured(study, run, own, found, (loss, accuracy))


@dataclass(frozen=True)
class _Measured:
    """Loss and accuracy of a network on data, over all samples and as means of batch means."""

    loss: float
    accuracy: float
    samples: int
    by_batch: tuple[float, float]

    @classmethod
    def of(cls, study: Study, run: Run, data: tuple[Array, Array], size: int) -> _Measured:
        x, y = data
        outputs = scores(study.module, run.model, x)
        each, hits = losses(outputs, y), outputs.argmax(axis=1) == y
        starts = range(0, len(y), size)
        batches = [float(np.mean([part[i : i + size].mean() for i in starts])) for part in (each, hits)]
        return cls(float(each.mean()), float(hits.mean()), len(y), (batches[0], batches[1]))

    def accounts_for(self, loss: float, accuracy: float) -> bool:
        return _near(loss, self.loss) and abs(accuracy - self.accuracy) < ROUNDED


def _wrongly_measured(study: Study, run: Run, data: Data, found: _Measured, logged: tuple[Array, Array]) -> None:
    loss, accuracy = logged
    batches = _near(loss[-1], found.by_batch[0]) and abs(accuracy[-1] - found.by_batch[1]) < ROUNDED
    if batches:
        raise CheckFailed(
            f"The validation numbers of {run.place} are means of batch means, in which a short last batch counts too "
            "much; average over the samples.",
            "mean_of_batch_means",
        )
    if any(found.accounts_for(one, other) for one, other in zip(loss[:-1], accuracy[:-1], strict=True)):
        raise CheckFailed(
            f"The network of {run.place} is that of another epoch than the last one, with which its curves end. "
            "Compare all runs after the same epoch: return the last network.",
            "best_epoch",
        )
    on_training = _Measured.of(study, run, data["train"], found.samples)
    if on_training.accounts_for(loss[-1], accuracy[-1]):
        raise CheckFailed(
            f"The validation numbers of {run.place} were measured on the training data.", "measured_on_training"
        )
    if accuracy[-1] >= accuracy.max() and np.all(np.diff(accuracy) >= 0) and found.accuracy < accuracy[-1]:
        raise CheckFailed(
            f"The accuracies of {run.place} never fall: they are the best so far, in place of those of each epoch.",
            "best_so_far",
        )
    if not _near(loss[-1], found.loss) and abs(accuracy[-1] - found.accuracy) < ROUNDED:
        raise CheckFailed(
            f"The accuracy of {run.place} is that of its network, the validation loss is not: it is the mean "
            "cross-entropy of all validation samples.",
            "other_loss",
        )
    raise CheckFailed(f"The last validation numbers of {run.place} are not those of the network that it returns.")


@check(points=2, requires=["curves"], seconds=20)
def training_loss(study: Any, rng: Draw) -> None:
    """The training loss is the mean cross-entropy over the training samples: at rate 0, that of the network itself."""
    data, arguments = study.small(rng)
    still = {"rates": [0.0]} if "rates" in study.axes else {"lr": 0.0}
    for setting, run in study(data, **(arguments | still), seed=_seed(rng)).runs.items():
        if "mlp_l2" in setting:
            continue  # whether the penalty is part of its loss is a matter of taste
        x, y = study.sets(data, setting)["train"]
        each = losses(scores(study.module, run.model, x), y)
        logged = run.curve("train_loss", arguments["epochs"])
        if all(_near(value, float(each.mean())) for value in logged):
            continue
        for factor in (len(y), arguments["batch_size"], len(y) // arguments["batch_size"]):
            if _near(logged[-1], factor * float(each.mean())):
                raise CheckFailed(
                    f"The training loss of {run.place} is a sum; take the mean over all samples.", "summed"
                )
        raise CheckFailed(
            f"With a rate of 0 the training loss of {run.place} is not the mean cross-entropy of its network over the "
            "training data: is it that of one batch only?",
            "one_batch",
        )


@check(points=1, requires=["curves"], seconds=30)
def reproducible(study: Any, rng: Draw) -> None:
    """The seed decides everything: the same one gives the same curves, another one others."""
    data, arguments = study.small(rng)
    seed = _seed(rng)
    tables = []
    for outside, inside in ((1, seed), (2, seed), (3, seed + 1)):
        runs = study(data, **arguments, seed=inside, outside=outside).runs.values()
        tables.append([run.curve("train_loss", arguments["epochs"]) for run in runs])
    first, again, other = (np.stack(table) for table in tables)
    if not np.array_equal(first, again):
        raise CheckFailed("Two studies with the same seed differ; seed torch's generator from it.", "unseeded")
    if np.array_equal(first, other):
        raise CheckFailed("Studies with different seeds are the same; use the argument seed.", "seed_ignored")


@check(points=1, requires=["curves"], seconds=40)
def learns(study: Any, rng: Draw) -> None:
    """On data that such networks learn in a few epochs, the last validation accuracy is at least 0.8."""
    data, arguments = study.easy(rng)
    for run in study(data, **arguments, seed=_seed(rng)).runs.values():
        reached = run.curve("val_accuracy", arguments["epochs"])[-1]
        if reached < 0.8:
            raise CheckFailed(f"The last validation accuracy of {run.place} is {reached:.2f}; expected 0.8 or more.")


@check(points=2, requires=["measured"], seconds=40)
def early_stopping(study: Any, rng: Draw) -> None:
    """`best_epoch` is the epoch with the lowest validation loss, counted from 1, and `best_model` its network."""
    data, arguments = study.small(rng)
    fast = {"rates": [0.05]} if "rates" in study.axes else {"lr": 0.05}  # soon overfits
    arguments |= fast | {"epochs": 12}
    for setting, run in study(data, **arguments, seed=_seed(rng)).runs.items():
        _stopped(study, run, study.sets(data, setting), run.curve("val_loss", 12))


def _stopped(study: Study, run: Run, data: Data, loss: Array) -> None:
    place, (x, y) = run.place, data["validation"]
    claimed = numeric(run.entry("best_epoch"), f'The entry "best_epoch" of {place}').ravel()
    best = np.flatnonzero(loss <= loss.min() + 1e-4) + 1
    if claimed.size != 1 or claimed[0] not in best:
        if claimed.size == 1 and claimed[0] + 1 in best:
            raise CheckFailed(f'The entry "best_epoch" of {place} counts from 0; count from 1.', "counted_from_zero")
        raise CheckFailed(
            f'The entry "best_epoch" of {place} is not the epoch with its lowest validation loss.', "other_epoch"
        )
    reached = float(losses(scores(study.module, run.network("best_model"), x), y).mean())
    if _near(reached, float(loss.min())):
        return
    if _near(reached, float(loss[-1])):
        raise CheckFailed(
            f'The "best_model" of {place} is that of the last epoch; keep a deep copy, since a mere reference goes on '
            "learning.",
            "reference_for_a_copy",
        )
    raise CheckFailed(f'The "best_model" of {place} does not have the lowest validation loss of its curve.')


COMMON = (interface, curves, measured, training_loss, reproducible, learns)


def on_study(checks: tuple[Check, ...], study: Callable[[Any], Study]) -> tuple[Check, ...]:
    """The checks as the grader calls them, with the student's module."""

    def bound(function: Callable[[Any, Draw], None]) -> Callable[[Any, Draw], None]:
        return lambda student, rng: function(study(student), rng)

    return tuple(replace(entry, function=bound(entry.function)) for entry in checks)


def _near(value: float, truth: float) -> bool:
    return abs(value - truth) < ROUNDED + 1e-3 * abs(truth)


def _seed(rng: Draw) -> int:
    return int(rng.integers(1, 10_000))
