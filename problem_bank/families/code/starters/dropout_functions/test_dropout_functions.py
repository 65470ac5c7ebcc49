"""Tests to work with: `pytest test_dropout_functions.py`. They need NumPy and pytest only.

Shares are held against chance. Passing these is a good sign, and no
promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from layers import dropout_backward, dropout_forward


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("p", [0.2, 0.7])
def test_about_as_many_are_dropped(p):
    out, _ = dropout_forward(np.ones((200, 200)), {"mode": "train", "p": p})
    assert np.mean(out == 0) == pytest.approx(p, abs=0.02)
    assert np.mean(out) == pytest.approx(1, abs=0.03)  # the expectation stays


def test_nothing_happens_in_testing(rng):
    x = rng.normal(size=(4, 5))
    out, cache = dropout_forward(x, {"mode": "test", "p": 0.5})
    np.testing.assert_array_equal(out, x)
    np.testing.assert_array_equal(dropout_backward(x, cache), x)


def test_every_pass_has_its_own_mask():
    x, param = np.ones((20, 20)), {"mode": "train", "p": 0.5}
    assert not np.array_equal(dropout_forward(x, param)[0], dropout_forward(x, param)[0])


def test_the_way_back_uses_the_same_mask():
    x = np.ones((20, 20))
    out, cache = dropout_forward(x, {"mode": "train", "p": 0.5})
    np.testing.assert_allclose(dropout_backward(3 * x, cache), 3 * out)
