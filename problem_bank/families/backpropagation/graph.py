"""Goodfellow et al., Deep Learning, section 6.5: forward values and derivatives on a computation graph."""

from fractions import Fraction
from functools import partial
from math import isclose
from typing import Any

from problem_bank.answers import Number, Rational
from problem_bank.exercise import Earlier, Exercise, Part, Rule, Slip
from problem_bank.families.backpropagation import _graph_texts as texts
from problem_bank.families.backpropagation._forward_mode import ForwardMode
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.computation_graphs import (
    LEAVES,
    ROUNDED,
    WRONG,
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
    uses,
    value,
)  # fmt: skip
from problem_bank.subjects.drawn_graphs import EFFORT, compute, draw_graph
from problem_bank.values import Vector

SMALL = (*range(-7, -1), *range(2, 10))  # where an exponential may come
VALUES = (*range(-9, -2), *range(3, 12), *(Fraction(n, 2) for n in (-7, -5, -3, 3, 5, 7, 9)))


@family(
    topic="backpropagation",
    source="Goodfellow 6.5",
    minutes=10,
    version=2,
    levels={
        "easy": {"operators": ("+", "-", "*", "*")},
        "medium": {"unary": 2, "functions": ("^2", "1/x")},
        "hard": {
            "leaves": 4,
            "unary": 2,
            "functions": ("^2", "1/x", "exp", "exp", "ln"),
            "operators": ("+", "+", "-", "*", "*", "*"),
        },
    },
)
def graph(
    rng: Rng,
    *,
    leaves: int = 3,
    unary: int = 1,
    functions: tuple[str, ...] = ("^2",),
    operators: tuple[str, ...] = ("+", "+", "-", "-", "*", "*", "*", "max"),
    inner: bool = True,
) -> Exercise:
    """Compute the values of a computation graph, then the derivatives of its output."""
    nodes = rng.built("nodes", lambda streams: draw_graph(streams, leaves, unary, functions, operators))
    if not rng.free:  # an instructor's graph
        check(nodes)
    used = [leaf for leaf in LEAVES if any(leaf in node for node in nodes)]
    rounded, edges = any(op in ROUNDED for op, *_ in nodes), uses(nodes)
    values = rng.sample("values", SMALL if rounded else VALUES, len(used))
    start = dict(zip(used, map(float, values) if rounded else values, strict=True))
    backward = [*reversed(names(nodes)[:-1]), *used]
    known = compute(rng, nodes, start, largest=60 if rounded else 400)
    _differentiate(rng, edges, backward, known)
    rng.require(all(abs(known[f"df_d{name}"]) != 1 for name in backward), "no derivative is 1 or -1")
    rng.require(rounded or all(v.denominator <= 100 for v in known.values()), "the fractions are short")
    asked = [_value_part(name, node, start, known) for name, node in zip(names(nodes), nodes, strict=True)]
    asked += [_derivative_part(edges, name, start, known, inner) for name in (backward if inner else used)]
    return Exercise(
        given={"nodes": nodes, "values": values, "inner": inner},
        shown={"known": known, "leaves": used, "rounded": rounded, "maximum": any("max" in node for node in nodes),
               "definitions": partial(texts.definitions, nodes), "forward": partial(texts.forward, nodes, known),
               "backward": partial(texts.backward, edges, backward, known)},
        figures={"graph": texts.figure(nodes, start)},
        prompt=texts.PROMPT,
        parts=asked,
        solution=texts.SOLUTION,
        work=float(sum(EFFORT[op] for op, *_ in nodes)),
    )  # fmt: skip


def _differentiate(rng: Rng, edges: Uses, backward: list[str], known: dict[str, Any]) -> None:
    """Add all derivatives to what is known, as df_dx and the like."""
    known["df_df"] = 1
    for name in backward:
        known[f"df_d{name}"] = total = derivative(edges, name, known)
        lost = name in LEAVES and all(use.node[0] == "max" for use in edges[name])
        rng.require(bool(total) or lost, "no derivative is 0, but for the smaller input of a maximum")
        rng.require(abs(total) <= 400, "no derivative is large")


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
