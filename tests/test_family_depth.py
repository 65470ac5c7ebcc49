"""Gradients through networks, masks, chains, residual blocks and maps: what is peculiar to these families."""

from fractions import Fraction
from typing import Any

import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.variant import Variant
from problem_bank.verdict import Status

NET = {"x": [1, 2], "W1": [[1, 1], [1, -2]], "b1": [-1, 1], "v": [2, -1], "b2": 1, "target": 3, "units": 2}
MASKED = {**NET, "m1": [1, 0], "units": 2, "target": 7}
MAP = {"coefficients": [[1, 0, 0, 0, 0, 1, 0], [0, 0, 2, 0, 0, 0, 3], [0, 0, 0, 0, 1, 3, 0]], "point": [3, 2],
       "u": [-1, 2], "v": [2, 3, -1]}  # fmt: skip


def drawn(family: str, level: str | None = None, **given: Any) -> Variant:
    return load(family).draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_backpropagation_by_hand() -> None:
    """a = (2, -2), h = (2, 0), y = 5, error 2: the unit that is off gets no gradient."""
    assert drawn("backpropagation.network", "easy", **NET).exercise.keys() == {
        "a": (2, -2), "h": (2, 0), "y": 5, "dy": 2, "dv": (4, 0), "da": (4, 0), "dW": ((4, 8), (0, 0)),
    }  # fmt: skip


@pytest.mark.parametrize("hidden", ["relu", "sigmoid"])
@pytest.mark.parametrize("loss", ["squared", "logistic"])
@pytest.mark.parametrize("key", range(3))
def test_backpropagation_is_that_of_torch(hidden: str, loss: str, key: int) -> None:
    """Autograd finds the same gradients, for both hidden functions and both losses."""
    torch = pytest.importorskip("torch")
    variant = load("backpropagation.network").draw(key, given={"hidden": hidden, "loss": loss})
    given, keys = variant.exercise.given, variant.exercise.keys()
    w, b, v = (torch.tensor(given[n], dtype=torch.float64, requires_grad=True) for n in ("W1", "b1", "v"))
    h = (torch.relu if hidden == "relu" else torch.sigmoid)(w @ torch.tensor(given["x"], dtype=torch.float64) + b)
    y, target = v @ h + given["b2"], torch.tensor(float(given["target"]), dtype=torch.float64)
    bce = torch.nn.functional.binary_cross_entropy_with_logits
    (bce(y, target) if loss == "logistic" else (y - target) ** 2 / 2).backward()
    assert y.item() == pytest.approx(float(keys["y"]))
    for name, tensor in (("dW", w), ("da", b), ("dv", v)):
        flat = [float(e) for row in keys[name] for e in (row if isinstance(row, tuple) else (row,))]
        assert tensor.grad.flatten().tolist() == pytest.approx(flat)


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [
        ("dy", "4", "doubled"),
        ("dy", "-2", "sign"),
        ("dv", "[4, -4]", "of_sums"),
        ("da", "[4, -2]", "no_slope"),
        ("da", "[2, 0]", "no_weights"),
        ("dW", "[[4, 0], [8, 0]]", "transposed"),
        ("dW", "[[4, 8], [-2, -4]]", "no_slope"),
    ],
)
def test_mistakes_on_the_way_back_are_named(part: str, answer: str, slip: str) -> None:
    """Each wrong rule is recognised by the numbers it leads to, worked by hand here."""
    assert slip in marked(drawn("backpropagation.network", "easy", **NET), **{part: answer})[part].misconceptions


def test_a_wrong_error_is_paid_once() -> None:
    """All gradients that follow from the student's own error are consistent."""
    answers = {"dy": "4", "dv": "[8, 0]", "da": "[8, 0]", "dW": "[[8, 16], [0, 0]]"}
    verdicts = marked(drawn("backpropagation.network", "easy", **NET), **answers)
    assert {verdicts[name].status for name in ("dv", "da", "dW")} == {Status.CONSISTENT}


def test_other_functions_are_refused() -> None:
    """The message lists what there is."""
    with pytest.raises(BadGiven, match="relu or sigmoid, and squared or logistic"):
        drawn("backpropagation.network", hidden="tanh")


def test_a_mask_on_the_way_back_by_hand() -> None:
    """h = (2, 0), kept and doubled 4, y = 9, error 2: the factor 2 comes back, and the dropped unit gets nothing."""
    keys = drawn("dropout.backward", **MASKED).exercise.keys()
    assert keys == {
        "a": (2, -2), "h": (2, 0), "masked": (4, 0), "y": 9, "dy": 2, "dv": (8, 0), "dh": (8, 0), "da": (8, 0),
        "dW": ((8, 16), (0, 0)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "slip"), [("[4, -2]", "mask_forgotten"), ("[4, 0]", "only_forward"), ("[16, 0]", "scaled_twice")]
)
def test_mistakes_with_the_mask_are_named(answer: str, slip: str) -> None:
    """The gradient through a dropped unit, and a factor that is forgotten or counted twice."""
    assert slip in marked(drawn("dropout.backward", **MASKED), dh=answer)["dh"].misconceptions


