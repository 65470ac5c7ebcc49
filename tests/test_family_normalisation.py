"""Batch and layer normalisation: hand-worked cases, PyTorch as a third route, pinned values, follow-through."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.subjects.normalisation import batches, deviation, root, variance
from problem_bank.variant import Variant
from problem_bank.verdict import Status

FORWARD: dict[str, Any] = {"x": [1, 1, 5, 5], "n": 4, "gamma": 3, "beta": -1, "epsilon": 0}


def drawn(name: str, level: str = "medium", **given: Any) -> Variant:
    return load(f"normalisation.{name}").draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_forward_pass_worked_by_hand() -> None:
    """x = (1, 1, 5, 5) has mean 3 and variance 4, becomes (-1, -1, 1, 1), and with gamma 3, beta -1 (-4, -4, 2, 2)."""
    keys = drawn("batch_norm_forward", **FORWARD).exercise.keys()
    assert keys == {"mean": 3, "variance": 4, "x_hat": (-1, -1, 1, 1), "y": (-4, -4, 2, 2)}


def test_forward_pass_with_epsilon_inside_the_root() -> None:
    """Variance 24 and epsilon 1 make the divisor 5, so the value 7 - 1 = 6 becomes 6/5."""
    variant = drawn("batch_norm_forward", **{**FORWARD, "x": [7, -3, -3, 7, -3], "n": 5, "epsilon": 1})
    assert variant.exercise.keys()["x_hat"] == tuple(Fraction(v, 5) for v in (6, -4, -4, 6, -4))


def test_unbiased_variance_is_named_and_followed() -> None:
    """Dividing by n - 1 costs its own mark; what follows from it (here (x - 3) / sqrt(16/3)) is consistent."""
    wrong = [-0.8660, -0.8660, 0.8660, 0.8660]
    verdicts = marked(
        drawn("batch_norm_forward", **FORWARD), variance="16/3", x_hat=wrong, y=[3 * v - 1 for v in wrong]
    )
    assert verdicts["variance"].misconceptions == ("unbiased",)
    assert {verdicts[name].status for name in ("x_hat", "y")} == {Status.CONSISTENT}


def test_several_misconceptions_may_lead_to_the_same_vector() -> None:
    """With variance 4, dividing by the variance gives (-1/2, -1/2, 1/2, 1/2) and is named."""
    verdict = marked(drawn("batch_norm_forward", **FORWARD), x_hat=[-0.5, -0.5, 0.5, 0.5])["x_hat"]
    assert verdict.misconceptions == ("by_variance",)


@pytest.mark.parametrize(
    ("x", "told"),
    [
        ([1, 2, 3], "expected 4 numbers"),
        ([2, 2, 2, 2], "all equal"),
        ("1 2 3 6", "expected 4"),
    ],
)
def test_batches_that_cannot_be_normalised_are_refused(x: Any, told: str) -> None:
    """A pinned batch of the wrong length, or whose values are all equal, is named."""
    with pytest.raises(BadGiven, match=told):
        drawn("batch_norm_forward", **{**FORWARD, "x": x})


def test_a_pinned_batch_may_have_an_irrational_deviation() -> None:
    """1, 2, 3, 4 have the variance 5/4; the normalised values are then decimals."""
    variant = drawn("batch_norm_forward", **{**FORWARD, "x": [1, 2, 3, 4]})
    found = variant.exercise.keys()["x_hat"]
    assert found == pytest.approx([(v - 2.5) / (1.25 + float(FORWARD.get("epsilon", 0))) ** 0.5 for v in (1, 2, 3, 4)])


@pytest.mark.parametrize("epsilon", [0, Fraction(1, 25), 1])
def test_drawn_batches_have_rational_deviations(epsilon: Fraction) -> None:
    """Every batch of the pool leaves no root, and those of one group share their variance."""
    for group in batches(5, epsilon):
        assert len({variance(x) for x in group}) == 1
        assert all(deviation(x, epsilon) ** 2 == variance(x) + epsilon for x in group)


@pytest.mark.parametrize(("square", "expected"), [(Fraction(9, 4), Fraction(3, 2)), (2, None), (-1, None), (0, 0)])
def test_rational_roots(square: Any, expected: Any) -> None:
    """A root is given where it is rational, and only there."""
    assert root(square) == expected


def test_backward_pass_worked_by_hand() -> None:
    """x_hat = (-1, -1, 1, 1) and g = (1, 2, 3, 4): the shift gets 10, the scale 4; the inputs 3/2 (g - 5/2 - x_hat)."""
    keys = drawn("batch_norm_backward", x=FORWARD["x"], g=[1, 2, 3, 4], gamma=3).exercise.keys()
    assert (keys["d_beta"], keys["d_gamma"]) == (10, 4)
    assert keys["d_x"] == tuple(
        Fraction(3, 2) * v for v in (Fraction(-1, 2), Fraction(1, 2), Fraction(-1, 2), Fraction(1, 2))
    )


def test_wrong_sum_is_followed_back_to_the_inputs() -> None:
    """Whoever averages the gradient of the scale (1 for 4) gets 3/2 (g - 5/2 - x_hat / 4): consistent."""
    own = [1.5 * (g - 2.5 - h / 4) for g, h in zip((1, 2, 3, 4), (-1, -1, 1, 1), strict=True)]
    variant = drawn("batch_norm_backward", x=FORWARD["x"], g=[1, 2, 3, 4], gamma=3)
    verdicts = marked(variant, d_gamma=1, d_x=own)
    assert verdicts["d_gamma"].misconceptions == ("averaged",)
    assert verdicts["d_x"].status is Status.CONSISTENT


@pytest.mark.parametrize(
    ("slip", "answer"),
    [
        ("constants", [1.5, 3, 4.5, 6]),
        ("constant_variance", [-2.25, -0.75, 0.75, 2.25]),
        ("constant_mean", [3, 4.5, 3, 4.5]),
        ("scale_missing", [-0.25, 0.25, -0.25, 0.25]),
    ],
)
def test_forgotten_paths_are_named(slip: str, answer: list[float]) -> None:
    """Each path that is left out leads to numbers of its own, worked by hand here."""
    variant = drawn("batch_norm_backward", x=FORWARD["x"], g=[1, 2, 3, 4], gamma=3)
    assert marked(variant, d_x=answer)["d_x"].misconceptions == (slip,)


def test_running_statistics_worked_by_hand() -> None:
    """Batch (0, 0, 4, 4) has mean 2 and unbiased variance 16/3; a tenth of it enters 0 and 1."""
    variant = drawn("batch_norm_inference", batches=[[0, 0, 4, 4]], momentum=0.1, mean0=0, variance0=1,
                    test=[1, 2, 3], gamma=2, beta=1)  # fmt: skip
    keys = variant.exercise.keys()
    assert keys["mean1"] == pytest.approx(0.2)
    assert keys["variance1"] == pytest.approx(0.9 + 1.6 / 3)
    assert marked(variant, variance1=0.9 + 0.4)["variance1"].misconceptions == ("biased",)
    assert marked(variant, mean1=1.8)["mean1"].misconceptions == ("reversed",)


def test_statistics_of_the_test_batch_are_named() -> None:
    """Normalising the test values among themselves makes them depend on each other: (1, 2, 3) has variance 2/3."""
    variant = drawn("batch_norm_inference", "easy", mean0=4, variance0=25, test=[1, 2, 3], gamma=5, beta=1)
    assert variant.exercise.keys()["y"] == pytest.approx((-2, -1, 0))
    own = [1 + 5 * v * 1.5**0.5 for v in (-1, 0, 1)]
    assert marked(variant, y=own)["y"].misconceptions == ("test_statistics",)


def test_layer_norm_goes_along_the_rows() -> None:
    """(1, 1, 5, 5) becomes (-1, -1, 1, 1) whatever the other example is; going down the columns is named."""
    variant = drawn("layer_norm", "easy", X=[[1, 1, 5, 5], [0, 2, 2, 4]])
    keys = variant.exercise.keys()
    assert (keys["layer_means"], keys["layer_variances"]) == ((3, 2), (4, 2))
    assert keys["layer_values"][0] == (-1, -1, 1, 1)
    down = [[1, -1, 1, 1], [-1, 1, -1, -1]]
    assert marked(variant, layer_values=down)["layer_values"].misconceptions == ("wrong_axis",)
    assert marked(variant, layer_means=[0.5, 1.5, 3.5, 4.5])["layer_means"].misconceptions == ("wrong_axis",)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"X": [[1, 2], [3, 4]]}, "expected 2 rows of 4"),
        ({"X": [[1, 1, 1, 1], [0, 2, 2, 4]]}, "standard deviation is 0"),
        ({"rows": 4}, "cannot be told apart"),
    ],
)
def test_matrices_that_cannot_be_normalised_are_refused(given: dict[str, Any], told: str) -> None:
    """A matrix of another size, a constant row, and a square one are named."""
    with pytest.raises(BadGiven, match=told):
        drawn("layer_norm", **given)


@pytest.mark.parametrize("i", range(5))
def test_pytorch_agrees(i: int) -> None:
    """PyTorch's batch normalisation (training, gradients, running values, test mode) and layer normalisation agree."""
    torch = pytest.importorskip("torch")

    def tensor(values: Any) -> Any:
        return torch.tensor([[float(v) for v in row] for row in values], dtype=torch.float64)

    def keys_of(name: str) -> tuple[Any, Any]:
        variant = load(f"normalisation.{name}").draw(("torch", i), level="hard")
        return variant.drawn, variant.exercise.keys()

    given, keys = keys_of("batch_norm_backward")
    x, scale = tensor([[v] for v in given["x"]]).requires_grad_(), tensor([[given["gamma"]]])[0].requires_grad_()
    y = torch.nn.functional.batch_norm(x, None, None, scale, torch.zeros_like(scale), training=True, eps=1e-30)
    y.backward(tensor([[v] for v in given["g"]]))
    assert keys["d_gamma"] == pytest.approx(scale.grad.item())
    assert list(map(float, keys["d_x"])) == pytest.approx(x.grad[:, 0].tolist())

    given, keys = keys_of("batch_norm_inference")
    layer = torch.nn.BatchNorm1d(1, eps=1e-30, momentum=float(given["momentum"]), dtype=torch.float64)
    for parameter, name in ((layer.weight, "gamma"), (layer.bias, "beta"), (layer.running_mean, "mean0"),
                            (layer.running_var, "variance0")):  # fmt: skip
        parameter.data.fill_(float(given[name]))
    for batch in given["batches"]:
        layer(tensor([[v] for v in batch]))
    assert keys["variance2"] == pytest.approx(layer.running_var.item())
    assert list(keys["y"]) == pytest.approx(layer.eval()(tensor([[v] for v in given["test"]]))[:, 0].tolist())

    given, keys = keys_of("layer_norm")
    weight, bias = tensor([given["gamma"], given["beta"]])
    y = torch.nn.functional.layer_norm(tensor(given["X"]), (4,), weight, bias, eps=1e-30)
    assert torch.allclose(tensor(keys["y"]), y)
