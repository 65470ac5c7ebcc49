"""Families on convolution layers: gradients, transposed convolutions, matrices, pooling, shifts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import problem_bank
from problem_bank.errors import BadGiven
from problem_bank.families.convolution.equivariance import Layer, shifted
from problem_bank.families.convolution.transposed import Spread
from problem_bank.verdict import Status

X = [[1, 2, 0, 1], [0, 1, 3, 1], [2, 2, 1, 0], [1, 0, 2, 2]]
K = [[1, -1], [0, 1]]
G = [[1, 0, -1], [2, 1, 0], [0, -2, 1]]

# family, level, given, answers that were worked out on paper
PINNED: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "backward",
        "hard",
        {"size": 4, "sides": [4, 4], "k": 2, "x": X, "w": K, "g": G, "rate": "1/4"},
        {
            "dK": [[-1, 4], [5, 3]],
            "db": 2,
            "dX": [[1, -1, -1, 1], [2, 0, -1, -1], [0, 0, 4, -1], [0, 0, -2, 1]],
            "new": "[[5/4, -2], [-5/4, 1/4]]",
        },
    ),
    (
        "transposed",
        "medium",
        {"stride": 2, "ks": [2], "k": 2, "sides": [2, 2], "shape": [2, 2], "extra": 0, "image": [6, 9],
         "x": [[1, 2], [3, -1]], "w": [[1, 0], [2, -1]]},
        {"size": "12 x 18", "Y": [[1, 0, 2, 0], [2, -1, 4, -2], [3, 0, -1, 0], [6, -3, -2, 1]]},
    ),
    (
        "matrix",
        "medium",
        {"sides": [3, 3], "kernel": [2, 2], "weights": [1, 2, 3, 4], "at": [1, 1], "large": [4, 5]},
        {
            "M": [[1, 2, 0, 3, 4, 0, 0, 0, 0], [0, 1, 2, 0, 3, 4, 0, 0, 0],
                  [0, 0, 0, 1, 2, 0, 3, 4, 0], [0, 0, 0, 0, 1, 2, 0, 3, 4]],
            "counts": [12, 20, 48, 4],
        },
    ),
    (
        "pooling",
        "hard",
        {"k": 3, "stride": 2, "sides": [3, 5], "turn": [0, 1], "g": [[2, 5]],
         "x": [[1, 2, 9, 0, 4], [3, -4, 5, 6, 7], [8, -1, -2, -3, -5]]},
        {"Y": [[9, 9]], "dX": [[0, 0, 7, 0, 0], [0] * 5, [0] * 5]},
    ),
    (
        "equivariance",
        "easy",
        {"kind": "plain", "length": 4, "by": 1, "weights": 2, "x": [1, 2, 4, 3], "w": [1, -1]},
        {"shift_first": [-1, -1, -2], "layer_first": [0, -1, -2], "difference": [-1, 0, 0]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "level", "drawn", "answers"), PINNED, ids=[case[0] for case in PINNED])
def test_results_on_paper_are_right(name: str, level: str, drawn: dict[str, Any], answers: dict[str, Any]) -> None:
    """Small cases, worked out by hand, are what the families call right."""
    variant = problem_bank.load(f"convolution.{name}").draw("pinned", level=level, given=drawn)
    assert {part: verdict.status for part, verdict in variant.mark(answers).items()} == dict.fromkeys(
        answers, Status.RIGHT
    )


# family, level, what is drawn, answers with a slip in an early part, the part that follows from it
FOLLOWING: list[tuple[str, str, str, str]] = [
    ("backward", "easy", "dK", "new"),
    ("transposed", "hard", "full", "Y"),
    ("matrix", "hard", "P", "Y"),
    ("equivariance", "easy", "shift_first", "difference"),
]


@pytest.mark.parametrize(("name", "level", "first", "second"), FOLLOWING, ids=[case[0] for case in FOLLOWING])
def test_an_early_slip_costs_its_own_marks_only(name: str, level: str, first: str, second: str) -> None:
    """What follows from one's own wrong entry earns the marks of the method."""
    told = set()
    for i in range(12):
        variant = problem_bank.load(f"convolution.{name}").draw(("follow", i), level=level)
        parts = {part.name: part for part in variant.parts}
        keys = variant.exercise.keys()
        wrong = _off_by_one(keys[first])
        rule = parts[second].follow
        assert rule
        worked = rule({**keys, first: wrong})
        if worked == keys[second]:
            continue  # the entry that is wrong does not matter for this one
        answers = {**variant.key(), first: parts[first].answer.show(wrong), second: parts[second].answer.show(worked)}
        verdicts = variant.mark(answers)
        assert verdicts[first].status in (Status.PARTIAL, Status.WRONG)
        told.add(verdicts[second].status)
    assert told == {Status.CONSISTENT}


