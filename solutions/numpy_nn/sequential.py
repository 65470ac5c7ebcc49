"""Modules one after the other: forward in order, backward in reverse.

Goodfellow et al., Deep Learning, section 6.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Module(Protocol):
    """What a network asks of a layer. One with parameters has dicts `params` and `grads` besides.

    One that behaves differently in evaluation has a flag `training`, and one with running statistics
    has a dict `buffers`.
    """

    def forward(self, x: Array) -> Array:
        """The output for x; keeps what `backward` needs."""
        ...

    def backward(self, dout: Array) -> Array:
        """dL/dx for dL/dout; sets `grads`."""
        ...

    def clear_cache(self) -> None:
        """Forget what `forward` kept."""
        ...


class FlattenModule:
    """(S, ...) to (S, n): what stands between images and dense layers."""

    def __init__(self) -> None:
        self._shape: tuple[int, ...] = ()

    def forward(self, x: Array) -> Array:
        """All numbers of a sample in one row."""
        self._shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dout: Array) -> Array:
        """The gradient in the shape of x."""
        return dout.reshape(self._shape)

    def clear_cache(self) -> None:
        """Forget the shape."""
        self._shape = ()


class Sequential:
    """A chain of modules, itself a module. Parameters are named "index.name", such as "0.weight"."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self.modules = list(modules)

    def forward(self, x: Array) -> Array:
        """The output of the last module."""
        for module in self.modules:
            x = module.forward(x)
        return x

    def backward(self, dout: Array) -> Array:
        """The gradient with respect to the input; every module sets its `grads`."""
        for module in reversed(self.modules):
            dout = module.backward(dout)
        return dout

    def set_grads(self, dout: Array) -> None:
        """As `backward`, without the gradient with respect to the input, which training has no use for."""
        first, *rest = self.modules
        for module in reversed(rest):
            dout = module.backward(dout)
        getattr(first, "set_grads", first.backward)(dout)

    def clear_cache(self) -> None:
        """Forget what was kept for `backward`, in every module."""
        for module in self.modules:
            module.clear_cache()

    def train(self) -> None:
        """Training mode: dropout drops, batch normalisation uses the batch."""
        self._set_mode(True)

    def eval(self) -> None:
        """Evaluation mode: what a sample gives depends on nothing but the sample."""
        self._set_mode(False)

    def _set_mode(self, training: bool) -> None:
        for module in self.modules:
            if hasattr(module, "training"):
                module.training = training

    @property
    def params(self) -> dict[str, Array]:
        """All parameters by name: the modules' own arrays, so that changing one in place changes the network."""
        return self._collect("params")

    @property
    def grads(self) -> dict[str, Array]:
        """The gradients of the latest `backward`, under the names of the parameters."""
        return self._collect("grads")

    @property
    def buffers(self) -> dict[str, Array]:
        """Running statistics by name: part of the network's state that no gradient moves."""
        return self._collect("buffers")

    def _collect(self, table: str) -> dict[str, Array]:
        tables = ((i, getattr(module, table, {})) for i, module in enumerate(self.modules))
        return {f"{i}.{name}": value for i, entries in tables for name, value in entries.items()}

    def load(self, params: Mapping[str, Array]) -> None:
        """Copy values into the parameters. Raises ValueError where names or shapes differ."""
        own = self.params
        if own.keys() != params.keys():
            raise ValueError(f"expected parameters {sorted(own)}; got {sorted(params)}")
        for name, value in params.items():
            if np.shape(value) != own[name].shape:
                raise ValueError(f"{name} has shape {own[name].shape}; got {np.shape(value)}")
            own[name][...] = value
