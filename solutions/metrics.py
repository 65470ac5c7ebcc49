"""How good predictions are: accuracy, the confusion matrix, and what follows from it.

Goodfellow et al., Deep Learning, section 11.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.integer[Any]]


def accuracy(probabilities: Array, y: Labels) -> float:
    """The share of samples whose most probable class is y, for shapes (S, K) and (S,)."""
    return float((probabilities.argmax(axis=1) == y).mean())


def confusion_matrix(predicted: Labels, y: Labels, n_classes: int) -> NDArray[np.intp]:
    """Counts of shape (K, K): the row is the true class, the column the predicted one."""
    cells = np.asarray(y) * n_classes + predicted
    return np.bincount(cells, minlength=n_classes**2).reshape(n_classes, n_classes)


def class_scores(confusion: NDArray[np.intp], beta: float = 1.0) -> dict[str, Array]:
    """Precision, recall and F-score of each class, shape (K,) each; 0 where a ratio would be 0 / 0.

    Precision looks down a column (of those called k, how many are k?), recall along a row (of those
    that are k, how many were called so?). F weighs recall `beta` times as much as precision.
    """
    hits = np.diag(confusion)
    called, actual = confusion.sum(axis=0), confusion.sum(axis=1)
    return {
        "precision": _ratio(hits, called),
        "recall": _ratio(hits, actual),
        "f_score": _ratio((1 + beta**2) * hits, called + beta**2 * actual),
    }


def _ratio(above: NDArray[Any], below: NDArray[Any]) -> Array:
    return np.divide(above, below, out=np.zeros(len(above)), where=below > 0)
