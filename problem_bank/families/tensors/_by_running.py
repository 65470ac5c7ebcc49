"""The second route: the printed line runs in NumPy, with small layers of our own; misconceptions as they read it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np

from problem_bank.answers.shape_or_error import ERROR

Sizes = tuple[int, ...]


@dataclass(frozen=True)
class Layers:
    """PyTorch's layers, as far as shapes go; a field that is set is a misconception about them."""

    kernel_ignored: bool = False
    channels_kept: bool = False
    padding_once: bool = False
    padding_ignored: bool = False
    as_forward: bool = False
    channels_last: bool = False
    channels_first: bool = False
    flattens: bool = False
    turned: bool = False

    def namespace(self) -> SimpleNamespace:
        """The layers by the names that PyTorch gives them."""

        def flatten(start_dim: int = 1) -> Any:
            return lambda x: x.reshape(*x.shape[:start_dim], -1)

        return SimpleNamespace(
            Linear=self.linear, Flatten=flatten, Conv2d=self.convolution, ConvTranspose2d=self.transposed
        )

    def linear(self, before: int, after: int) -> Any:
        """A product with a matrix."""

        def layer(x: Any) -> Any:
            if self.flattens:
                return np.zeros((len(x), after))
            moved = np.moveaxis(x, 1, -1) if self.channels_first else x
            y = moved @ np.zeros((before, after))
            return np.moveaxis(y, -1, 1) if self.channels_first else y

        return layer

    def convolution(self, before: int, after: int, k: int, *, stride: int = 1, padding: int = 0) -> Any:
        """Windows are laid on each side one after another, and counted."""
        pads = padding * (1 if self.padding_once else 2)

        def layer(x: Any) -> Any:
            x = np.moveaxis(x, -1, 1) if self.channels_last else x
            _same(x.shape[1], before)
            sides = [len(range(0, n + pads - (1 if self.kernel_ignored else k) + 1, stride)) for n in x.shape[2:]]
            y = np.zeros((len(x), before if self.channels_kept else after, *sides))
            return np.moveaxis(y, 1, -1) if self.channels_last else y

        return layer

    def transposed(self, before: int, after: int, k: int, *, stride: int = 1, padding: int = 0) -> Any:
        """Every pixel is spread over a window; the borders are cut from the pixels that are reached."""
        if self.as_forward:
            return self.convolution(before, after, k, stride=stride, padding=padding)
        k = 1 if self.kernel_ignored else k
        cut = padding * (0 if self.padding_ignored else 1 if self.padding_once else 2)

        def layer(x: Any) -> Any:
            _same(x.shape[1], after if self.turned else before)
            reached = [{i * stride + j for i, j in product(range(n), range(k))} for n in x.shape[2:]]
            return np.zeros((len(x), before if self.turned else after, *(max(r) + 1 - cut for r in reached)))

        return layer


def _same(channels: int, expected: int) -> None:
    if channels != expected:
        raise ValueError("the channels do not fit")


def run(code: str, arrays: Mapping[str, Sizes], layers: Layers = Layers()) -> tuple[Any, ...]:
    """The shape that the line gives, or (ERROR, a, b) for the two sizes of which one in place of the other mends it."""
    found = _shape(code, arrays, layers)
    if found is not None:
        return found
    sizes = {*map(int, re.findall(r"\d+", code)), *(n for shape in arrays.values() for n in shape)} - {0, 1}
    mending = set()
    for name, shape in arrays.items():
        for (axis, old), new in product(enumerate(shape), sizes):
            mended = {**arrays, name: (*shape[:axis], new, *shape[axis + 1 :])}
            if _shape(code, mended, layers) is not None:
                mending.add(frozenset((old, new)))
    (pair,) = mending
    return (ERROR, *sorted(pair))


