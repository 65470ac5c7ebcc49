"""Tests to work with: `pytest test_linear_module.py`. They need NumPy and pytest only.

Gradients are compared with central differences of your own forward pass. Passing these is a good
sign, and no promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from modules import LinearModule

S, IN, OUT = 4, 5, 3  # all different, so that a swapped axis shows


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def layer(rng):
    layer = LinearModule(IN, OUT)
    layer.params["bias"][...] = rng.normal(size=layer.params["bias"].shape)
    return layer


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


def test_shapes(layer, rng):
    assert layer.params["weight"].shape == (OUT, IN)
    assert layer.params["bias"].shape == (OUT,)
    assert layer.forward(rng.normal(size=(S, IN))).shape == (S, OUT)


def test_starts_with_zero_bias_and_gradients():
    layer = LinearModule(IN, OUT)
    assert not layer.params["bias"].any()
    assert layer.grads["weight"].shape == (OUT, IN) and not layer.grads["weight"].any()
    assert layer.grads["bias"].shape == (OUT,) and not layer.grads["bias"].any()


def test_forward_of_an_example_by_hand():
    layer = LinearModule(2, 2)
    layer.params["weight"][...] = [[1.0, 2.0], [3.0, 4.0]]
    layer.params["bias"][...] = [10.0, 20.0]
    np.testing.assert_allclose(layer.forward(np.array([[1.0, -1.0]])), [[9.0, 19.0]])


@pytest.mark.parametrize("name", ["weight", "bias"])
def test_gradients_of_the_parameters(layer, rng, name):
    x, dout = rng.normal(size=(S, IN)), rng.normal(size=(S, OUT))
    layer.forward(x)
    layer.backward(dout)
    expected = difference(lambda: np.sum(dout * layer.forward(x)), layer.params[name])
    np.testing.assert_allclose(layer.grads[name], expected, rtol=1e-5, atol=1e-8)


def test_gradient_of_the_input(layer, rng):
    x, dout = rng.normal(size=(S, IN)), rng.normal(size=(S, OUT))
    layer.forward(x)
    actual = layer.backward(dout)
    np.testing.assert_allclose(actual, difference(lambda: np.sum(dout * layer.forward(x)), x), rtol=1e-5, atol=1e-8)


def test_clear_cache_is_callable(layer, rng):
    layer.forward(rng.normal(size=(S, IN)))
    layer.clear_cache()
