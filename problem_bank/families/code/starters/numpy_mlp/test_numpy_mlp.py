"""Tests to work with: `pytest test_numpy_mlp.py`. They need NumPy, pytest and your modules.py.

Gradients are compared with central differences of your own forward pass. Passing these is a good sign, and no
promise: the grading also looks at cases that are not tried here.
"""

from itertools import pairwise

import numpy as np
import pytest
from mlp_numpy import MLP

S, N_INPUTS, N_CLASSES = 4, 6, 3


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def linear_layers(model):
    return [layer for layer in model.layers if getattr(layer, "params", None)]


@pytest.mark.parametrize("n_hidden", [[], [5], [5, 2]])
def test_layers_have_the_right_sizes(n_hidden):
    widths = [N_INPUTS, *n_hidden, N_CLASSES]
    sizes = [layer.params["weight"].size for layer in linear_layers(MLP(N_INPUTS, n_hidden, N_CLASSES))]
    assert sizes == [m * n for m, n in pairwise(widths)]


@pytest.mark.parametrize("n_hidden", [[], [5], [5, 2]])
def test_forward_gives_probabilities(rng, n_hidden):
    y = MLP(N_INPUTS, n_hidden, N_CLASSES).forward(rng.normal(size=(S, N_INPUTS)))
    assert y.shape == (S, N_CLASSES)
    assert (y > 0).all()
    np.testing.assert_allclose(y.sum(axis=1), np.ones(S))


def test_images_are_flattened(rng):
    model, x = MLP(N_INPUTS, [5], N_CLASSES), rng.normal(size=(S, N_INPUTS))
    np.testing.assert_allclose(model.forward(x.reshape(S, 1, 2, 3)), model.forward(x))


@pytest.mark.parametrize("n_hidden", [[], [5], [5, 2]])
def test_gradients(rng, n_hidden):
    model = MLP(N_INPUTS, n_hidden, N_CLASSES)
    x, dout, step = rng.normal(size=(S, N_INPUTS)), rng.normal(size=(S, N_CLASSES)), 1e-5
    model.forward(x)
    model.backward(dout)
    for layer in linear_layers(model):
        for name, values in layer.params.items():
            actual, expected = np.array(layer.grads[name]), np.zeros_like(values)
            for index in np.ndindex(values.shape):
                kept = values[index]
                values[index] = kept + step
                above = np.sum(dout * model.forward(x))
                values[index] = kept - step
                below = np.sum(dout * model.forward(x))
                values[index] = kept
                expected[index] = (above - below) / (2 * step)
            np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-8)


def test_clear_cache_is_callable(rng):
    model = MLP(N_INPUTS, [5], N_CLASSES)
    model.forward(rng.normal(size=(S, N_INPUTS)))
    model.clear_cache()
