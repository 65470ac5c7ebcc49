"""Tests to work with: `pytest test_torch_mlp.py`. They need PyTorch and pytest only.

Passing these is a good sign, and no promise: the grading also looks at cases that are not tried here.
"""

import pytest
import torch
from mlp_pytorch import MLP
from torch import nn


def kinds(model, kind):
    return [layer for layer in nn.Module.modules(model) if isinstance(layer, kind)]


@pytest.mark.parametrize("hidden", [[], [6], [7, 6, 5]])
def test_one_score_per_class(hidden):
    """Any number of hidden layers, none included."""
    assert MLP(8, hidden, 3)(torch.randn(4, 8)).shape == (4, 3)


@pytest.mark.parametrize("hidden", [[], [6], [7, 6, 5]])
def test_number_of_parameters(hidden):
    """All of them are registered, so that an optimiser finds them; every linear layer has a bias."""
    widths = [8, *hidden, 3]
    expected = sum((n + 1) * m for n, m in zip(widths, widths[1:]))
    assert sum(p.numel() for p in MLP(8, hidden, 3).parameters()) == expected


def test_scores_are_free():
    """Scores may be negative and need not add up to 1: there is no activation and no softmax at the end."""
    torch.manual_seed(0)
    scores = MLP(8, [16], 3)(5 * torch.randn(64, 8))
    assert (scores < -1.5).any()
    assert not torch.allclose(scores.sum(1), torch.ones(64))


def test_not_linear():
    """Without an activation, the middle of two inputs would always give the middle of the two outputs."""
    torch.manual_seed(0)
    model, a, b = MLP(8, [16], 3), torch.randn(1, 8), torch.randn(1, 8)
    assert not torch.allclose(model((a + b) / 2), (model(a) + model(b)) / 2, atol=1e-4)


def test_batch_norm_only_if_asked():
    """One per hidden layer with the flag, none without."""
    assert not kinds(MLP(8, [7, 6], 3), nn.BatchNorm1d)
    assert [layer.num_features for layer in kinds(MLP(8, [7, 6], 3, use_batch_norm=True), nn.BatchNorm1d)] == [7, 6]


def test_every_parameter_gets_a_gradient():
    """Nothing is cut off from the loss."""
    model = MLP(8, [7, 6], 3, use_batch_norm=True)
    nn.functional.cross_entropy(model(torch.randn(5, 8)), torch.tensor([0, 1, 2, 0, 1])).backward()
    assert all(p.grad is not None for p in model.parameters())
