"""Families that ask what real papers ask beside the older ones: numbers worked by hand, torch, and named confusions."""

from fractions import Fraction
from math import log
from typing import Any

import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.variant import Variant
from problem_bank.verdict import Status

F = Fraction
GIVEN: dict[str, dict[str, Any]] = {
    "networks.activations_and_loss": {
        "x": [1, 2], "bases": [2, 3, 2], "W": [[1, -1], [2, -1], [-1, 2]], "b": [2, 1, -1], "v": [3, 4, -3], "c": 1,
        "target": 2,
    },
    "backpropagation.sgd_step": {
        "x1": [1, 2], "x2": [2, 1], "bases": [2, 3], "W": [[1, -1], [1, -1]], "b": [2, 1], "v": [3, -4], "c": 1,
        "t": [0, 1], "reduction": "sum", "asked": [1, 2], "rate": "1/2",
    },
    "backpropagation.named_forms": {"w": [2, -3], "x": [-2, 4], "power": [3, 1]},
    "curvature.eigenvectors": {
        "directions": [[1, 2], [2, -1]], "eigenvalues": [10, 4], "along": [1, 2], "slopes": [2, 1],
        "order": [0, 1, 2, 3],
    },
    "counting.convolution_blocks": {"k": 3, "m": 10, "factors": [4, 2]},
    "dropout.subnetworks": {"widths": [4, 3], "p": "1/4", "k": 3},
    "losses.hinge": {"label": 2, "delta": 1, "s": [3, 1, -1, 0.5, -0.5]},
    "losses.robust": {"predicted": [4, 1, 0, -2, 5], "errors": [1, -2, 3, 10, -1], "delta": "5/2"},
    "evaluation.early_stopping": {
        "losses": [1.0, 0.8, 0.7, 0.72, 0.71, 0.75, 0.6, 0.65],
        "training": [0.9, 0.75, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3],
        "measured": 8, "every": 100, "patience": 3,
    },
    "normalisation.group_norm": {
        "groups_large": 4, "images": 10, "share": 3, "sides": [5, 6], "line1": [1, 1, 5, -3], "line2": [0, 4, 3, 5],
    },
    "evaluation.bias_variance": {
        "truths": [2, 5], "predictions": [[3, 5, 7, 5], [1, 2, 4, 5]], "noise": 1, "members": 2, "rho": "1/2",
        "committee": True,
    },
}  # fmt: skip


def drawn(id: str, level: str = "medium", **given: Any) -> Variant:
    return load(id).draw("", level=level, given=given or GIVEN[id])


WORKED: list[tuple[str, str, str, Any]] = [
    # sums ln 2, ln 3, 2 ln 2: h = 2/3, 3/4, 4/5, and y = 2 + 3 - 12/5 + 1
    ("networks.activations_and_loss", "medium", "k", (2, 3, 4)),
    ("networks.activations_and_loss", "medium", "h", (F(2, 3), F(3, 4), F(4, 5))),
    ("networks.activations_and_loss", "medium", "y", F(18, 5)),
    ("networks.activations_and_loss", "medium", "loss", F(32, 25)),
    # s = -4 - 12 + w2 = ln 3: e = 1/3, f = 3/4
    ("backpropagation.named_forms", "medium", "f", F(3, 4)),
    ("backpropagation.named_forms", "medium", "dd", F(-9, 16)),
    ("backpropagation.named_forms", "medium", "dw", (F(-3, 8), F(3, 4), F(3, 16))),
    ("backpropagation.named_forms", "medium", "dx", (F(3, 8), F(-9, 16))),
    # H = 10/5 (1 2; 2 4) + 4/5 (4 -2; -2 1)
    ("curvature.eigenvectors", "medium", "hessian", ((F(26, 5), F(12, 5)), (F(12, 5), F(44, 5)))),
    ("curvature.eigenvectors", "medium", "bend", F(26, 5)),
    ("curvature.eigenvectors", "medium", "step", F(5, 44)),
    # 40 -> 10 -> 10 -> 20 channels
    ("counting.convolution_blocks", "medium", "total", 400 + 900 + 200 + 80),
    ("counting.convolution_blocks", "medium", "ratio", F(1500, 7200)),
    ("dropout.subnetworks", "medium", "choices", 4 * 8),
    ("dropout.subnetworks", "medium", "variance", F(21, 16)),
    ("dropout.subnetworks", "medium", "exactly", pytest.approx(4 * 27 / 256)),
    # terms 3, -1, 1/2 and -1/2 for the wrong classes
    ("losses.hinge", "medium", "loss", F(7, 2)),
    ("losses.hinge", "medium", "ds", (1, -2, 0, 1, 0)),
    ("losses.robust", "medium", "mse", 23),
    ("losses.robust", "medium", "huber", F(1, 5) * (F(1, 2) + 2 + F(5, 2) * F(7, 4) + F(5, 2) * F(35, 4) + F(1, 2))),
    ("losses.robust", "medium", "slopes", (F(1, 5), F(-2, 5), F(1, 2), F(1, 2), F(-1, 5))),
    ("evaluation.early_stopping", "medium", "stop", 600),
    ("evaluation.early_stopping", "medium", "kept", 300),
    ("evaluation.early_stopping", "medium", "missed", F(1, 10)),
    ("evaluation.early_stopping", "medium", "needed", 400),
    ("normalisation.group_norm", "medium", "counts", (12, 10, 120, 40)),
    ("normalisation.group_norm", "medium", "sizes", (300, 360, 30, 90)),
    ("normalisation.group_norm", "medium", "means", (1, 3)),
    ("normalisation.group_norm", "medium", "variances", (8, F(7, 2))),
    # means 5 and 3, variances 2 and 5/2
    ("evaluation.bias_variance", "medium", "bias", F(13, 2)),
    ("evaluation.bias_variance", "medium", "error", F(39, 4)),
    ("evaluation.bias_variance", "medium", "committee", F(13, 2) + F(9, 8) + 1),
    ("evaluation.bias_variance", "medium", "correlated", F(13, 2) + F(27, 16) + 1),
]


