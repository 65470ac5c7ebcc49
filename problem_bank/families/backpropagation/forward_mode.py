"""Goodfellow et al., Deep Learning, section 6.5.9; Baydin et al. (2018), section 3.1: forward mode, dual numbers."""

from collections.abc import Callable, Mapping
from functools import partial
from math import isclose
from typing import Any

import numpy as np

from problem_bank.answers import Array, Number, Rational
from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise, Part, Rule, Slip
from problem_bank.families.backpropagation import _forward_mode_texts as texts
from problem_bank.families.backpropagation._forward_mode import RIGHT
from problem_bank.families.backpropagation._forward_mode import WRONG as WRONG_TANGENTS
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.computation_graphs import (
    LEAVES,
    ROUNDED,
    WRONG,
    Graph,
    Node,
    Use,
    check,
    names,
    over,
    value,
)
from problem_bank.subjects.drawn_graphs import EFFORT, compute, draw_graph
from problem_bank.values import Vector

EXTRA = ("cost", "partial")
Values = Mapping[str, Any]


@family(
    topic="backpropagation",
    source="Goodfellow 6.5.9",
    minutes=9,
    levels={
        "easy": {"leaves": 2},
        "medium": {"ask": ("cost",)},
        "hard": {"functions": ("^2", "1/x", "exp", "exp", "ln"), "unary": 2, "ask": EXTRA},
    },
)
def forward_mode(
    rng: Rng,
    *,
    leaves: int = 3,
    unary: int = 1,
    functions: tuple[str, ...] = ("^2", "1/x"),
    ask: tuple[str, ...] = (),
) -> Exercise:
    """Carry values and tangents through a computation graph: a derivative along a direction."""
    if not set(ask) <= set(EXTRA):
        raise BadGiven(f"ask: {', '.join(ask)}; write some of {', '.join(EXTRA)}")
    nodes = rng.built("nodes", lambda streams: draw_graph(streams, leaves, unary, functions, ("+", "-", "*", "*")))
    if not rng.free:  # an instructor's graph
        check(nodes)
    used = [leaf for leaf in LEAVES if any(leaf in node for node in nodes)]
    rounded = any(op in ROUNDED for op, *_ in nodes)
    numbers = rng.sample("values", (-2, -1, 1, 2, 3, 4), len(used))
    direction = rng.ints("direction", len(used), -2, 3, exclude=(0,))
    inputs, outputs = (rng.int("inputs", 12, 90), rng.int("outputs", 3, 90)) if "cost" in ask else (2, 1)
    start = dict(zip(used, map(float, numbers) if rounded else numbers, strict=True))
    values, seeds = compute(rng, nodes, start), dict(zip(used, direction, strict=True))
    dots = sweep(nodes, values, seeds)
    again = sweep(nodes, values, {leaf: int(leaf == "x") for leaf in used})
    rng.require(len(set(direction)) > 1, "the direction is no multiple of (1, ..., 1)")
    rng.require(all(v and abs(v) <= 100 for v in dots.values()) and again["f"] != 0, "no tangent is 0 or large")
    rng.require(rounded or all(v.denominator <= 50 for v in (*values.values(), *dots.values())), "fractions are short")
    pairs = [
        _pair(name, node, start, seeds, (values[name], dots[name]))
        for name, node in zip(names(nodes), nodes, strict=True)
    ]
    extra = {"cost": lambda: _cost(inputs, outputs), "partial": lambda: _partial(nodes, start, again["f"], seeds["x"])}
    return Exercise(
        given={**rng.drawn, "leaves": leaves, "unary": unary, "functions": functions, "ask": ask},
        shown={"used": used, "start": start, "rounded": rounded, **texts.shown(nodes, values, dots, again)},
        prompt=texts.PROMPT,
        parts=[*pairs, *(extra[name]() for name in ask)],
        solution=texts.SOLUTION,
        work=float(sum(EFFORT[op] for op, *_ in nodes)),
    )


def tangent(use: str, node: Node, values: Values, dots: Values, **bent: Any) -> Any:
    """Over the inputs of a node, the local derivative times the tangent of the input."""
    return sum(Use(use, node, place).slope(values, **bent) * dots[source] for place, source in enumerate(node[1:]))


def sweep(nodes: Graph, values: Values, seeds: Values) -> dict[str, Any]:
    """All tangents, from those of the inputs."""
    dots = dict(seeds)
    for name, node in zip(names(nodes), nodes, strict=True):
        dots[name] = tangent(name, node, values, dots)
    return dots


def _pair(name: str, node: Node, start: Values, seeds: Values, key: tuple[Any, Any]) -> Part:
    """A node's value and tangent, from the pairs before it."""

    def before(e: Earlier) -> tuple[dict[str, Any], dict[str, Any]]:
        known = {**start, **{source: e[source][0] for source in node[1:] if source not in start}}
        return {**known, name: value(node, known)}, {
            **seeds, **{source: e[source][1] for source in node[1:] if source not in start}
        }  # fmt: skip

    def right(e: Earlier) -> tuple[Any, Any]:
        known, moved = before(e)
        return known[name], tangent(name, node, known, moved)

    def bent(change: Callable[[Values, Values], Any]) -> Rule:
        def rule(e: Earlier) -> Any:
            known, moved = before(e)
            wrong = change(known, moved)
            return None if isclose(wrong, right(e)[1], abs_tol=1e-9) else (known[name], wrong)

        return rule

    slips = [Slip(slip, bent(change), texts.SAID[slip]) for slip, change in _changes(name, node, set(start)).items()]
    return Part(name, texts.pair(name), Array(key, 1e-3 if isinstance(key[0], float) else 0.0), 2, slips, right)


