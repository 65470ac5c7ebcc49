"""Tests to work with: `pytest test_softmax_module.py`. They need NumPy and pytest only.

The gradient is compared with central differences of your own forward pass. Passing these is a good sign, and no
promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from modules import SoftMaxModule

S, K = 4, 3  # different, so that a swapped axis shows


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(S, K))


def test_forward_of_an_example_by_hand():
    scores = np.log([[1.0, 2.0, 5.0], [3.0, 3.0, 4.0]])
    np.testing.assert_allclose(SoftMaxModule().forward(scores), [[1 / 8, 2 / 8, 5 / 8], [0.3, 0.3, 0.4]])


def test_rows_sum_to_one(x):
    np.testing.assert_allclose(SoftMaxModule().forward(x).sum(axis=1), np.ones(S))


def test_a_constant_added_to_a_row_changes_nothing(x):
    shifted = x + np.array([[10.0], [0.0], [-10.0], [1000.0]])
    np.testing.assert_allclose(SoftMaxModule().forward(shifted), SoftMaxModule().forward(x))


def test_gradient(x):
    layer, dout = SoftMaxModule(), np.random.default_rng(1).normal(size=(S, K))
    expected, step = np.zeros((S, K)), 1e-5
    for index in np.ndindex(S, K):
        above, below = x.copy(), x.copy()
        above[index] += step
        below[index] -= step
        expected[index] = np.sum(dout * (layer.forward(above) - layer.forward(below))) / (2 * step)
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(dout), expected, rtol=1e-5, atol=1e-8)


def test_clear_cache_is_callable(x):
    layer = SoftMaxModule()
    layer.forward(x)
    layer.clear_cache()
