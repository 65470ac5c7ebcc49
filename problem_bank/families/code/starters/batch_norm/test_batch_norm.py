"""Tests to work with: `pytest test_batch_norm.py`. They need NumPy and pytest only.

Gradients are compared with central differences of your own forward pass. Passing these is a good
sign, and no promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from modules import BatchNorm1d

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


@pytest.fixture
def layer(rng):
    layer = BatchNorm1d(N)
    for value in layer.params.values():
        value[...] = rng.normal(size=value.shape)
    return layer


@pytest.fixture
def x(rng):
    return rng.normal(3.0, 2.0, size=(S, N))


def test_training_normalises_every_feature(x):
    out = BatchNorm1d(N).forward(x)
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(out.std(axis=0), 1, atol=1e-4)


def test_running_statistics(x):
    layer = BatchNorm1d(N, momentum=0.2)
    layer.forward(x)
    np.testing.assert_allclose(layer.running_mean, 0.2 * x.mean(axis=0))
    np.testing.assert_allclose(layer.running_var, 0.8 + 0.2 * x.var(axis=0, ddof=1))


def test_evaluation_uses_the_running_statistics(x):
    layer = BatchNorm1d(N)
    for _ in range(300):
        layer.forward(x)
    layer.eval()
    expected = (x[:1] - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    np.testing.assert_allclose(layer.forward(x[:1]), expected, rtol=1e-4)


def test_gradients(layer, x, rng):
    dout = rng.normal(size=x.shape)
    layer.forward(x)
    dx = layer.backward(dout)
    gradients = {"x": dx, "weight": layer.grads["weight"].copy(), "bias": layer.grads["bias"].copy()}
    for name, array in {"x": x, **layer.params}.items():
        expected = difference(lambda: np.sum(dout * layer.forward(x)), array)
        np.testing.assert_allclose(gradients[name], expected, rtol=1e-5, atol=1e-8, err_msg=name)
