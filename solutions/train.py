"""Train a reference network from the command line: python -m solutions.train --data spirals --hidden 64 --out run.

Writes metrics.json and curves.csv into the folder given by --out, and curves.png where matplotlib is installed.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from solutions import curves
from solutions.data import NAMES, Splits, load
from solutions.fitting import Diverged, History
from solutions.metrics import class_scores, confusion_matrix
from solutions.numpy_nn.mlp import ACTIVATIONS
from solutions.numpy_nn.train import OPTIMISERS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0 after a whole run, and 2 with a message where there was none."""
    options = _parser().parse_args(arguments)
    try:
        metrics = run(options)
    except (ValueError, ImportError, OSError, Diverged) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"test accuracy {metrics['test_accuracy']:.4f} with the model of epoch {metrics['log']['best_epoch']}")
    _write(metrics, options.out)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m solutions.train",
        description="Train a network and write its metrics and curves.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--backend", choices=("numpy", "torch"), default="numpy", help="by hand, or with PyTorch")
    add("--data", choices=NAMES, default="spirals", help="the data set")
    add("--data-dir", type=Path, metavar="DIR", help="the folder with the files of cifar10 or mnist")
    add("--model", choices=("mlp", "cnn"), default="mlp", help="dense layers, or a small convolutional network")
    add("--hidden", type=_width, nargs="*", default=[128], metavar="N", help="widths of the MLP's hidden layers")
    add("--filters", type=_width, nargs=2, default=[16, 32], metavar="N", help="channels of the CNN's convolutions")
    add("--activation", choices=tuple(ACTIVATIONS), help="behind every hidden layer of the MLP; elu unless told")
    add("--batch-norm", action="store_true", help="batch normalisation in front of the MLP's activations")
    add("--dropout", type=float, default=0.0, metavar="P", help="probability to drop a hidden unit of the MLP")
    add("--optimiser", choices=tuple(OPTIMISERS), default="sgd", help="the update rule")
    add("--lr", type=float, default=0.1, help="learning rate")
    add("--weight-decay", type=float, default=0.0, help="factor of the penalty; decoupled for adamw")
    add("--batch-size", type=int, default=128, help="samples per update")
    add("--epochs", type=int, default=10, help="passes over the training set")
    add("--seed", type=int, default=42, help="draws the data, the weights and the order of the batches")
    add("--device", default="cpu", help="where PyTorch computes, such as cuda")
    add("--out", type=Path, required=True, metavar="DIR", help="the folder to write into")
    return parser


def _width(text: str) -> int:
    """A number of units or channels."""
    if (width := int(text)) < 1:
        raise ValueError
    return width


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Train as the options say; the settings, results and curves as plain data.

    Raises ValueError for options that do not fit together, and ImportError for a library that is missing.
    """
    if options.backend == "torch" and importlib.util.find_spec("torch") is None:
        raise ImportError('PyTorch is not installed: pip install "markscheme[torch]"; or use --backend numpy')
    if options.backend == "numpy" and options.device != "cpu":
        raise ValueError(f"NumPy computes on the cpu; for {options.device} use --backend torch")
    if options.model == "cnn" and (options.activation or options.batch_norm or options.dropout):
        raise ValueError("--activation, --batch-norm and --dropout belong to the MLP; leave them out for --model cnn")
    data = load(options.data, options.seed, options.data_dir)
    backend = importlib.import_module(f"solutions.{options.backend}_nn.train")
    with _progress(options.epochs) as on_epoch:
        model, _, test_accuracy, log = _train(backend, options, data, on_epoch)
    predicted = backend.predict(model, data.test.x).argmax(axis=1)
    confusion = confusion_matrix(predicted, data.test.y, data.test.n_classes)
    return {
        "settings": {name: value for name, value in vars(options).items() if not isinstance(value, Path)},
        "parameters": _count(model),
        "test_accuracy": test_accuracy,
        "confusion_matrix": confusion.tolist(),
        "class_scores": {name: scores.tolist() for name, scores in class_scores(confusion).items()},
        "log": log,
    }


def _train(
    backend: Any, options: argparse.Namespace, data: Splits, on_epoch: Callable[[History], None]
) -> tuple[Any, list[float], float, dict[str, Any]]:
    """What the backend's `train` or `train_cnn` returns."""
    extra = {"optimiser": options.optimiser, "weight_decay": options.weight_decay, "on_epoch": on_epoch}
    extra |= {name: vars(options)[name] for name in ("lr", "batch_size", "epochs", "seed")}
    if options.backend == "torch":
        extra["device"] = options.device
    if options.model == "cnn":
        return backend.train_cnn(tuple(options.filters), data, **extra)
    design = {"use_batch_norm": options.batch_norm, "dropout": options.dropout}
    if options.activation:
        design["activation"] = options.activation
    return backend.train(options.hidden, data=data, **design, **extra)


def _count(model: Any) -> int:
    """The number of parameters of a NumPy or a PyTorch network."""
    arrays = model.params.values() if hasattr(model, "params") else model.parameters()
    return sum(math.prod(array.shape) for array in arrays)


@contextmanager
def _progress(epochs: int) -> Iterator[Callable[[History], None]]:
    """What to call after each epoch: moves a bar on the terminal, or does nothing where rich is missing."""
    if importlib.util.find_spec("rich") is None:
        yield lambda history: None
        return
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("training", total=epochs)
        yield lambda history: bar.update(
            task, advance=1, description=f"validation accuracy {history.val_accuracies[-1]:.3f}"
        )


def _write(metrics: dict[str, Any], folder: Path) -> None:
    """The files that the command leaves behind."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    curves.write_csv(metrics["log"], folder / "curves.csv")
    if curves.can_plot():
        curves.write_png(metrics["log"], folder / "curves.png")
    else:
        print('no curves.png: matplotlib is not installed; pip install "markscheme[report]"', file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
