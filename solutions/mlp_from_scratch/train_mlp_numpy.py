"""Training and evaluating the NumPy network.

Goodfellow et al., Deep Learning, sections 8.1.3 (minibatches), 7.8 (the best model on validation data)
and 11.1 (precision and recall).
"""

import argparse
from copy import deepcopy

import cifar10_utils
import numpy as np
from mlp_numpy import MLP
from modules import CrossEntropyModule


def accuracy(predictions, targets):
    """The share of samples, from 0 to 1, whose highest prediction is their class; shapes (S, K) and (S,)."""
    return float((predictions.argmax(axis=1) == targets).mean())


def confusion_matrix(predictions, targets):
    """Counts, shape (K, K): the row is the true class, the column the predicted one.

    `predictions` are probabilities or scores of shape (S, K), `targets` the classes of shape (S,).
    """
    n_classes = predictions.shape[1]
    counts = np.zeros((n_classes, n_classes))
    np.add.at(counts, (targets, predictions.argmax(axis=1)), 1)
    return counts


def confusion_matrix_to_metrics(confusion_matrix, beta=1.0):
    """{"accuracy": number, "precision", "recall", "f1_beta": one number per class, 0 where it is 0 / 0}."""
    hits = np.diag(confusion_matrix)
    called, actual = confusion_matrix.sum(axis=0), confusion_matrix.sum(axis=1)
    return {
        "accuracy": float(hits.sum() / confusion_matrix.sum()),
        "precision": hits / np.maximum(called, 1),
        "recall": hits / np.maximum(actual, 1),
        "f1_beta": (1 + beta**2) * hits / np.maximum(called + beta**2 * actual, 1e-300),
    }


def evaluate_model(model, data_loader):
    """The accuracy over a whole data set: every sample counts the same, however the batches fall."""
    return confusion_matrix_to_metrics(_counts(model, data_loader))["accuracy"]


def _counts(model, data_loader):
    """The confusion matrix over a whole data set."""
    counts = sum(confusion_matrix(model.forward(_flat(images)), labels) for images, labels in data_loader)
    model.clear_cache()
    return counts


def train(hidden_dims, lr, batch_size, epochs, seed, data_dir):
    """(best model on validation data, its validation accuracy after each epoch, test accuracy, log)."""
    np.random.seed(seed)
    data = cifar10_utils.get_dataloader(cifar10_utils.get_cifar10(data_dir), batch_size, return_numpy=True)
    model, loss = MLP(3 * 32 * 32, hidden_dims, 10), CrossEntropyModule()
    best, accuracies, losses = model, [], []
    for _ in range(epochs):
        losses.append([_step(model, loss, _flat(x), y, lr) for x, y in data["train"]])
        accuracies.append(evaluate_model(model, data["validation"]))
        if accuracies[-1] == max(accuracies):
            best = deepcopy(model)  # a mere reference would go on learning
    test = confusion_matrix_to_metrics(_counts(best, data["test"]))
    log = {"losses": losses, "train_losses": [float(np.mean(epoch)) for epoch in losses], "test": test}
    return best, accuracies, test["accuracy"], log


def _step(model, loss, x, y, lr):
    """One update by stochastic gradient descent; the loss before it."""
    probabilities = model.forward(x)
    model.backward(loss.backward(probabilities, y))
    for layer in model.layers:
        for name, parameter in getattr(layer, "params", {}).items():
            parameter -= lr * layer.grads[name]
    return float(loss.forward(probabilities, y))


def _flat(images):
    """(S, 3, 32, 32) to (S, 3072)"""
    return images.reshape(len(images), -1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden_dims", default=[128], type=int, nargs="*")
    parser.add_argument("--lr", default=0.1, type=float)
    parser.add_argument("--batch_size", default=128, type=int)
    parser.add_argument("--epochs", default=10, type=int)
    parser.add_argument("--seed", default=42, type=int)
    parser.add_argument("--data_dir", default="data/")
    _, accuracies, test_accuracy, _ = train(**vars(parser.parse_args()))
    print("validation", *(f"{accuracy:.4f}" for accuracy in accuracies))
    print(f"test {test_accuracy:.4f}")