def _shape(code: str, arrays: Mapping[str, Sizes], layers: Layers) -> Sizes | None:
    """The shape, or None for an error."""
    names: dict[str, Any] = {name: np.broadcast_to(1.0, shape) for name, shape in arrays.items()}
    try:
        value = eval(code, {"np": np, "nn": layers.namespace(), **names})  # the family's own line, never a student's
    except ValueError:
        return None
    return tuple(map(int, np.shape(value)))


READINGS: dict[str, dict[str, str]] = {
    "x + y": {"leading": "(x.T + y.T).T", "outer": "np.add.outer(x, y)"},
    "x * y": {"leading": "(x.T * y.T).T", "outer": "np.multiply.outer(x, y)", "as_matmul": "x @ y"},
    "x @ y": {
        "inner_kept": "x[..., None] * y", "swapped": "y.T @ x.T", "transposed_for_you": "x.swapaxes(0, 1) @ y",
        "as_star": "x * y", "column": "x @ y[:, None]", "every_pair": "np.dot(x, y)",
        "keys_transposed": "x @ y.swapaxes(-2, -1)",
    },
    "x.sum(axis=1)": {
        "others": "x.sum(axis=(0, 2))", "kept": "x.sum(axis=1, keepdims=True)", "from_one": "x.sum(axis=0)",
    },
    "x.max(axis=-1)": {"others": "x.max(axis=(0, 1))", "kept": "x.max(axis=-1, keepdims=True)"},
    "x.mean(axis=0, keepdims=True)": {"others": "x.mean(axis=1, keepdims=True)", "forgotten": "x.mean(axis=0)"},
    "x.T @ y": {"ignored": "x @ y", "swapped": "y.T @ x"},
    "x @ x": {"as_star": "x * x", "transposed_for_you": "x.T @ x"},
    "x.T": {"last_two": "x.swapaxes(1, 2)"},
    "x @ x.T": {"ignored": "x @ x", "swapped": "x.T @ x"},
    "x - x.mean(axis=1)": {"kept": "x - x.mean(axis=1, keepdims=True)"},
    "x - x.mean(axis=1, keepdims=True)": {"forgotten": "x - x.mean(axis=1)"},
    "x - x.mean(axis=0)": {"leading": "(x.T - x.mean(axis=0)).T"},
    "x / x.sum(axis=1)": {"kept": "x + x.sum(axis=1, keepdims=True)"},
    "x[:, None] - y": {"no_axis": "x - y", "outer": "np.subtract.outer(x[:, None], y)"},
    "x[:, None] * y": {"no_axis": "x * y", "outer": "np.multiply.outer(x[:, None], y)"},
    "x[None] - y": {"other_place": "x[:, None] - y"},
    "np.stack([x, y])": {"joined": "np.concatenate([x, y])"},
    "np.concatenate([x, y])": {"stacked": "np.stack([x, y])"},
    "np.concatenate([x, y], axis=1)": {"other_axis": "np.concatenate([x, y])"},
    "np.stack([x, y], axis=1)": {"joined": "np.concatenate([x, y], axis=1)", "other_axis": "np.stack([x, y])"},
    "x.reshape({p}, -1)": {"added": "np.concatenate([x[:, :, 0], x[:, 0]], axis=1)", "flat": "x.reshape(-1)"},
    "x.reshape(-1, {r})": {"added": "np.concatenate([x[:, 0], x[0]])", "flat": "x.reshape(-1)"},
    "x @ y.swapaxes(-2, -1)": {"ignored": "x @ y", "swapped": "y @ x.swapaxes(-2, -1)"},
    "x.swapaxes(1, 2).reshape({p}, {r}, -1)": {
        "added": "np.concatenate([x[..., 0].swapaxes(1, 2), x[:, 0]], axis=2)",
    },
    "nn.Flatten()(x)": {"flat": "x.reshape(-1)"},
    "nn.Flatten(start_dim=2)(x)": {"from_one": "nn.Flatten()(x)", "flat": "x.reshape(-1)"},
}  # fmt: skip
"""How a misconception reads a line: as this one."""
