"""Tests to work with: `pytest test_conv_module.py`. They need NumPy and pytest only.

Gradients are compared with central differences of your own forward pass. Passing these is a good
sign, and no promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from modules import Conv2d

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


def new(rng, stride=1, padding=0):
    layer = Conv2d(C, F, 3, stride, padding)
    layer.params["bias"][...] = rng.normal(size=layer.params["bias"].shape)
    return layer


def test_starts_with_zero_bias_and_gradients():
    layer = Conv2d(C, F, 3)
    assert layer.params["weight"].shape == layer.grads["weight"].shape == (F, C, 3, 3)
    assert not layer.params["bias"].any()
    assert not layer.grads["weight"].any() and not layer.grads["bias"].any()


def test_forward_of_an_example_by_hand():
    layer = Conv2d(1, 1, 2)
    layer.params["weight"][...] = [[1.0, -1.0], [0.0, 2.0]]
    layer.params["bias"][...] = 10.0
    x = np.array([[[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 0.0, 1.0]]]])
    np.testing.assert_allclose(layer.forward(x), [[[[11.0, 18.0], [9.0, 10.0]]]])


@pytest.mark.parametrize(("stride", "padding", "shape"), [(1, 0, (3, 4)), (1, 1, (5, 6)), (2, 1, (3, 3))])
def test_shapes(rng, stride, padding, shape):
    assert new(rng, stride, padding).forward(rng.normal(size=(S, C, 5, 6))).shape == (S, F, *shape)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 1)])
def test_gradients(rng, stride, padding):
    layer, x = new(rng, stride, padding), rng.normal(size=(S, C, 5, 6))
    dout = rng.normal(size=layer.forward(x).shape)
    dx = layer.backward(dout)
    gradients = {"x": dx, "weight": layer.grads["weight"].copy(), "bias": layer.grads["bias"].copy()}
    for name, array in {"x": x, **layer.params}.items():
        expected = difference(lambda: np.sum(dout * layer.forward(x)), array)
        np.testing.assert_allclose(gradients[name], expected, rtol=1e-5, atol=1e-8, err_msg=name)
