"""Initialisation, dead units and the cost of a network: published numbers, pinned values, follow-through."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.variant import Variant
from problem_bank.verdict import Status

XOR_COURSEWORK: dict[str, Any] = {"activations": ["relu", "sigmoid", "square", "sine"], "count": 4, "asked": "relu",
                  "x": [1, 1], "t": 1, "weight": 0, "rate": 0.5, "targets": [0, 1, 1, 0]}  # fmt: skip
RELU: dict[str, Any] = {"widths": [100, 40, 20, 10], "variances": [0.02, 0.05, 0.1], "ends": [3, 4]}


def drawn(id: str, level: str = "medium", **given: Any) -> Variant:
    return load(id).draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_xavier_bound_is_the_published_one() -> None:
    """Glorot and Bengio (2010): uniform on +-sqrt(6 / (n_in + n_out)); here 6 / 400."""
    variant = drawn("initialisation.variance", sizes=[100, 300], schemes=["xavier"], count=1)
    assert variant.exercise.keys() == {"xavier_variance": Fraction(1, 200), "xavier_bound": Fraction(6, 400)}


def test_he_deviation_of_a_convolution_is_the_published_one() -> None:
    """He et al. (2015): the variance is 2 / (k^2 c), so 3 x 3 windows over 64 channels get a deviation of 0.059."""
    variant = drawn("initialisation.variance", "hard", sizes=[64, 128], k=3, schemes=["he"], count=1)
    keys = variant.exercise.keys()
    assert (keys["fan_in"], keys["fan_out"]) == (576, 1152)
    assert float(keys["he_variance"]) ** 0.5 == pytest.approx(0.059, abs=5e-4)


def test_a_fan_without_windows_is_named_and_followed() -> None:
    """The fan-in of 64 channels without windows costs its own mark; He's 2/64 follows from it, and 3 times that too."""
    variant = drawn("initialisation.variance", "hard", sizes=[64, 128], k=3, schemes=["he"], count=1)
    verdicts = marked(variant, fan_in=64, he_variance="1/32", he_bound="3/32")
    assert verdicts["fan_in"].misconceptions == ("no_window",)
    assert {verdicts[name].status for name in ("he_variance", "he_bound")} == {Status.CONSISTENT}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"layer": "lstm"}, "lstm"),
        ({"sizes": [100, 0.5]}, "whole numbers"),
        ({"schemes": ["best", "he", "xavier"]}, "best"),
    ],
)
def test_layers_without_fans_are_refused(given: dict[str, Any], told: str) -> None:
    """Kinds, sizes and schemes that do not exist are named."""
    with pytest.raises(BadGiven, match=told):
        drawn("initialisation.variance", **given)


def test_he_initialisation_keeps_the_variance_of_relu_layers() -> None:
    """With the variance 2 / n_in, every pre-activation after the first has the variance of the one before."""
    keys = drawn("initialisation.propagation", **RELU).exercise.keys()
    assert [keys[name] for name in ("v1", "v2", "v3")] == [6, 6, 6]
    assert [keys[name] for name in ("g2", "g1", "g0")] == [2, 1, Fraction(4, 5)]


def test_variances_agree_with_random_networks() -> None:
    """The mean square over 2,000 random networks is near the key, forward and backward (seeded)."""
    rng, relu = np.random.default_rng(7), RELU["widths"]
    squares = np.zeros(6)
    for _ in range(2000):
        ws = [rng.normal(0, v**0.5, (m, n)) for n, m, v in zip(relu, relu[1:], RELU["variances"], strict=False)]
        zs, h = [], rng.normal(0, 3**0.5, relu[0])
        for w in ws:
            zs.append(w @ h)
            h = np.maximum(zs[-1], 0)
        gradients = [rng.normal(0, 2, relu[-1])]
        for w, z in zip(ws[::-1], [*zs[1::-1], None], strict=True):
            gradients.append((w.T @ gradients[-1]) * (1 if z is None else z > 0))
        squares += [np.mean(v**2) for v in (*zs, *gradients[1:])]
    keys = drawn("initialisation.propagation", **RELU).exercise.keys()
    expected = [float(keys[name]) for name in ("v1", "v2", "v3", "g2", "g1", "g0")]
    assert squares / 2000 == pytest.approx(expected, rel=0.06)


def test_an_early_variance_is_followed() -> None:
    """Halving at the input, where no ReLU stands, is named; the later variances follow from it."""
    verdicts = marked(drawn("initialisation.propagation", **RELU), v1=3, v2=3, v3=3)
    assert verdicts["v1"].misconceptions == ("needless_half",)
    assert verdicts["v2"].status is Status.CONSISTENT


@pytest.mark.parametrize(("ratio", "bound", "depth"), [("1/2", 1000, 11), (2, 1000, 11), ("9/10", 100, 45), (2, 4, 4)])
def test_depth_at_which_a_variance_has_left_the_range(ratio: Any, bound: int, depth: int) -> None:
    """2^10 is the first power above 1000, from z_1 to z_11; a power equal to the bound does not pass it."""
    keys = drawn("initialisation.propagation", "hard", **RELU, ratio=ratio, bound=bound).exercise.keys()
    assert keys["depth"] == depth


@pytest.mark.parametrize(
    ("given", "told"),
    [({"activation": "tanh"}, "tanh"), ({"ends": [0, 1]}, "above 0"), ({"depth": True, "ratio": 1}, "other than 1")],
)
def test_networks_without_variances_are_refused(given: dict[str, Any], told: str) -> None:
    """Unknown activations, variances of zero and a ratio that never leads anywhere are named."""
    with pytest.raises(BadGiven, match=told):
        drawn("initialisation.propagation", **given)


