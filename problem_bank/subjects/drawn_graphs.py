"""Drawing a computation graph that is worth differentiating, and its values."""

from __future__ import annotations

from typing import Any

from problem_bank.errors import BadGiven
from problem_bank.rng import Rng
from problem_bank.subjects.computation_graphs import LEAVES, ROUNDED, Graph, names, value

EFFORT = {"+": 1, "-": 1, "max": 1, "*": 2, "^2": 2, "1/x": 2, "exp": 2, "ln": 2}
"""Roughly the work by hand that an operation takes."""


def draw_graph(rng: Rng, leaves: int, unary: int, functions: tuple[str, ...], operators: tuple[str, ...]) -> Graph:
    """A graph in which all leads to f. A function takes one pending value, a join two of them; the reuse
    takes one, together with any other value, which is so used at least twice.
    """
    functions, operators = rng.sample("functions", functions, unary), rng.sample("operators", operators, leaves)
    rng.require("*" in operators, "there is a product")
    kinds = [*functions, *["join"] * (leaves - 1), "reuse"]
    order, operator = rng.shuffle("order", len(kinds)), iter(operators)
    pick = iter(rng.ints("picks", 2 * len(kinds), 0, 2519))  # 2520 is divisible by the size of every pool below
    pending, known, nodes = list(LEAVES[:leaves]), list(LEAVES[:leaves]), []
    for kind, name in zip((kinds[i] for i in order), names(order), strict=True):
        pool = [leaf for leaf in LEAVES if leaf in pending and kind in ROUNDED] or pending  # exp soon grows large
        first = pool[next(pick) % len(pool)]
        pending.remove(first)
        pool = pending if kind == "join" else [other for other in known if other != first]
        second = pool[next(pick) % len(pool)]
        nodes.append((kind, first) if kind in functions else (next(operator), first, second))
        if kind == "join":
            pending.remove(second)
        pending.append(name)
        known.append(name)
    rng.require(len({(node[0], *sorted(node[1:])) for node in nodes}) == len(nodes), "no node repeats another")
    return tuple(nodes)


def compute(rng: Rng, nodes: Graph, start: dict[str, Any], largest: int = 60) -> dict[str, Any]:
    """All values by name. An instructor's graph that has none, or no derivative, is refused."""
    known = dict(start)
    for name, node in zip(names(nodes), nodes, strict=True):
        inputs = [known[source] for source in node[1:]]
        try:
            known[name] = value(node, known)
        except (ArithmeticError, ValueError) as error:
            rng.require(False, "every node has a value")
            raise BadGiven(f"nodes: {name} = {node} has no value at {inputs}; give other values") from error
        rng.require(abs(known[name]) <= largest, "no value is large")
        rng.require(node[0] != "*" or inputs[0] != inputs[1], "factors differ, so that swapping them shows")
        if node[0] == "max" and inputs[0] == inputs[1]:
            rng.require(False, "the inputs of a maximum differ")
            raise BadGiven(f"nodes: {name} = {node} has no derivative where both are {inputs[0]}; give other values")
    return known
