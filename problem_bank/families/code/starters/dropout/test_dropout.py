"""Tests to work with: `pytest test_dropout.py`. They need NumPy and pytest only.

Shares are held against chance. Passing these is a good sign, and no
promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from modules import Dropout


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("p", [0.2, 0.7])
def test_about_as_many_are_dropped(p):
    out = Dropout(p).forward(np.ones((200, 200)))
    assert np.mean(out == 0) == pytest.approx(p, abs=0.02)
    assert np.mean(out) == pytest.approx(1, abs=0.03)  # the expectation stays


def test_nothing_happens_in_evaluation(rng):
    x, layer = rng.normal(size=(4, 5)), Dropout(0.5)
    layer.eval()
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(x), x)
    layer.train()
    assert np.any(layer.forward(np.ones((20, 20))) == 0)


def test_every_pass_has_its_own_mask():
    x, layer = np.ones((20, 20)), Dropout(0.5)
    assert not np.array_equal(layer.forward(x), layer.forward(x))


def test_the_way_back_uses_the_same_mask():
    x, layer = np.ones((20, 20)), Dropout(0.5)
    out = layer.forward(x)
    np.testing.assert_allclose(layer.backward(3 * x), 3 * out)
