"""Backpropagation on graphs, shapes of Jacobians, momentum and Adam: what is peculiar to these families."""

from fractions import Fraction
from math import e, sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.subjects.computation_graphs import names, uses, value
from problem_bank.variant import Variant
from problem_bank.verdict import Status

LN_EXP = {
    "nodes": [["ln", "x"], ["exp", "y"], ["*", "h2", "z"], ["+", "h1", "h3"]],
    "values": [1, 3, 2],
    "inner": False,
}
SHAPES = {
    "maps": ["constant", "squared_norm", "dot", "Xw", "w", "w_squared", "XWT"],
    "sizes": ["n", "d", "k"],
    "count": 7,
}
CLASSICAL = {"a": 2, "alpha": 0.5, "epsilon": 0.25, "theta0": 8, "v0": 2, "steps": 2}
ADAM = {"g": [2, -4], "rho1": 0.9, "rho2": 0.999, "epsilon": 0.1, "delta": 1e-8, "theta0": 1}


def drawn(family: str, **given: Any) -> Variant:
    return load(family).draw("", given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_real_answers_to_the_pinned_graph_are_right() -> None:
    """What a student handed in for f = ln x + exp(y) z at (1, 3, 2) is right, however it was typed."""
    answers = {"h1": 0, "h2": 20.0855, "h3": 40.171, "f": "≈ 40.171", "df_dx": 1, "df_dy": "40.171", "df_dz": 20.0855}
    verdicts = drawn("backpropagation.graph", **LN_EXP).mark(answers)
    assert {name: verdict.status for name, verdict in verdicts.items()} == dict.fromkeys(answers, Status.RIGHT)


def test_key_of_the_pinned_graph() -> None:
    """The keys are those of calculus: 0, e^3, 2 e^3, their sum, and the gradient (1/x, e^y z, e^y)."""
    keys = drawn("backpropagation.graph", **LN_EXP).exercise.keys()
    expected = {"h1": 0, "h2": e**3, "h3": 2 * e**3, "f": 2 * e**3, "df_dx": 1, "df_dy": 2 * e**3, "df_dz": e**3}
    assert keys == pytest.approx(expected)


def test_graph_follows_an_early_slip() -> None:
    """One wrong value costs its own part; all that follows from it is consistent, the derivatives too."""
    verdicts = marked(drawn("backpropagation.graph", **LN_EXP), h2=20, h3=40, f=40, df_dy=40, df_dz=20)
    assert verdicts["h2"].status is Status.WRONG
    assert {verdicts[name].status for name in ("h3", "f", "df_dy", "df_dz")} == {Status.CONSISTENT}


TWO_WAYS = {"nodes": [["+", "x", "y"], ["*", "h1", "x"]], "values": [2, 3]}
ONE_OF_EACH = {
    "nodes": [["-", "x", "y"], ["max", "h1", "z"], ["^2", "h2"], ["1/x", "h3"], ["*", "h4", "x"]],
    "values": [5, 1, 2],
}


@pytest.mark.parametrize(
    ("graph", "part", "answer", "slip"),
    [
        (LN_EXP, "df_dy", e**3, "local_for_total"),
        (LN_EXP, "df_dy", 3 * e**2 * 2, "exp_as_power"),
        (LN_EXP, "df_dz", 2, "factors_swapped"),
        (LN_EXP, "df_dx", 0, "ln_kept"),
        (TWO_WAYS, "df_dx", 2, "first_use_only"),
        (TWO_WAYS, "df_dx", 5, "last_use_only"),
        (TWO_WAYS, "df_dh1", 5, "factors_swapped"),
        (ONE_OF_EACH, "df_dy", "-5/32", "minus_lost"),
        (ONE_OF_EACH, "df_dz", "-5/32", "both_of_max"),
        (ONE_OF_EACH, "df_dh2", "-5/64", "two_lost"),
        (ONE_OF_EACH, "df_dh3", "5/256", "reciprocal_sign"),
    ],
)
def test_mistakes_on_a_graph_are_named(graph: dict[str, Any], part: str, answer: Any, slip: str) -> None:
    """Every misconception about the chain rule is recognised by the number it leads to, worked by hand here."""
    shown = answer if isinstance(answer, str) else f"{answer:.6f}"
    assert slip in marked(drawn("backpropagation.graph", **graph), **{part: shown})[part].misconceptions


def test_wrong_rule_after_a_slip_is_still_named() -> None:
    """The misconception is looked for in the student's own numbers, not only in those of the key."""
    verdicts = marked(drawn("backpropagation.graph", **TWO_WAYS), h1=9, f=18, df_dx=9)
    assert verdicts["f"].status is Status.CONSISTENT
    assert verdicts["df_dx"].misconceptions == ("last_use_only",)


@pytest.mark.parametrize(
    ("nodes", "values", "told"),
    [
        ([], [1], "no graph"),
        ("x + y", [1, 2], "no graph"),
        ([1], [1], "f is 1; write one of"),
        ([["sin", "x"]], [1], "f is .*write one of"),
        ([["+", "x"]], [1], "f is .*write one of"),
        ([["+", "x", "h2"], ["^2", "h1"]], [1], "h1 uses 'h2'"),
        ([["+", "x", "y"], ["^2", "x"]], [1, 2], "nothing uses h1"),
        ([["^2", "z"]], [1], "leaves are z"),
        ([["-", "x", "y"], ["1/x", "h1"]], [2, 2], "f = .*no value at"),
        ([["ln", "x"]], [-1], "f = .*no value at"),
        ([["max", "x", "y"]], [2, 2], "no derivative where both are 2"),
        ([["+", "x", "y"]], [2], "values: expected 2 entries"),
    ],
)
def test_graph_that_cannot_be_computed_is_refused(nodes: Any, values: Any, told: str) -> None:
    """A pinned graph with a fault is refused by a message that names the node."""
    with pytest.raises(BadGiven, match=told):
        drawn("backpropagation.graph", nodes=nodes, values=values)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["easy", "medium", "hard"]))