@pytest.mark.parametrize("key", range(10))
def test_dropped_units_get_no_gradient(key: int) -> None:
    """The rows of the weight gradient are zero for a dropped unit, and for one that ReLU turned off."""
    variant = load("dropout.backward").draw(key, level="hard")
    keys, mask = variant.exercise.keys(), variant.exercise.given["m1"]
    for row, bit, a in zip(keys["dW"], mask, keys["a"], strict=True):
        assert any(row) == (bool(bit) and a > 0)


@pytest.mark.parametrize(
    ("scaling", "expected"),
    [
        ("plain", {"kept": (4, 2), "test": (2, 1), "mean": 7, "variance": 20}),
        ("inverted", {"kept": (8, 4), "test": (4, 2), "mean": 13, "variance": 80}),
    ],
)
def test_mean_and_variance_by_hand(scaling: str, expected: dict[str, Any]) -> None:
    """w h = (8, 4) at p = 1/2: plain dropout halves the mean of w h, inverted keeps it at four times the variance."""
    given = {"scaling": scaling, "w": [2, 2], "h": [4, 2], "b": 1, "p": "1/2", "units": 2}
    assert drawn("dropout.expectation", **given).exercise.keys() == expected


def test_a_wrong_kept_value_is_paid_once() -> None:
    """The variance of the student's own kept values is consistent."""
    given = {"scaling": "inverted", "w": [2, 2], "h": [4, 2], "b": 1, "p": "1/2", "units": 2}
    verdicts = marked(drawn("dropout.expectation", **given), kept="[8, 2]", variance="68")
    assert verdicts["variance"].status is Status.CONSISTENT


def test_sigmoids_vanish_in_five_layers() -> None:
    """At its steepest the slope is 1/4, and (1/4)^5 = 1/1024 is the first power below 10^-3."""
    given = {"w": [1, 2, 1], "odds": [1, 1, 3], "h0": 3, "weight": 1, "odd": 1, "power": 3, "layers": 3}
    keys = drawn("backpropagation.depth_product", "hard", **given).exercise.keys()
    quarter, slope = Fraction(1, 4), Fraction(3, 16)
    assert keys == {"slopes": (quarter, quarter, slope), "gradient": Fraction(3, 128),
                    "first_weight": Fraction(9, 128), "depth": 5}  # fmt: skip


def test_a_wrong_slope_is_paid_once() -> None:
    """The product of the student's own slopes is consistent."""
    given = {"w": [1, 2, 1], "odds": [1, 1, 3], "h0": 3, "weight": 1, "odd": 1, "power": 3, "layers": 3}
    verdicts = marked(drawn("backpropagation.depth_product", **given), slopes="[1/4, 1/4, 1/2]", gradient="1/16")
    assert verdicts["gradient"].status is Status.CONSISTENT


BLOCKS = {"slopes": ["1/2", "1/2", "-1/2"], "J1": [[1, 2], [0, 1]], "J2": [[0, 1], [0, 0]], "through": 1, "blocks": 3}


def test_residual_blocks_by_hand() -> None:
    """Plain: -1/8. Residual: 3/2 · 3/2 · 1/2 = 9/8, of which 1/2 passes through one function."""
    keys = drawn("backpropagation.residual", "hard", **BLOCKS).exercise.keys()
    assert keys == {"plain": Fraction(-1, 8), "residual": Fraction(9, 8), "paths": Fraction(1, 2),
                    "jacobian": ((2, 4), (0, 2))}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [
        ("residual", "7/8", "one_skip"),
        ("residual", "3/2", "sum"),
        ("jacobian", "[[0, 1], [0, 0]]", "no_identity"),
        ("jacobian", "[[1, 1], [0, 1]]", "one_identity"),
    ],
)
def test_mistakes_with_skips_are_named(part: str, answer: str, slip: str) -> None:
    """Each wrong rule is recognised by the numbers it leads to, worked by hand here."""
    assert slip in marked(drawn("backpropagation.residual", **BLOCKS), **{part: answer})[part].misconceptions


def test_jacobian_products_by_hand() -> None:
    """(x²y + x, 2x² + 3y, y² + 3x) at (3, 2)."""
    keys = drawn("jacobians.products", "hard", **MAP).exercise.keys()
    assert keys == {"jacobian": ((13, 9), (12, 3), (3, 4)), "jvp": (5, -6, 5), "vjp": (59, 23),
                    "hessian": ((20, 12), (12, -2))}  # fmt: skip


def test_a_wrong_jacobian_is_paid_once() -> None:
    """Products with the student's own Jacobian are consistent; one from the wrong side is named."""
    variant = drawn("jacobians.products", **MAP)
    verdicts = marked(variant, jacobian="[[13, 9], [12, 3], [3, 2]]", jvp="[5, -6, 1]", vjp="[59, 25]")
    assert {verdicts["jvp"].status, verdicts["vjp"].status} == {Status.CONSISTENT}
    assert "other_side" in marked(variant, vjp="[5, -6, 5]")["vjp"].misconceptions
