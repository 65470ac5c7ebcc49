"""Affine coupling layers on two entries (Dinh, Krueger and Bengio 2015; Dinh et al. 2017)."""

from __future__ import annotations

from math import log
from typing import Any, NamedTuple

from problem_bank.values import Number


class Coupling(NamedTuple):
    """The entry `kept` stays, as v; the other one is multiplied by e^s = (v^2 + width)^power, and moved by t.

    `power` is 1 or -1; t = slope v + offset. So rational numbers stay rational.
    """

    kept: int
    power: int
    width: Number
    slope: Number
    offset: Number

    def factor(self, v: Any) -> Any:
        """e^s"""
        return (v * v + self.width) if self.power > 0 else 1 / (v * v + self.width)

    def shift(self, v: Any) -> Any:
        """t = slope v + offset"""
        return self.slope * v + self.offset

    def changed(self, pair: Any, rule: Any) -> tuple[Any, Any]:
        """The pair with rule(other entry, e^s, t) in place of the other entry."""
        v = pair[self.kept]
        other = rule(pair[1 - self.kept], self.factor(v), self.shift(v))
        return (v, other) if self.kept == 0 else (other, v)

    def forward(self, pair: Any) -> tuple[Any, Any]:
        """From the side of the code to that of the example. Raises ValueError for anything but a pair."""
        _, _ = pair
        return self.changed(pair, lambda a, k, t: a * k + t)

    def inverse(self, pair: Any) -> tuple[Any, Any]:
        """From the side of the example to that of the code. Raises ValueError for anything but a pair."""
        _, _ = pair
        return self.changed(pair, lambda a, k, t: (a - t) / k)

    def log_det(self, pair: Any) -> float:
        """s at the kept entry: the log-determinant of `forward`."""
        return log(self.factor(pair[self.kept]))