def _changes(name: str, node: Node, leaves: set[str]) -> dict[str, Callable[[Values, Values], Any]]:
    """Misconceptions: the tangent of a node from all values, and the tangents of its inputs."""
    found: dict[str, Callable[[Values, Values], Any]] = {
        slip: partial(lambda values, dots, wrong: tangent(name, node, values, dots, wrong=wrong), wrong=wrong)
        for slip, wrong in WRONG.items()
        if any(Use(name, node, place).hit_by(wrong) for place in range(len(node) - 1))
    }
    if len(node) == 3:
        found["first_input_only"] = lambda values, dots: Use(name, node, 0).slope(values) * dots[node[1]]
        found["second_input_only"] = lambda values, dots: Use(name, node, 1).slope(values) * dots[node[2]]
    if leaves & set(node[1:]):
        found["seeds_of_one"] = lambda values, dots: tangent(name, node, values, {**dots, **dict.fromkeys(leaves, 1)})
    if not leaves >= set(node[1:]):
        found["slopes_alone"] = lambda values, dots: tangent(name, node, values, dict.fromkeys(node[1:], 1))
    return found


def _cost(inputs: int, outputs: int) -> Part:
    slips = {"swapped": (outputs, inputs), "one_direction": (1, outputs), "every_entry": (inputs * outputs,) * 2}
    wrong = [Slip(name, value, texts.SAID[name]) for name, value in slips.items()]
    return Part("cost", texts.COST, Array((inputs, outputs)), misconceptions=wrong)


def _partial(nodes: Graph, start: Values, key: Any, seed: int) -> Part:
    """The derivative by x alone, from the own values."""

    def right(e: Earlier) -> Any:
        known = {**start, **{name: e[name][0] for name in names(nodes)}}
        return sweep(nodes, known, {leaf: int(leaf == "x") for leaf in start})["f"]

    slips = [
        Slip("same_seed", lambda e: e["f"][1], texts.SAID["same_seed"]),
        Slip("divided", lambda e: over(e["f"][1], seed) if seed != 1 else None, texts.SAID["divided"]),
    ]
    answer = Number(key) if isinstance(key, float) else Rational(key)
    return Part("partial", texts.PARTIAL, answer, 2, slips, right)


@forward_mode.oracle
def dual_numbers(nodes: Graph, values: Vector, direction: Vector, ask: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """Pairs of value and tangent with an arithmetic of their own, and its misconceptions."""
    rounded = any(op in {"exp", "ln"} for op, *_ in nodes)
    seeds = {name: (float(v) if rounded else v, u) for name, v, u in zip(LEAVES, values, direction, strict=False)}
    pairs, found = _run(nodes, seeds), {}
    for name, (op, *inputs) in zip(names(nodes), nodes, strict=True):
        before = [pairs[source] for source in inputs]
        wrong = {slip: rule(*before) for slip, (of, rule) in WRONG_TANGENTS.items() if of == op}
        if len(before) == 2:
            (a, da), (b, db) = before
            wrong["first_input_only"] = RIGHT[op]((a, da), (b, 0))[1]
            wrong["second_input_only"] = RIGHT[op]((a, 0), (b, db))[1]
        ones = [(v, 1 if source in seeds else dot) for source, (v, dot) in zip(inputs, before, strict=True)]
        wrong["seeds_of_one"] = RIGHT[op](*ones)[1]
        wrong["slopes_alone"] = RIGHT[op](*((v, 1) for v, _ in before))[1]
        v, dot = found[name] = pairs[name]
        found |= {f"{name}.{s}": None if isclose(w, dot, abs_tol=1e-9) else (v, w) for s, w in wrong.items()}
    if "cost" in ask:
        jacobian = np.zeros((given["outputs"], given["inputs"]))
        found |= {"cost": jacobian.T.shape, "cost.swapped": jacobian.shape, "cost.one_direction": (1, len(jacobian)),
                  "cost.every_entry": (jacobian.size, jacobian.size)}  # fmt: skip
    if "partial" in ask:
        alone = _run(nodes, {name: (v, int(name == "x")) for name, (v, _) in seeds.items()})
        along, seed = pairs["f"][1], direction[0]
        found |= {"partial": alone["f"][1], "partial.same_seed": along}
        found["partial.divided"] = along * RIGHT["1/x"]((seed, 0))[0] if seed != 1 else None
    return found


def _run(nodes: Graph, seeds: Values) -> dict[str, Any]:
    """All pairs, from those of the inputs."""
    pairs = dict(seeds)
    for name, (op, *inputs) in zip(names(nodes), nodes, strict=True):
        pairs[name] = RIGHT[op](*(pairs[source] for source in inputs))
    return pairs
