"""Softmax and sigmoid losses, smoothed targets, shifted logits: hand-worked cases, PyTorch, follow-through."""

from __future__ import annotations

from fractions import Fraction
from math import log
from typing import Any

import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.variant import Variant
from problem_bank.verdict import Status

SOFT: dict[str, Any] = {"t": ["1/10", "3/10", "3/5"], "z1": [1, "1/2", "-1/2"], "soft": True}
SMOOTH: dict[str, Any] = {"classes": 4, "a": [1, 6, 2, 4], "target": 2, "alpha": "2/25", "limits": True}


def drawn(name: str, level: str | None = None, **given: Any) -> Variant:
    return load(f"losses.{name}").draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_cross_entropy_of_logarithms_by_hand() -> None:
    """Logits ln(1, 3, 2) are the probabilities 1/6, 1/2, 1/3; class 1 costs ln 6."""
    keys = drawn("softmax_cross_entropy", "easy", a1=[1, 3, 2], targets=[1]).exercise.keys()
    assert keys["p"] == pytest.approx((1 / 6, 1 / 2, 1 / 3))
    assert keys["loss"] == pytest.approx(log(6))
    assert keys["dz"] == pytest.approx((-5 / 6, 1 / 2, 1 / 3))


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_cross_entropy_is_that_of_torch(level: str) -> None:
    """torch's cross_entropy, with classes or with distributions as targets, and its gradient."""
    torch = pytest.importorskip("torch")
    variant = load("losses.softmax_cross_entropy").draw("torch", level=level)
    given, keys = variant.exercise.given, variant.exercise.keys()
    rows = [given.get(f"a{s}", given.get(f"z{s}")) for s in range(1, given["samples"] + 1)]
    z = torch.tensor([[float(v) for v in row] for row in rows], dtype=torch.float64)
    z = (z.log() if given["logarithms"] else z).requires_grad_()
    soft = [[float(v) for v in given["t"]]] if given["soft"] else None
    t = torch.tensor(soft, dtype=torch.float64) if soft else torch.tensor(given["targets"]) - 1
    loss = torch.nn.functional.cross_entropy(z, t)
    loss.backward()
    assert loss.item() == pytest.approx(keys["loss"])
    assert z.grad.flatten().tolist() == pytest.approx([v for row in rows_of(keys["dz"]) for v in row])


def rows_of(value: Any) -> Any:
    """A matrix, also of a single row."""
    return value if isinstance(value[0], tuple) else (value,)


def test_loss_and_gradient_follow_from_the_own_probabilities() -> None:
    """Logits divided by their sum cost the softmax alone; what follows from them is consistent."""
    variant = drawn("softmax_cross_entropy", "medium", **{**SOFT, "z1": [1, "1/2", "1/2"]})
    verdicts = marked(variant, p="[0.5, 0.25, 0.25]", loss=-0.1 * log(0.5) - 0.9 * log(0.25), dz="[0.4, -0.05, -0.35]")
    assert verdicts["p"].misconceptions == ("logits_shared",)
    assert {verdicts[name].status for name in ("loss", "dz")} == {Status.CONSISTENT}


def test_the_divergence_is_named() -> None:
    """Cross-entropy less the entropy of the target."""
    variant = drawn("softmax_cross_entropy", "medium", **SOFT)
    entropy = -sum(t * log(t) for t in (0.1, 0.3, 0.6))
    verdict = marked(variant, loss=variant.exercise.keys()["loss"] - entropy)["loss"]
    assert verdict.misconceptions == ("divergence",)


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_logistic_regression_is_that_of_torch(level: str) -> None:
    """torch's binary cross-entropy with logits, and one step of its SGD."""
    torch = pytest.importorskip("torch")
    variant = load("losses.sigmoid_bce").draw("torch", level=level)
    given, keys = variant.exercise.given, variant.exercise.keys()
    x = torch.tensor([given[f"x{s}"] for s in range(1, given["samples"] + 1)], dtype=torch.float64)
    w = torch.tensor([float(v) for v in given["w"]], dtype=torch.float64, requires_grad=True)
    b = torch.tensor(float(given["b"]), dtype=torch.float64, requires_grad=True)
    y = torch.tensor(given["y"], dtype=torch.float64)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w + b, y)
    loss.backward()
    assert loss.item() == pytest.approx(keys["loss"])
    assert w.grad.tolist() == pytest.approx(keys["dw"])
    assert b.grad.item() == pytest.approx(keys["db"])
    if given["step"]:
        assert (w - float(given["rate"]) * w.grad).tolist() == pytest.approx(keys["w"])


