"""Unrolled networks, backpropagation through time, LSTM, GRU, counts, clipping: PyTorch, hand work, follow-through."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from problem_bank import load
from problem_bank.variant import Variant
from problem_bank.verdict import Status

UNROLL: dict[str, Any] = {
    "W": [[1, -1], [2, 1]],
    "U": [1, 2],
    "b": [-1, 1],
    "h0": [1, 2],
    "x": [1, 2],
    "v": [1, 3],
    "c": 2,
    "steps": 2,
}
BPTT: dict[str, Any] = {"w": 2, "u": "1/2", "h0": 1, "x": [2, -2, 4], "y": 5, "steps": 3}
CLIP: dict[str, Any] = {"g": [2, 3, 6], "g_signs": [1, -1, 1], "factor": 2, "threshold": 7, "theta": [1, 1, 1],
        "rate": "1/2", "small": [1, 2, 2], "small_signs": [1, 1, -1]}  # fmt: skip


def drawn(name: str, level: str | None = None, **given: Any) -> Variant:
    return load(f"recurrent.{name}").draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_unrolling_by_hand() -> None:
    """(1, 2) becomes ReLU(-1, 7) = (0, 7), then ReLU(-6, 12) = (0, 12), and the output 3 * 12 + 2."""
    keys = drawn("unroll", **UNROLL).exercise.keys()
    assert keys == {"h1": (0, 7), "h2": (0, 12), "y": 38}


def test_a_lost_bias_is_paid_once() -> None:
    """Without biases the first state is ReLU(0, 6); the second, right from there, is consistent."""
    verdicts = marked(drawn("unroll", **UNROLL), h1="[0, 6]", h2="[0, 11]", y=35)
    assert verdicts["h1"].misconceptions == ("no_bias",)
    assert {verdicts[name].status for name in ("h2", "y")} == {Status.CONSISTENT}


@pytest.mark.parametrize("key", range(4))
def test_unrolling_is_that_of_torch(key: int) -> None:
    """torch's RNN with tanh reaches the same states."""
    torch = pytest.importorskip("torch")
    variant = load("recurrent.unroll").draw(key, level="hard")
    given = variant.exercise.given
    cell = torch.nn.RNN(1, 2, dtype=torch.float64)
    weights = {"weight_hh_l0": given["W"], "weight_ih_l0": [[u] for u in given["U"]], "bias_ih_l0": given["b"],
               "bias_hh_l0": (0, 0)}  # fmt: skip
    with torch.no_grad():
        for name, value in weights.items():
            getattr(cell, name).copy_(tensor(value))
    states, _ = cell(tensor([[v] for v in given["x"]]), tensor([given["h0"]]))
    for t, state in enumerate(states.tolist(), start=1):
        assert state == pytest.approx(variant.exercise.keys()[f"h{t}"])


def tensor(value: Any) -> Any:
    import torch

    def floats(v: Any) -> Any:
        return [floats(entry) for entry in v] if isinstance(v, list | tuple) else float(v)

    return torch.tensor(floats(value), dtype=torch.float64)


def test_bptt_by_hand() -> None:
    """States 3, 5, 12; the error 7 goes back as 14 and 28; all three steps add to both gradients."""
    keys = drawn("bptt", "easy", **BPTT).exercise.keys()
    assert [keys[f"h{t}"] for t in (1, 2, 3)] == [3, 5, 12]
    assert [keys[f"d{t}"] for t in (3, 2, 1)] == [7, 14, 28]
    assert keys["dw"] == 28 * 1 + 14 * 3 + 7 * 5
    assert keys["du"] == 28 * 2 - 14 * 2 + 7 * 4


def test_the_last_step_alone_is_named() -> None:
    """Truncated to one step, the gradient by u is 7 * 4."""
    assert marked(drawn("bptt", "easy", **BPTT), du=28)["du"].misconceptions == ("last_step",)


def test_a_wrong_gradient_of_a_state_is_followed() -> None:
    """Without w the gradients stay 7; the sum that follows from them is consistent."""
    verdicts = marked(drawn("bptt", "easy", **BPTT), d2=7, d1=14, dw=14 + 21 + 35)
    assert "no_weight" in verdicts["d2"].misconceptions
    assert {verdicts[name].status for name in ("d1", "dw")} == {Status.CONSISTENT}


@pytest.mark.parametrize("cell", ["linear", "leaky", "tanh"])
def test_bptt_is_autograd(cell: str) -> None:
    """torch's gradients of the same unrolled loss."""
    torch = pytest.importorskip("torch")
    phi = {"linear": lambda a: a, "leaky": lambda a: torch.nn.functional.leaky_relu(a, 0.5), "tanh": torch.tanh}[cell]
    level = {"linear": "easy", "leaky": "medium", "tanh": "hard"}[cell]
    variant = load("recurrent.bptt").draw("torch", level=level)
    given, keys = variant.exercise.given, variant.exercise.keys()
    w, u = (tensor(given[name]).requires_grad_() for name in "wu")
    h = tensor(given["h0"])
    for x in given["x"]:
        h = phi(w * h + u * x)
    ((h - given["y"]) ** 2 / 2).backward()
    assert (w.grad.item(), u.grad.item()) == pytest.approx((float(keys["dw"]), float(keys["du"])))


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("directions", [1, 2])
def test_counts_are_those_of_torch(kind: str, directions: int) -> None:
    """torch's layers have two bias vectors."""
    torch = pytest.importorskip("torch")
    given: dict[str, Any] = {"kind": kind, "biases": 2, "sizes": [10, 16, 6], "length": 30}
    keys = drawn("counts", directions=directions, **given).exercise.keys()
    layers = getattr(torch.nn, kind)(10, 16, num_layers=2, bidirectional=directions == 2)
    assert keys["first"] + keys["second"] == sum(p.numel() for p in layers.parameters())
    assert keys["total"] == keys["first"] + keys["second"] + 16 * directions * 6 + 6


