"""Data sets drawn in the process: no download, and each one made to show something.

Every function takes a generator and returns (x, y, number of classes), with about equally many samples of each class.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.intp]
Sample = tuple[Array, Labels, int]


def spirals(rng: np.random.Generator, n: int = 1800, classes: int = 3, *, noise: float = 0.1) -> Sample:
    """Points on interleaved spiral arms, x of shape (n, 2): hopeless for every linear classifier.

    `noise` is the standard deviation of the angle, in radians; neighbouring arms are 2π / classes apart.
    """
    y = _labels(rng, n, classes)
    radius = rng.uniform(0.1, 1.0, n)
    angle = 2 * np.pi * y / classes + 4.0 * radius + rng.normal(0.0, noise, n)
    return 2 * np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y, classes


def prototypes(
    rng: np.random.Generator, n: int = 2800, classes: int = 10, *, size: int = 8, shift: int = 1, noise: float = 0.4
) -> Sample:
    """One random image per class, moved by up to `shift` pixels each way, plus noise: x of shape (n, size, size).

    Easy on purpose: networks with serious bugs do well on it, so that accuracy alone proves little.
    """
    images = rng.normal(0.0, 1.0, (classes, size + 2 * shift, size + 2 * shift))
    y = _labels(rng, n, classes)
    down, right = rng.integers(0, 2 * shift + 1, (2, n))
    rows, columns = down[:, None] + np.arange(size), right[:, None] + np.arange(size)
    x = images[y[:, None, None], rows[:, :, None], columns[:, None, :]]
    return x + rng.normal(0.0, noise, x.shape), y, classes


def motifs(
    rng: np.random.Generator,
    n: int = 2800,
    classes: int = 10,
    *,
    size: int = 12,
    motif: int = 6,
    shift: int = 3,
    noise: float = 0.5,
) -> Sample:
    """One random motif per class, put on an empty canvas around its middle, plus noise: x of shape (n, size, size).

    With shift 0 every classifier can do it. With a shift the place no longer says anything, and a
    convolution, which looks for the motif everywhere, has the right bias.
    """
    patterns = rng.choice([-1.0, 1.0], (classes, motif, motif))
    y = _labels(rng, n, classes)
    middle = (size - motif) // 2
    if not 0 <= shift <= middle:
        raise ValueError(f"a motif of {motif} pixels can move by 0 to {middle} on a canvas of {size}, not by {shift}")
    down, right = rng.integers(middle - shift, middle + shift + 1, (2, n))
    rows, columns = down[:, None] + np.arange(motif), right[:, None] + np.arange(motif)
    x = rng.normal(0.0, noise, (n, size, size))
    x[np.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]] += patterns[y]
    return x, y, classes


def vectors(rng: np.random.Generator, n: int = 2000, *, features: int = 50, distance: float = 3.0) -> Sample:
    """Two normal clouds with variance 1, their centres `distance` apart: x of shape (n, features), two classes.

    They overlap as averaged word vectors of kind and unkind reviews do. No classifier can beat
    Φ(distance / 2), which is 0.933 here, and a linear one comes close.
    """
    direction = rng.normal(0.0, 1.0, features)
    direction *= distance / np.linalg.norm(direction)
    y = _labels(rng, n, 2)
    return rng.normal(0.0, 1.0, (n, features)) + np.outer(y - 0.5, direction), y, 2


def _labels(rng: np.random.Generator, n: int, classes: int) -> Labels:
    return rng.permutation(np.arange(n) % classes).astype(np.intp)
