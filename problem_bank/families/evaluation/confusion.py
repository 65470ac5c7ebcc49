"""Goodfellow et al., Deep Learning, section 11.1: accuracy, precision, recall, F1, and the overlap of boxes."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.evaluation._boxes import area, jaccard, mask, shared
from problem_bank.families.evaluation._confusion_texts import ASKED, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector


@family(
    topic="evaluation",
    source="Goodfellow 11.1",
    minutes=5,
    levels={"easy": {"ask": ("accuracy", "precision", "recall")}, "medium": {}, "hard": {"ask": tuple(ASKED)}},
)
def confusion(rng: Rng, *, ask: tuple[str, ...] = ("accuracy", "precision", "recall", "f1")) -> Exercise:
    """Read accuracy, precision, recall and F1 from a confusion matrix."""
    tp, fn, fp = rng.int("tp", 5, 40), rng.int("fn", 2, 30), rng.int("fp", 2, 30)
    tn = rng.int("tn", 20, 120)
    real, predicted = _box(rng, "real"), _box(rng, "predicted")
    total, overlap, areas = tp + fn + fp + tn, shared(real, predicted), (area(real), area(predicted))
    rng.require(len({tp, fn, fp, tn}) == 4, "the four counts differ")
    rng.require(0 < overlap < min(areas), "the boxes overlap, and neither holds the other")
    precision, recall = Fraction(tp, tp + fp), Fraction(tp, tp + fn)

    def both(e: Earlier) -> Any:
        return e.get("precision", precision), e.get("recall", recall)

    def halved(e: Earlier) -> Any:
        p, r = both(e)
        return p * r / Fraction(p + r)

    rules: dict[str, Any] = {
        "accuracy": (lambda e: Fraction(tp + tn, total), {
            "error_rate": Fraction(fp + fn, total), "positives_only": Fraction(tp, total),
        }),
        "precision": (lambda e: precision, {"recall": recall, "of_all": Fraction(tp, total)}),
        "recall": (lambda e: recall, {
            "precision": precision, "of_all": Fraction(tp, total), "specificity": Fraction(tn, tn + fp),
        }),
        "f1": (lambda e: 2 * halved(e), {
            "arithmetic": lambda e: sum(both(e)) / Fraction(2),
            "product": halved,
            "accuracy": Fraction(tp + tn, total),
        }),
        "iou": (lambda e: jaccard(real, predicted), {
            "overlap_twice": Fraction(overlap, sum(areas)),
            "of_real": Fraction(overlap, areas[0]),
            "pixels": jaccard(real, predicted, 1),
        }),
    }  # fmt: skip
    steps = Steps(SAID)
    for name in ask:
        steps.ask(name, ASKED[name], *rules[name])
    return Exercise(
        given={**rng.drawn, "ask": ask},
        shown={"total": total, "keys": steps.keys, "overlap": overlap, "areas": areas},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )


def _box(rng: Rng, name: str) -> Vector:
    """Corners (x1, y1, x2, y2) on a small grid."""
    return rng.each(name, [range(5), range(5), range(5, 12), range(5, 12)])


@confusion.oracle
def by_counting(real: Vector, predicted: Vector, **given: Any) -> dict[str, Any]:
    """Every sample as a pair of labels, every box as a mask of unit squares, counted in NumPy."""
    cells = {(1, 1): "tp", (1, 0): "fn", (0, 1): "fp", (0, 0): "tn"}
    truth, said = np.array([pair for pair, name in cells.items() for _ in range(given[name])]).T

    def share(hits: Any, among: Any) -> Fraction:
        return Fraction(int(np.sum(hits & among)), int(np.sum(among)))

    everyone, positive, found = truth >= 0, truth == 1, said == 1
    precision, recall = share(positive, found), share(found, positive)
    boxes = [mask(box) for box in (real, predicted)]
    wider = [mask(box, 1) for box in (real, predicted)]
    values = {
        "accuracy": share(truth == said, everyone), "accuracy.error_rate": share(truth != said, everyone),
        "accuracy.positives_only": share(positive & found, everyone),
        "precision": precision, "precision.recall": recall, "precision.of_all": share(positive & found, everyone),
        "recall": recall, "recall.precision": precision, "recall.of_all": share(positive & found, everyone),
        "recall.specificity": share(~found, ~positive),
        "f1": 1 / ((1 / precision + 1 / recall) / 2), "f1.arithmetic": (precision + recall) / 2,
        "f1.product": 1 / (1 / precision + 1 / recall), "f1.accuracy": share(truth == said, everyone),
        "iou": share(boxes[0] & boxes[1], boxes[0] | boxes[1]),
        "iou.overlap_twice": Fraction(int((boxes[0] & boxes[1]).sum()), int(sum(box.sum() for box in boxes))),
        "iou.of_real": share(boxes[1], boxes[0]), "iou.pixels": share(wider[0] & wider[1], wider[0] | wider[1]),
    }  # fmt: skip
    return values