def test_an_extra_slope_is_named() -> None:
    """(p - y) p (1 - p) is the gradient of the squared error, not of the cross-entropy."""
    variant = drawn("sigmoid_bce", "easy", w=[1, "1/2"], b="1/2", x1=[1, -1], y=[0])
    p = variant.exercise.keys()["p"]
    verdicts = marked(variant, db=p * p * (1 - p))
    assert verdicts["db"].misconceptions == ("extra_slope",)


@pytest.mark.parametrize(
    ("spread", "high", "low"),
    [("all", Fraction(47, 50), Fraction(1, 50)), ("others", Fraction(23, 25), Fraction(2, 75))],
)
def test_smoothed_targets_by_hand(spread: str, high: Fraction, low: Fraction) -> None:
    """8 % over all four classes leaves 94 % and 2 %; over the three others 92 % and 8/3 %."""
    keys = drawn("label_smoothing", **SMOOTH, spread=spread).exercise.keys()
    assert keys["q"] == (low, high, low, low)
    assert keys["gap"] == pytest.approx(log(high / low))


def test_smoothing_is_that_of_torch() -> None:
    """torch spreads over all classes, the true one included."""
    torch = pytest.importorskip("torch")
    keys = drawn("label_smoothing", **SMOOTH, spread="all").exercise.keys()
    z = torch.tensor([SMOOTH["a"]], dtype=torch.float64).log().requires_grad_()
    loss = torch.nn.functional.cross_entropy(z, torch.tensor([1]), label_smoothing=0.08)
    loss.backward()
    assert loss.item() == pytest.approx(keys["loss"])
    assert z.grad[0].tolist() == pytest.approx([float(v) for v in keys["dz"]])


def test_the_other_smoothing_is_paid_once() -> None:
    """The target of the other convention is named; the gradient by it is consistent."""
    variant = drawn("label_smoothing", **SMOOTH, spread="all")
    other = (Fraction(2, 75), Fraction(23, 25), Fraction(2, 75), Fraction(2, 75))
    p = [Fraction(v, 13) for v in SMOOTH["a"]]
    verdicts = marked(variant, q=[str(v) for v in other], dz=[str(a - b) for a, b in zip(p, other, strict=True)])
    assert verdicts["q"].misconceptions == ("other_rule",)
    assert verdicts["dz"].status is Status.CONSISTENT


def test_two_classes_are_not_smoothed() -> None:
    """The message says how many are needed."""
    with pytest.raises(BadGiven, match="3 or more"):
        drawn("label_smoothing", classes=2)


def test_shifted_logits_by_hand() -> None:
    """1000 + ln(1, 5, 8): the same softmax, a log-sum-exp that is larger by 1000, squares when doubled."""
    keys = drawn("softmax_invariance", a=[1, 5, 8], shift=1000).exercise.keys()
    assert keys["p"] == (Fraction(1, 14), Fraction(5, 14), Fraction(4, 7))
    assert keys["stable"] == (Fraction(1, 8), Fraction(5, 8), 1)
    assert keys["lse"] == pytest.approx(1000 + log(14))
    assert keys["scaled"] == (Fraction(1, 90), Fraction(5, 18), Fraction(32, 45))


@pytest.mark.parametrize(("answer", "slip"), [(log(14), "invariant"), (3000 + log(14), "shift_each")])
def test_a_lost_shift_is_named(answer: float, slip: str) -> None:
    """The log-sum-exp moves by the shift, once; two decimal places suffice."""
    variant = drawn("softmax_invariance", a=[1, 5, 8], shift=1000)
    assert marked(variant, lse=answer)["lse"].misconceptions == (slip,)
    assert marked(variant, lse="1002.64")["lse"].status is Status.RIGHT


def test_unknown_questions_are_refused() -> None:
    """The message lists what can be asked."""
    with pytest.raises(BadGiven, match="p, stable, lse, scaled, loss"):
        drawn("softmax_invariance", ask=["gradient"])
