"""Small data sets for the studies, generated: no download.

The course provides this file; there is nothing to change here. Every function returns
{"train": (x, y), "validation": (x, y)} with x in float32 and classes y in int64. The seed draws everything.
"""

import numpy as np


def vectors(seed=0, sizes=(800, 400), features=50, distance=3.0):
    """Two clouds that overlap like the mean word vectors of kind and unkind reviews: x of shape (n, features).

    No classifier can do better than 0.933 at a distance of 3, and a linear one comes close.
    """
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=features)
    direction *= distance / np.linalg.norm(direction)
    y = _classes(rng, sum(sizes), 2)
    return _split(rng.normal(size=(len(y), features)) + np.outer(y - 0.5, direction), y, sizes)


def spirals(seed=0, sizes=(600, 300), classes=3, noise=0.1):
    """Points on interleaved spiral arms: x of shape (n, 2). Hopeless for every linear classifier."""
    rng = np.random.default_rng(seed)
    y = _classes(rng, sum(sizes), classes)
    radius = rng.uniform(0.1, 1.0, len(y))
    angle = 2 * np.pi * y / classes + 4 * radius + rng.normal(0, noise, len(y))
    return _split(2 * np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y, sizes)


def motifs(seed=0, sizes=(1500, 500), classes=10, size=12, motif=6, shift=3, noise=0.5):
    """One random motif per class, up to `shift` pixels off the middle of a noisy canvas: x of shape (n, size, size).

    With shift 0 the pixel says the class; with a shift, only the pattern does, wherever it is.
    """
    rng = np.random.default_rng(seed)
    patterns = rng.choice([-1.0, 1.0], (classes, motif, motif))
    y = _classes(rng, sum(sizes), classes)
    middle = (size - motif) // 2
    down, right = rng.integers(middle - shift, middle + shift + 1, (2, len(y)))
    x = rng.normal(0, noise, (len(y), size, size))
    for image, row, column, label in zip(x, down, right, y):
        image[row : row + motif, column : column + motif] += patterns[label]
    return _split(x, y, sizes)


def _classes(rng, n, classes):
    return rng.permutation(np.arange(n) % classes)


def _split(x, y, sizes):
    x, y, n = x.astype(np.float32), y.astype(np.int64), sizes[0]
    return {"train": (x[:n], y[:n]), "validation": (x[n:], y[n:])}
