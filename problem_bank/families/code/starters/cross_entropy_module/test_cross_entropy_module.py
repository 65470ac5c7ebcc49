"""Tests to work with: `pytest test_cross_entropy_module.py`. They need NumPy and pytest only.

The gradient is compared with central differences of your own loss. Passing these is a good sign, and no
promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from modules import CrossEntropyModule

S, K = 5, 3


@pytest.fixture
def x():
    rows = np.random.default_rng(0).uniform(0.1, 1.0, size=(S, K))
    return rows / rows.sum(axis=1, keepdims=True)


@pytest.fixture
def y():
    return np.array([0, 2, 1, 1, 0])


def test_loss_of_an_example_by_hand():
    x = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    loss = CrossEntropyModule().forward(x, np.array([0, 2]))
    np.testing.assert_allclose(loss, -(np.log(0.5) + np.log(0.8)) / 2, rtol=1e-4)


def test_twice_the_same_batch_has_the_same_loss(x, y):
    once = CrossEntropyModule().forward(x, y)
    np.testing.assert_allclose(CrossEntropyModule().forward(np.tile(x, (2, 1)), np.tile(y, 2)), once)


def test_gradient(x, y):
    loss, expected, step = CrossEntropyModule(), np.zeros((S, K)), 1e-6
    for index in np.ndindex(S, K):
        above, below = x.copy(), x.copy()
        above[index] += step
        below[index] -= step
        expected[index] = (loss.forward(above, y) - loss.forward(below, y)) / (2 * step)
    np.testing.assert_allclose(loss.backward(x, y), expected, rtol=1e-4, atol=1e-8)
