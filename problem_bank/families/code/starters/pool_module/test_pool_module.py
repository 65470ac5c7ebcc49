"""Tests to work with: `pytest test_pool_module.py`. They need NumPy and pytest only.

Gradients are compared with central differences of your own forward pass. Passing these is a good
sign, and no promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from modules import MaxPool2d


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def difference(loss, array, step=1e-5):
    """The gradient of loss() with respect to the entries of array, by central differences."""
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + step
        above = loss()
        array[index] = kept - step
        below = loss()
        array[index] = kept
        gradient[index] = (above - below) / (2 * step)
    return gradient


def test_forward_of_an_example_by_hand():
    x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 1.0, 7.0], [0.0, 2.0, 9.0, 8.0], [6.0, 1.0, 3.0, 4.0]]]])
    np.testing.assert_array_equal(MaxPool2d(2).forward(x), [[[[5.0, 7.0], [6.0, 9.0]]]])
    np.testing.assert_array_equal(MaxPool2d(3, 1).forward(x), [[[[9.0, 9.0], [9.0, 9.0]]]])


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 1), (3, 2)])
def test_gradient(rng, size, stride):
    layer, x = MaxPool2d(size, stride), rng.normal(size=(2, 3, 6, 7))
    dout = rng.normal(size=layer.forward(x).shape)
    actual = layer.backward(dout)
    expected = difference(lambda: np.sum(dout * layer.forward(x)), x)
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-8)
