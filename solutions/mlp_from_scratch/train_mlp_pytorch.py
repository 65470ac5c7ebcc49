"""Training and evaluating the PyTorch network.

Goodfellow et al., Deep Learning, sections 8.1.3 (minibatches) and 7.8 (the best model on validation data).
"""

import argparse
from copy import deepcopy

import cifar10_utils
import numpy as np
import torch
from mlp_pytorch import MLP
from torch import nn, optim


def accuracy(predictions, targets):
    """The share of samples, from 0 to 1, whose highest score is that of their class; shapes (S, K) and (S,)."""
    return (predictions.argmax(dim=1) == targets).double().mean().item()


def evaluate_model(model, data_loader):
    """The accuracy over a whole data set: every sample counts the same, however the batches fall."""
    model.eval()  # batch normalisation uses its running statistics
    correct = count = 0
    with torch.no_grad():
        for images, labels in data_loader:
            images, labels = images.to(model.device), labels.to(model.device)
            correct += accuracy(model(images), labels) * len(labels)
            count += len(labels)
    return correct / count


def train(hidden_dims, lr, use_batch_norm, batch_size, epochs, seed, data_dir):
    """(best model on validation data, its validation accuracy after each epoch, test accuracy, log)."""
    np.random.seed(seed)
    torch.manual_seed(seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    data = cifar10_utils.get_dataloader(cifar10_utils.get_cifar10(data_dir), batch_size, return_numpy=False)
    model = MLP(3 * 32 * 32, hidden_dims, 10, use_batch_norm).to(device)
    optimizer = optim.SGD(model.parameters(), lr=lr)
    best, accuracies, losses = model, [], []
    for _ in range(epochs):
        model.train()
        losses.append([_step(model, optimizer, x.to(device), y.to(device)) for x, y in data["train"]])
        accuracies.append(evaluate_model(model, data["validation"]))
        if accuracies[-1] == max(accuracies):
            best = deepcopy(model)  # a mere reference would go on learning
    log = {"losses": losses, "train_losses": [float(np.mean(epoch)) for epoch in losses]}
    return best, accuracies, evaluate_model(best, data["test"]), log


def _step(model, optimizer, x, y):
    """One update by stochastic gradient descent; the loss before it."""
    loss = nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden_dims", default=[128], type=int, nargs="*")
    parser.add_argument("--use_batch_norm", action="store_true")
    parser.add_argument("--lr", default=0.1, type=float)
    parser.add_argument("--batch_size", default=128, type=int)
    parser.add_argument("--epochs", default=10, type=int)
    parser.add_argument("--seed", default=42, type=int)
    parser.add_argument("--data_dir", default="data/")
    _, accuracies, test_accuracy, _ = train(**vars(parser.parse_args()))
    print("validation", *(f"{accuracy:.4f}" for accuracy in accuracies))
    print(f"test {test_accuracy:.4f}")