@pytest.mark.parametrize(("id", "level", "part", "value"), WORKED)
def test_worked_by_hand(id: str, level: str, part: str, value: Any) -> None:
    """The keys of one draw of each family, computed on paper."""
    assert drawn(id, level).exercise.keys()[part] == value


NAMED = [
    ("networks.activations_and_loss", "medium", "h", "[3/5, 4/5, 15/17]", "other_curve"),
    ("networks.activations_and_loss", "medium", "loss", "64/25", "no_half"),
    ("backpropagation.named_forms", "medium", "dd", "9/16", "sign"),
    ("backpropagation.named_forms", "medium", "dw", "[3/8, -9/16, 3/16]", "own_factor"),
    ("curvature.eigenvectors", "medium", "hessian", "[[26, 12], [12, 44]]", "lengths_forgotten"),
    ("curvature.eigenvectors", "medium", "bend", "7", "mean"),
    ("counting.convolution_blocks", "medium", "middle", "3600", "wide"),
    ("dropout.subnetworks", "medium", "exactly", "0.10546875", "one_choice"),
    ("losses.hinge", "medium", "ds", "[1, -1, 0, 1, 0]", "own_once"),
    ("losses.hinge", "medium", "loss", "9/2", "own_class"),
    ("losses.robust", "medium", "huber", "23/2", "all_squared"),
    ("losses.robust", "medium", "slopes", "[1/5, -2/5, 3/5, 2, -1/5]", "uncut"),
    ("evaluation.early_stopping", "medium", "stop", "400", "first_rise"),
    ("evaluation.early_stopping", "medium", "kept", "700", "lowest"),
    ("normalisation.group_norm", "medium", "counts", "[12, 10, 120, 30]", "channels_of_group"),
    ("normalisation.group_norm", "medium", "means", "[3/2, 5/2]", "interleaved"),
    ("evaluation.bias_variance", "medium", "variance", "3", "n_minus_one"),
    ("evaluation.bias_variance", "medium", "committee", "39/8", "all_divided"),
]


@pytest.mark.parametrize(("id", "level", "part", "answer", "name"), NAMED)
def test_confusions_are_named(id: str, level: str, part: str, answer: str, name: str) -> None:
    """What students really do is told from a mere slip."""
    variant = drawn(id, level)
    assert variant.mark({**variant.key(), part: answer})[part].misconceptions == (name,)


def test_a_step_that_torch_takes() -> None:
    """Gradients, and weights after one step of SGD, of a batch whose losses are added up."""
    torch = pytest.importorskip("torch")
    given, keys = GIVEN["backpropagation.sgd_step"], drawn("backpropagation.sgd_step", "hard").exercise.keys()
    logs = torch.tensor(given["bases"], dtype=torch.float64).log()
    w = (torch.tensor(given["W"], dtype=torch.float64) * logs[:, None]).requires_grad_()
    v = torch.tensor(given["v"], dtype=torch.float64, requires_grad=True)
    x = torch.tensor([given["x1"], given["x2"]], dtype=torch.float64)
    h = torch.sigmoid(x @ w.T + torch.tensor(given["b"], dtype=torch.float64) * logs)
    targets = torch.tensor(given["t"], dtype=torch.float64)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(h @ v + given["c"], targets, reduction="sum")
    loss.backward()
    torch.optim.SGD([w, v], lr=0.5).step()
    assert keys["h"][0] == pytest.approx([2 / 3, 1 / 2])  # sums ln 2 and 0
    assert keys["v_new"] == pytest.approx(v.detach().tolist())
    assert keys["dw"] == pytest.approx(w.grad[0, 1].item())
    assert keys["w_new"] == pytest.approx(w[0, 1].item())


def test_the_backward_pass_uses_the_old_weights() -> None:
    """Going back through the updated weights of the output is named, and the mean in place of the sum as well."""
    variant = drawn("backpropagation.sgd_step", "hard")
    keys = variant.exercise.keys()
    updated = keys["dw"] * keys["v_new"][0] / 3
    assert variant.mark(variant.key() | {"dw": updated})["dw"].misconceptions == ("updated_weights",)
    assert variant.mark(variant.key() | {"dw": keys["dw"] / 2})["dw"].misconceptions == ("mean_for_sum",)


