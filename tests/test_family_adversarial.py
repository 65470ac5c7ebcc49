"""Attacks on a linear classifier: values worked by hand, and no perturbation of the same size is worse."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.exact import dot
from problem_bank.variant import Variant
from problem_bank.verdict import Status

# The score is -2 + 6 + 2 - 12 = -6, so that with the label -1 the margin is 6.
PINNED: dict[str, Any] = {"w": [1, -2, 2], "x": [-2, -3, 1], "b": -12, "y": -1, "eps": "1/2"}


def drawn(**given: Any) -> Variant:
    return load("adversarial.linear").draw("", level="hard", given=PINNED | given)


def marked(**answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return drawn().mark(drawn().key() | answers)


def test_an_attack_by_hand() -> None:
    """Weights (1, -2, 2) have the norms 5, 3 and 2; the margin 6 is divided by each, the dual one."""
    assert drawn().exercise.keys() == {
        "margin": 6, "attacked": (Fraction(-3, 2), Fraction(-7, 2), Fraction(3, 2)), "after": Fraction(7, 2),
        "least": Fraction(6, 5), "least_l2": 2, "delta_l2": (Fraction(2, 3), Fraction(-4, 3), Fraction(4, 3)),
        "least_l1": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("part", "text", "slip"),
    [
        ("margin", "-6", "no_label"),
        ("margin", "-6 + 0", None),
        ("attacked", "(-5/2, -5/2, 1/2)", "helps"),
        ("attacked", "(-3/2, -4, 2)", "no_sign"),
        ("after", "11/2", "epsilon_only"),
        ("after", "5", "largest_only"),
        ("least", "3", "max_norm"),
        ("least", "6", "not_scaled"),
        ("least_l2", "2/3", "squared"),
        ("delta_l2", "(-2/3, 4/3, -4/3)", "helps"),
        ("least_l1", "6/5", "l1_norm"),
    ],
)
def test_mistakes_are_named(part: str, text: str, slip: str | None) -> None:
    """The sign of the gradient, the label, the norms exchanged; what cannot be read is not called a mistake."""
    verdict = marked(**{part: text})[part]
    assert slip in verdict.misconceptions if slip else verdict.status is Status.UNREADABLE


def test_later_steps_follow_from_own_ones() -> None:
    """From the margin 9 follow 9/5, 3 and 9/2; from an own x' its own margin."""
    verdicts = marked(margin="9", least="9/5", least_l2="3", least_l1="9/2")
    assert [verdicts[name].status for name in ("least", "least_l2", "least_l1")] == [Status.CONSISTENT] * 3
    assert marked(attacked="(-1, -3, 1)", after="5")["after"].status is Status.CONSISTENT


def test_no_perturbation_of_the_same_size_is_worse() -> None:
    """Random perturbations inside each ball of the keyed size leave a margin; the keyed ones leave none."""
    numbers = np.random.default_rng(0)
    for i in range(20):
        variant = load("adversarial.linear").draw(("worst", i), level="hard")
        keys, given = variant.exercise.keys(), variant.exercise.given
        w, x, y, b = (np.array(given[name], dtype=float) for name in ("w", "x", "y", "b"))
        tried = numbers.normal(size=(200, len(w)))
        for name, norm in (("least", np.inf), ("least_l2", 2), ("least_l1", 1)):
            inside = tried / np.linalg.norm(tried, norm, axis=1, keepdims=True) * float(keys[name])
            assert (y * ((x + inside) @ w + b) >= -1e-9).all()
        assert dot(given["w"], keys["delta_l2"]) == -(dot(given["w"], given["x"]) + given["b"])
        assert sum(v * v for v in keys["delta_l2"]) == keys["least_l2"] ** 2


def test_pinned_weights_need_a_whole_norm() -> None:
    """Where the Euclidean norm is asked about, the message says which weights would do."""
    with pytest.raises(BadGiven, match="whole Euclidean norm"):
        drawn(w=[1, 1, 1])
