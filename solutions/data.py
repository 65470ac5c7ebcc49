"""Data sets for classification: drawn in the process, part of a library, or read from the user's disk.

Goodfellow et al., Deep Learning, section 5.3 (why there is a validation set).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solutions import generated
from solutions.cifar10 import read_cifar10
from solutions.mnist import read_mnist

Array = NDArray[Any]  # floating-point: float64 where drawn, float32 where read from disk
Labels = NDArray[np.intp]

GENERATED: dict[str, Callable[[np.random.Generator], generated.Sample]] = {
    "spirals": generated.spirals,
    "prototypes": generated.prototypes,
    "motifs": generated.motifs,
    "vectors": generated.vectors,
}
ON_DISK = ("cifar10", "mnist")
NAMES = (*GENERATED, "digits", *ON_DISK)


@dataclass(frozen=True)
class Dataset:
    """Samples x of shape (S, ...) with class numbers y of shape (S,), from 0 to n_classes − 1."""

    x: Array
    y: Labels
    n_classes: int

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise ValueError(f"{len(self.x)} samples and {len(self.y)} labels; each sample needs one")

    def __len__(self) -> int:
        return len(self.y)

    @property
    def channels(self) -> int:
        """The number of image channels; raises ValueError for samples that are no images."""
        if self.x.ndim not in (3, 4):
            raise ValueError(f"samples of shape {self.x.shape[1:]} are no images; choose an image data set, or an MLP")
        return self.x.shape[1] if self.x.ndim == 4 else 1

    def take(self, index: Any) -> Dataset:
        """The samples at `index`: a slice, or an array of positions."""
        return Dataset(self.x[index], self.y[index], self.n_classes)


@dataclass(frozen=True)
class Splits:
    """What a training run sees: train to learn from, validation to choose by, test to report once."""

    train: Dataset
    validation: Dataset
    test: Dataset


def load(name: str, seed: int = 0, folder: Path | None = None) -> Splits:
    """The data set of this name, one of NAMES. `seed` draws the generated ones and shuffles the others.

    `folder` holds the files of "cifar10" and "mnist". Raises ValueError for an unknown name, a missing
    folder or a broken file, and ImportError for "digits" without scikit-learn.
    """
    rng = np.random.default_rng(seed)
    if name in GENERATED:
        return split(Dataset(*GENERATED[name](rng)), rng)
    if name == "digits":
        return split(_digits(), rng)
    if name not in ON_DISK:
        raise ValueError(f"there is no data set {name!r}; choose one of {', '.join(NAMES)}")
    if folder is None:
        raise ValueError(f"{name} is read from disk; name the folder that holds its files")
    x, y, x_test, y_test = (read_cifar10 if name == "cifar10" else read_mnist)(folder)
    rest = split(Dataset(x, y, 10), rng, test=0.0)
    return standardised(Splits(rest.train, rest.validation, Dataset(x_test, y_test, 10)))


def split(data: Dataset, rng: np.random.Generator, validation: float = 0.15, test: float = 0.2) -> Splits:
    """Shuffle, then cut off the given shares, which are rounded down. Raises ValueError if nothing is left."""
    order = rng.permutation(len(data))
    n_test, n_validation = int(test * len(data)), int(validation * len(data))
    if n_test + n_validation >= len(data):
        raise ValueError(f"shares of {validation} and {test} leave nothing to train on of {len(data)} samples")
    parts = np.split(order, [n_test, n_test + n_validation])
    return Splits(test=data.take(parts[0]), validation=data.take(parts[1]), train=data.take(parts[2]))


def standardised(splits: Splits) -> Splits:
    """Every channel (or the whole image, without channels) with mean 0 and variance 1 over the training set.

    Validation and test are shifted and scaled by the numbers of the training set: they stand for data not yet seen.
    """
    x = splits.train.x
    axes = (0, 2, 3) if x.ndim == 4 else None
    # Summed in float64, since a float32 sum over millions of pixels loses digits.
    mean = x.mean(axis=axes, keepdims=True, dtype=np.float64).astype(x.dtype)
    deviation = np.sqrt(np.square(x - mean).mean(axis=axes, keepdims=True, dtype=np.float64)).astype(x.dtype)
    train, validation, test = (
        Dataset((part.x - mean) / deviation, part.y, part.n_classes)
        for part in (splits.train, splits.validation, splits.test)
    )
    return Splits(train, validation, test)


def _digits() -> Dataset:
    """1,797 handwritten digits of 8 × 8 pixels, which come with scikit-learn."""
    if importlib.util.find_spec("sklearn") is None:
        raise ImportError('the digits come with scikit-learn: pip install "markscheme[data]"; or use --data prototypes')
    from sklearn.datasets import load_digits

    digits = load_digits()
    return Dataset(digits.images / 16.0, digits.target.astype(np.intp), 10)
