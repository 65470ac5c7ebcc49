"""Confusion matrices and boxes: hand-worked numbers, named confusions, follow-through."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from problem_bank import load
from problem_bank.variant import Variant
from problem_bank.verdict import Status

PINNED: dict[str, Any] = {"tp": 30, "fn": 10, "fp": 20, "tn": 40, "real": [0, 0, 6, 6], "predicted": [3, 3, 9, 9]}


def drawn(**given: Any) -> Variant:
    return load("evaluation.confusion").draw("", level="hard", given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_scores_by_hand() -> None:
    """70 of 100 right, 30 of 50 predicted ones real, 30 of 40 real ones found; boxes share 9 of 63."""
    assert drawn(**PINNED).exercise.keys() == {
        "accuracy": Fraction(7, 10), "precision": Fraction(3, 5), "recall": Fraction(3, 4), "f1": Fraction(2, 3),
        "iou": Fraction(1, 7),
    }  # fmt: skip


def test_swapped_scores_are_named() -> None:
    """Precision and recall exchanged; F1 does not notice."""
    verdicts = marked(drawn(**PINNED), precision="3/4", recall="3/5")
    assert verdicts["precision"].misconceptions == ("recall",)
    assert verdicts["recall"].misconceptions == ("precision",)
    assert verdicts["f1"].status is Status.RIGHT


def test_f1_follows_from_the_own_scores() -> None:
    """With a recall of 3/10 in place of 3/4 the harmonic mean with 3/5 is 2/5."""
    assert marked(drawn(**PINNED), recall="3/10", f1="2/5")["f1"].status is Status.CONSISTENT


@pytest.mark.parametrize(("answer", "slip"), [("1/8", "overlap_twice"), ("1/4", "of_real"), ("8/41", "pixels")])
def test_wrong_unions_are_named(answer: str, slip: str) -> None:
    """The shared part counted twice, one box alone, pixels with both ends."""
    assert marked(drawn(**PINNED), iou=answer)["iou"].misconceptions == (slip,)