def test_losses_are_those_of_torch() -> None:
    """Huber's loss, and the multi-class hinge loss, which torch divides by the number of classes."""
    torch = pytest.importorskip("torch")
    for i in range(4):
        robust = load("losses.robust").draw(("torch", i)).exercise
        r = torch.tensor([float(v) for v in robust.keys()["r"]], dtype=torch.float64)
        huber = torch.nn.functional.huber_loss(r, torch.zeros_like(r), delta=float(robust.given["delta"]))
        assert float(robust.keys()["huber"]) == pytest.approx(float(huber))
        hinge = load("losses.hinge").draw(("torch", i), given={"delta": 1}).exercise
        s = torch.tensor([[float(v) for v in hinge.given["s"]]], dtype=torch.float64, requires_grad=True)
        loss = 5 * torch.nn.functional.multi_margin_loss(s, torch.tensor([hinge.given["label"] - 1]))
        loss.backward()
        assert float(hinge.keys()["loss"]) == pytest.approx(loss.item())
        assert s.grad[0].tolist() == pytest.approx([float(v) for v in hinge.keys()["ds"]])


def test_blocks_are_as_large_as_those_of_torch() -> None:
    """The learned parameters of grouped convolutions, the projection and three batch normalisations."""
    nn = pytest.importorskip("torch").nn
    given = {"k": 3, "groups": 2, "shares": [3, 5]}
    keys = drawn("counting.convolution_blocks", "hard", **given).exercise.keys()
    block = nn.ModuleList([
        nn.Conv2d(6, 10, 3, stride=2, groups=2, bias=False), nn.Conv2d(10, 10, 3, groups=2, bias=False),
        nn.Conv2d(6, 10, 1, stride=2, bias=False), *(nn.BatchNorm2d(10) for _ in range(3)),
    ])  # fmt: skip
    assert keys["total"] == sum(p.numel() for p in block.parameters())


def test_groups_are_those_of_torch() -> None:
    """Group and instance normalisation of the small image, scaled and shifted channel by channel."""
    torch = pytest.importorskip("torch")
    for level in ("easy", "hard"):
        exercise = load("normalisation.group_norm").draw(("torch", level), level=level).exercise
        given = exercise.given
        x = torch.tensor([[[float(v) for v in row] for row in exercise.shown["X"]]], dtype=torch.float64)
        found = {"values": torch.nn.functional.group_norm(x, given["groups"], eps=0.0)[0]}
        if level == "hard":
            gamma, beta = (torch.tensor(given[name], dtype=torch.float64) for name in ("gamma", "beta"))
            found["output"] = torch.nn.functional.group_norm(x, given["groups"], gamma, beta, eps=0.0)[0]
        for part, values in found.items():
            for row, wanted in zip(exercise.keys()[part], values.tolist(), strict=True):
                assert row == pytest.approx(wanted)


def test_a_step_unit_is_on_at_zero() -> None:
    """Step units, and a probability whose odds are a power of 2."""
    given = {"x": [1, 2], "bases": [1, 1], "W": [[2, -1], [-1, 1]], "b": [0, -3], "v": [2, 1], "c": -1, "base": 2,
             "target": 1, "units": 2}  # fmt: skip
    keys = drawn("networks.activations_and_loss", "easy", **given).exercise.keys()
    assert (keys["a"], keys["h"], keys["odds"], keys["p"]) == ((0, -2), (1, 0), 2, F(2, 3))
    assert keys["loss"] == pytest.approx(log(1.5))


def test_an_earlier_mistake_is_paid_once() -> None:
    """A wrong epoch that is kept is looked up in the table; wrong activations go on into the output."""
    stopping, network = drawn("evaluation.early_stopping"), drawn("networks.activations_and_loss")
    later = stopping.mark(stopping.key() | {"kept": "500", "gap": "0.26"})
    assert later["gap"].status is Status.CONSISTENT  # 0.71 - 0.45
    assert network.mark(network.key() | {"h": "[1/3, 3/4, 4/5]", "y": "13/5"})["y"].status is Status.CONSISTENT


@pytest.mark.parametrize(
    ("id", "given"),
    [("networks.activations_and_loss", {"loss": "logistic"}), ("backpropagation.sgd_step", {"loss": "hinge"}),
     ("backpropagation.named_forms", {"form": "norms"}), ("curvature.eigenvectors", {"ask": ["trace"]}),
     ("counting.convolution_blocks", {"block": "dense"}), ("dropout.subnetworks", {"ask": ["nothing"]}),
     ("losses.hinge", {"classes": 1}), ("losses.robust", {"n": 4}),
     ("losses.hinge", {**GIVEN["losses.hinge"], "delta": 2}), ("evaluation.early_stopping", {"measured": 3}),
     ("evaluation.bias_variance", {"points": 0}), ("normalisation.group_norm", {"channels": 5})],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(id: str, given: dict[str, Any]) -> None:
    """The error says what to write in their place."""
    with pytest.raises(BadGiven, match=r"write|none of|change"):
        load(id).draw("", given=given)