def test_derivatives_are_those_of_differences(key: int, level: str) -> None:
    """The gradient of every drawn graph is what central differences of its output say."""
    variant = load("backpropagation.graph").draw(key, level=level)
    nodes, values = variant.exercise.given["nodes"], [float(v) for v in variant.exercise.given["values"]]

    def output(at: list[float]) -> float:
        known: dict[str, Any] = dict(zip("xyzw", at, strict=False))
        for name, node in zip(names(nodes), nodes, strict=True):
            known[name] = value(node, known)
        return float(known["f"])

    for i, leaf in enumerate("xyzw"[: len(values)]):
        ends = [output([v + side * (i == j) for j, v in enumerate(values)]) for side in (1e-5, -1e-5)]
        key_of_leaf = float(variant.exercise.keys()[f"df_d{leaf}"])
        assert (ends[0] - ends[1]) / 2e-5 == pytest.approx(key_of_leaf, rel=1e-4, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["easy", "medium", "hard"]))
def test_drawn_graphs_are_worth_asking(key: int, level: str) -> None:
    """4 to 7 operations, 3 or 4 leaves, nothing unused, something used twice; without the inner
    derivatives, the proof holds as well.
    """
    given = load("backpropagation.graph").draw(key, level=level).exercise.given
    edges = uses(given["nodes"])
    assert 4 <= len(given["nodes"]) <= 7
    assert set(edges) == {*"xyzw"[: len(given["values"])], *names(given["nodes"])[:-1]}
    assert max(map(len, edges.values())) >= 2
    assert "df_dh1" not in drawn("backpropagation.graph", **{**given, "inner": False}).key()


def test_key_of_the_pinned_shapes() -> None:
    """Constant, norm, dot product, Xw, w, w squared and X W^T, for X n x d, W k x d and w d x 1."""
    keys = drawn("jacobians.shapes", **SHAPES).exercise.keys()
    row, square = (1, "d"), ("d", "d")
    assert list(keys.values()) == [row, row, row, ("n", "d"), square, square, ("n", "k", "k", "d")]


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [
        ("Xw", "d x n", "swapped"),
        ("Xw", "(n)", "output_only"),
        ("XWT", "k x d", "variable_only"),
        ("XWT", "n x k x d", "index_dropped"),
        ("w_squared", "(d)", "index_dropped"),
        ("squared_norm", "scalar", "output_only"),
    ],
)
def test_wrong_shapes_are_named(part: str, answer: str, slip: str) -> None:
    """Swapped, dropped and forgotten dimensions are told apart."""
    assert slip in marked(drawn("jacobians.shapes", **SHAPES), **{part: answer})[part].misconceptions


def test_gradient_layout_counts_only_where_asked() -> None:
    """A column for a row is right with a remark, unless the question tells rows and columns apart."""
    for strict, status in ((False, Status.RIGHT), (True, Status.PARTIAL)):
        variant = drawn("jacobians.shapes", **SHAPES, strict=strict)
        assert marked(variant, dot="d x 1")["dot"].status is status


def test_flattened_jacobian_earns_half() -> None:
    """With numbers for sizes, a flattened Jacobian of rank four is recognised and earns half the points."""
    variant = drawn("jacobians.shapes", **SHAPES | {"sizes": [2, 3, 5], "letters": False})
    verdict = marked(variant, XWT="10 x 15")["XWT"]
    assert (verdict.misconceptions, verdict.score) == (("flattened",), Fraction(1, 2))


def test_momentum_by_hand() -> None:
    """Two steps worked by hand: v = v/2 - (2 theta)/4, then theta + v; Nesterov looks ahead by v/2."""
    keys = drawn("optimisation.momentum_steps", **CLASSICAL).exercise.keys()
    assert keys == {"v1": -3, "theta1": 5, "v2": -4, "theta2": 1}
    keys = drawn("optimisation.momentum_steps", **CLASSICAL, nesterov=True).exercise.keys()
    assert keys == {"v1": Fraction(-7, 2), "theta1": Fraction(9, 2), "v2": Fraction(-25, 8), "theta2": Fraction(11, 8)}


