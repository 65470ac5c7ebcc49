"""Families whose answers are run or verified: recurrent networks, functions with kinks, polygons, counter-examples."""

from __future__ import annotations

import time
from collections import Counter
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

import problem_bank
from problem_bank.errors import BadGiven
from problem_bank.families.claims._by_numpy import RUNS
from problem_bank.families.claims._functions import FUNCTIONS
from problem_bank.families.claims.counterexample import CLAIMS
from problem_bank.families.expressiveness._smallest import smallest
from problem_bank.families.recurrent._machines import TASKS
from problem_bank.variant import Variant
from problem_bank.verdict import Status


def verdict(variant: Variant, part: str, raw: Any) -> Any:
    return variant.mark({part: raw})[part]


# Recurrent networks


def recurrent(task: str, **given: Any) -> Variant:
    level = "hard" if task in ("sum", "difference") else "medium"
    start = {"start": 0} if TASKS[task].before else {}
    return problem_bank.load("recurrent.construct").draw("t", level=level, given={
        "tasks": (task,), "task": task, "activation": "relu", "levels": (0, 1), **start, **given})  # fmt: skip


BUILT = {
    "parity": {"W": [[1, -2], [1, -2]], "U": [1, 1], "b": [0, -1], "h0": [0, 0], "V": [1, -2], "c": 0},
    "pair": {"W": [[0, 0], [1, 0]], "U": [1, 1], "b": [0, -1], "h0": [0, 0], "V": [0, 1], "c": 0},
    "sum": {"W": [[0, 1, -1]] * 3, "U": [[1, 1]] * 3, "b": [0, -1, -2], "h0": [0, 0, 0], "V": [1, -2, 2], "c": 0},
    "change": {"W": [[0, 0, 0], [1, 0, 0], [-1, 0, 0]], "U": [1, -1, 1], "b": [0, 0, 0], "h0": [0, 0, 0],
               "V": [0, 1, 1], "c": 0},
}  # fmt: skip


@pytest.mark.parametrize("task", BUILT)
def test_networks_built_by_hand_are_right(task: str) -> None:
    """Parity, two ones in a row, an adder with carry, and a change of the input, with units of one's own."""
    assert verdict(recurrent(task), "network", BUILT[task]).status is Status.RIGHT


@pytest.mark.parametrize(
    ("task", "change", "slip"),
    [
        ("sum", {"W": [[0, 0, 0]] * 3}, "no_memory"),
        ("sum", {"W": [[1, -1, 0]] * 3}, "keeps_any"),
        ("sum", {"h0": [0, 1, 0]}, "wrong_start"),
        ("parity", {"h0": [1, 0]}, "wrong_start"),
        ("pair", {"V": [0, -1], "c": 1}, "turned_round"),
    ],
)
def test_verified_mistakes_are_named(task: str, change: dict[str, Any], slip: str) -> None:
    """A network that forgets the carry, starts wrongly, ... imitates another machine, and that is recognised."""
    found = verdict(recurrent(task), "network", {**BUILT[task], **change})
    assert slip in found.misconceptions
    assert "the last output is" in found.remark


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("activation", ["relu", "step"])
def test_the_solution_does_the_task_on_long_sequences(task: str, activation: str) -> None:
    """The network of the solution gives the task's outputs on 200 random bits, for both beginnings."""
    rng = Random(task)
    for start in (0, 1) if TASKS[task].before else (0,):
        given = {"activation": activation, "levels": (-4, 3), **({"start": start} if TASKS[task].before else {})}
        answer = recurrent(task, **given).parts[1].answer
        net, state, h = answer.network_for(answer.key), 0, answer.network_for(answer.key).h0  # type: ignore[attr-defined]
        for _ in range(200):
            x = tuple(rng.randint(0, 1) for _ in range(TASKS[task].bits))
            state, wanted = answer.key[state][int("".join(map(str, x)), 2)]
            h = net.next(h, x, activation)
            assert net.output(h) == wanted


def test_the_adder_adds() -> None:
    """The wanted outputs of the adder are the digits of the sum of two whole numbers."""
    machine = recurrent("sum").parts[1].answer.key
    for a, b in product(range(16), repeat=2):
        state, digits = 0, []
        for place in range(5):
            state, digit = machine[state][2 * (a >> place & 1) + (b >> place & 1)]
            digits.append(digit << place)
        assert sum(digits) == a + b


# Functions with kinks


def test_the_smallest_network_is_smallest() -> None:
    """No network with fewer units from a grid of weights equals a drawn function; with as many, the key does."""
    family = problem_bank.load("expressiveness.exact_function")
    for i in range(12):
        part = family.draw(("small", i), level=("easy", "medium", "hard")[i % 3]).parts[1]
        key = part.answer.key
        assert part.answer.compare(smallest(key)).right  # which refuses more units than allowed
        assert len(smallest(key).b1) >= len(key[0])
    absolute = (((1, 0, 1),), (0,), 0)
    assert len(smallest(absolute).b1) == 2
    assert len(smallest((((1, 0, Fraction(1, 2)),), (Fraction(1, 2),), 3)).b1) == 1
    assert len(smallest(((), (1,), 0)).b1) == 2
    assert len(smallest(((), (0,), 5)).b1) == 0


