"""The check of a training script's metrics: the accuracy, or the confusion matrix and what follows from it.

Goodfellow et al., Deep Learning, section 11.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from problem_bank.checks import CheckFailed, StudentError, check, describe, numeric
from problem_bank.subjects.practical import CLASSES, Array, Script, accuracy, share


@check(points=2, seconds=20)
def metric(script: Any, rng: np.random.Generator) -> None:
    """`accuracy`, or `confusion_matrix` and `confusion_matrix_to_metrics`, are right on one batch."""
    outputs, classes = rng.normal(size=(40, CLASSES)), rng.integers(0, CLASSES - 3, 40)  # not every class occurs
    outputs[np.arange(20), classes[:20]] += 5
    found = [judge for name, judge in _JUDGES.items() if _has(script, name)]
    for judge in found:
        judge(script, outputs, classes)
    if not found:
        raise CheckFailed("There is neither a function accuracy nor a function confusion_matrix.")


def _has(script: Script, name: str) -> bool:
    try:
        getattr(script.module, name)
    except StudentError:
        return False
    return True


def _accuracy(script: Script, outputs: Array, classes: Array) -> None:
    found = _called(script, script.module.accuracy, outputs, classes)
    actual, expected = accuracy(found, "accuracy(predictions, targets)"), share(outputs, classes)
    if abs(actual - expected * len(classes)) < 1e-4:
        raise CheckFailed("accuracy counts the hits; divide by the number of samples.", "counted")
    if abs(actual - 100 * expected) < 1e-3:
        raise CheckFailed("accuracy gives a percentage; give a share between 0 and 1.", "not_a_share")
    if abs(actual - expected) > 1e-4:
        raise CheckFailed("accuracy(predictions, targets) is wrong for a batch of 40.")


def _called(script: Script, function: Any, outputs: Array, classes: Array) -> Any:
    """Call it with tensors in a PyTorch script; one that shares the NumPy script's metrics wants arrays."""
    if script.torch:
        try:
            return script.tools.call(function, outputs, classes)
        except StudentError:
            return function(outputs, classes)
    return function(outputs, classes)


def _confusion(script: Script, outputs: Array, classes: Array) -> None:
    counts = numeric(_called(script, script.module.confusion_matrix, outputs, classes), "confusion_matrix")
    truth = np.zeros((CLASSES, CLASSES))
    np.add.at(truth, (classes, outputs.argmax(axis=1)), 1)
    if counts.shape != truth.shape:
        raise CheckFailed(
            f"confusion_matrix has shape {counts.shape} for a batch in which not every class occurs; it needs a row "
            "and a column for each class.",
            "classes_from_batch",
        )
    if not (np.allclose(counts, truth) or np.allclose(counts, truth.T)):
        raise CheckFailed("confusion_matrix counts wrongly.")
    table = script.module.confusion_matrix_to_metrics(counts)
    if not isinstance(table, dict):
        raise CheckFailed(f"confusion_matrix_to_metrics returns {describe(table)}; expected a dict.")
    _metrics(table, truth)


def _metrics(table: dict[str, Any], truth: Array) -> None:
    hits, called, actual = np.diag(truth), truth.sum(axis=0), truth.sum(axis=1)
    used = (called > 0) & (actual > 0)
    precision, recall = hits[used] / called[used], hits[used] / actual[used]
    if abs(accuracy(table, "the accuracy") - hits.sum() / truth.sum()) > 1e-4:
        raise CheckFailed("The accuracy of the confusion matrix is wrong: hits on the diagonal over all samples.")
    found = {name: numeric(table.get(name), f"metrics[{name!r}]") for name in ("precision", "recall")}
    if any(value.shape != (CLASSES,) for value in found.values()):
        raise CheckFailed(f"precision and recall have one entry per class; expected shape ({CLASSES},).")
    if np.allclose(found["precision"][used], recall) and np.allclose(found["recall"][used], precision):
        raise CheckFailed(
            "Precision and recall are swapped: precision asks how many of those called k are k.",
            "precision_recall_swapped",
        )
    if not (np.allclose(found["precision"][used], precision) and np.allclose(found["recall"][used], recall)):
        raise CheckFailed("Precision or recall is wrong for a class.")


_JUDGES = {"accuracy": _accuracy, "confusion_matrix": _confusion}
