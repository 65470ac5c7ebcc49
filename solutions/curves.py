"""A run's curves, as a table and as a picture.

Goodfellow et al., Deep Learning, section 11.4 (reading training and validation curves).
"""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from typing import Any

COLUMNS = ("train_losses", "val_losses", "val_accuracies")


def write_csv(log: dict[str, Any], file: Path) -> None:
    """One row per epoch: its number, the mean training loss, the validation loss and accuracy."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["epoch", "train_loss", "val_loss", "val_accuracy"])
        columns = [log[name] for name in COLUMNS]
        table.writerows([epoch, *row] for epoch, row in enumerate(zip(*columns, strict=True), start=1))


def can_plot() -> bool:
    """Whether matplotlib is installed."""
    return importlib.util.find_spec("matplotlib") is not None


def write_png(log: dict[str, Any], file: Path) -> None:
    """Both losses, and the validation accuracy with the best epoch marked. Raises ImportError without matplotlib."""
    from matplotlib.figure import Figure  # a figure of its own: no window, no state shared with other plots

    figure = Figure(figsize=(9, 3.5), layout="constrained")
    losses, accuracies = figure.subplots(1, 2)
    epochs = range(1, len(log["val_losses"]) + 1)
    losses.plot(epochs, log["train_losses"], label="training")
    losses.plot(epochs, log["val_losses"], label="validation")
    losses.set(xlabel="epoch", ylabel="cross-entropy (nats)")
    losses.legend()
    accuracies.plot(epochs, log["val_accuracies"], color="C1", label="validation")
    accuracies.axvline(log["best_epoch"], color="grey", linestyle=":", label="best epoch")
    accuracies.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1.02))
    accuracies.legend()
    figure.savefig(file, dpi=150)