def test_a_function_that_is_right_on_whole_numbers_only_is_wrong() -> None:
    """|x| built with a tiny extra hat between two whole numbers: samples would not see it."""
    given = {"built": ["absolute"], "kind": "absolute", "others": ["max", "min", "clip"], "places4": [1, 2, 3], "m4": 1,
             "c4": 1}  # fmt: skip
    variant = problem_bank.load("expressiveness.exact_function").draw("hat", level="easy", given=given)
    right = {"W1": [1, -1], "b1": [-1, 1], "W2": [1, 1], "b2": 1}
    assert verdict(variant, "network", right).status is Status.RIGHT
    answer = variant.parts[1].answer
    hat = [(4, -Fraction(1)), (4, -Fraction(3, 2)), (4, -2)]
    wide = type(answer)(answer.key, inputs=1, decision="everywhere", width=5)  # type: ignore[call-arg]
    net = wide.parse({"W1": [1, -1, *(w for w, _ in hat)], "b1": [-1, 1, *(str(b) for _, b in hat)],
                      "W2": [1, 1, 1, -2, 1], "b2": 1})  # fmt: skip
    assert all(net.output((x,), "relu") == abs(x - 1) + 1 for x in range(-9, 10))
    assert not wide.compare(net).right


# Polygons


def test_any_network_of_the_polygon_is_right() -> None:
    """Units scaled and reordered, and another threshold, are right; a side that is missing is told with a point."""
    for level in ("easy", "medium", "hard"):
        part = problem_bank.load("networks.half_planes").draw("p", level=level).parts[1]
        net = part.answer.network_for(part.answer.key)  # type: ignore[attr-defined]
        sides = len(net.b1)
        scaled = {"W1": [[3 * w for w in row] for row in net.W1[::-1]], "b1": [3 * b for b in net.b1[::-1]],
                  "W2": [2] * sides, "b2": 1 - 2 * sides}  # fmt: skip
        assert part.answer.compare(part.answer.parse(scaled)).right
        open_side = part.answer.parse({**scaled, "W2": [0] + [2] * (sides - 1), "b2": 3 - 2 * sides})
        assert "class 1; wrong" in part.answer.compare(open_side).remark


# Counter-examples


def claim_of(name: str, **given: Any) -> Variant:
    level = "hard" if name in FUNCTIONS else "medium"
    pin = 5 if name in FUNCTIONS else 30
    settled = {"claims": (name,), "claim": name, "pin": pin, "a": 3, "b": 4, **given}
    return problem_bank.load("claims.counterexample").draw("c", level=level, given=settled)


