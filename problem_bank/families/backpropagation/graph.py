"""Goodfellow et al., Deep Learning, section 6.5: forward values and derivatives on a computation graph."""

from functools import partial
from math import exp, isclose
from typing import Any

from problem_bank.answers import Number, Rational
from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise, Part, Rule, Slip
from problem_bank.families.backpropagation import _graph_texts as texts
from problem_bank.families.backpropagation._forward_mode import ForwardMode
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.computation_graphs import (
    LEAVES,
    ROUNDED,
    Graph,
    Node,
    Use,
    Uses,
    Values,
    Wrong,
    check,
    derivative,
    further,
    names,
    one,
    over,
    uses,
    value,
)  # fmt: skip
from problem_bank.values import Vector

WRONG = {
    "factors_swapped": Wrong("*", {0: lambda a, b, _: a, 1: lambda a, b, _: b}),
    "minus_lost": Wrong("-", {1: one}),
    "both_of_max": Wrong("max", {0: one, 1: one}),
    "two_lost": Wrong("^2", {0: lambda a, _: a}),
    "reciprocal_sign": Wrong("1/x", {0: lambda a, _: over(1, a * a)}),
    "exp_as_power": Wrong("exp", {0: lambda a, _: a * exp(a - 1)}),
    "ln_kept": Wrong("ln", {0: lambda _, value: value}),
}
VALUES = (-2, -1, 1, 2, 3, 4)
EFFORT = {"+": 1, "-": 1, "max": 1, "*": 2, "^2": 2, "1/x": 2, "exp": 2, "ln": 2}


@family(
    topic="backpropagation",
    source="Goodfellow 6.5",
    minutes=10,
    levels={
        "easy": {"operators": ("+", "-", "*", "*")},
        "medium": {"unary": 2, "functions": ("^2", "1/x")},
        "hard": {"leaves": 4, "unary": 2, "functions": ("^2", "1/x", "exp", "exp", "ln")},
    },
)
def graph(
    rng: Rng,
    *,
    leaves: int = 3,
    unary: int = 1,
    functions: tuple[str, ...] = ("^2",),
    operators: tuple[str, ...] = ("+", "+", "-", "*", "*", "max"),
    inner: bool = True,
) -> Exercise:
    """Compute the values of a computation graph, then the derivatives of its output."""
    nodes = rng.built("nodes", lambda streams: _draw(streams, leaves, unary, functions, operators))
    if not rng.free:  # an instructor's graph
        check(nodes)
    used = [leaf for leaf in LEAVES if any(leaf in node for node in nodes)]
    values = rng.sample("values", VALUES, len(used))
    rounded, edges = any(op in ROUNDED for op, *_ in nodes), uses(nodes)
    start = dict(zip(used, map(float, values) if rounded else values, strict=True))
    backward = [*reversed(names(nodes)[:-1]), *used]
    known = _compute(rng, nodes, start)
    _differentiate(rng, edges, backward, known)
    rng.require(rounded or all(v.denominator <= 100 for v in known.values()), "the fractions are short")
    asked = [_value_part(name, node, start, known) for name, node in zip(names(nodes), nodes, strict=True)]
    asked += [_derivative_part(edges, name, start, known, inner) for name in (backward if inner else used)]
    return Exercise(
        given={"nodes": nodes, "values": values, "inner": inner},
        shown={"known": known, "leaves": used, "rounded": rounded, "maximum": any("max" in node for node in nodes),
               "definitions": partial(texts.definitions, nodes), "forward": partial(texts.forward, nodes, known),
               "backward": partial(texts.backward, edges, backward, known)},
        prompt=texts.PROMPT,
        parts=asked,
        solution=texts.SOLUTION,
        work=float(sum(EFFORT[op] for op, *_ in nodes)),
    )  # fmt: skip


def _draw(rng: Rng, leaves: int, unary: int, functions: tuple[str, ...], operators: tuple[str, ...]) -> Graph:
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


def _compute(rng: Rng, nodes: Graph, start: dict[str, Any]) -> dict[str, Any]:
    """All values by name. An instructor's graph that has none, or no derivative, is refused."""
    known = dict(start)
    for name, node in zip(names(nodes), nodes, strict=True):
        inputs = [known[source] for source in node[1:]]
        try:
            known[name] = value(node, known)
        except (ArithmeticError, ValueError) as error:
            rng.require(False, "every node has a value")
            raise BadGiven(f"nodes: {name} = {node} has no value at {inputs}; give other values") from error
        rng.require(abs(known[name]) <= 60, "no value is large")
        rng.require(node[0] != "*" or inputs[0] != inputs[1], "factors differ, so that swapping them shows")
        if node[0] == "max" and inputs[0] == inputs[1]:
            rng.require(False, "the inputs of a maximum differ")
            raise BadGiven(f"nodes: {name} = {node} has no derivative where both are {inputs[0]}; give other values")
    return known