@pytest.mark.parametrize(
    ("nesterov", "part", "answer", "slip"),
    [
        (False, "v1", "-4", "plain_gradient"),
        (False, "v1", "-1", "averaged"),
        (False, "v1", "5", "uphill"),
        (False, "v1", "0", "alpha_on_gradient"),
        (False, "v1", "-3.5", "nesterov_for_classical"),
        (True, "v1", "-3", "classical_for_nesterov"),
        (False, "theta1", "10", "old_velocity"),
        (False, "theta1", "11", "subtracted"),
        (False, "theta1", "29/4", "rate_again"),
    ],
)
def test_mistakes_with_momentum_are_named(nesterov: bool, part: str, answer: str, slip: str) -> None:
    """Each wrong update is recognised by its number."""
    variant = drawn("optimisation.momentum_steps", **CLASSICAL, nesterov=nesterov)
    assert slip in marked(variant, **{part: answer})[part].misconceptions


def test_momentum_follows_an_early_slip() -> None:
    """A wrong first velocity is paid for once."""
    verdicts = marked(drawn("optimisation.momentum_steps", **CLASSICAL), v1=-4, theta1=4, v2=-4, theta2=0)
    assert verdicts["v1"].misconceptions == ("plain_gradient",)
    assert [verdicts[name].status for name in ("theta1", "v2")] == [Status.CONSISTENT, Status.RIGHT]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.fractions("1/20", "1/5", max_denominator=20), st.integers(1, 20))
def test_momentum_zero_is_gradient_descent(a: int, epsilon: Fraction, theta0: int) -> None:
    """Without momentum, both rules multiply the parameter by 1 - epsilon a in every step."""
    for nesterov in (False, True):
        given = {"a": a, "alpha": 0, "epsilon": epsilon, "theta0": theta0, "v0": 1, "nesterov": nesterov}
        keys = drawn("optimisation.momentum_steps", **given).exercise.keys()
        assert [keys[f"theta{t}"] for t in (1, 2, 3)] == [theta0 * (1 - epsilon * a) ** t for t in (1, 2, 3)]


def test_adam_by_hand() -> None:
    """The first step has length epsilon; bias correction shortens it to sqrt(10)/10 of the uncorrected one."""
    keys = drawn("optimisation.adam_steps", **ADAM).exercise.keys()
    s2, r2 = 0.9 * 0.2 - 0.4, 0.999 * 0.004 + 0.016
    s_hat, r_hat = s2 / 0.19, r2 / (1 - 0.999**2)
    assert keys["theta1"] == pytest.approx(0.9)
    assert keys["factor"] == pytest.approx(sqrt(10) / 10)
    assert [keys["s2"], keys["r2"], keys["s_hat2"], keys["r_hat2"]] == pytest.approx([s2, r2, s_hat, r_hat])
    assert keys["theta2"] == pytest.approx(0.9 - 0.1 * s_hat / sqrt(r_hat))


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [
        ("s2", 0.999 * 0.2 - 0.004, "rhos_swapped"),
        ("s2", 0.02 - 3.6, "weights_swapped"),
        ("s2", 0.18 - 4, "weight_missing"),
        ("r2", 0.003996 - 0.004, "not_squared"),
        ("s_hat2", -0.22, "no_correction"),
        ("s_hat2", -2.2, "exponent_missing"),
        ("s_hat2", -0.22 / 0.271, "step_too_late"),
        ("s_hat2", -0.22 * 0.19, "multiplied"),
        ("theta1", 1 - 0.1 * 2 / 4, "no_root"),
        ("theta1", 1 - 0.1 * 0.2 / sqrt(0.004), "uncorrected"),
        ("theta1", 1 - 0.1 * 2 / sqrt(0.004), "only_s_corrected"),
        ("theta1", 1.1, "uphill"),
        ("factor", sqrt(10), "upside_down"),
    ],
)
def test_mistakes_with_adam_are_named(part: str, answer: float, slip: str) -> None:
    """Each wrong average, correction and move is recognised by its number."""
    assert slip in marked(drawn("optimisation.adam_steps", **ADAM), **{part: f"{answer:.8f}"})[part].misconceptions


def test_adam_follows_rounded_and_wrong_values() -> None:
    """Values rounded to 4 digits are right; what follows from a wrong average is consistent."""
    variant = drawn("optimisation.adam_steps", **ADAM)
    rounded = {name: f"{float(key):.4g}" for name, key in variant.exercise.keys().items()}
    assert {verdict.status for verdict in variant.mark(rounded).values()} == {Status.RIGHT}
    verdicts = variant.mark(rounded | {"s2": "0.1958", "s_hat2": "1.031", "theta2": "0.8674"})
    assert verdicts["s2"].misconceptions == ("rhos_swapped",)
    assert [verdicts[name].status for name in ("s_hat2", "theta2")] == [Status.CONSISTENT] * 2


def test_small_averages_are_not_right_by_accident() -> None:
    """r1 = 0.004 is held to its digits: an answer off by a tenth of it is wrong, near as it is in absolute terms."""
    assert marked(drawn("optimisation.adam_steps", **ADAM), r1=0.0044)["r1"].status is Status.WRONG
