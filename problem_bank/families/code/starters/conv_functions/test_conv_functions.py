"""Tests to work with: `pytest test_conv_functions.py`. They need NumPy and pytest only.

Gradients are compared with central differences of your own forward pass. Passing these is a good
sign, and no promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from layers import conv_backward, conv_forward

S, C, F = 2, 3, 4  # all different, so that a swapped axis shows


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


@pytest.fixture
def case(rng):
    """Images, filters and bias."""
    return rng.normal(size=(S, C, 5, 6)), rng.normal(size=(F, C, 3, 2)), rng.normal(size=F)


def test_forward_of_an_example_by_hand():
    x = np.array([[[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 0.0, 1.0]]]])
    w = np.array([[[[1.0, -1.0], [0.0, 2.0]]]])
    out, _ = conv_forward(x, w, np.array([10.0]), {"stride": 1, "pad": 0})
    np.testing.assert_allclose(out, [[[[11.0, 18.0], [9.0, 10.0]]]])


@pytest.mark.parametrize(("stride", "pad", "shape"), [(1, 0, (3, 5)), (1, 1, (5, 7)), (2, 1, (3, 4))])
def test_shapes(case, stride, pad, shape):
    out, _ = conv_forward(*case, {"stride": stride, "pad": pad})
    assert out.shape == (S, F, *shape)


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (1, 1), (2, 1)])
@pytest.mark.parametrize("which", [0, 1, 2], ids=["dx", "dw", "db"])
def test_gradients(case, rng, which, stride, pad):
    param = {"stride": stride, "pad": pad}
    out, cache = conv_forward(*case, param)
    dout = rng.normal(size=out.shape)
    actual = conv_backward(dout, cache)[which]
    expected = difference(lambda: np.sum(dout * conv_forward(*case, param)[0]), case[which])
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-8)
