"""Tests to work with: `pytest test_optimisers.py`. They need NumPy and pytest only.

Rules that are not written yet are left out. Passing these is a good sign, and no promise: the grading also looks
at cases that are not tried here.
"""

import numpy as np
import optimisers
import pytest

SETTINGS = {
    "learning_rate": 0.1,
    "momentum": 0.5,
    "rho": 0.75,
    "rho1": 0.9,
    "rho2": 0.99,
    "epsilon": 1e-8,
    "weight_decay": 0.5,
}
RULES = ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"]
# Where w = 1 is after one and after two steps, each with the gradient 2, worked out by hand.
BY_HAND = {
    "sgd": (0.8, 0.6),
    "momentum": (0.8, 0.5),
    "nesterov": (0.7, 0.35),
    "rmsprop": (0.8, 0.8 - 0.2 / np.sqrt(1.75)),
    "adam": (0.9, 0.8),
    "adamw": (0.85, 0.7075),
}


def walk(rule, w, gradients):
    """w after every step; None for a rule that is not written."""
    config, steps = dict(SETTINGS), []
    for gradient in gradients:
        try:
            w, config = getattr(optimisers, rule)(w, gradient, config)
        except NotImplementedError:
            return None
        steps.append(w)
    return steps


def test_a_rule_is_written():
    assert any(walk(rule, np.ones(1), [np.ones(1)]) is not None for rule in RULES)


@pytest.mark.parametrize("rule", RULES)
def test_two_steps_by_hand(rule):
    steps = walk(rule, np.array([1.0]), [np.array([2.0])] * 2)
    if steps is None:
        pytest.skip("not written")
    np.testing.assert_allclose(np.ravel(steps), BY_HAND[rule], rtol=1e-6)


@pytest.mark.parametrize("rule", RULES)
def test_a_bowl_is_descended(rule):
    """The loss is half the sum of squares, so the gradient at w is w itself."""
    w, config = np.array([[3.0, -2.0], [1.0, 0.5]]), dict(SETTINGS)
    for _ in range(300):
        try:
            w, config = getattr(optimisers, rule)(w, w.copy(), config)
        except NotImplementedError:
            pytest.skip("not written")
    assert np.abs(w).max() < 0.2


@pytest.mark.parametrize("rule", RULES)
def test_the_arguments_stay(rule):
    w, dw = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    if walk(rule, w, [dw]) is None:
        pytest.skip("not written")
    np.testing.assert_array_equal(w, [1.0, 2.0])
    np.testing.assert_array_equal(dw, [0.5, -1.0])
