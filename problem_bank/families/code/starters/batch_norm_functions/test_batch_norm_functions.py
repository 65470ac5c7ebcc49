"""Tests to work with: `pytest test_batch_norm_functions.py`. They need NumPy and pytest only.

Gradients are compared with central differences of your own forward pass. Passing these is a good
sign, and no promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from layers import batchnorm_backward, batchnorm_forward

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
def case(rng):
    """x, gamma and beta."""
    return rng.normal(3.0, 2.0, size=(S, N)), rng.normal(size=N), rng.normal(size=N)


def settings(mode="train"):
    statistics = {"running_mean": np.full(N, 2.0), "running_var": np.full(N, 4.0)}
    return {"mode": mode, "eps": 1e-5, "momentum": 0.9, **statistics}


def test_training_normalises_every_feature(case):
    x, _, _ = case
    out, _ = batchnorm_forward(x, np.ones(N), np.zeros(N), settings())
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(out.std(axis=0), 1, atol=1e-4)
    scaled, _ = batchnorm_forward(x, np.full(N, 2.0), np.full(N, 5.0), settings())
    np.testing.assert_allclose(scaled, 2 * out + 5)


def test_running_statistics(case):
    param = settings()
    batchnorm_forward(*case, param)
    np.testing.assert_allclose(param["running_mean"], 0.9 * 2 + 0.1 * case[0].mean(axis=0))
    np.testing.assert_allclose(param["running_var"], 0.9 * 4 + 0.1 * case[0].var(axis=0))


def test_testing_uses_the_running_statistics():
    param = settings("test")
    out, _ = batchnorm_forward(np.full((1, N), 4.0), np.ones(N), np.zeros(N), param)
    np.testing.assert_allclose(out, 1, rtol=1e-5)  # (4 - 2) / 2
    np.testing.assert_array_equal(param["running_mean"], 2)


@pytest.mark.parametrize("which", [0, 1, 2], ids=["dx", "dgamma", "dbeta"])
def test_gradients(case, rng, which):
    out, cache = batchnorm_forward(*case, settings())
    dout = rng.normal(size=out.shape)
    actual = batchnorm_backward(dout, cache)[which]
    expected = difference(lambda: np.sum(dout * batchnorm_forward(*case, settings())[0]), case[which])
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-8)
