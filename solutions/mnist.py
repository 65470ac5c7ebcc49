"""MNIST, or anything else in its idx format, from the user's disk, compressed or not.

The format: two zero bytes, a byte for the type (8: unsigned bytes), a byte for the number of axes, each axis's
length as four bytes with the highest first, then the numbers, last axis fastest.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]  # of float32: half the memory of float64, and far finer than 256 grey levels
Labels = NDArray[np.intp]

UNSIGNED_BYTES = 8
MOST_BYTES = 1 << 28  # MNIST's largest file holds 47 MB; a header that promises far more is not believed


def read_mnist(folder: Path) -> tuple[Array, Labels, Array, Labels]:
    """(x, y, x_test, y_test): images in [0, 1] of shape (S, H, W), and their class numbers.

    `folder` holds train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
    t10k-labels-idx1-ubyte, each as it is or with .gz. Raises ValueError where one is missing or broken.
    """
    x, y = _pair(folder, "train")
    x_test, y_test = _pair(folder, "t10k")
    return x, y, x_test, y_test


def _pair(folder: Path, prefix: str) -> tuple[Array, Labels]:
    images, labels = (_find(folder, f"{prefix}-{kind}-ubyte") for kind in ("images-idx3", "labels-idx1"))
    x, y = read_idx(images), read_idx(labels)
    if x.ndim != 3 or y.ndim != 1 or len(x) != len(y):
        raise ValueError(f"{images} and {labels} do not fit together: shapes {x.shape} and {y.shape}")
    if y.max(initial=0) > 9:
        raise ValueError(f"{labels} holds the label {y.max()}; expected 0 to 9")
    return x.astype(np.float32) / 255, y.astype(np.intp)


def _find(folder: Path, name: str) -> Path:
    for file in (folder / name, folder / f"{name}.gz"):
        if file.is_file():
            return file
    raise ValueError(f"{folder} has neither {name} nor {name}.gz; download the four files of MNIST into it")


def read_idx(file: Path) -> NDArray[np.uint8]:
    """The array in an idx file of unsigned bytes; raises ValueError that names the file and what is wrong with it.

    No more is read than the header promises, so that a small compressed file cannot fill the memory.
    """
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
            shape = _header(file, stream)
            body = stream.read(math.prod(shape) + 1)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ValueError(f"{file} is not a whole gzip file ({error}); download it again") from error
    if len(body) != math.prod(shape):
        raise ValueError(f"{file} promises {math.prod(shape)} bytes of shape {shape}, but holds fewer or more")
    return np.frombuffer(body, np.uint8).reshape(shape)


def _header(file: Path, stream: Any) -> tuple[int, ...]:
    """The shape, with the stream left at the first number."""
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] != UNSIGNED_BYTES or not 1 <= magic[3] <= 4:
        raise ValueError(f"{file} is not an idx file of unsigned bytes: it begins with {magic!r}")
    axes = stream.read(4 * magic[3])
    if len(axes) < 4 * magic[3]:
        raise ValueError(f"{file} ends within its header")
    shape: tuple[int, ...] = struct.unpack(f">{magic[3]}I", axes)
    if math.prod(shape) > MOST_BYTES:
        raise ValueError(f"{file} promises {math.prod(shape)} bytes of shape {shape}; at most {MOST_BYTES} are read")
    return shape
