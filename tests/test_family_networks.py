"""What is peculiar to forward passes, dropout masks and parameter counts."""

from __future__ import annotations

from typing import Any

import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.variant import Variant
from problem_bank.verdict import Status

LEVELS = ("easy", "medium", "hard")

# A 2-3-2-2-1 network worked by hand, under two sets of masks.
NETWORK = {
    "inputs": 2, "hidden": [3, 2, 2], "masked": [0, 1, 2], "x": [1, 1],
    "W1": [[1, 2], [-1, 1], [2, -1]], "b1": [-1, 1, 2],
    "W2": [[1, 2, -2], [2, -1, 1]], "b2": [2, 1],
    "W3": [[2, 1], [-1, -1]], "b3": [1, 1], "v": [1, -1], "b4": 1,
}  # fmt: skip
MASKS_A = {"m0": [1, 1], "m1": [1, 0, 1], "m2": [1, 0]}
MASKS_B = {"m0": [0, 1], "m1": [1, 1, 1], "m2": [1, 1]}
WORKED_A = {
    "x_masked": (1, 1), "a1": (2, 1, 3), "h1": (2, 1, 3), "h1_masked": (2, 0, 3), "a2": (-2, 8), "h2": (0, 8),
    "h2_masked": (0, 0), "a3": (1, 1), "h3": (1, 1), "y": 1,
}  # fmt: skip
WORKED_B = {
    "x_masked": (0, 1), "a1": (1, 2, 1), "h1": (1, 2, 1), "h1_masked": (1, 2, 1), "a2": (5, 2), "h2": (5, 2),
    "h2_masked": (5, 2), "a3": (13, -6), "h3": (13, 0), "y": 14,
}  # fmt: skip

# W1 x = (-3, 3, 0), a1 = (-2, 4, 2), h1 = (0, 4, 2), y = 2*0 - 4 + 2 - 3 = -5
SMALL = {
    "inputs": 2,
    "hidden": [3],
    "x": [1, 2],
    "W1": [[1, -2], [1, 1], [2, -1]],
    "b1": [1, 1, 2],
    "v": [2, -1, 1],
    "b2": -3,
}


def pinned(family: str, **given: Any) -> Variant:
    return load(family).draw("pinned", given=given)


@pytest.mark.parametrize(("masks", "worked"), [(MASKS_A, WORKED_A), (MASKS_B, WORKED_B)])
def test_pinned_masks_give_the_hand_worked_values(masks: dict[str, Any], worked: dict[str, Any]) -> None:
    """Every intermediate vector and the output; a mask may hit a dead unit or drop nothing when it is pinned."""
    assert pinned("dropout.forward", **NETWORK, **masks).exercise.keys() == worked


def test_masks_that_drop_nothing_hide_no_slip() -> None:
    """With all-ones masks, leaving them out is right, and is marked so."""
    variant = pinned("dropout.forward", **NETWORK, **MASKS_B)
    assert variant.mark({**variant.key(), "h1_masked": "1 2 1"})["h1_masked"].status is Status.RIGHT


@pytest.mark.parametrize(("rescale", "said"), [(False, "rescaled"), (True, "not_rescaled")])
def test_rescaling_is_a_knob_and_its_opposite_a_misconception(rescale: bool, said: str) -> None:
    """Divided by keep = 1/2, kept values double; doing the other thing is named."""
    given = {**SMALL, "masked": [1], "m1": [1, 0, 1], "rescale": rescale}
    variant = pinned("dropout.forward", **given)
    right, wrong = ((0, 0, 4), (0, 0, 2)) if rescale else ((0, 0, 2), (0, 0, 4))
    assert variant.exercise.keys()["h1_masked"] == right
    assert variant.mark({"h1_masked": list(wrong)})["h1_masked"].misconceptions == (said,)
    assert ("**not** divided" in variant.prompt) is not rescale


# Each case: part of that small network, wrong answer, the names it deserves.
SLIPS = [
    ("a1", [-3, 3, 0], {"no_bias"}),
    ("h1", [-2, 4, 2], {"no_relu"}),
    ("h1", [1, 4, 2], {"bias_after_relu"}),
    ("y", -2, {"no_bias"}),
    ("y", 0, {"relu_output"}),
    ("y", -9, {"no_relu"}),
    ("y", -3, {"no_biases", "bias_after_relu"}),  # two mistakes with one number: both are named
]