def _off_by_one(value: Any) -> Any:
    """A number in the middle one larger."""
    if not isinstance(value, tuple):
        return value + 1
    middle = len(value) // 2
    return (*value[:middle], _off_by_one(value[middle]), *value[middle + 1 :])


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_gradients_are_those_of_torch(level: str) -> None:
    """Kernel, bias and image get what autograd gives them."""
    torch = pytest.importorskip("torch")
    for i in range(5):
        variant = problem_bank.load("convolution.backward").draw(("torch", i), level=level)
        drawn, keys = variant.exercise.given, variant.exercise.keys()
        x, w = (torch.tensor(drawn[n], dtype=torch.float64, requires_grad=True) for n in ("x", "w"))
        b = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        y = torch.nn.functional.conv2d(x[None, None], w[None, None], b)
        y.backward(torch.tensor(drawn["g"], dtype=torch.float64)[None, None])
        for name, value in {"dK": w.grad, "db": b.grad[0], "dX": x.grad}.items():
            if name in keys:
                np.testing.assert_allclose(np.array(keys[name], dtype=float), value.numpy())


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_transposed_convolutions_are_those_of_torch(level: str) -> None:
    """Values with stride, padding and output padding, and the size for the larger image."""
    torch = pytest.importorskip("torch")
    for i in range(5):
        variant = problem_bank.load("convolution.transposed").draw(("torch", i), level=level)
        drawn, keys = variant.exercise.given, variant.exercise.keys()
        x, w = (torch.tensor(drawn[n], dtype=torch.float64)[None, None] for n in ("x", "w"))
        options = {"stride": drawn["stride"], "padding": drawn["padding"], "output_padding": drawn["extra"]}
        y = torch.nn.functional.conv_transpose2d(x, w, **options)[0, 0]
        np.testing.assert_array_equal(np.array(keys["Y"], dtype=float), y.numpy())
        large = torch.nn.functional.conv_transpose2d(
            torch.zeros(1, 1, *drawn["image"], dtype=torch.float64), w, **options
        )
        assert keys["size"] == tuple(large.shape[2:])


@given(st.integers(1, 40), st.integers(1, 6), st.integers(1, 4), st.integers(0, 2))
def test_transposing_undoes_the_size(n: int, k: int, stride: int, padding: int) -> None:
    """A convolution of the result has the size of the input again, up to the choice of output padding."""
    size = Spread(stride, padding, 0).size(n, k)
    if size > 0:
        assert (size + 2 * padding - k) // stride + 1 == n


@settings(max_examples=60)
@given(st.lists(st.integers(-9, 9), min_size=6, max_size=14), st.lists(st.integers(-3, 3), min_size=1, max_size=3),
       st.integers(1, 2), st.integers(1, 3))  # fmt: skip
def test_convolutions_are_equivariant_away_from_the_border(x: list[int], w: list[int], stride: int, steps: int) -> None:
    """A shift by so many strides moves the output by as many places, wherever no zero came in."""
    by, layer = stride * steps, Layer(tuple(w), stride, 0)
    before, after = layer(shifted(tuple(x), by)), shifted(layer(tuple(x)), steps)
    assert before[steps:] == after[steps:]


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("pooling", {"x": [[1, 1, 0, 2], [0, 1, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]], "turn": [0, 1]}),
    ("backward", {"sides": [2, 2], "k": 3, "x": [[1, 2], [3, 4]]}),
    ("matrix", {"sides": [3, 3], "kernel": [4, 1]}),
    ("transposed", {"padding": 3, "k": 2}),
    ("equivariance", {"length": 3, "weights": 3}),
]


@pytest.mark.parametrize(("name", "drawn"), REFUSED, ids=[case[0] for case in REFUSED])
def test_pinned_values_that_fit_nothing_are_refused(name: str, drawn: dict[str, Any]) -> None:
    """Ties in a window, kernels that do not fit: the message names the value."""
    with pytest.raises(BadGiven) as error:
        problem_bank.load(f"convolution.{name}").draw("x", level="easy", given=drawn)
    assert any(word in str(error.value) for word in (*drawn, "weights", "padding"))
