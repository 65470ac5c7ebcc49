"""Overlapping boxes: areas and suppression worked by hand, masks against formulas, named mistakes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.families.evaluation._boxes import area, jaccard, mask, shared
from problem_bank.variant import Variant
from problem_bank.verdict import Status


def drawn(**given: Any) -> Variant:
    return load("evaluation.iou").draw("", given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


# The predicted box is (2, 2, 6, 8); the first real box shares 3 x 4 with it, the second lies beyond its corner.
PAIR = drawn(centred=True, centre=[4, 5, 4, 6], near=[3, 4, 9, 10], other=[7, 10, 11, 13], first=1)

# Box 3 is the best and drops box 1 (42 of 56); box 1 would drop box 2 (42 of 56), which shares 36 of 62 with box 3.
CHAIN = drawn(
    suppress=True,
    threshold=Fraction(3, 5),
    scores=[0.8, 0.7, 0.9, 0.6],
    boxes=[[1, 0, 8, 7], [2, 0, 9, 7], [0, 0, 7, 7], [10, 9, 15, 14]],
)


def test_a_pair_by_hand() -> None:
    """24 and 36 squares share 12, so that the union has 48; where boxes are apart nothing is shared."""
    assert PAIR.exercise.keys() == {
        "corners": (2, 2, 6, 8), "overlap": (12, 0), "union": (48, 36), "iou": (Fraction(1, 4), 0),
    }  # fmt: skip


def test_suppression_by_hand() -> None:
    """The best box drops its neighbour; the next but one stays, since a dropped box drops nothing."""
    assert CHAIN.exercise.keys() == {
        "ious": (Fraction(3, 4), Fraction(5, 9), 0), "kept": (Fraction(9, 10), Fraction(7, 10), Fraction(3, 5)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("variant", "part", "text", "slip"),
    [
        (PAIR, "corners", "(4, 5, 4, 6)", "as_corners"),
        (PAIR, "corners", "(4, 5, 8, 11)", "from_corner"),
        (PAIR, "corners", "(0, -1, 8, 11)", "full_size"),
        (PAIR, "overlap", "(12, 2)", "negative"),
        (PAIR, "overlap", "(20, 0)", "pixels"),
        (PAIR, "union", "(60, 36)", "overlap_twice"),
        (PAIR, "iou", "(1/5, 0)", "overlap_twice"),
        (PAIR, "iou", "(1/3, 0)", "of_real"),
        (CHAIN, "ious", "(3/7, 5/14, 0)", "overlap_twice"),
        (CHAIN, "kept", "0.9, 0.6", "dropped_drop"),
        (CHAIN, "kept", "0.8, 0.6", "table_order"),
    ],
)
def test_mistakes_are_named(variant: Variant, part: str, text: str, slip: str) -> None:
    """Formats mixed, negative lengths multiplied, the shared part twice, and suppression gone wrong."""
    assert slip in marked(variant, **{part: text})[part].misconceptions


def test_later_steps_follow_from_own_ones() -> None:
    """With 10 for the first intersection the union is 50 and the quotient 1/5; an own overlap changes what is kept."""
    verdicts = marked(PAIR, overlap="10, 0", union="50, 36", iou="1/5, 0")
    assert [verdicts[name].status for name in ("union", "iou")] == [Status.CONSISTENT] * 2
    assert marked(CHAIN, ious="(3/4, 2/3, 0)", kept="0.9, 0.6")["kept"].status is Status.CONSISTENT


BOX = st.builds(
    lambda x, y, width, height: (x, y, x + width, y + height),
    *[st.integers(-5, 8)] * 2, *[st.integers(1, 9)] * 2,
)  # fmt: skip


@given(BOX, BOX)
def test_areas_are_counts_of_squares(p: Any, q: Any) -> None:
    """The formulas agree with masks; the quotient is symmetric, from 0 to 1, and 1 for equal boxes alone."""
    assert area(p) == mask(p).sum()
    assert shared(p, q) == (mask(p) & mask(q)).sum()
    assert jaccard(p, q) == jaccard(q, p) == Fraction(int((mask(p) & mask(q)).sum()), int((mask(p) | mask(q)).sum()))
    assert (jaccard(p, q) == 1) == (p == q)


def test_boxes_beyond_the_squares_are_refused() -> None:
    """A pinned box that no mask could hold: the message says how far coordinates may reach."""
    with pytest.raises(BadGiven, match="coordinates from -12 to 31"):
        drawn(**{**PAIR.drawn, "near": [3, 4, 9, 100]})
