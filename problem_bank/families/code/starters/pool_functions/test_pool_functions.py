"""Tests to work with: `pytest test_pool_functions.py`. They need NumPy and pytest only.

Gradients are compared with central differences of your own forward pass. Passing these is a good
sign, and no promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from layers import max_pool_backward, max_pool_forward


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


def settings(height, width, stride):
    return {"pool_height": height, "pool_width": width, "stride": stride}


def test_forward_of_an_example_by_hand():
    x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 1.0, 7.0], [0.0, 2.0, 9.0, 8.0], [6.0, 1.0, 3.0, 4.0]]]])
    out, _ = max_pool_forward(x, settings(2, 2, 2))
    np.testing.assert_array_equal(out, [[[[5.0, 7.0], [6.0, 9.0]]]])
    out, _ = max_pool_forward(x, settings(2, 3, 1))
    np.testing.assert_array_equal(out, [[[[5.0, 7.0], [9.0, 9.0], [9.0, 9.0]]]])


@pytest.mark.parametrize(("height", "width", "stride"), [(2, 2, 2), (3, 2, 1), (2, 3, 2)])
def test_gradient(rng, height, width, stride):
    x, param = rng.normal(size=(2, 3, 6, 7)), settings(height, width, stride)
    out, cache = max_pool_forward(x, param)
    dout = rng.normal(size=out.shape)
    expected = difference(lambda: np.sum(dout * max_pool_forward(x, param)[0]), x)
    np.testing.assert_allclose(max_pool_backward(dout, cache), expected, rtol=1e-5, atol=1e-8)