JUDGED = [
    ("additive_relu", "u = 31, v = -1", Status.RIGHT, ()),
    ("additive_relu", "v = 15.5; u = 14.5", Status.WRONG, ("same_sign",)),
    ("additive_relu", "u = 3, v = -1", Status.WRONG, ("wrong_total",)),
    ("linear_pooling", "[40, -10, 0]", Status.RIGHT, ()),
    ("linear_pooling", "[10, 10, 10]", Status.WRONG, ("same_place",)),
    ("clipping", "[29, 1]", Status.RIGHT, ()),
    ("mean_of_means", "u = [30, 0], v = [0, 0, 0]", Status.RIGHT, ()),
    ("mean_of_means", "u = [6, 6], v = [5, 6, 7]", Status.WRONG, ("equal_means",)),
    ("softmax_scale", "a = -1, z = [10, 11, 9]", Status.RIGHT, ()),
    ("softmax_scale", "a = 1, z = [10, 11, 9]", Status.WRONG, ("factor_one",)),
    ("softmax_scale", "a = 5, z = [10, 10, 10]", Status.WRONG, ("equal_logits",)),
    ("softmax_injective", "y = (29.5, 2.5, 3.5)", Status.RIGHT, ()),
    ("softmax_injective", "y = (15, 1.5, 2)", Status.WRONG, ("scaled",)),
    ("positive_diagonal", "H = [[16, 16], [16, 16]]", Status.RIGHT, ()),
    ("positive_diagonal", "H = [[16, 15], [15, 16]]", Status.WRONG, ("small_coupling",)),
    ("positive_diagonal", "H = [[16, 99], [0, 16]]", Status.WRONG, ("not_symmetric",)),
    ("order_of_layers", "B = [[0, 1], [0, 0]]", Status.RIGHT, ()),
    ("order_of_layers", "B = [[7, 0], [0, 7]]", Status.WRONG, ("multiple_of_identity",)),
    ("square_layer", "W = [[15, 15], [15, 15]], u = [0, 0], v = [1, -1]", Status.RIGHT, ()),
    ("square_layer", "W = [[15, 15], [15, 15]], u = [1, 1], v = [1, 1]", Status.WRONG, ("same_inputs",)),
    ("norm_forgets_scale", "a = -1/3, x = [30, 1, -1]", Status.RIGHT, ()),
    ("norm_forgets_scale", "a = 1/3, x = [30, 1, -1]", Status.WRONG, ("positive_factor",)),
    ("equal_units", "g(x) = cos(pi*x/4) + 5 - cos(3*pi/4)", Status.RIGHT, ()),
    ("equal_units", "g = exp(-(x-4)^2) + 5 - exp(-1)", Status.RIGHT, ()),
    ("equal_units", "g = max(0, x) + 2", Status.WRONG, ("between",)),
    ("equal_units", "g = x^2", Status.WRONG, ("wrong_point",)),
    ("rescaling", "g = sigmoid(x) + 5 - sigmoid(3)", Status.RIGHT, ()),
    ("rescaling", "g = 5/3 * relu(x)", Status.WRONG, ("homogeneous",)),
    ("rescaling", "g = max(5x/3, x/100)", Status.WRONG, ("homogeneous",)),
    ("deeper_is_more", "g = 5", Status.RIGHT, ()),
    ("deeper_is_more", "g = relu(x) - relu(-x) + 2", Status.RIGHT, ()),
    ("deeper_is_more", "g = relu(x) + 2", Status.WRONG, ("curved",)),
    ("zero_start", "g = 5*sigmoid(x)/sigmoid(3)", Status.RIGHT, ()),
    ("zero_start", "g = 5*tanh(x)/tanh(3)", Status.WRONG, ("zero_at_zero",)),
    ("steep", "g = x^2 - 4, u = 0, v = 2", Status.RIGHT, ()),
    ("steep", "g = x^2 - 4, u = 0, v = 1", Status.WRONG, ("close",)),
    ("centred", "g = relu(x) + 2", Status.RIGHT, ()),
    ("centred", "g = 5 sin(pi x/6)", Status.WRONG, ("odd",)),
    ("zero_start", "g = ln(x) + 5 - ln(3)", Status.WRONG, ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "raw", "status", "slips"), JUDGED)
def test_counter_examples_are_judged_by_the_claim(name: str, raw: str, status: Status, slips: tuple[str, ...]) -> None:
    """Objects of a student's own are right, or known by why the claim holds for them; the feedback says so."""
    found = verdict(claim_of(name), "object", raw)
    assert (found.status, found.misconceptions) == (status, slips)
    assert status is Status.RIGHT or found.feedback


def test_every_claim_has_a_judged_example() -> None:
    """The table above leaves no claim out."""
    assert {name for name, *_ in JUDGED} == set(CLAIMS)


@pytest.mark.parametrize("name", [name for name in CLAIMS if name not in FUNCTIONS])
def test_deciding_agrees_with_running_the_claim(name: str) -> None:
    """On random objects, many of them just inside or outside, the decision is what NumPy finds."""
    rng, n = Random(name), (4, 3, 2)
    run, claim = RUNS[name](*n), CLAIMS[name]
    for _ in range(150):
        values = tuple(_random(rng, shape) for _, shape in claim.objects)
        arrays = [np.array(value, dtype=float) for value in values]
        breaks = bool(run.allowed(*arrays)) and not bool(run.claim(*arrays))
        assert (claim.judge(values, n) is None) == breaks, values


def _random(rng: Random, shape: tuple[int, ...]) -> Any:
    return tuple(_random(rng, shape[1:]) for _ in range(shape[0])) if shape else rng.randint(-3, 4)


def test_hostile_functions_are_judged_quickly() -> None:
    """Towers, long sums, poles and jumps: a verdict or a person's turn, never an error, in a moment."""
    texts = ["exp(exp(exp(exp(x))))", "x^1000", "1/x", "0/0", "sin(10^40*x)", "x^x", "floor(10^9*x)", "(" * 300 + "x",
             "+".join(f"sin({k}x)" for k in range(60)), "abs(" * 60 + "x" + ")" * 60, "10^99*x", "nan"]  # fmt: skip
    statuses: Counter[str] = Counter()
    for name in FUNCTIONS:
        variant, points = claim_of(name), ", u = 1e40, v = -1/3" if name == "steep" else ""
        for text in texts:
            began = time.perf_counter()
            statuses[verdict(variant, "object", f"g = {text}{points}").status.value] += 1
            assert time.perf_counter() - began < 0.5, text
    assert set(statuses) <= {"wrong", "unreadable", "ungraded"}


def test_pins_that_spoil_the_examples_are_refused() -> None:
    """With a pin of 2 and a bound of 3, both halves fit into the interval: the author is told."""
    with pytest.raises(BadGiven, match="take a pin further from 0"):
        claim_of("clipping", pin=2)
