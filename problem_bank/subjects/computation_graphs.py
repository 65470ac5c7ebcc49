"""Computation graphs of scalars as plain data: their values forward, and their derivatives backward.

A graph is a tuple of nodes (operation, input, ...) in the order of computation, such as
(("ln", "x"), ("exp", "y"), ("*", "h2", "z"), ("+", "h1", "h3")). Its leaves are x, y, z and w; its
nodes are called h1, h2, ... and the last one f. Values stay exact where no exp or ln occurs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import exp, log
from typing import Any, NamedTuple, TypeAlias

from problem_bank.errors import BadGiven

Node: TypeAlias = tuple[str, ...]
Graph: TypeAlias = tuple[Node, ...]
Values: TypeAlias = Mapping[str, Any]

LEAVES = ("x", "y", "z", "w")


class Op(NamedTuple):
    """An operation: its value from the inputs, its derivative by each input (from the inputs and the value), and both
    in LaTeX with places {a} and {b}.
    """

    value: Callable[..., Any]
    slopes: tuple[Callable[..., Any], ...]
    tex: str
    slopes_tex: tuple[str, ...]


def one(*_: Any) -> int:
    """The slope of a sum."""
    return 1


def over(above: Any, below: Any) -> Any:
    """A quotient, exact where both are."""
    return Fraction(above) / below if isinstance(above, int) else above / below


OPS = {
    "+": Op(lambda a, b: a + b, (one, one), "{a} + {b}", ("1", "1")),
    "-": Op(lambda a, b: a - b, (one, lambda a, b, _: -1), "{a} - {b}", ("1", "(-1)")),
    "*": Op(lambda a, b: a * b, (lambda a, b, _: b, lambda a, b, _: a), r"{a} \cdot {b}", ("{b}", "{a}")),
    "max": Op(max, (lambda a, b, _: int(a > b), lambda a, b, _: int(b > a)), r"\max({a}, {b})",
              ("[{a} > {b}]", "[{b} > {a}]")),
    "^2": Op(lambda a: a * a, (lambda a, _: 2 * a,), "{a}^2", (r"2 {a}",)),
    "1/x": Op(lambda a: over(1, a), (lambda a, _: over(-1, a * a),), "1 / {a}", (r"(-1 / {a}^2)",)),
    "exp": Op(exp, (lambda _, value: value,), "e^{{{a}}}", ("e^{{{a}}}",)),
    "ln": Op(log, (lambda a, _: over(1, a),), r"\ln {a}", ("(1 / {a})",)),
}  # fmt: skip
ROUNDED = {"exp", "ln"}  # operations whose values are not exact


class Wrong(NamedTuple):
    """A misconception about one operation: other slopes, by the place of the input."""

    op: str
    slopes: Mapping[int, Callable[..., Any]]


WRONG = {
    "factors_swapped": Wrong("*", {0: lambda a, b, _: a, 1: lambda a, b, _: b}),
    "minus_lost": Wrong("-", {1: one}),
    "both_of_max": Wrong("max", {0: one, 1: one}),
    "two_lost": Wrong("^2", {0: lambda a, _: a}),
    "reciprocal_sign": Wrong("1/x", {0: lambda a, _: over(1, a * a)}),
    "exp_as_power": Wrong("exp", {0: lambda a, _: a * exp(a - 1)}),
    "ln_kept": Wrong("ln", {0: lambda _, value: value}),
}


class Use(NamedTuple):
    """An edge: the node that uses a value, and at which of its inputs."""

    name: str
    node: Node
    place: int

    def slope(self, values: Values, wrong: Wrong | None = None) -> Any:
        """The local derivative along this edge."""
        slopes = wrong.slopes if wrong and self.hit_by(wrong) else OPS[self.node[0]].slopes
        return slopes[self.place](*(values[name] for name in self.node[1:]), values[self.name])

    def hit_by(self, wrong: Wrong) -> bool:
        """Does this misconception concern the edge?"""
        return self.node[0] == wrong.op and self.place in wrong.slopes


Uses: TypeAlias = Mapping[str, list[Use]]


def names(graph: Sequence[Any]) -> list[str]:
    """The names of the nodes: h1, h2, ..., f."""
    return [*(f"h{i}" for i in range(1, len(graph))), "f"]


def uses(graph: Graph) -> dict[str, list[Use]]:
    """The edges that leave every leaf and node, in the order of computation."""
    found: dict[str, list[Use]] = {}
    for name, node in zip(names(graph), graph, strict=True):
        for place, source in enumerate(node[1:]):
            found.setdefault(source, []).append(Use(name, node, place))
    return found


def value(node: Node, values: Values) -> Any:
    """The value of one node. Raises ArithmeticError or ValueError where it has none."""
    return OPS[node[0]].value(*(values[name] for name in node[1:]))


def derivative(edges: Uses, name: str, known: Values, wrong: Wrong | None = None, keep: slice = slice(None)) -> Any:
    """df/d(name) by the chain rule: over all edges that leave it, the derivative further on times the slope.

    `known` holds all values and, under df_dh1 and the like, the derivatives that are at hand. A
    misconception may bend slopes (`wrong`), or `keep` only some of the edges that leave a node.
    """
    return sum(further(edges, use, known, wrong, keep) * use.slope(known, wrong) for use in edges[name][keep])


def further(edges: Uses, use: Use, known: Values, wrong: Wrong | None = None, keep: slice = slice(None)) -> Any:
    """The derivative of f by the node at the end of an edge."""
    if use.name == "f":
        return 1
    at_hand = known.get(f"df_d{use.name}")
    return derivative(edges, use.name, known, wrong, keep) if at_hand is None else at_hand


def check(graph: Any) -> None:
    """Raise BadGiven, naming the node, for anything but a graph that can be computed and leaves nothing unused."""
    if not isinstance(graph, tuple) or not graph:
        raise BadGiven(f"nodes: {graph!r} is no graph; write a list of nodes, each a list such as ['*', 'x', 'y']")
    known = set(LEAVES)
    for name, node in zip(names(graph), graph, strict=True):
        op = OPS.get(node[0]) if isinstance(node, tuple) and node else None
        if op is None or len(node) != 1 + len(op.slopes):
            raise BadGiven(f"nodes: {name} is {node!r}; write one of {', '.join(OPS)} and its inputs")
        strange = [source for source in node[1:] if source not in known]
        if strange:
            raise BadGiven(f"nodes: {name} uses {strange[0]!r}, which is no leaf and does not come before it")
        known.add(name)
    used = set(uses(graph))
    leaves = [leaf for leaf in LEAVES if leaf in used]
    if leaves != list(LEAVES[: len(leaves)]):
        raise BadGiven(f"nodes: the leaves are {', '.join(leaves)}; use the first of {', '.join(LEAVES)}")
    unused = [name for name in names(graph)[:-1] if name not in used]
    if unused:
        raise BadGiven(f"nodes: nothing uses {', '.join(unused)}; leave it out, or use it")
