"""Helpers for models, beside student code in the child: find layers, feed tensors, read gradients.

A check reaches them through `tools(student)`. They run in the student's process, so what they say
is believed no more than what student code says: every number is judged on the other side.
"""

from __future__ import annotations

import importlib
import random
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

_MOST = 20_000  # objects that are looked at in one model
_SETTINGS = (
    "in_features", "out_features", "num_features", "in_channels", "out_channels", "kernel_size", "stride", "padding",
    "p", "alpha", "negative_slope", "eps", "momentum", "num_embeddings", "embedding_dim",
)  # fmt: skip


def module(name: str) -> ModuleType:
    """A module by its name, such as a file that the course provides."""
    return importlib.import_module(name)


def seed(number: int) -> None:
    """Seed every global generator, so that a run can be repeated that seeds none."""
    random.seed(number)
    np.random.seed(number)
    if "torch" in sys.modules:
        _torch().manual_seed(number)


def owners(model: Any) -> list[Any]:
    """Every object of a hand-written model that has a dict `params`, in the order of its attributes."""
    return [found for found in _reachable(model) if isinstance(getattr(found, "params", None), dict)]


def named(model: Any, *kinds: str) -> list[Any]:
    """Every object of the model whose class bears one of these names."""
    return [found for found in _reachable(model) if type(found).__name__ in kinds]


def warned(function: Callable[..., Any], *args: Any) -> tuple[Any, list[str]]:
    """What a call returns, and the warnings that it gave on the way."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = function(*args)
    return value, [str(warning.message) for warning in caught]


def call(function: Callable[..., Any], *args: Any, dtype: str = "float64", **kwargs: Any) -> Any:
    """Call with tensors in place of arrays: floats in this dtype, whole numbers as int64."""
    return function(*(_tensor(arg, dtype) for arg in args), **{k: _tensor(v, dtype) for k, v in kwargs.items()})


def cast(model: Any, dtype: str = "float64") -> None:
    """Give every parameter and buffer of a torch model this dtype."""
    torch = _torch()
    for layer in _layers(model):
        torch.nn.Module.to(layer, getattr(torch, dtype))


def train(model: Any, on: bool = True) -> None:
    """Switch every layer of a torch model, also one that was never registered, to training or evaluation."""
    for layer in _layers(model):
        layer.training = on


def layers(model: Any) -> list[tuple[str, dict[str, Any]]]:
    """The layers of a torch model that hold no others: class and settings, in the order of their attributes."""
    return [
        (type(leaf).__name__, {name: getattr(leaf, name) for name in _SETTINGS if hasattr(leaf, name)})
        for leaf in _leaves(model)
    ]


def trace(model: Any, *args: Any, dtype: str = "float64") -> list[tuple[str, tuple[int, ...]]]:
    """The layers in the order in which a forward pass runs them, each with the shape of its output."""
    seen: list[tuple[str, tuple[int, ...]]] = []
    hooks = [leaf.register_forward_hook(lambda m, _, y: seen.append((type(m).__name__, tuple(y.shape))))
             for leaf in _leaves(model)]  # fmt: skip
    try:
        call(model, *args, dtype=dtype)
    finally:
        for hook in hooks:
            hook.remove()
    return seen


def state(model: Any) -> list[dict[str, np.ndarray[Any, Any]]]:
    """The parameters and buffers of every layer in the order of `layers`, as arrays by name."""
    return [{name: _array(value) for name, value in _tensors(leaf)} for leaf in _leaves(model)]


def load(model: Any, values: list[dict[str, np.ndarray[Any, Any]]]) -> None:
    """Write what `state` gave, or other arrays of the same shapes, into the layers."""
    torch = _torch()
    with torch.no_grad():
        for leaf, table in zip(_leaves(model), values, strict=True):
            for name, tensor in _tensors(leaf):
                if name in table:
                    tensor.copy_(torch.as_tensor(table[name]))


def gradients(model: Any, loss: Callable[..., Any] | str, *args: Any, dtype: str = "float64") -> list[dict[str, Any]]:
    """The gradients, in the form of `state`, of a loss of the output and the last argument.

    `loss` is a name in torch.nn.functional, or a function. Parameters without a gradient hold None.
    """
    torch = _torch()
    for leaf in _leaves(model):
        leaf.zero_grad()
    *inputs, target = args
    judge = getattr(torch.nn.functional, loss) if isinstance(loss, str) else loss
    judge(call(model, *inputs, dtype=dtype), _tensor(target, dtype)).backward()
    return [
        {name: None if value.grad is None else _array(value.grad) for name, value in leaf.named_parameters()}
        for leaf in _leaves(model)
    ]


def registered(model: Any) -> int:
    """The number of parameters that an optimiser of this torch model would see."""
    return sum(value.numel() for value in _torch().nn.Module.parameters(model))


def held(model: Any) -> int:
    """The number of parameters in all layers of a torch model, registered or not."""
    return sum(value.numel() for leaf in _leaves(model) for value in leaf.parameters())


def _reachable(model: Any) -> Iterator[Any]:
    """The model and what its attributes, lists and dicts hold, level by level; each object once."""
    seen: set[int] = set()
    waiting = deque([model])
    while waiting and len(seen) < _MOST:
        found = waiting.popleft()
        if id(found) in seen or isinstance(found, type | ModuleType | np.ndarray | str | bytes | int | float):
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, list | tuple):
            waiting.extend(found)
        elif isinstance(found, dict):
            waiting.extend(found.values())
        else:
            waiting.extend(getattr(found, "__dict__", {}).values())


def _layers(model: Any) -> list[Any]:
    kind = _torch().nn.Module
    return [found for found in _reachable(model) if isinstance(found, kind)]


def _leaves(model: Any) -> list[Any]:
    """Layers that hold no other layers, in the order in which they were made."""
    registered = _torch().nn.Module.modules(model) if isinstance(model, _torch().nn.Module) else ()
    every = [*registered, *_layers(model)]
    found = {id(layer): layer for layer in every if not layer._modules}
    return [layer for layer in found.values() if type(layer).__module__.startswith("torch.nn")]


def _tensors(leaf: Any) -> Iterator[tuple[str, Any]]:
    yield from leaf.named_parameters()
    yield from leaf.named_buffers()


def _tensor(value: Any, dtype: str) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    torch = _torch()
    tensor = torch.from_numpy(value.copy())
    return tensor.to(getattr(torch, dtype)) if value.dtype.kind == "f" else tensor.to(torch.int64)


def _array(tensor: Any) -> Any:
    return tensor.detach().cpu().numpy().copy()


def _torch() -> Any:
    import torch

    return torch
