"""What a small convolutional network computes, in NumPy, and every wrong way in which students build it.

Goodfellow et al., Deep Learning, chapter 9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from problem_bank.checks import CheckFailed
from problem_bank.exercise import Slip
from problem_bank.subjects.torch_mlp import ACTIVATIONS, Array, Layer

Sizes = tuple[int, list[int], int, int, int]  # channels, filters, classes, image size, kernel size


@dataclass(frozen=True)
class Network:
    """Parameters of the convolutions, weight (C_out, C_in, k, k), and of the linear layer, drawn by us.

    The other fields are what may be wrong: another activation, one at the end, mean pooling, maps
    flattened with the channels last. With `averaged` each map's mean is what the linear layer gets.
    """

    blocks: tuple[Layer, ...]
    last: Layer
    activation: str = "ReLU"
    end: str = "no activation"
    pooling: str = "max"
    channels_last: bool = False
    averaged: bool = False

    def outputs(self, x: Array) -> Array:
        """Scores, shape (S, K), for images (S, C, n, n)."""
        x = self.maps(x)
        if self.averaged:
            x = x.mean(axis=(2, 3), keepdims=True)
        flat = (x.transpose(0, 2, 3, 1) if self.channels_last else x).reshape(len(x), -1)
        return ACTIVATIONS[self.end](flat @ self.last["weight"].T + self.last["bias"])

    def maps(self, x: Array) -> Array:
        """What the last block gives for images (S, C, n, n)."""
        for block in self.blocks:
            x = self._pooled(ACTIVATIONS[self.activation](self._convolved(x, block)))
        return x

    def without_bias(self) -> Network:
        """The same network with biases of zero."""
        bare = [{"weight": one["weight"], "bias": np.zeros_like(one["bias"])} for one in (*self.blocks, self.last)]
        return replace(self, blocks=tuple(bare[:-1]), last=bare[-1])

    def _convolved(self, x: Array, block: Layer) -> Array:
        k = block["weight"].shape[-1]
        pad = k // 2
        windows = sliding_window_view(np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))), (k, k), axis=(2, 3))
        y = np.einsum("scijab,ocab->soij", windows, block["weight"])
        return np.asarray(y + block["bias"][:, None, None])

    def _pooled(self, x: Array) -> Array:
        n = 2 * (x.shape[-1] // 2)
        pieces = x[..., :n, :n].reshape(*x.shape[:2], n // 2, 2, n // 2, 2)
        return np.asarray(pieces.max(axis=(3, 5)) if self.pooling == "max" else pieces.mean(axis=(3, 5)))


def drawn(rng: np.random.Generator, sizes: Sizes) -> Network:
    """A network of these sizes with random parameters of moderate size."""
    (channels, filters, classes, size, k), blocks = sizes, list[Layer]()
    for n in filters:
        weight = rng.normal(size=(n, channels, k, k)) / np.sqrt(channels * k * k)
        blocks.append({"weight": weight, "bias": rng.normal(size=n)})
        channels, size = n, size // 2
    n = channels * size * size
    return Network(
        tuple(blocks), {"weight": rng.normal(size=(classes, n)) / np.sqrt(n), "bias": rng.normal(size=classes)}
    )


def wrong(ours: Network, x: Array) -> list[Slip]:
    """What the known wrong networks give for x."""
    table = {
        "no_activation": (replace(ours, activation="no activation"), "No activation follows the convolutions."),
        "softmax_in_model": (replace(ours, end="softmax"), "The outputs are probabilities; give the scores."),
        "activation_at_the_end": (replace(ours, end="ReLU"), "An activation follows the output layer; leave it out."),
        "mean_pooling": (replace(ours, pooling="mean"), "The pooling takes means; max pooling was asked for."),
        "channels_last": (replace(ours, channels_last=True),
                          "The maps are flattened with the channels last; flatten (C, H, W) as it stands."),
        "bias_missing": (ours.without_bias(), "The biases play no part in the output."),
    }  # fmt: skip
    slips = [Slip(name, network.outputs(x), feedback) for name, (network, feedback) in table.items()]
    for name in ("Tanh", "Sigmoid", "ELU", "LeakyReLU"):
        other = replace(ours, activation=name).outputs(x)
        slips.append(Slip("other_activation", other, f"The activation is {name}; use ReLU."))
    scores = ours.outputs(x)
    logs = scores - scores.max(axis=1, keepdims=True)
    logs = logs - np.log(np.exp(logs).sum(axis=1, keepdims=True))
    slips.append(Slip("log_softmax_in_model", logs, "The outputs are logarithms of probabilities; give the scores."))
    return slips


def largest(ours: Network, x: Array) -> Array:
    """The scores if the linear layer gets the largest pixel of each map."""
    maps = ours.maps(x).max(axis=(2, 3))
    return np.asarray(maps @ ours.last["weight"].T + ours.last["bias"])


def load(tools: Any, model: Any, ours: Network) -> None:
    """Write our parameters into the student's layers, found by their shapes. Raises CheckFailed."""
    waiting = [*ours.blocks, ours.last]
    values: list[dict[str, Array]] = []
    for state in tools.state(model):
        fitting = [one for one in waiting if "weight" in state and state["weight"].shape == one["weight"].shape]
        if fitting:
            waiting = [one for one in waiting if one is not fitting[0]]
        elif state:
            shape = state["weight"].shape if "weight" in state else "unknown"
            raise CheckFailed(f"The network has a layer too many, with weights of shape {shape}.", "other_layers")
        values.append({name: value for name, value in fitting[0].items() if name in state} if fitting else {})
    tools.cast(model)
    tools.load(model, values)
