"""Tests to work with: `pytest test_im2col.py`. They need NumPy and pytest only.

Nothing but small examples and one identity is tried. Passing these is a good sign, and no
promise: the grading also looks at cases that are not tried here.
"""

import numpy as np
import pytest
from layers import col2im, im2col


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_columns_of_an_example_by_hand():
    x = np.arange(12.0).reshape(1, 1, 3, 4)
    columns = im2col(x, (2, 3))
    expected = [[0, 1, 4, 5], [1, 2, 5, 6], [2, 3, 6, 7], [4, 5, 8, 9], [5, 6, 9, 10], [6, 7, 10, 11]]
    np.testing.assert_array_equal(columns, [expected])


def test_padding_and_stride():
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    np.testing.assert_array_equal(im2col(x, (2, 2), 2, 1), [[[0, 0, 0, 5], [0, 0, 4, 6], [0, 2, 0, 8], [1, 3, 7, 9]]])


def test_channels_lie_below_each_other(rng):
    x = rng.normal(size=(2, 3, 4, 5))
    columns = im2col(x, (2, 3))
    assert columns.shape == (2, 18, 9)
    np.testing.assert_array_equal(columns[:, 6:12], im2col(x[:, 1:2], (2, 3)))


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (1, 1), (2, 1)])
def test_adding_back_is_the_transpose(rng, stride, pad):
    """For every x and y, the product of im2col(x) and y is the product of x and col2im(y)."""
    x = rng.normal(size=(2, 3, 6, 7))
    columns = im2col(x, (3, 2), stride, pad)
    y = rng.normal(size=columns.shape)
    back = col2im(y, x.shape, (3, 2), stride, pad)
    assert back.shape == x.shape
    np.testing.assert_allclose(np.sum(columns * y), np.sum(x * back))
