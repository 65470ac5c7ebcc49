"""Derivatives on a computation graph by dual numbers, from a leaf on to f: the second route to backpropagation."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import exp, isclose, log
from typing import Any

Dual = tuple[Any, Any]  # value, tangent
Edge = tuple[str, str, int]  # source, node that uses it, at which input


def _inverse(value: Any) -> Any:
    return 1 / value if isinstance(value, float) else 1 / Fraction(value)


RIGHT: dict[str, Callable[..., Dual]] = {
    "+": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "-": lambda a, b: (a[0] - b[0], a[1] - b[1]),
    "*": lambda a, b: (a[0] * b[0], a[1] * b[0] + a[0] * b[1]),
    "max": lambda a, b: a if a[0] > b[0] else b,
    "^2": lambda a: (a[0] ** 2, 2 * a[0] * a[1]),
    "1/x": lambda a: (_inverse(a[0]), -a[1] * _inverse(a[0]) ** 2),
    "exp": lambda a: (exp(a[0]), exp(a[0]) * a[1]),
    "ln": lambda a: (log(a[0]), a[1] / a[0]),
}
WRONG: dict[str, tuple[str, Callable[..., Any]]] = {
    "factors_swapped": ("*", lambda a, b: a[0] * a[1] + b[0] * b[1]),
    "minus_lost": ("-", lambda a, b: a[1] + b[1]),
    "both_of_max": ("max", lambda a, b: a[1] + b[1]),
    "two_lost": ("^2", lambda a: a[0] * a[1]),
    "reciprocal_sign": ("1/x", lambda a: a[1] * _inverse(a[0]) ** 2),
    "exp_as_power": ("exp", lambda a: a[0] * exp(a[0] - 1) * a[1]),
    "ln_kept": ("ln", lambda a: log(a[0]) * a[1]),
}


class ForwardMode:
    """A graph with values at its leaves.

    Misconceptions bend edges: with `near`, only those that leave the seed, because the derivatives
    further on were asked for before; otherwise all edges on the way to f.
    """

    def __init__(self, graph: tuple[tuple[str, ...], ...], leaves: dict[str, Any], near: bool) -> None:
        rounded = any(op in {"exp", "ln"} for op, *_ in graph)
        names = [*(f"h{i}" for i in range(1, len(graph))), "f"]
        self.near = near
        self.values = {name: float(leaf) if rounded else leaf for name, leaf in leaves.items()}
        self.edges: dict[str, list[Edge]] = {}
        self.right: dict[Edge, Any] = {}
        self.bent: dict[str, dict[Edge, Any]] = {}
        for name, (op, *inputs) in zip(names, graph, strict=True):
            self.values[name] = RIGHT[op](*((self.values[source], 0) for source in inputs))[0]
            self.edges[name] = [(source, name, place) for place, source in enumerate(inputs)]
            self._slopes(op, [self.values[source] for source in inputs], self.edges[name])
        self.totals = {name: self.sweep(name) for name in self.values}

    def _slopes(self, op: str, inputs: list[Any], edges: list[Edge]) -> None:
        """The tangent of a node when one input has the tangent 1: right, and bent where that differs."""
        for edge in edges:
            duals = [(value, int(place == edge[2])) for place, value in enumerate(inputs)]
            self.right[edge] = RIGHT[op](*duals)[1]
            for slip, (wrong_op, rule) in WRONG.items():
                if op == wrong_op and not isclose(rule(*duals), self.right[edge], abs_tol=1e-9):
                    self.bent.setdefault(slip, {})[edge] = rule(*duals)

    def sweep(self, seed: str, bent: Mapping[Edge, Any] | None = None) -> Any:
        """The tangent of f when that of the seed is 1."""
        slopes = {**self.right, **(bent or {})}
        dot: dict[str, Any] = {seed: 1}
        for name, edges in self.edges.items():
            terms = [dot[edge[0]] * slopes[edge] for edge in edges if edge[0] in dot]
            if terms:
                dot[name] = sum(terms)
        return dot["f"]

    def misconceptions(self, seed: str) -> dict[str, Any]:
        """What those make of df/d(seed) that bend an edge on its way."""
        edges = self.bendable(seed)
        bent = {slip: {edge: slopes[edge] for edge in edges if edge in slopes} for slip, slopes in self.bent.items()}
        first, last = {edge[0]: edge for edge in reversed(edges)}, {edge[0]: edge for edge in edges}
        for slip, kept in {"first_use_only": first, "last_use_only": last}.items():
            bent[slip] = dict.fromkeys((edge for edge in edges if kept[edge[0]] != edge and self.right[edge]), 0)
        results = {slip: self.sweep(seed, slopes) for slip, slopes in bent.items() if slopes}
        return results | {"local_for_total": self.local(seed)}

    def bendable(self, seed: str) -> list[Edge]:
        """The edges that leave the seed and, unless `near`, those that follow."""
        reached, found = {seed}, []
        for name, edges in self.edges.items():
            leaving = [edge for edge in edges if edge[0] in reached]
            found += leaving
            if leaving and not self.near:
                reached.add(name)
        return found

    def local(self, seed: str) -> Any:
        """The slopes that leave the seed, without the derivatives further on; None if all of those are 1."""
        slopes = [(slope, self.totals[name]) for (source, name, _), slope in self.right.items() if source == seed]
        hidden = all(slope == 0 or isclose(further, 1, abs_tol=1e-9) for slope, further in slopes)
        return None if hidden else sum(slope for slope, _ in slopes)
