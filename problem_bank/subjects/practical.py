"""The practical's training scripts, seen from the checks: one view of NumPy's and PyTorch's networks.

A script's `train` builds a network, trains it on `cifar10_utils` and returns (model, validation
accuracies, test accuracy, log). Here is how to call it, feed the network and read its parameters,
whatever the submission calls its attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problem_bank.checks import CheckFailed, Kept, StudentError, describe, kept_call, numeric, tools
from solutions.mlp_from_scratch import cifar10_utils

Array = NDArray[Any]
Layer = dict[str, Array]

INPUTS, CLASSES = 3 * 32 * 32, 10


@dataclass(frozen=True)
class Run:
    """What one call of `train` returned; the model stays beside the submission."""

    model: Any
    accuracies: Array
    test: float


@dataclass(frozen=True)
class Script:
    """A student's training script, in NumPy or, with `torch`, in PyTorch."""

    module: Any
    torch: bool

    def train(self, seed: int, *, outside: int | None = None, batch_norm: bool = False, **settings: Any) -> Run:
        """Call `train` with a seed; every global generator is seeded before, so that any run can be repeated."""
        self.tools.seed(seed if outside is None else outside)
        settings = {"hidden_dims": [12], "lr": 0.1, "batch_size": 64, "epochs": 1, "seed": seed, "data_dir": "small",
                    **settings}  # fmt: skip
        flag = {"use_batch_norm": batch_norm} if self.torch else {}
        try:
            result = kept_call(self.module.train, **settings, **flag)
        except StudentError as error:
            if batch_norm or not flag or "use_batch_norm" not in error.message:
                raise
            result = kept_call(self.module.train, **settings)
        return Run(_item(result, 0), accuracies(_item(result, 1)), accuracy(_item(result, 2), "the test accuracy"))

    @property
    def tools(self) -> Any:
        """The helpers for models beside the submission."""
        return tools(self.module)

    def loader(self, part: str, batch_size: int, folder: str = "small") -> Any:
        """A loader of the course's data, beside the submission."""
        utils = self.tools.module("cifar10_utils")
        data = kept_call(utils.get_cifar10, folder)
        return kept_call(utils.get_dataloader, data, batch_size, return_numpy=not self.torch)[part]

    def predict(self, model: Any, x: Array, *, training: bool = False) -> Array:
        """The model's outputs, shape (S, K), for images x."""
        flat = x.reshape(len(x), -1)
        if self.torch:
            self.tools.train(model, training)
            outputs = self.tools.call(model, flat, dtype="float32")
        else:
            outputs = model.forward(flat)
        return numeric(outputs, "the model's output")

    def parameters(self, model: Any, widths: Sequence[int]) -> list[Layer]:
        """The linear layers of a network of these widths, {"weight": (out, in), "bias": (out,)}, from the input on.

        The widths must differ. Batch normalisation follows its layer as {"gamma", "beta", "mean", "variance"}.
        """
        found = self._torch_layers(model) if self.torch else self._numpy_layers(model)
        layers = []
        for n, m in pairwise(widths):
            layers.append(_of_shape(found, n, m))
            layers += [layer for layer in found if "gamma" in layer and layer["gamma"].shape == (m,)]
        return layers

    def _numpy_layers(self, model: Any) -> list[Layer]:
        return [
            {name: numeric(owner.params[name], f'params["{name}"]') for name in ("weight", "bias")}
            for owner in self.tools.owners(model)
        ]

    def _torch_layers(self, model: Any) -> list[Layer]:
        return [_renamed(layer) for layer in self.tools.state(model)]


def accuracies(value: Any) -> Array:
    """One number per epoch, out of a list, an array, or a list of metrics."""
    if isinstance(value, Kept):
        value = value._data()
    if isinstance(value, list | tuple):
        return np.array([accuracy(entry, "a validation accuracy") for entry in value])
    return numeric(value, "the validation accuracies").ravel()


def accuracy(value: Any, what: str) -> float:
    """The accuracy out of a number, or of a table of metrics."""
    if isinstance(value, Kept) and value._kind == "dict":
        value = value._data()
    if isinstance(value, dict):
        value = value.get("accuracy")
    number = numeric(value, what)
    if number.size != 1:
        raise CheckFailed(f"{what} has shape {number.shape}; expected one number.")
    return float(number.ravel()[0])


@cache
def images(part: str, folder: str = "small") -> tuple[Array, Array]:
    """The course's data on our side: images of shape (S, 3, 32, 32) and their classes."""
    data = cifar10_utils.get_cifar10(folder)[part]
    return data.data, data.targets


def share(outputs: Array, y: Array) -> float:
    """The accuracy of outputs, shape (S, K)."""
    return float((outputs.argmax(axis=1) == y).mean())


def batch_mean(outputs: Array, y: Array, batch_size: int) -> float:
    """The mean of the batches' accuracies: what a short last batch distorts."""
    starts = range(0, len(y), batch_size)
    return float(np.mean([share(outputs[i : i + batch_size], y[i : i + batch_size]) for i in starts]))


def _item(result: Any, index: int) -> Any:
    try:
        return result[index]
    except StudentError as error:
        kind = describe(result) if isinstance(result, Kept) else "nothing"
        raise CheckFailed(
            f"train returns {kind}; expected (model, val_accuracies, test_accuracy, logging_dict)."
        ) from error


def _of_shape(found: Sequence[Layer], n: int, m: int) -> Layer:
    for layer in found:
        weight = layer.get("weight")
        if weight is not None and weight.shape in ((m, n), (n, m)):
            bias = layer.get("bias")
            bias = np.zeros(m) if bias is None else bias.reshape(-1)
            return {"weight": weight if weight.shape == (m, n) else weight.T, "bias": bias}
    raise CheckFailed(f"The model that train returns has no linear layer from {n} to {m} units.", "no_such_layer")


def _renamed(layer: Mapping[str, Array]) -> Layer:
    """Batch normalisation's entries under names of their own."""
    if "running_mean" not in layer:
        return dict(layer)
    names = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "variance"}
    return {new: layer[old] for old, new in names.items() if old in layer}
