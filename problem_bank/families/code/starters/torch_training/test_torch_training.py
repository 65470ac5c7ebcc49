"""Tests to work with: `pytest test_torch_training.py`. They need PyTorch and pytest only.

They train on small generated images. Passing these is a good sign, and no promise: the grading also
looks at cases that are not tried here.
"""

import cifar10_utils
import pytest
import torch
from torch import nn
from train_mlp_pytorch import accuracy, evaluate_model, train

SETTINGS = {
    "hidden_dims": [16],
    "lr": 0.2,
    "use_batch_norm": False,
    "batch_size": 64,
    "epochs": 3,
    "seed": 1,
    "data_dir": "small",
}


@pytest.fixture(scope="module")
def run():
    return train(**SETTINGS)


def test_accuracy():
    """Three of four samples have their highest prediction at their class."""
    predictions = torch.tensor([[0.1, 0.9, 0.0], [0.8, 0.1, 0.1], [0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    assert accuracy(predictions, torch.tensor([1, 0, 2, 1])) == pytest.approx(0.75)


def test_one_validation_accuracy_per_epoch(run):
    """Each between 0 and 1."""
    _, accuracies, test_accuracy, _ = run
    assert len(accuracies) == 3
    assert all(0 <= share <= 1 for share in [*accuracies, test_accuracy])


def test_it_learns(run):
    """Far better than the 0.1 of guessing."""
    assert max(run[1]) > 0.25


def test_evaluation_does_not_depend_on_the_batches(run):
    """150 images are 4 batches of 40, the last one short: every image still counts the same."""
    data = cifar10_utils.get_cifar10("small")
    shares = [evaluate_model(run[0], cifar10_utils.get_dataloader(data, size)["validation"]) for size in (150, 40, 37)]
    assert shares[0] == pytest.approx(shares[1]) == pytest.approx(shares[2])


def test_the_seed_decides(run):
    """The same seed gives the same run, another seed another one."""
    assert list(train(**SETTINGS)[1]) == list(run[1])
    assert list(train(**SETTINGS | {"seed": 2, "epochs": 3})[1]) != list(run[1])


def test_batch_norm():
    """On request the network has it, and learns as well."""
    model, accuracies, _, _ = train(**SETTINGS | {"use_batch_norm": True})
    assert any(isinstance(layer, nn.BatchNorm1d) for layer in nn.Module.modules(model))
    assert max(accuracies) > 0.25
