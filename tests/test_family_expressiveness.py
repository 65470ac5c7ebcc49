"""Linear regions, joints and slopes: published counts, networks that are known, follow-through."""

from __future__ import annotations

from typing import Any

import pytest

from problem_bank import load
from problem_bank.variant import Variant
from problem_bank.verdict import Status

LINES = [[1, 0, 0], [1, 0, -1], [0, 1, 0], [1, 1, 0], [1, 1, 1]]


def drawn(name: str, level: str | None = None, **given: Any) -> Variant:
    return load(f"expressiveness.{name}").draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


@pytest.mark.parametrize(("units", "regions"), [(6, 22), (7, 29), (10, 56)])
def test_regions_of_the_plane(units: int, regions: int) -> None:
    """The lazy caterer's numbers."""
    assert drawn("region_count", "easy", units_plane=units).exercise.keys()["plane"] == regions


def test_regions_of_space() -> None:
    """Ten planes cut space into 176 regions: the cake numbers."""
    assert drawn("region_count", "hard", units_space=10, dimension=3).exercise.keys()["space"] == 176


def test_regions_of_given_lines() -> None:
    """x = 0, x = 1, y = 0, x + y = 0 and x + y = -1: five double points, one triple point, thirteen regions."""
    keys = drawn("region_count", lines=LINES, count=5).exercise.keys()
    assert keys["points"] == (5, 1)
    assert keys["drawn"] == 1 + 5 + 5 + 2


def test_regions_follow_from_the_own_points() -> None:
    """Who overlooks the triple point counts its pairs; the regions by them are consistent."""
    verdicts = marked(drawn("region_count", lines=LINES, count=5), points="[6, 1]", drawn=14)
    assert verdicts["drawn"].status is Status.CONSISTENT


def test_a_valley() -> None:
    """ReLU(x - 2) + ReLU(-x + 1) - 1 falls to 1, rests to 2, and rises."""
    keys = drawn("piecewise_linear", "easy", w=[1, -1], b=[-2, 1], v=[1, 1], c=-1, x0=4).exercise.keys()
    assert keys == {"joints": (1, 2), "slopes": (-1, 0, 1), "value": 1}


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [("joints", "[-2, -1]", "sign"), ("slopes", "[0, -1, 0]", "all_right"), ("value", 2, "no_offset")],
)
def test_misread_units_are_named(part: str, answer: Any, slip: str) -> None:
    """The sign of a joint, the side of a unit, the constant."""
    variant = drawn("piecewise_linear", "easy", w=[1, -1], b=[-2, 1], v=[1, 1], c=-1, x0=4)
    assert slip in marked(variant, **{part: answer})[part].misconceptions