def test_all_zero_network_of_the_coursework() -> None:
    """With ReLU only b2 moves, and XOR ends at 1/2; sigmoid moves W2, then W1; z^2 and sine can be XOR."""
    variant = drawn("initialisation.symmetric", **XOR_COURSEWORK)
    key = variant.key()
    assert (key["early"], key["late"], key["xor"], key["limit"]) == ("{2}", "{2}", "{3, 4}", "1/2")
    assert (key["W2"], key["b2"], key["dW1_2"]) == ("[0, 0]", "1/2", "[[0, 0], [0, 0]]")
    assert marked(variant, early="none")["early"].misconceptions == ("zero_frozen",)


def test_sigmoid_network_worked_by_hand() -> None:
    """Zero start, t = 1, rate 1/2: y - t = -1, W2 = 1/4, b2 = 1/2; then y = 3/4, and W1 gets -1/4 * 1/4 * 1/4 x."""
    keys = drawn("initialisation.symmetric", **{**XOR_COURSEWORK, "asked": "sigmoid", "x": [1, 2]}).exercise.keys()
    assert (keys["W2"], keys["b2"], keys["delta2"]) == ((Fraction(1, 4),) * 2, Fraction(1, 2), Fraction(-1, 4))
    assert keys["dW1_2"] == ((Fraction(-1, 64), Fraction(-1, 32)),) * 2


def test_an_uphill_step_is_named_and_followed() -> None:
    """W2 moved the wrong way costs its mark; the later derivative and gradient follow from it."""
    variant = drawn("initialisation.symmetric", **{**XOR_COURSEWORK, "asked": "sigmoid", "x": [1, 2]})
    verdicts = marked(variant, W2=["-1/4", "-1/4"], delta2="-3/4", dW1_2=[["3/64", "3/32"], ["3/64", "3/32"]])
    assert verdicts["W2"].misconceptions == ("uphill",)
    assert {verdicts[name].status for name in ("delta2", "dW1_2")} == {Status.CONSISTENT}


def test_a_network_that_is_not_listed_cannot_be_asked() -> None:
    """The activation that is worked out must be one of the table."""
    with pytest.raises(BadGiven, match="tanh"):
        drawn("initialisation.symmetric", **{**XOR_COURSEWORK, "asked": "tanh"})


DEAD: dict[str, Any] = {
    "points": 3,
    "units": 3,
    "X": [[1, 0], [0, 1], [1, 1]],
    "W": [[1, 1], [-1, 2], [2, -3]],
    "b": [-2, -1, -3],
}


def test_dead_units_worked_by_hand() -> None:
    """Unit 1 reaches 0 at most and unit 3 stays at -1: both dead. Unit 2 lives until its bias falls to -2."""
    variant = drawn("activations.dead_units", **DEAD)
    key = variant.key()
    assert (key["dead"], key["thresholds"]) == ("{1, 3}", "[-2, -2, -2]")
    assert key["Z"] == "[[-1, -1, 0], [-2, 1, 0], [-1, -6, -4]]"
    assert marked(variant, dead="{2}")["dead"].misconceptions == ("alive_ones",)


def test_dead_units_follow_from_own_pre_activations() -> None:
    """Without the biases no unit of these is dead, and the set of the dead is empty: consistent."""
    verdicts = marked(drawn("activations.dead_units", **DEAD), Z=[[1, 1, 2], [-1, 2, 1], [2, -3, -1]], dead="none")
    assert verdicts["Z"].misconceptions == ("no_bias",)
    assert verdicts["dead"].status is Status.CONSISTENT


def test_cost_of_a_small_perceptron() -> None:
    """784 -> 100 -> 10: 78,400 and 1,000 MACs, 79,510 parameters, 16 bytes for each with Adam."""
    keys = drawn("counting.flops_memory", "easy", widths=[784, 100, 10], batch=32).exercise.keys()
    assert (keys["dense1"], keys["dense2"], keys["flops"]) == (78_400, 1_000, 2 * 32 * 79_400)
    assert (keys["parameters"], keys["memory"]) == (79_510, 1_272_160)


def test_cost_of_a_first_convolution() -> None:
    """28 x 28 pixels, stride 2: 14 x 14 places, 16 filters of 5 x 5; a window for every input pixel is named."""
    given: dict[str, Any] = {
        "strides": [2],
        "side": 28,
        "k": 5,
        "colours": 1,
        "filters": [16],
        "classes": 10,
        "batch": 10,
    }
    variant = drawn("counting.flops_memory", **given, outputs=True)
    keys = variant.exercise.keys()
    assert (keys["conv1"], keys["dense"]) == (14 * 14 * 16 * 25, 14 * 14 * 16 * 10)
    assert keys["kept"] == 4 * 10 * (14 * 14 * 16 + 10)
    assert marked(variant, conv1=28 * 28 * 16 * 25)["conv1"].misconceptions == ("input_size",)


def test_totals_follow_from_own_counts() -> None:
    """Wrong MACs of one layer cost its mark, not that of the sum."""
    variant = drawn("counting.flops_memory", "easy", widths=[784, 100, 10], batch=32)
    verdicts = marked(variant, dense1=78_500, flops=2 * 32 * 79_500)
    assert verdicts["dense1"].misconceptions == ("biases_counted",)
    assert verdicts["flops"].status is Status.CONSISTENT


@pytest.mark.parametrize(("given", "told"), [({"net": "rnn"}, "rnn"), ({"k": 4}, "odd"), ({"batch": 0}, "from 1 up")])
def test_networks_without_a_cost_are_refused(given: dict[str, Any], told: str) -> None:
    """Unknown nets, windows without a middle and empty minibatches are named."""
    with pytest.raises(BadGiven, match=told):
        drawn("counting.flops_memory", **given)
