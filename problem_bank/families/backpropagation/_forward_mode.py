"""Derivatives on a computation graph by dual numbers, from a leaf on to f: the second route to backpropagation."""

from collections.abc import Callable
from fractions import Fraction
from math import exp, isclose, log
from typing import Any

Dual = tuple[Any, Any]  # value, tangent
Edge = tuple[str, str, int]  # source, node that uses it, at which input

RIGHT: dict[str, Callable[..., Dual]] = {
    "+": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "-": lambda a, b: (a[0] - b[0], a[1] - b[1]),
    "*": lambda a, b: (a[0] * b[0], a[1] * b[0] + a[0] * b[1]),
    "max": lambda a, b: a if a[0] > b[0] else b,
    "^2": lambda a: (a[0] ** 2, 2 * a[0] * a[1]),
    "1/x": lambda a: (1 / a[0], -a[1] / a[0] ** 2),
    "exp": lambda a: (exp(a[0]), exp(a[0]) * a[1]),
    "ln": lambda a: (log(a[0]), a[1] / a[0]),
}
WRONG: dict[str, tuple[str, Callable[..., Dual]]] = {
    "factors_swapped": ("*", lambda a, b: (None, a[0] * a[1] + b[0] * b[1])),
    "minus_lost": ("-", lambda a, b: (None, a[1] + b[1])),
    "both_of_max": ("max", lambda a, b: (None, a[1] + b[1])),
    "two_lost": ("^2", lambda a: (None, a[0] * a[1])),
    "reciprocal_sign": ("1/x", lambda a: (None, a[1] / a[0] ** 2)),
    "exp_as_power": ("exp", lambda a: (None, a[0] * exp(a[0] - 1) * a[1])),
    "ln_kept": ("ln", lambda a: (None, log(a[0]) * a[1])),
}


class ForwardMode:
    """A graph with values at its leaves.

    Misconceptions bend edges: with `near`, only those that leave the seed, because the derivatives
    further on were asked for before; otherwise all edges on the way to f.
    """

    def __init__(self, graph: tuple[tuple[str, ...], ...], leaves: dict[str, Any], near: bool) -> None:
        ops = {op for op, *_ in graph}
        number: Any = float if ops & {"exp", "ln"} else Fraction if "1/x" in ops else lambda leaf: leaf
        names = [*(f"h{i}" for i in range(1, len(graph))), "f"]
        self.near = near
        self.nodes = {name: (op, inputs) for name, (op, *inputs) in zip(names, graph, strict=True)}
        self.values = {name: number(leaf) for name, leaf in leaves.items()}
        for name, (op, inputs) in self.nodes.items():
            self.values[name] = RIGHT[op](*((self.values[source], 0) for source in inputs))[0]
        self.totals = {name: self.sweep(name) for name in self.values}

    def sweep(self, seed: str, slip: str = "", open_edges: set[Edge] | None = None) -> Any:
        """The tangent of f when that of the seed is 1. Bendable edges that are not open carry nothing."""
        dot: dict[str, Any] = {seed: 1}
        for name, (_, inputs) in self.nodes.items():
            edges = [(source, name, place) for place, source in enumerate(inputs) if source in dot]
            if edges:
                dot[name] = sum(dot[edge[0]] * self.slope(edge, seed, slip, open_edges) for edge in edges)
        return dot["f"]

    def slope(self, edge: Edge, seed: str, slip: str, open_edges: set[Edge] | None) -> Any:
        """What an edge passes on: right, or bent."""
        bendable = edge[0] == seed or not self.near
        if bendable and open_edges is not None and edge not in open_edges:
            return 0
        return self.tangent(edge, slip if bendable else "")

    def tangent(self, edge: Edge, slip: str = "") -> Any:
        """The tangent of the edge's node when its source has the tangent 1 and other inputs have 0."""
        op, inputs = self.nodes[edge[1]]
        rule = WRONG[slip][1] if slip and WRONG[slip][0] == op else RIGHT[op]
        return rule(*((self.values[source], int(place == edge[2])) for place, source in enumerate(inputs)))[1]

    def misconceptions(self, seed: str) -> dict[str, Any]:
        """What each makes of df/d(seed); None where it bends no edge."""
        edges = self.bendable(seed)
        first, last = {edge[0]: edge for edge in reversed(edges)}, {edge[0]: edge for edge in edges}
        branches = len(edges) > len(first)
        return {
            "first_use_only": self.sweep(seed, open_edges={*first.values()}) if branches else None,
            "last_use_only": self.sweep(seed, open_edges={*last.values()}) if branches else None,
            "local_for_total": self.local(seed),
            **{slip: self.sweep(seed, slip) if self.bends(slip, edges) else None for slip in WRONG},
        }

    def bendable(self, seed: str) -> list[Edge]:
        """The edges that leave the seed and, unless `near`, those that follow."""
        reached, edges = {seed}, []
        for name, (_, inputs) in self.nodes.items():
            found = [(source, name, place) for place, source in enumerate(inputs) if source in reached]
            edges += found
            if found and not self.near:
                reached.add(name)
        return edges

    def bends(self, slip: str, edges: list[Edge]) -> bool:
        """Does the slip change any of these edges?"""
        return any(not isclose(self.tangent(edge, slip), self.tangent(edge), abs_tol=1e-9) for edge in edges)

    def local(self, seed: str) -> Any:
        """The slopes that leave the seed, without the derivatives further on; None if all of those are 1."""
        slopes = [(self.tangent(edge), self.totals[edge[1]]) for edge in self.bendable(seed) if edge[0] == seed]
        hidden = all(slope == 0 or isclose(further, 1, abs_tol=1e-9) for slope, further in slopes)
        return None if hidden else sum(slope for slope, _ in slopes)
