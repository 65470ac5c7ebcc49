"""What checks of hand-written networks share: finding the layers of a model, and networks to hold it to.

A model is walked for objects with a dict `params` that has an entry "weight", wherever it keeps them, and its
layers are told apart by their sizes, which are all different. So attributes, lists and dicts are all fine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from problem_bank.checks import CheckFailed, StudentError, data, tools
from problem_bank.subjects.layer_checks import Array, entry
from problem_bank.subjects.module_checks import member
from solutions.numpy_nn import ELUModule, LinearModule, SoftMaxModule
from solutions.numpy_nn.sequential import Module, Sequential

NO_LAYERS = 'In the model no object with params["weight"] was found; build it of LinearModule and keep its layers.'


def made(student: Any, widths: Sequence[int]) -> Any:
    """The student's MLP with these widths, input and output included; as plain or as NumPy integers.

    Raises CheckFailed and StudentError.
    """
    kind = member(student, "MLP", "mlp_numpy.py")
    try:
        return kind(widths[0], list(widths[1:-1]), widths[-1])
    except StudentError as error:
        try:
            return kind(np.int64(widths[0]), [np.int64(n) for n in widths[1:-1]], np.int64(widths[-1]))
        except StudentError:
            raise error from None


def weighted(student: Any, model: Any) -> list[Any]:
    """The layers of the model that hold weights, in the order in which they are found. Raises CheckFailed."""
    found = [layer for layer in tools(student).owners(model) if "weight" in _keys(layer)]
    if not found:
        raise CheckFailed(NO_LAYERS)
    return found


def matched(student: Any, model: Any, widths: Sequence[int]) -> list[Any]:
    """The layer between each two neighbours of `widths`, all different. Raises CheckFailed for any other layers."""
    rest = {i: (layer, entry(layer, "params", "weight").shape) for i, layer in enumerate(weighted(student, model))}
    layers = []
    for m, n in pairwise(widths):
        fitting = [i for i, (_, shape) in rest.items() if sorted(shape) == sorted((m, n))]
        if not fitting:
            held = ", ".join(str(shape) for _, shape in rest.values()) or "none"
            says = f"MLP{call(widths)} has no layer from {m} to {n} units (its other weights have shapes: {held})."
            raise CheckFailed(says, "layer_missing")
        layers.append(rest.pop(fitting[0])[0])
    if rest:
        shapes = ", ".join(str(shape) for _, shape in rest.values())
        raise CheckFailed(f"MLP{call(widths)} has layers too many, with weights of shape {shapes}.", "layer_too_many")
    return layers


def call(widths: Sequence[int]) -> str:
    """The arguments of a constructor, as a student reads them."""
    return f"({widths[0]}, {list(widths[1:-1])}, {widths[-1]})"


@dataclass
class Trial:
    """The student's network and linear layers of ours with the same random parameters."""

    model: Any
    layers: list[Any]  # the student's
    linears: list[LinearModule]
    x: Array
    dout: Array

    def chain(
        self, *, hidden: type[Module] | None = ELUModule, end: Sequence[type[Module]] = (SoftMaxModule,)
    ) -> Sequential:
        """Our network; other activations and ends make it a wrong one."""
        *before, last = self.linears
        modules: list[Module] = []
        for linear in before:
            modules += [linear, hidden()] if hidden else [linear]
        return Sequential([*modules, last, *(kind() for kind in end)])

    def gradients(self, network: Sequential) -> list[dict[str, Array]]:
        """The gradients of every linear layer after a forward and a backward pass of this network of ours."""
        network.forward(self.x)
        network.backward(self.dout)
        return [dict(linear.grads) for linear in self.linears]

    def stored(self, i: int, name: str, value: Array) -> Array:
        """An array like a parameter of layer i in the student's orientation."""
        shape = entry(self.layers[i], "params", name).shape
        return value.reshape(shape) if name == "bias" else value.T if shape != value.shape else value


def trial(student: Any, rng: np.random.Generator, widths: Sequence[int], samples: int) -> Trial:
    """A network of the student's with random parameters, fresh inputs, and ours beside it. Raises CheckFailed."""
    model = made(student, widths)
    layers = matched(student, model, widths)
    linears = [LinearModule(m, n) for m, n in pairwise(widths)]
    x, dout = rng.normal(size=(samples, widths[0])), rng.normal(size=(samples, widths[-1]))
    made_up = Trial(model, layers, linears, x, dout)
    for i, (layer, linear) in enumerate(zip(layers, linears, strict=True)):
        _fill(made_up, i, layer, linear, rng)
    return made_up


def _fill(case: Trial, i: int, layer: Any, linear: LinearModule, rng: np.random.Generator) -> None:
    """Write random parameters into the student's layer and read them back for ours: it may store float32."""
    n, m = linear.params["weight"].shape
    if "bias" not in _keys(layer) or entry(layer, "params", "bias").size != n:
        raise CheckFailed(f"The layer from {m} to {n} units has no bias with {n} entries.", "bias_missing")
    drawn: dict[str, Array] = {"weight": rng.normal(size=(n, m)) / np.sqrt(m), "bias": rng.normal(size=(n,))}
    for name, value in drawn.items():
        layer.params[name] = case.stored(i, name, value).copy()
        held = entry(layer, "params", name).astype(float)
        linear.params[name] = held.reshape(n) if name == "bias" else held if held.shape == (n, m) else held.T


def _keys(layer: Any) -> list[str]:
    """The names in the dict `params` of a layer; none where it cannot be looked into."""
    try:
        table = data(layer.params)
    except (StudentError, AttributeError):
        return []
    return [key for key in table if isinstance(key, str)] if isinstance(table, dict) else []