@pytest.mark.parametrize(("part", "answer", "names"), SLIPS)
def test_a_wrong_step_is_named(part: str, answer: Any, names: set[str]) -> None:
    """Each wrong step of a hand-worked network leads to its own number."""
    variant = pinned("networks.forward", **SMALL)
    assert variant.exercise.keys() == {"a1": (-2, 4, 2), "h1": (0, 4, 2), "y": -5}
    assert set(variant.mark({**variant.key(), part: answer})[part].misconceptions) == names


def test_columns_read_as_units_are_named_where_shapes_allow_it() -> None:
    """Only a square weight matrix lets a transposed product pass unnoticed: (1, 2) W = (4, 3)."""
    given = {"hidden": [2], "x": [1, 2], "W1": [[2, -1], [1, 2]], "b1": [-3, 1], "v": [1, 2], "b2": 1}
    variant = pinned("networks.forward", **given)
    assert variant.mark({"a1": [4 - 3, 3 + 1]})["a1"].misconceptions == ("transposed",)


def test_a_wrong_first_sum_costs_its_own_mark_only() -> None:
    """All later steps that follow from it are consistent, and name no misconception."""
    variant = pinned("networks.forward", **SMALL)
    verdicts = variant.mark({"a1": [5, -4, 2], "h1": [5, 0, 2], "y": 2 * 5 + 2 - 3})
    assert [v.status for v in verdicts.values()] == [Status.WRONG, Status.CONSISTENT, Status.CONSISTENT]


def test_a_slip_on_the_students_own_values_is_named() -> None:
    """Having gone wrong in a1, a student who then forgets ReLU hears of ReLU."""
    verdicts = pinned("networks.forward", **SMALL).mark({"a1": [-4, 7, 2], "h1": [-4, 7, 2]})
    assert verdicts["h1"].misconceptions == ("no_relu",)
    assert verdicts["h1"].cause == "a1"


def test_a_forgotten_mask_is_named_once_and_followed() -> None:
    """Forgetting the first hidden mask is one mistake: what comes after is consistent."""
    variant = pinned("dropout.forward", **NETWORK, **MASKS_A)
    a2 = [2 + 2 - 6 + 2, 4 - 1 + 3 + 1]
    verdicts = variant.mark({**variant.key(), "h1_masked": [2, 1, 3], "a2": a2})
    assert "no_mask" in verdicts["h1_masked"].misconceptions
    assert verdicts["a2"].status is Status.CONSISTENT


def test_masking_one_step_early_keeps_half_the_marks() -> None:
    """The mask written into h is the right idea in the wrong place."""
    variant = pinned("dropout.forward", **NETWORK, **MASKS_A)
    verdict = variant.mark({**variant.key(), "h1": [2, 0, 3]})["h1"]
    assert verdict.misconceptions == ("masked_early",)
    assert verdict.score == verdict.points / 2


@pytest.mark.parametrize("level", LEVELS)
def test_drawn_masks_have_one_zero_on_an_active_unit(level: str) -> None:
    """Otherwise a student who ignores the mask is right; and a kept unit stays active."""
    for i in range(100):
        variant = load("dropout.forward").draw(("mask", i), level=level)
        given, keys = variant.exercise.given, variant.exercise.keys()
        for layer in given["masked"]:
            mask = given[f"m{layer}"]
            before = keys[f"h{layer}"] if layer else given["x"]
            assert mask.count(0) == 1
            assert before[mask.index(0)] > 0
            assert any(keys[f"h{layer}_masked" if layer else "x_masked"])


@pytest.mark.parametrize(("family", "level"), [(f, n) for f in ("networks.forward", "dropout.forward") for n in LEVELS])
def test_drawn_networks_are_worked_by_hand(family: str, level: str) -> None:
    """No value above 30 before the output, and at least one dead hidden unit."""
    for i in range(100):
        keys = load(family).draw(("hand", i), level=level).exercise.keys()
        sums = [value for name, value in keys.items() if name.startswith("a")]
        assert all(abs(v) <= 30 for a in sums for v in a)
        assert any(v < 0 for a in sums for v in a)


