"""Tests to work with: `pytest test_torch_cnn.py`. They need PyTorch and pytest only.

Passing these is a good sign, and no promise: the grading also looks at cases that are not tried here.
"""

import inspect

import pytest
import torch
from cnn_pytorch import CNN
from torch import nn


@pytest.mark.parametrize("size", [8, 11, 14])
def test_one_score_per_class(size):
    """Any size of image, multiples of 4 or not."""
    assert CNN(2, [4, 6], 3, size)(torch.randn(5, 2, size, size)).shape == (5, 3)


def test_number_of_parameters():
    """A filter has k * k weights for each input channel and a bias; 11 pixels become 5, then 2."""
    expected = (2 * 25 + 1) * 4 + (4 * 25 + 1) * 6 + (6 * 2 * 2 + 1) * 3
    assert sum(p.numel() for p in CNN(2, [4, 6], 3, 11, kernel_size=5).parameters()) == expected


def test_one_convolution_per_block():
    """Each takes the channels of the one before."""
    layers = [layer for layer in CNN(2, [4, 6], 3, 8).modules() if isinstance(layer, nn.Conv2d)]
    assert [(layer.in_channels, layer.out_channels) for layer in layers] == [(2, 4), (4, 6)]


def test_scores_are_free():
    """Scores may be negative and need not add up to 1: there is no activation and no softmax at the end."""
    torch.manual_seed(0)
    scores = CNN(1, [8, 8], 3, 8)(5 * torch.randn(64, 1, 8, 8))
    assert (scores < 0).any()
    assert not torch.allclose(scores.sum(1), torch.ones(64))


def test_not_linear():
    """Without an activation and pooling, the middle of two inputs would always give the middle of the two outputs."""
    torch.manual_seed(0)
    model, a, b = CNN(1, [8, 8], 3, 8), torch.randn(1, 1, 8, 8), torch.randn(1, 1, 8, 8)
    assert not torch.allclose(model((a + b) / 2), (model(a) + model(b)) / 2, atol=1e-4)


def test_every_parameter_gets_a_gradient():
    """Nothing is cut off from the loss."""
    model = CNN(1, [4, 4], 3, 8)
    nn.functional.cross_entropy(model(torch.randn(5, 1, 8, 8)), torch.tensor([0, 1, 2, 0, 1])).backward()
    assert all(p.grad is not None for p in model.parameters())


@pytest.mark.skipif(
    "global_pooling" not in inspect.signature(CNN).parameters, reason="only where the exercise asks for it"
)
def test_global_pooling():
    """One number per map is left, whatever the size of the images."""
    model = CNN(1, [4, 6], 3, 8, global_pooling=True)
    assert model(torch.randn(5, 1, 20, 20)).shape == (5, 3)
    assert sum(p.numel() for p in model.parameters()) == 10 * 4 + (4 * 9 + 1) * 6 + 7 * 3
