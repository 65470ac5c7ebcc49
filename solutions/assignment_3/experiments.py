"""Studies of depth, learning rate and architecture: the curves of every run, and what they say.

Goodfellow et al., Deep Learning, sections 6.4.1 (depth), 11.4.1 (learning rate) and 9.4 (convolution as a prior).
"""

from copy import deepcopy

import torch
from cnn_pytorch import CNN
from sentiment import SentimentClassifier
from torch import nn


def depth_study(data, depths, activations, width=512, lr=0.001, batch_size=50, epochs=10, seed=0):
    """Train a network for every depth and activation; see the exercise for what comes back."""
    runs = []
    for depth in depths:
        for activation in activations:
            model = _network(data, depth, activation, width, seed)
            curves = _train(model, data, lr, batch_size, epochs, seed)
            runs.append({"depth": depth, "activation": activation, **curves})
    best = {name: _best([run for run in runs if run["activation"] == name])["depth"] for name in activations}
    deepest = [run for run in runs if run["depth"] == max(depths)]
    slowest = max(deepest, key=lambda run: run["train_loss"][-1])["activation"]
    return {"runs": runs, "claims": {"best_depth": best, "slowest_activation": slowest}}


def learning_rate_study(data, rates, depths, activation="relu", width=512, batch_size=50, epochs=10, seed=0):
    """Train with Adam for every rate and depth; see the exercise for what comes back."""
    runs = []
    for depth in depths:
        for rate in rates:
            model = _network(data, depth, activation, width, seed)
            runs.append({"rate": rate, "depth": depth, **_train(model, data, rate, batch_size, epochs, seed)})
    best, smaller = {}, {}
    for depth in depths:
        losses = {run["rate"]: run["val_loss"][-1] for run in runs if run["depth"] == depth}
        best[depth] = min(losses, key=losses.get)
        smaller[depth] = losses[min(rates)] < losses[max(rates)]
    return {"runs": runs, "claims": {"best_rate": best, "smaller_is_better": smaller}}


def architecture_study(data, architectures, width=128, n_filters=(16, 16), lr=0.003, weight_decay=0.001, batch_size=50,
                       epochs=12, seed=0):  # fmt: skip
    """Train every architecture on every data set; see the exercise for what comes back."""
    runs = []
    for name, images in data.items():
        for architecture in architectures:
            torch.manual_seed(seed)
            model = _architecture(architecture, images, width, n_filters)
            decay = weight_decay if architecture == "mlp_l2" else 0.0
            curves = _train(model, images, lr, batch_size, epochs, seed, decay)
            count = sum(parameter.numel() for parameter in model.parameters())
            runs.append({"data": name, "architecture": architecture, "parameters": count, **curves})
    last = {(run["data"], run["architecture"]): run["val_accuracy"][-1] for run in runs}
    wins = {name: last[name, "cnn"] - last[name, "mlp"] >= 0.2 for name in data}
    over_l2 = {name: last[name, "cnn"] - last[name, "mlp_l2"] >= 0.2 for name in data}
    return {"runs": runs, "claims": {"cnn_wins": wins, "cnn_wins_over_l2": over_l2}}


def _network(data, depth, activation, width, seed):
    """A new classifier for these data; the seed decides its weights."""
    x, y = data["train"]
    torch.manual_seed(seed)
    return SentimentClassifier(x.shape[1], int(y.max()) + 1, [width] * depth, activation)


def _architecture(name, data, width, n_filters):
    """A network for square images without a channel axis."""
    x, y = data["train"]
    classes, size = int(y.max()) + 1, x.shape[-1]
    if name == "cnn":
        return nn.Sequential(nn.Unflatten(1, (1, size)), CNN(1, n_filters, classes, size))
    return nn.Sequential(nn.Flatten(), nn.Linear(size * size, width), nn.ReLU(), nn.Linear(width, classes))


def _train(model, data, lr, batch_size, epochs, seed, weight_decay=0.0):
    """Train with Adam: curves with one number per epoch, the last model, and a copy of the one with the least loss."""
    torch.manual_seed(seed)  # the order of the batches, too, is the same in every run
    x, y = (torch.as_tensor(array) for array in data["train"])
    held, classes = (torch.as_tensor(array) for array in data["validation"])
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay)
    curves = {"train_loss": [], "val_loss": [], "val_accuracy": []}
    best = {}
    for epoch in range(1, epochs + 1):
        total = 0.0
        for chosen in torch.randperm(len(y)).split(batch_size):
            loss = nn.functional.cross_entropy(model(x[chosen]), y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(chosen)
        with torch.no_grad():
            scores = model(held)
        curves["train_loss"].append(total / len(y))
        curves["val_loss"].append(nn.functional.cross_entropy(scores, classes).item())
        curves["val_accuracy"].append((scores.argmax(1) == classes).float().mean().item())
        if curves["val_loss"][-1] == min(curves["val_loss"]):
            best = {"best_epoch": epoch, "best_model": deepcopy(model)}
    return {**curves, **best, "model": model}


def _best(runs):
    """The run with the highest validation accuracy after the last epoch."""
    return max(runs, key=lambda run: run["val_accuracy"][-1])