# Each case: what is pinned, what it must count.
COUNTS: list[tuple[dict[str, Any], dict[str, int]]] = [
    ({"net": "dense_against_conv", "n": 28, "channels": 1, "units": 100, "filters": 100, "k": 5},
     {"dense": 78_500, "conv": 2_600}),
    ({"net": "dense_batch_norm", "layers": 1, "sizes": [20, 40]}, {"dense1": 840, "norm1": 80, "total": 920}),
    ({"net": "mlp", "sizes": [2, 2, 1]}, {"dense1": 6, "dense2": 3, "total": 9}),
    # LeNet's layout: 28 - 24 - 12 - 8 - 4
    ({"net": "cnn", "padding": "valid", "n": 28, "k": 5, "colours": 1, "filters": [6, 16], "classes": 10},
     {"conv1": 156, "conv2": 2_416, "features": 256, "dense": 2_570, "total": 5_142}),
    # an odd side: pooling drops the last row, 7 - 7 - 3 - 3 - 1
    ({"net": "cnn_batch_norm", "padding": "same", "n": 7, "k": 3, "colours": 3, "filters": [2, 4], "classes": 5},
     {"conv1": 56, "norm1": 4, "conv2": 76, "norm2": 8, "features": 4, "dense": 25, "total": 169}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "counts"), COUNTS)
def test_pinned_networks_have_these_counts(given: dict[str, Any], counts: dict[str, int]) -> None:
    """Counts worked by hand; the answers are read with thousands set off by commas."""
    variant = pinned("counting.parameters", **given)
    assert variant.exercise.keys() == counts
    verdicts = variant.mark({name: f"{count:,}" for name, count in counts.items()})
    assert {v.status for v in verdicts.values()} == {Status.RIGHT}


def test_a_wrong_number_of_features_is_paid_for_once() -> None:
    """Forgetting the second pooling changes the dense layer and the total, consistently."""
    variant = pinned("counting.parameters", **COUNTS[3][0])
    own = {"features": 8 * 8 * 16, "dense": 10_250, "total": 156 + 2_416 + 10_250}
    verdicts = variant.mark({**variant.key(), **own})
    assert verdicts["features"].misconceptions == ("one_pooling",)
    assert verdicts["dense"].status is verdicts["total"].status is Status.CONSISTENT


def test_a_total_without_batch_norm_is_named() -> None:
    """920 less the 80 of batch normalisation, or with its running statistics."""
    variant = pinned("counting.parameters", **COUNTS[1][0])
    assert variant.mark({"total": 840})["total"].misconceptions == ("no_batch_norm",)
    assert variant.mark({"total": 1_000})["total"].misconceptions == ("running_statistics",)


MISFITS = [
    ("dropout.forward", {"keep": 0}, "keep"),
    ("dropout.forward", {"masked": [0, 5]}, "masked"),
    ("dropout.forward", {"m1": [2, 0, 1]}, "m1"),
    ("dropout.forward", {"m1": [1, 0]}, "m1"),
    ("networks.forward", {"hidden": []}, "hidden"),
    ("networks.forward", {"W1": [[1, 2]]}, "W1"),
    ("counting.parameters", {"net": "transformer"}, "net"),
    ("counting.parameters", {"padding": "full"}, "padding"),
    ("counting.parameters", {"net": "mlp", "layers": 0}, "layers"),
    ("counting.parameters", {"net": "mlp", "sizes": [2, 0, 1]}, "sizes"),
    ("counting.parameters", {"net": "cnn", "n": 3}, "n"),
    ("counting.parameters", {"net": "dense_against_conv", "k": 99}, "k"),
]


@pytest.mark.parametrize(("family", "given", "name"), MISFITS)
def test_a_pinned_value_that_does_not_fit_is_named(family: str, given: dict[str, Any], name: str) -> None:
    """The message begins with the name of the value to change."""
    with pytest.raises(BadGiven, match=rf"^{name}\b"):
        pinned(family, **given)
