"""Families on the structure of layers and on built networks: pinned coursework and real answers."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import problem_bank
from problem_bank.answers import TwoLayer
from problem_bank.errors import BadGiven
from problem_bank.families.networks import _nearly, _targets
from problem_bank.verdict import Status

XOR = {"function": "xor", "activation": "relu", "coding": "binary", "outputs": [0, 1], "repair": False}

# Question, what is pinned, and what a student really answered; all of it is right.
REAL = [
    ("networks.boolean", XOR, {"W1": [[1, 1], [1, 1]], "b1": [0, -1], "W2": [1, -2], "b2": 0}),
    (
        "convolution.dense_layer",
        {"kind": "dense", "sides": [28, 28], "units": 100, "lacks": [0, 0, 0]},
        {"inputs": 784, "sparse_interactions": "no", "parameter_sharing": "no", "equivariant": "no"},
    ),
    (
        "convolution.connectivity",
        {"sides": [4, 4], "k": 2, "channels": 1, "filters": 1},
        {"inputs_per_output": 4, "distinct_parameters": 4},
    ),
    (
        "concepts.statements",
        {"item": "pooling_facts", "statements": ["learned"], "count": 1},
        {"learned": "conv: yes, pooling: no"},
    ),
]


@pytest.mark.parametrize(("id", "given", "answers"), REAL)
def test_real_answers_to_the_pinned_coursework_are_right(
    id: str, given: dict[str, Any], answers: dict[str, Any]
) -> None:
    """What a real student typed is read and marked right in every part."""
    level = "easy" if "convolution" in id else "medium"
    verdicts = problem_bank.load(id).draw("", level=level, given=given).mark(answers)
    assert {name: verdict.status for name, verdict in verdicts.items()} == dict.fromkeys(verdicts, Status.RIGHT)


def test_xor_with_opposite_output_weights_is_named() -> None:
    """W2 = (1, -1) computes OR; the feedback says why, and no credit is given."""
    variant = problem_bank.load("networks.boolean").draw("", given=XOR)
    verdict = variant.mark({"W1": [[1, 1], [1, 1]], "b1": [0, -1], "W2": [1, -1], "b2": 0})["network"]
    assert (verdict.status, verdict.misconceptions, verdict.score) == (Status.WRONG, ("new_for_change",), 0)


@pytest.mark.parametrize("name", sorted(_targets.TARGETS))
@pytest.mark.parametrize("activation", ["relu", "step"])
@pytest.mark.parametrize("decision", ["exact", "threshold"])
@pytest.mark.parametrize("coding", ["binary", "bipolar"])
def test_every_function_can_be_asked_in_every_form(name: str, activation: str, decision: str, coding: str) -> None:
    """Example networks compute all functions for both units, codings and decisions (|x1 - x2| is for numbers)."""
    given = {"functions": [name], "function": name, "activation": activation, "activations": [activation],
             "coding": coding, "codings": [coding], "decision": decision, "repair": False}  # fmt: skip
    family = problem_bank.load("networks.boolean")
    if name == "distance" and (coding, decision) != ("binary", "exact"):
        with pytest.raises(BadGiven, match="no function of true and false"):
            family.draw("", given=given)
        return
    variant = family.draw("", given=given)
    assert variant.mark(variant.key())["network"].status is Status.RIGHT


def test_all_198_small_networks_for_xor_are_accepted() -> None:
    """Of the 5^9 networks with entries in -2..2, those that compute XOR are accepted, and no other of a sample."""
    answer = problem_bank.load("networks.boolean").draw("", given=XOR).parts[0].answer
    triples = np.array(list(product(range(-2, 3), repeat=3)), dtype=np.int8)  # (w1, w2, b) or (W2_1, W2_2, b2)
    hidden = np.maximum(triples @ np.array([[0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1]], dtype=np.int8), 0)
    v, w, c = triples.T[:, :, None]
    outputs = v * hidden[:, None, None] + w * hidden[None, :, None] + c  # (unit 1, unit 2, output layer, input)
    computes = (outputs == np.array([0, 1, 1, 0])).all(-1)

    def net(i: int, j: int, k: int) -> TwoLayer:
        (a, b, p), (d, e, q), (v, w, c) = triples[[i, j, k]].tolist()
        return TwoLayer(((a, b), (d, e)), (p, q), (v, w), c)

    assert computes.sum() == 198
    assert all(answer.compare(net(*place)).right for place in np.argwhere(computes))
    others = np.argwhere(~computes)[::9973]
    assert not any(answer.compare(net(*place)).right for place in others)


def test_the_first_try_fails_on_one_input_only() -> None:
    """The network to repair is wrong for the input that the key names, and right for all others."""
    for level in ("easy", "medium", "hard"):
        for i in range(40):
            variant = problem_bank.load("networks.boolean").draw(("near", i), level=level)
            network, keys = variant.parts[-1].answer, variant.exercise.keys()
            table = network.table(TwoLayer(*variant.drawn["first_try"]))
            wrong = [j for j, (got, wanted) in enumerate(zip(table, network.key, strict=True)) if got != wanted]
            assert wrong == [variant.drawn["listed"][keys["failing"]]]


def test_the_failing_input_follows_from_the_students_own_outputs() -> None:
    """One wrong output costs its own marks; naming the input that then fails is consistent."""
    for i in range(50):
        variant = problem_bank.load("networks.boolean").draw(("follow", i), level="medium")
        network, (outputs, failing, _) = variant.parts[-1].answer, variant.exercise.keys().values()
        own, listed = [*network.key], variant.drawn["listed"]
        other = 1 if listed[failing] != 1 else 2
        own[other] += 1  # the student finds the only fault elsewhere
        assert network.decide(own[other]) != network.key[other]
        verdicts = variant.mark({"outputs": own, "failing": "abcd"[listed.index(other)]})
        assert verdicts["failing"].status is Status.CONSISTENT
        assert tuple(own) != outputs


def test_where_no_near_network_exists_the_error_says_so() -> None:
    """Parity of three inputs with step units has no first try that fails once; the message tells what to pin."""
    given = {"functions": ["parity"], "function": "parity", "activation": "step"}
    with pytest.raises(BadGiven, match="repair = false"):
        problem_bank.load("networks.boolean").draw("", given=given)


def test_first_tries_keep_small_whole_entries_alive() -> None:
    """No candidate has a unit without input or output weights, and none is the right network itself."""
    answer = problem_bank.load("networks.boolean").draw("", given=XOR).parts[0].answer
    nets = _nearly.nearly(answer, answer.examples[0])
    assert len(set(nets)) == len(nets) > 20
    for w1, _, w2, _ in nets:
        assert all(w2)
        assert all(any(row) for row in w1)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("dense", ("no", "no", "no")),
        ("convolution", ("yes", "yes", "yes")),
        ("local", ("yes", "no", "no")),
        ("strided", ("yes", "yes", "no")),
        ("circular", ("no", "yes", "yes")),
    ],
)
def test_kinds_of_layer_differ_in_their_properties(kind: str, told: tuple[str, str, str]) -> None:
    """Sparse, shared, equivariant: no property follows from another."""
    given = {"kinds": [kind], "kind": kind, "lacks": [0, 0, 0]}
    key = problem_bank.load("convolution.dense_layer").draw("", given=given).key()
    assert (key["sparse_interactions"], key["parameter_sharing"], key["equivariant"]) == told


@pytest.mark.parametrize(
    ("id", "given"),
    [("convolution.dense_layer", {"kind": "convolution", "k": 40}), ("convolution.connectivity", {"k": 40})],
)
def test_a_window_larger_than_the_image_is_refused(id: str, given: dict[str, Any]) -> None:
    """A pinned window that does not fit is named, with what would fit."""
    with pytest.raises(BadGiven, match="40"):
        problem_bank.load(id).draw("", given=given)
