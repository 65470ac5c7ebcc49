"""Training the PyTorch networks, on any device.

Goodfellow et al., Deep Learning, section 8.1.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from solutions.data import Splits
from solutions.fitting import History, evaluate_model, fit, logging_dict
from solutions.torch_nn.cnn import CNN
from solutions.torch_nn.mlp import MLP

Array = NDArray[np.float64]
Labels = NDArray[np.intp]

OPTIMISERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "momentum": partial(torch.optim.SGD, momentum=0.9),
    "nesterov": partial(torch.optim.SGD, momentum=0.9, nesterov=True),
    "rmsprop": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
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
) -> tuple[nn.Module, list[float], float, dict[str, Any]]:
    """Build an MLP from the seed and train it; `options` and the result are those of `train_model`."""
    n_inputs = math.prod(data.train.x.shape[1:])
    torch.manual_seed(seed)
    model = MLP(n_inputs, hidden_dims, data.train.n_classes, use_batch_norm, activation=activation, dropout=dropout)
    return train_model(model, data, lr=lr, batch_size=batch_size, epochs=epochs, seed=seed, **options)


def train_cnn(
    n_filters: tuple[int, int], data: Splits, *, seed: int, **options: Any
) -> tuple[nn.Module, list[float], float, dict[str, Any]]:
    """Build a CNN from the seed and train it on images; `options` and the result are those of `train_model`."""
    torch.manual_seed(seed)
    model = CNN(data.train.channels, n_filters, data.train.n_classes)
    return train_model(model, data, seed=seed, **options)


def train_model(
    model: nn.Module,
    data: Splits,
    *,
    lr: float,
    batch_size: int,
    epochs: int,
    seed: int,
    optimiser: str = "sgd",
    weight_decay: float = 0.0,
    device: str = "cpu",
    on_epoch: Callable[[History], None] | None = None,
) -> tuple[nn.Module, list[float], float, dict[str, Any]]:
    """(best model on validation data, validation accuracy per epoch, its test accuracy, the log).

    The seed draws the order of the batches, the same as for the NumPy network. `device` is a name that
    torch knows, such as "cuda"; ValueError where it is not to be had. Repeats are bit-identical on one
    CPU with one thread.
    """
    model.to(_available(device))
    update = OPTIMISERS[optimiser](model.parameters(), lr=lr, weight_decay=weight_decay)

    def step(x: Array, y: Labels) -> float:
        model.train()
        update.zero_grad()
        loss = nn.functional.cross_entropy(model(_like(model, x)), torch.as_tensor(y, device=device))
        loss.backward()
        update.step()
        return float(loss.detach())

    order = np.random.default_rng([seed, 1])
    fitted = fit(model, step, predict, data, epochs=epochs, batch_size=batch_size, rng=order, on_epoch=on_epoch)
    test_loss, test_accuracy = evaluate_model(lambda x: predict(fitted.model, x), data.test)
    return fitted.model, fitted.history.val_accuracies, test_accuracy, logging_dict(fitted, test_loss)


def predict(model: nn.Module, x: Array) -> Array:
    """Class probabilities in evaluation mode, shape (S, K), as a NumPy array."""
    model.eval()
    with torch.no_grad():
        probabilities = model(_like(model, x)).softmax(dim=1)
    return np.asarray(probabilities.cpu().numpy(), np.float64)


def load(model: nn.Module, params: Mapping[str, Array]) -> None:
    """Copy a NumPy network's `params` into the PyTorch network of the same architecture.

    Raises RuntimeError, from PyTorch, for a name or a shape that does not fit. Running statistics stay as they are.
    """
    state = model.state_dict()
    state.update({name: torch.as_tensor(value, dtype=state[name].dtype) for name, value in params.items()})
    model.load_state_dict(state)


def _available(device: str) -> str:
    """The device, once a tensor was put on it; raises ValueError where torch cannot."""
    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:  # a build without CUDA fails by assertion
        raise ValueError(f"PyTorch cannot compute on {device!r} here: {error}") from error
    return device


def _like(model: nn.Module, x: Array) -> Tensor:
    """The batch as a tensor, on the device and in the floating-point type of the model."""
    parameter = next(model.parameters())
    return torch.as_tensor(x, dtype=parameter.dtype, device=parameter.device)
