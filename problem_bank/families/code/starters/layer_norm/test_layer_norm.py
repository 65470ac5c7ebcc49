"""Tests to work with: `pytest test_layer_norm.py`. They need NumPy and pytest only.

Gradients are compared with central differences of your own forward pass. Passing these is a good
sign, and no promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from modules import LayerNorm

S, N = 5, 4  # different, so that a swapped axis shows


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


def test_every_sample_is_normalised(rng):
    out = LayerNorm(N).forward(rng.normal(3.0, 2.0, size=(S, N)))
    np.testing.assert_allclose(out.mean(axis=1), 0, atol=1e-9)
    np.testing.assert_allclose(out.std(axis=1), 1, atol=1e-4)


def test_gradients(rng):
    layer, x, dout = LayerNorm(N), rng.normal(3.0, 2.0, size=(S, N)), rng.normal(size=(S, N))
    for value in layer.params.values():
        value[...] = rng.normal(size=value.shape)
    layer.forward(x)
    dx = layer.backward(dout)
    gradients = {"x": dx, "weight": layer.grads["weight"].copy(), "bias": layer.grads["bias"].copy()}
    for name, array in {"x": x, **layer.params}.items():
        expected = difference(lambda: np.sum(dout * layer.forward(x)), array)
        np.testing.assert_allclose(gradients[name], expected, rtol=1e-5, atol=1e-8, err_msg=name)
