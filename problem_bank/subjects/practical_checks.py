"""The checks of the practical's training scripts, the same for NumPy and for PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from problem_bank.checks import Check, CheckFailed, check
from problem_bank.subjects import practical_runs as runs
from problem_bank.subjects.practical import (
    CLASSES,
    INPUTS,
    Array,
    Script,
    accuracy,
    batch_mean,
    images,
    share,
)
from problem_bank.subjects.practical_metrics import metric
from problem_bank.subjects.practical_update import update

Draw = np.random.Generator
RUNS = 20  # half of them are best before their end, and only those say anything
STEPS = 150  # in which a network of this size fits 32 images easily


@check(points=1, seconds=20)
def interface(script: Any, rng: Draw) -> None:
    """`train` returns the model, validation accuracies, and a test accuracy, each between 0 and 1."""
    run = script.train(_seed(rng), epochs=2)
    for value, what in ((run.accuracies, "The validation accuracies"), (np.array(run.test), "The test accuracy")):
        if not (np.isfinite(value).all() and (value >= 0).all() and (value <= 1).all()):
            raise CheckFailed(f"{what} should lie between 0 and 1; a percentage does not.", "not_a_share")


@check(points=1, requires=["interface"], seconds=20)
def arguments(script: Any, rng: Draw) -> None:
    """There is one validation accuracy for each of the `epochs`, and the data come from `data_dir`."""
    epochs = int(rng.integers(7, 10))
    run = script.train(_seed(rng), epochs=epochs, data_dir="data/small")
    opened = script.tools.module("cifar10_utils").opened._data()
    if not any("data/small" in str(folder) for folder in opened):
        raise CheckFailed("train does not pass its data_dir on to cifar10_utils.get_cifar10.", "data_dir_ignored")
    if len(run.accuracies) != epochs:
        raise CheckFailed(
            f"train returns {len(run.accuracies)} validation accuracies for {epochs} epochs; expected one for each.",
            "epochs_ignored",
        )


@check(points=3, requires=["interface"], seconds=20)
def evaluation(script: Any, rng: Draw) -> None:
    """`evaluate_model` gives the accuracy over the whole data set, every sample counting the same."""
    model = script.train(_seed(rng), lr=0.2).model
    x, y = images("validation")
    outputs = script.predict(model, x)
    size = max(range(32, 75), key=lambda n: (abs(batch_mean(outputs, y, n) - share(outputs, y)), rng.random()))
    found = script.module.evaluate_model(model, script.loader("validation", size))
    actual = accuracy(found, "what evaluate_model returns")
    if abs(actual - share(outputs, y)) < 1e-4:
        return
    if abs(actual - batch_mean(outputs, y, size)) < 1e-4:
        raise CheckFailed(
            "evaluate_model gives the mean of the batches' accuracies, in which the samples of a short last batch "
            "count more than others; weigh each batch by its size, or count hits over all samples.",
            "mean_of_batch_means",
        )
    whole, rest = divmod(len(y), size)
    if rest and abs(actual - share(outputs[: whole * size], y[: whole * size])) < 1e-4:
        raise CheckFailed("evaluate_model leaves the short last batch out.", "last_batch_dropped")
    raise CheckFailed("evaluate_model gives a wrong accuracy.")


@check(points=1, requires=["interface"], seconds=20)
def test_accuracy(script: Any, rng: Draw) -> None:
    """The test accuracy is that of the returned model on the whole test set."""
    run = script.train(_seed(rng), lr=0.3, batch_size=32)
    x, y = images("test")
    outputs = script.predict(run.model, x)
    held, classes = images("validation")
    if abs(run.test - share(outputs, y)) < 1e-4 or abs(run.test - batch_mean(outputs, y, 32)) < 1e-4:
        return  # a mean of batch means is told by the check of evaluate_model
    if abs(run.test - share(script.predict(run.model, held), classes)) < 1e-4:
        raise CheckFailed("The test accuracy was measured on the validation set.", "wrong_set")
    raise CheckFailed("The test accuracy is not that of the returned model on the test set.")


@check(points=2, requires=["interface"], seconds=40)
def best_model(script: Any, rng: Draw) -> None:
    """The returned model is the one with the best validation accuracy, not simply the last."""
    x, y = images("validation")
    for _ in range(RUNS):
        run = script.train(_seed(rng), lr=1.0, batch_size=50, epochs=4)
        best, last = float(run.accuracies.max()), float(run.accuracies[-1])
        if best == last:
            continue  # says nothing
        reached = share(script.predict(run.model, x), y)
        if abs(reached - best) < 1e-3:
            return
        if abs(reached - last) < 1e-3:
            raise CheckFailed(
                "The returned model is that of the last epoch; return a deep copy of the one that was best on the "
                "validation set (a mere reference goes on learning).",
                "last_model",
            )
        raise CheckFailed("The returned model reaches none of the accuracies that it should.")


@check(points=2, requires=["interface"], seconds=30)
def reproducible(script: Any, rng: Draw) -> None:
    """The seed decides everything: the same one gives the same run, another one another run."""
    seed = _seed(rng)
    first, again, other = (
        _seeded(script, outside, inside) for outside, inside in ((1, seed), (2, seed), (3, seed + 1))
    )
    if not np.array_equal(first, again):
        raise CheckFailed("Two runs with the same seed differ; seed the generators from it at the start.", "unseeded")
    if np.array_equal(first, other):
        raise CheckFailed("Two runs with different seeds are the same; use the argument seed.", "seed_ignored")


def _seeded(script: Script, outside: int, inside: int) -> Array:
    """The outputs of a trained model, with the generators in some state before `train` is called."""
    run = script.train(inside, outside=outside, hidden_dims=[11])
    return script.predict(run.model, images("test")[0])


@check(points=2, requires=["interface"], seconds=60)
def learns(script: Any, rng: Draw) -> None:
    """With one hidden layer it learns the course's generated images as well as the reference does."""
    settings = {"lr": 0.1, "batch_size": 128, "epochs": 5}
    run = script.train(42, hidden_dims=[32], data_dir="easy", **settings)
    expected = _expected_share()
    reached = float(run.accuracies.max())
    if reached < expected:
        raise CheckFailed(
            f"The validation accuracy after 5 epochs is {reached:.2f}; the reference reaches at least {expected:.2f}."
        )


