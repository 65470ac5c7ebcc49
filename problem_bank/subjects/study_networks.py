"""Which network a run of a study trained: its layers, its activation, and what its optimiser did in one step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from problem_bank.checks import CheckFailed, tools
from problem_bank.subjects.studies import Array, Run, Study, scores
from problem_bank.subjects.torch_mlp import ACTIVATIONS, Layer, Network

NAMES = {"sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "ReLU"}


def layered(study: Study, run: Run, x: Array, widths: Sequence[int], activation: str) -> None:
    """Is the network of this run a perceptron of these widths and with this activation? Raises CheckFailed."""
    layers = linear_layers(study, run)
    sizes = sorted(layer["weight"].shape[::-1] for layer in layers)
    expected = sorted(pairwise(widths))
    if len(sizes) != len(expected):
        hidden = f"{len(widths) - 2} hidden layers"
        raise CheckFailed(f"The network of {run.place} has {len(sizes) - 1} hidden layers; expected {hidden}.", "depth")
    if sizes != expected:
        raise CheckFailed(
            f"The network of {run.place} has linear layers {sizes}; expected {expected}.", "width_ignored"
        )
    ours, actual = Network(_in_order(layers, widths)), scores(study.module, run.model, x)
    if _equal(actual, ours.outputs(x, NAMES[activation])):
        return
    for name in ACTIVATIONS:
        if _equal(actual, ours.outputs(x, name)):
            raise CheckFailed(f"The activation of {run.place} is {name}; {activation} was asked for.", "activation")
    raise CheckFailed(
        f"The network of {run.place} does not compute what linear layers with {activation} between them compute.",
        "other_network",
    )


def linear_layers(study: Study, run: Run) -> list[Layer]:
    """The parameters of the network's linear layers, as it holds them."""
    return [
        {
            "weight": state["weight"].astype(float),
            "bias": state.get("bias", np.zeros(len(state["weight"]))).astype(float),
        }
        for state in tools(study.module).state(run.model)
        if "weight" in state and state["weight"].ndim == 2
    ]


def parameters(study: Study, run: Run) -> Array:
    """Every parameter of the network in one vector."""
    states = tools(study.module).state(run.model)
    return np.concatenate([value.astype(float).ravel() for state in states for value in state.values()])


def one_step(start: Array, end: Array, rate: float, place: str) -> None:
    """Did the parameters take one step of Adam? It moves each by the rate, or not at all. Raises CheckFailed."""
    moves = np.abs(end - start)
    moves = moves[moves > 1e-3 * rate] if np.any(moves > 1e-3 * rate) else moves
    if np.mean(np.abs(moves - rate) < 0.03 * rate) > 0.9:
        return
    if np.mean(np.abs(moves - 10 * rate) < 0.3 * rate) > 0.9:
        raise CheckFailed("The optimiser is RMSProp; the study is about Adam.", "other_optimiser")
    if np.median(moves) > 1.2 * rate:
        raise CheckFailed(
            f"In one epoch of one batch, the parameters of {place} move by up to {moves.max() / rate:.3g} times the "
            "rate; one step of Adam moves each by the rate. Are batch_size and the rate used?",
            "settings_ignored",
        )
    raise CheckFailed(
        f"In one epoch of one batch, half of the parameters of {place} move by less than "
        f"{np.median(moves) / rate:.2g} times the rate; Adam's first step moves each by the rate.",
        "other_optimiser",
    )


def _in_order(layers: Sequence[Layer], widths: Sequence[int]) -> list[Layer]:
    """From the input to the output; hidden layers of equal shape stay as they are."""
    waiting, ordered = list(layers), []
    for n, m in pairwise(widths):
        index = next(i for i, layer in enumerate(waiting) if layer["weight"].shape == (m, n))
        ordered.append(waiting.pop(index))
    return ordered


def _equal(actual: Array, expected: Array) -> bool:
    return actual.shape == expected.shape and bool(np.allclose(actual, expected, rtol=1e-3, atol=1e-4))
