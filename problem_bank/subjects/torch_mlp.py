"""What a PyTorch multi-layer perceptron computes, in NumPy, and every wrong way in which students build it.

Goodfellow et al., Deep Learning, chapter 6 and section 8.7.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problem_bank.checks import CheckFailed

Array = NDArray[Any]
Layer = dict[str, Array]


def _softmax(x: Array) -> Array:
    shifted = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "ELU": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "ReLU": lambda x: np.maximum(x, 0),
    "LeakyReLU": lambda x: np.where(x > 0, x, 0.01 * x),
    "no activation": lambda x: x,
    "Tanh": np.tanh,
    "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": _softmax,
}
FITTING = ("ELU", "ReLU", "LeakyReLU")


@dataclass
class Network:
    """Parameters for a network of these widths, drawn by us to be loaded into the student's."""

    linear: list[Layer]
    norm: list[Layer] = field(default_factory=list)

    def outputs(self, x: Array, activation: str = "ELU", *, end: str = "", norm: str = "before") -> Array:
        """Scores, shape (S, K), in evaluation mode.

        `end` names what wrongly follows the output layer; `norm` says where batch normalisation
        stands: "before" the activation, "after" it, or "first" (in front of the linear layer).
        """
        act, last = ACTIVATIONS[activation], len(self.linear) - 1
        for i, layer in enumerate(self.linear):
            x = x @ layer["weight"].T + layer["bias"]
            if i == last:
                break
            x = act(self._norm(i, x)) if norm == "before" else self._norm(i, act(x))
        if end == "log_softmax":
            return np.asarray(np.log(_softmax(x)))
        return ACTIVATIONS[end](x) if end else x

    def _norm(self, i: int, x: Array) -> Array:
        if not self.norm:
            return x
        layer = self.norm[i]
        normal = (x - layer["running_mean"]) / np.sqrt(layer["running_var"] + 1e-5)
        return np.asarray(layer["weight"] * normal + layer["bias"])

    def without_bias(self) -> Network:
        """The same network with biases of zero."""
        return Network(
            [{"weight": one["weight"], "bias": np.zeros_like(one["bias"])} for one in self.linear], self.norm
        )


def drawn(rng: np.random.Generator, widths: Sequence[int], *, norm: bool = False) -> Network:
    """A network with random parameters of moderate size."""
    linear = [{"weight": rng.normal(size=(m, n)) / np.sqrt(n), "bias": rng.normal(size=m)} for n, m in pairwise(widths)]
    norms = [
        {"weight": rng.uniform(0.5, 2, m), "bias": rng.normal(size=m),
         "running_mean": rng.normal(size=m), "running_var": rng.uniform(0.5, 2, m)}
        for m in widths[1:-1]
    ]  # fmt: skip
    return Network(linear, norms if norm else [])


def load(tools: Any, model: Any, ours: Network) -> None:
    """Write our parameters into the student's layers, found by their shapes. Raises CheckFailed for another network."""
    states = tools.state(model)
    waiting = [*ours.linear, *ours.norm]
    values: list[Layer] = []
    for state in states:
        fitting = [layer for layer in waiting if _fits(state, layer)]
        if fitting:
            waiting.remove(fitting[0])
            values.append({name: value for name, value in fitting[0].items() if name in state})
        elif "weight" in state:
            raise CheckFailed(_unexpected(state), "other_layers")
        else:
            values.append({})
    if waiting:
        raise CheckFailed(_lacking(waiting[0]), "layer_missing")
    tools.cast(model)
    tools.load(model, values)


def _fits(state: Layer, layer: Layer) -> bool:
    same = "weight" in state and state["weight"].shape == layer["weight"].shape
    return bool(same and ("running_mean" in state) == ("running_mean" in layer))


def _unexpected(state: Layer) -> str:
    shape = state["weight"].shape
    kind = f"batch normalisation of {shape[0]} units" if "running_mean" in state else f"weights of shape {shape}"
    return f"The network has a layer too many, with {kind}."


def _lacking(layer: Layer) -> str:
    m = layer["weight"].shape[0]
    if "running_mean" in layer:
        return f"The batch normalisation of the hidden layer with {m} units is missing."
    return f"There is no linear layer from {layer['weight'].shape[1]} to {m} units."
