"""Layers with a sliding window: the size of their output, their weights, and what is mistaken for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

Size: TypeAlias = tuple[int, ...]
Side: TypeAlias = Callable[[int], int]

WINDOWS: dict[str, list[Size]] = {
    "valid": [(3, 1, 0), (5, 1, 0), (3, 2, 0), (5, 2, 0)],
    "padded": [(3, 2, 1), (5, 2, 1), (5, 2, 2), (5, 3, 1), (5, 3, 2), (7, 2, 2)],
    "same": [(3, 2, 0), (5, 2, 0), (3, 3, 0), (5, 3, 0)],
    "pooling": [(2, 2, 0), (3, 2, 0), (3, 3, 0)],
    "pointwise": [(1, 1, 0)],
    "local": [(2, 1, 0), (3, 1, 0), (2, 2, 0)],
    "transposed": [(2, 2, 0), (3, 2, 0), (3, 2, 1), (4, 2, 1), (4, 3, 0), (5, 3, 1)],
}
"""Kernel size, stride and padding of every kind of layer, to draw from."""


@dataclass(frozen=True)
class Layer:
    """One layer; `k`, `s` and `p` hold along all axes."""

    kind: str
    k: int
    s: int
    p: int
    channels: int
    filters: int
    axes: int
    biased: bool = False

    @property
    def outputs(self) -> int:
        """Channels of the output."""
        return self.channels if self.kind == "pooling" else self.filters

    def side(self, n: int) -> int:
        """The output along an axis of n."""
        if self.kind == "same":
            return -(-n // self.s)
        if self.kind == "transposed":
            return (n - 1) * self.s - 2 * self.p + self.k
        return (n + 2 * self.p - self.k) // self.s + 1

    def size(self, before: Size) -> Size:
        """Channels and sides of the output."""
        return (self.outputs, *map(self.side, before[1:]))

    def weights(self, after: Size) -> int:
        """Without biases; `after` is the size of the output, which counts where weights are not shared."""
        return self.shared * self.own(after)

    def learned(self, after: Size) -> int:
        """All that is learned: the weights, and biases if there are any."""
        return self.weights(after) + self.biases(after)

    def biases(self, after: Size) -> int:
        """One for each filter, at each place of its own."""
        return self.biased * self.filters * self.own(after)

    def own(self, after: Size) -> int:
        """The places that have weights of their own."""
        return prod(after[1:]) if self.kind == "local" else 1

    @property
    def shared(self) -> int:
        """The weights of all the filters at one place."""
        return self.channels * self.filters * self.area

    @property
    def area(self) -> int:
        """The places that a window covers."""
        return prod((self.k,) * self.axes)

    def wrong_sides(self) -> dict[str, Side]:
        """What goes wrong along an axis."""
        k, s, p = self.k, self.s, self.p
        if self.kind == "pointwise":
            return {"collapsed": lambda n: 1}
        if self.kind == "same":
            return {"shrunk": lambda n: (n - k) // s + 1, "no_stride": lambda n: n, "rounded_down": lambda n: n // s}
        if self.kind == "transposed":
            return {"as_convolution": lambda n: (n + 2 * p - k) // s + 1, "multiple": lambda n: n * s,
                    "no_minus_one": lambda n: n * s - 2 * p + k, "padding_added": lambda n: (n - 1) * s + 2 * p + k,
                    }  # fmt: skip
        return {"no_plus_one": lambda n: (n + 2 * p - k) // s, "no_stride": lambda n: n + 2 * p - k + 1,
                "rounded_up": lambda n: -(-(n + 2 * p - k) // s) + 1, "kept": lambda n: -(-n // s),
                "padding_once": lambda n: (n + p - k) // s + 1, "no_padding": lambda n: (n - k) // s + 1,
                }  # fmt: skip

    def wrong_weights(self) -> dict[str, Callable[[Size], int]]:
        """What is counted instead, from the size of the output."""
        c, f, area = self.channels, self.filters, self.area
        wrong = {"no_biases": self.weights} if self.biased else {"biases": lambda after: self.weights(after) + f}
        return wrong | {
            "no_channels": lambda after: self.weights(after) // c + self.biases(after),
            "line": lambda after: self.weights(after) * self.k // area + self.biases(after),
            "flat": lambda after: self.weights(after) * self.k**2 // area + self.biases(after),
            "unshared": lambda after: self.shared * prod(after[1:]) + self.biased * f,
            "shared": lambda after: self.shared + self.biased * f,
        }