@cache
def _expected_share() -> float:
    """Our mean over five seeds on this machine, less four deviations or 0.15: other activations learn more slowly."""
    shares = [runs.reference_share(32, lr=0.1, batch_size=128, epochs=5, seed=seed, folder="easy") for seed in range(5)]
    return float(np.mean(shares)) - max(4 * float(np.std(shares)), 0.15)


@check(points=2, requires=["interface"], seconds=60)
def overfits(script: Any, rng: Draw) -> None:
    """It fits one small batch, and every parameter takes part."""
    seed, settings = _seed(rng), {"hidden_dims": [24, 16], "batch_size": 32, "data_dir": "one-batch"}
    widths = [INPUTS, 24, 16, CLASSES]
    start = script.parameters(script.train(seed, lr=0.0, **settings).model, widths)
    run = script.train(seed, lr=0.1, epochs=STEPS, **settings)
    x, y = images("train", "one-batch")
    reached = share(script.predict(run.model, x), y)
    if reached < 0.9:
        raise CheckFailed(
            f"After {STEPS} steps on the same 32 images only {reached:.0%} of them are classified correctly.", "no_fit"
        )
    for before, after in zip(start, script.parameters(run.model, widths), strict=True):
        for name, value in before.items():
            if np.array_equal(value, after[name]):
                raise CheckFailed(f"The {name} of a layer never changed in training.", "frozen_parameter")


COMMON = (interface, arguments, metric, evaluation, test_accuracy, update, best_model, reproducible, learns, overfits)


def on_script(checks: tuple[Check, ...], *, torch: bool) -> tuple[Check, ...]:
    """The checks as the grader calls them, with the student's module."""

    def bound(function: Callable[[Any, Draw], None]) -> Callable[[Any, Draw], None]:
        return lambda student, rng: function(Script(student, torch), rng)

    return tuple(replace(entry, function=bound(entry.function)) for entry in checks)


def _seed(rng: Draw) -> int:
    return int(rng.integers(1, 10_000))
