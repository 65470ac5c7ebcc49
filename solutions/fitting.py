"""The training loop, the same for every library: epochs, batches, validation, and the best model kept as a copy.

Goodfellow et al., Deep Learning, sections 8.1.3 (batches) and 7.8 (the best model on validation data).
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from solutions.data import Dataset, Splits
from solutions.metrics import accuracy

Array = NDArray[np.float64]
Labels = NDArray[np.intp]
Model = TypeVar("Model")


class Diverged(ArithmeticError):
    """The loss became infinite or not a number."""


@dataclass
class History:
    """What a run logs: one number per update in `batch_losses`, one per epoch in the others."""

    batch_losses: list[float] = field(default_factory=list)
    train_losses: list[float] = field(default_factory=list)
    val_losses: list[float] = field(default_factory=list)
    val_accuracies: list[float] = field(default_factory=list)

    @property
    def best_epoch(self) -> int:
        """The first epoch with the highest validation accuracy, counted from 1."""
        return int(np.argmax(self.val_accuracies)) + 1


@dataclass(frozen=True)
class Fit(Generic[Model]):
    """The model as it was after its best epoch, and the log of all epochs."""

    model: Model
    history: History


def fit(
    model: Model,
    step: Callable[[Array, Labels], float],
    predict: Callable[[Model, Array], Array],
    data: Splits,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    on_epoch: Callable[[History], None] | None = None,
) -> Fit[Model]:
    """Train for `epochs` passes over the training set, in an order drawn from `rng`.

    `step(x, y)` updates the model on one batch and returns the batch's mean loss before the update;
    `predict(model, x)` gives class probabilities in evaluation mode. `on_epoch` sees the log after each
    epoch. Raises Diverged once a loss is not finite, and ValueError for less than one epoch.
    """
    if epochs < 1:
        raise ValueError(f"training needs at least one epoch; got {epochs}")
    history, best = History(), model
    for epoch in range(1, epochs + 1):
        losses = [(step(batch.x, batch.y), len(batch)) for batch in batches(data.train, batch_size, rng)]
        history.batch_losses += [loss for loss, _ in losses]
        history.train_losses.append(sum(loss * n for loss, n in losses) / len(data.train))
        val_loss, val_accuracy = evaluate_model(lambda x: predict(model, x), data.validation)
        history.val_losses.append(val_loss)
        history.val_accuracies.append(val_accuracy)
        _require_finite(epoch, history.train_losses[-1], val_loss)
        if history.best_epoch == epoch:
            best = copy.deepcopy(model)  # a mere reference would go on learning
        if on_epoch:
            on_epoch(history)
    return Fit(best, history)


def _require_finite(epoch: int, *losses: float) -> None:
    for loss in losses:
        if not math.isfinite(loss):
            raise Diverged(f"the loss is {loss} in epoch {epoch}; try a smaller learning rate")


def batches(data: Dataset, batch_size: int, rng: np.random.Generator | None = None) -> Iterator[Dataset]:
    """The data set in pieces, shuffled if there is a generator; the last piece may be smaller.

    A last piece of a single sample joins the one before: one sample has no variance for batch normalisation.
    """
    if batch_size < 1:
        raise ValueError(f"a batch needs at least one sample; got {batch_size}")
    order = np.arange(len(data)) if rng is None else rng.permutation(len(data))
    starts = list(range(0, len(data), batch_size))
    if len(starts) > 1 and batch_size > 1 and len(data) - starts[-1] == 1:
        starts.pop()
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        yield data.take(order[start:end])


def evaluate_model(predict: Callable[[Array], Array], data: Dataset, batch_size: int = 512) -> tuple[float, float]:
    """(mean cross-entropy, accuracy) over all samples.

    Each batch counts by its size: the plain mean of batch means would give a short last batch too much weight.
    """
    if not len(data):
        raise ValueError("there is nothing to evaluate on: the data set is empty")
    losses, correct = 0.0, 0.0
    for batch in batches(data, batch_size):
        probabilities = predict(batch.x)
        losses += len(batch) * cross_entropy(probabilities, batch.y)
        correct += len(batch) * accuracy(probabilities, batch.y)
    return losses / len(data), correct / len(data)


def cross_entropy(probabilities: Array, y: Labels) -> float:
    """The mean of −log p of the true class, in nats; a probability of 0 counts as the smallest normal number."""
    chosen = probabilities[np.arange(len(y)), y]
    return float(-np.log(np.maximum(chosen, np.finfo(chosen.dtype).tiny)).mean())


def logging_dict(fitted: Fit[Any], test_loss: float) -> dict[str, Any]:
    """The log as plain data, ready for JSON."""
    return vars(fitted.history) | {"best_epoch": fitted.history.best_epoch, "test_loss": test_loss}