def test_weights_counted_for_every_step_are_named() -> None:
    """The same weights serve in all 30 steps."""
    variant = drawn("counts", kind="LSTM", biases=1, sizes=[10, 16, 6], length=30)
    assert variant.exercise.keys()["first"] == 4 * 16 * (10 + 16 + 1)
    assert marked(variant, first=30 * 4 * 16 * 27)["first"].misconceptions == ("every_step",)


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_an_lstm_step_is_that_of_torch(level: str) -> None:
    """torch stacks input, forget gate, candidate and output gate in this order."""
    torch = pytest.importorskip("torch")
    variant = load("recurrent.lstm_step").draw("torch", level=level)
    given, keys = variant.exercise.given, variant.exercise.keys()
    cell = filled(torch.nn.LSTMCell(1, 1, dtype=torch.float64), [given[f"weights_{name}"] for name in "ifgo"])
    h, c = tensor([given["h0"]]), tensor([given["c0"]])
    for t, x in enumerate(given["x"], start=1):
        h, c = cell(tensor([x]), (h, c))
        assert (h.item(), c.item()) == pytest.approx((keys[f"h{t}"], keys[f"c{t}"]))


def filled(cell: Any, rows: Any) -> Any:
    """A cell of torch with these weights for input, state and bias, block after block."""
    import torch

    rows = [(*row, 0)[:3] for row in rows]
    with torch.no_grad():
        for i, name in enumerate(("weight_ih", "weight_hh", "bias_ih")):
            parameter = getattr(cell, name)
            parameter.copy_(tensor([row[i] for row in rows]).reshape(parameter.shape))
        cell.bias_hh.zero_()
    return cell


def test_a_gru_step_is_that_of_torch() -> None:
    """torch keeps the share z of the old state; without biases its reset is the book's."""
    torch = pytest.importorskip("torch")
    given: dict[str, Any] = {
        "weights_r": ["1/2", "-1/2"],
        "weights_z": ["3/10", "4/5"],
        "weights_n": ["7/10", "-6/5"],
        "x": [2],
    }
    keys = drawn("gru_step", "easy", **given, h0="9/10", form="old").exercise.keys()
    cell = filled(
        torch.nn.GRUCell(1, 1, dtype=torch.float64), [[Fraction(v) for v in given[f"weights_{n}"]] for n in "rzn"]
    )
    assert cell(tensor([2]), tensor([Fraction(9, 10)])).item() == pytest.approx(keys["h1"])


def test_the_other_convention_of_the_gru_is_named() -> None:
    """z on the other one of the two: (1 - z) n + z h in place of (1 - z) h + z n."""
    given: dict[str, Any] = {
        "weights_r": ["1/2", "-1/2"],
        "weights_z": ["3/10", "4/5"],
        "weights_n": ["7/10", "-6/5"],
        "x": [2],
    }
    new, old = (drawn("gru_step", "easy", **given, h0="9/10", form=form) for form in ("new", "old"))
    assert marked(new, h1=old.exercise.keys()["h1"])["h1"].misconceptions == ("turned_round",)


def test_clipping_by_hand() -> None:
    """(4, -6, 12) has the norm 14; at the threshold 7 it is halved, and by value only its last entry changes."""
    keys = drawn("clip", "hard", **CLIP).exercise.keys()
    assert (keys["norm"], keys["clipped"], keys["by_value"]) == (14, (2, -3, 6), (4, -6, 7))
    assert keys["theta"] == (0, Fraction(5, 2), -2)
    assert keys["small"] == (Fraction(1, 10), Fraction(1, 5), Fraction(-1, 5))


def test_clipping_is_that_of_torch() -> None:
    """torch's clip_grad_norm_ gives the same vector."""
    torch = pytest.importorskip("torch")
    theta = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    theta.grad = tensor([4, -6, 12])
    torch.nn.utils.clip_grad_norm_([theta], 7)
    assert theta.grad.tolist() == pytest.approx([2, -3, 6], rel=1e-5)


def test_clipping_by_value_is_named_and_followed() -> None:
    """The wrong clip costs its own mark; the step along it is consistent."""
    verdicts = marked(drawn("clip", "hard", **CLIP), clipped="[4, -6, 7]", theta="[-1, 4, -5/2]")
    assert verdicts["clipped"].misconceptions == ("by_value",)
    assert verdicts["theta"].status is Status.CONSISTENT
