"""Training and evaluating the PyTorch network.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""

import argparse

import cifar10_utils
import torch
from mlp_pytorch import MLP
from torch import nn, optim


def accuracy(predictions, targets):
    """Return the share, from 0 to 1, of the samples whose highest score is their class.

    predictions: scores of shape (S, 10); targets: classes of shape (S,).
    """
    raise NotImplementedError


def evaluate_model(model, data_loader):
    """Return the accuracy over all samples of the loader, in evaluation mode. The last batch may be short."""
    raise NotImplementedError


def train(hidden_dims, lr, use_batch_norm, batch_size, epochs, seed, data_dir):
    """Train by plain stochastic gradient descent and return (model, val_accuracies, test_accuracy, logging_dict).

    hidden_dims: widths of the hidden layers; lr: step size; seed: of all random numbers
    model: the one that was best on the validation set; val_accuracies: one per epoch
    test_accuracy: of that model on the test set; logging_dict: whatever you want to keep
    """
    torch.manual_seed(seed)
    data = cifar10_utils.get_cifar10(data_dir)
    loaders = cifar10_utils.get_dataloader(data, batch_size=batch_size)
    model = MLP(3 * 32 * 32, hidden_dims, 10, use_batch_norm)
    optimizer = optim.SGD(model.parameters(), lr=lr)
    loss = nn.CrossEntropyLoss()
    # loaders["train"], loaders["validation"], loaders["test"], model, optimizer and loss are what you need
    raise NotImplementedError


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden_dims", default=[128], type=int, nargs="*")
    parser.add_argument("--use_batch_norm", action="store_true")
    parser.add_argument("--lr", default=0.1, type=float)
    parser.add_argument("--batch_size", default=128, type=int)
    parser.add_argument("--epochs", default=10, type=int)
    parser.add_argument("--seed", default=42, type=int)
    parser.add_argument("--data_dir", default="data/")
    print(train(**vars(parser.parse_args()))[1:3])