def _differentiate(rng: Rng, edges: Uses, backward: list[str], known: dict[str, Any]) -> None:
    """Add all derivatives to what is known, as df_dx and the like."""
    known["df_df"] = 1
    for name in backward:
        known[f"df_d{name}"] = total = derivative(edges, name, known)
        lost = name in LEAVES and all(use.node[0] == "max" for use in edges[name])
        rng.require(bool(total) or lost, "no derivative is 0, but for the smaller input of a maximum")
        rng.require(abs(total) <= 100, "no derivative is large")


def _answer(key: Any) -> Number | Rational:
    return Number(key) if isinstance(key, float) else Rational(key)


def _value_part(name: str, node: Node, start: Values, known: Values) -> Part:
    return Part(name, f"The value of ${texts.symbol(name)}$.", _answer(known[name]),
                follow=lambda earlier: value(node, {**start, **earlier}))  # fmt: skip


def _derivative_part(edges: Uses, name: str, start: Values, known: Values, inner: bool) -> Part:
    return Part(f"df_d{name}", f"The derivative ${texts.by(name)}$.", _answer(known[f"df_d{name}"]), points=2,
                misconceptions=_slips(edges, name, start, inner),
                follow=lambda earlier: derivative(edges, name, {**start, **earlier}))  # fmt: skip


def _slips(edges: Uses, name: str, start: Values, inner: bool) -> list[Slip]:
    """The misconceptions that bend an edge on the way; only the first edges where the rest was asked for before."""
    reached = [name]
    for source in reached if not inner else ():
        reached += [use.name for use in edges.get(source, ()) if use.name not in reached]
    ways = [edges[source] for source in reached if source in edges]
    bendable = [use for way in ways for use in way]
    rules = {slip: _bent(edges, name, start, wrong, bendable) for slip, wrong in WRONG.items()
             if any(use.hit_by(wrong) for use in bendable)}  # fmt: skip
    if len(bendable) > len(ways):
        rules["first_use_only"] = _cut(edges, name, start, slice(1), [use for way in ways for use in way[1:]])
        rules["last_use_only"] = _cut(edges, name, start, slice(-1, None), [use for way in ways for use in way[:-1]])
    if any(use.name != "f" for use in edges[name]):
        rules["local_for_total"] = _local(edges, name, start)
    return [Slip(slip, rule, texts.SAID[slip]) for slip, rule in rules.items()]


def _bent(edges: Uses, name: str, start: Values, wrong: Wrong, bendable: list[Use]) -> Rule:
    """The derivative with other slopes; None where none of them differs, as at the larger input of a maximum."""
    hit = [use for use in bendable if use.hit_by(wrong)]

    def rule(earlier: Earlier) -> Any:
        known = {**start, **earlier}
        same = all(isclose(use.slope(known), use.slope(known, wrong), abs_tol=1e-9) for use in hit)
        return None if same else derivative(edges, name, known, wrong)

    return rule


def _cut(edges: Uses, name: str, start: Values, keep: slice, dropped: list[Use]) -> Rule:
    """The derivative along some edges; None where the dropped ones carry nothing."""

    def rule(earlier: Earlier) -> Any:
        known = {**start, **earlier}
        return derivative(edges, name, known, keep=keep) if any(use.slope(known) for use in dropped) else None

    return rule


def _local(edges: Uses, name: str, start: Values) -> Rule:
    """The slopes alone; None where the derivatives further on are all 1, so that leaving them out is no mistake."""

    def rule(earlier: Earlier) -> Any:
        known = {**start, **earlier}
        slopes = [(use.slope(known), further(edges, use, known)) for use in edges[name]]
        hidden = all(slope == 0 or isclose(after, 1, abs_tol=1e-9) for slope, after in slopes)
        return None if hidden else sum(slope for slope, _ in slopes)

    return rule


@graph.oracle
def dual_numbers(nodes: Graph, values: Vector, inner: bool) -> dict[str, Any]:
    """Forward mode: one sweep of dual numbers per leaf or node, from there to f."""
    leaves = dict(zip(LEAVES, values, strict=False))
    forward = ForwardMode(nodes, leaves, near=inner)
    found = {name: v for name, v in forward.values.items() if name not in leaves}
    for name, total in forward.totals.items():
        if name in leaves or (inner and name != "f"):
            found[f"df_d{name}"] = total
            found |= {f"df_d{name}.{slip}": v for slip, v in forward.misconceptions(name).items()}
    return found
