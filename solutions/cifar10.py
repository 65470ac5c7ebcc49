"""CIFAR-10 from the user's disk, in its binary version.

The format, as its page describes it: files of 10,000 records, each one byte of label (0 to 9) and 3,072 bytes of
image, the red, green and blue plane of 32 × 32 pixels one after the other, row by row.

The "python version" of the same data is pickled. Reading a pickle runs whatever code its author put in, so that
version is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]  # of float32: half the memory of float64, and far finer than 256 grey levels
Labels = NDArray[np.intp]

TRAIN = tuple(f"data_batch_{i}.bin" for i in range(1, 6))
TEST = "test_batch.bin"
PIXELS = 3 * 32 * 32
DOWNLOAD = (
    'download the "binary version (suitable for C programs)", cifar-10-binary.tar.gz, '
    "from https://www.cs.toronto.edu/~kriz/cifar.html and unpack it"
)


def read_cifar10(folder: Path) -> tuple[Array, Labels, Array, Labels]:
    """(x, y, x_test, y_test): images in [0, 1] of shape (S, 3, 32, 32), and their class numbers.

    `folder` holds data_batch_1.bin to data_batch_5.bin, or as many of them as there are, and
    test_batch.bin. Raises ValueError where files are missing, pickled or broken, and says what to do.
    """
    train = [folder / name for name in TRAIN if (folder / name).is_file()]
    if not train or not (folder / TEST).is_file():
        _refuse_pickles(folder)
        raise ValueError(f"{folder} needs {TRAIN[0]} (to 5) and {TEST}: {DOWNLOAD}")
    batches = [_read(file) for file in train]
    x, y = (np.concatenate(arrays) for arrays in zip(*batches, strict=True))
    return x, y, *_read(folder / TEST)


def _refuse_pickles(folder: Path) -> None:
    for name in (*TRAIN, TEST):
        file = folder / name.removesuffix(".bin")
        if file.is_file():
            raise ValueError(
                f"{file} belongs to the pickled version of CIFAR-10, and reading a pickle can run any code: {DOWNLOAD}"
            )


def _read(file: Path) -> tuple[Array, Labels]:
    """The images and labels of one file."""
    raw = np.frombuffer(file.read_bytes(), np.uint8)
    if not raw.size or raw.size % (1 + PIXELS):
        raise ValueError(
            f"{file} has {raw.size} bytes, which is not a whole number of records of {1 + PIXELS}: {DOWNLOAD}"
        )
    records = raw.reshape(-1, 1 + PIXELS)
    labels = records[:, 0].astype(np.intp)
    if labels.max() > 9:
        raise ValueError(f"{file} holds the label {labels.max()}, and CIFAR-10 has classes 0 to 9: {DOWNLOAD}")
    return records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255, labels
