"""Training the NumPy networks.

Goodfellow et al., Deep Learning, section 8.1.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solutions.data import Splits
from solutions.fitting import History, evaluate_model, fit, logging_dict
from solutions.numpy_nn.cnn import CNN
from solutions.numpy_nn.loss import CrossEntropyModule
from solutions.numpy_nn.mlp import MLP
from solutions.numpy_nn.optimisers import SGD, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from solutions.numpy_nn.sequential import Sequential

Array = NDArray[np.float64]
Labels = NDArray[np.intp]

OPTIMISERS: dict[str, type[SGD]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "rmsprop": RMSProp,
    "adagrad": Adagrad,
    "adam": Adam,
    "adamw": AdamW,
}


def train(  # noqa: PLR0917  the signature that the coursework asks for
    hidden_dims: Sequence[int],
    lr: float,
    batch_size: int,
    epochs: int,
    seed: int,
    data: Splits,
    *,
    use_batch_norm: bool = False,
    activation: str = "elu",
    dropout: float = 0.0,
    **options: Any,
) -> tuple[Sequential, list[float], float, dict[str, Any]]:
    """Build an MLP from the seed and train it; `options` and the result are those of `train_model`."""
    n_inputs = math.prod(data.train.x.shape[1:])
    rng = np.random.default_rng(seed)
    model = MLP(
        n_inputs, hidden_dims, data.train.n_classes, use_batch_norm, activation=activation, dropout=dropout, rng=rng
    )
    return train_model(model, data, lr=lr, batch_size=batch_size, epochs=epochs, seed=seed, **options)


def train_cnn(
    n_filters: tuple[int, int], data: Splits, *, seed: int, **options: Any
) -> tuple[Sequential, list[float], float, dict[str, Any]]:
    """Build a CNN from the seed and train it on images; `options` and the result are those of `train_model`."""
    model = CNN(data.train.channels, n_filters, data.train.n_classes, rng=np.random.default_rng(seed))
    return train_model(model, data, seed=seed, **options)


def train_model(
    model: Sequential,
    data: Splits,
    *,
    lr: float,
    batch_size: int,
    epochs: int,
    seed: int,
    optimiser: str = "sgd",
    weight_decay: float = 0.0,
    on_epoch: Callable[[History], None] | None = None,
) -> tuple[Sequential, list[float], float, dict[str, Any]]:
    """(best model on validation data, validation accuracy per epoch, its test accuracy, the log).

    The seed draws the order of the batches. Each run of one seed on one machine gives the same numbers.
    """
    loss = CrossEntropyModule()
    update = OPTIMISERS[optimiser](model.params, lr, weight_decay=weight_decay)

    def step(x: Array, y: Labels) -> float:
        model.train()
        probabilities = model.forward(x)
        model.set_grads(loss.backward(probabilities, y))
        update.step(model.grads)
        return loss.forward(probabilities, y)

    order = np.random.default_rng([seed, 1])  # its own stream: a larger model draws more, but meets the same batches
    fitted = fit(model, step, predict, data, epochs=epochs, batch_size=batch_size, rng=order, on_epoch=on_epoch)
    test_loss, test_accuracy = evaluate_model(lambda x: predict(fitted.model, x), data.test)
    return fitted.model, fitted.history.val_accuracies, test_accuracy, logging_dict(fitted, test_loss)


def predict(model: Sequential, x: Array) -> Array:
    """Class probabilities in evaluation mode, shape (S, K); nothing is kept for `backward`."""
    model.eval()
    probabilities = model.forward(x)
    model.clear_cache()
    return probabilities
