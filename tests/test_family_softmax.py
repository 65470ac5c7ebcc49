# ruff: noqa: E501  # tables of cases
"""Derivatives in index notation, of activations, of the softmax, and of the cross-entropy behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import problem_bank
from problem_bank.values import freeze
from problem_bank.variant import Variant
from problem_bank.verdict import Status

INDEX, POINTWISE = "jacobians.index", "activations.pointwise"
SOFTMAX, GRADIENT = "softmax.jacobian", "softmax.cross_entropy_gradient"

# The questions of the courseworks, with their fixed values.
PINNED: dict[str, tuple[str, dict[str, Any]]] = {
    "dXWT_dW": (INDEX, {"maps": ["XWT"], "letters": ["i", "j", "k", "l"], "names": ["X", "W", "A", "B"], "count": 1}),
    "activations": (POINTWISE, {"functions": ["sigmoid", "relu", "tanh"], "k": [3, 2, 2], "alpha": 2, "letters": ["h", "x", "s"], "count": 3}),
    "softmax": (SOFTMAX, {"ask": ["entry"], "s": "s", "letters": "ij"}),
    "loss": (GRADIENT, {"ask": ["dY_form", "dZ_form"], "names": ["Y", "T", "Z"]}),
    "batch": (GRADIENT, {"a": [[1, 2, 1], [3, 1, 4]], "targets": [2, 3], "ask": ["Y", "dY", "dZ"]}),
    "numbers": (SOFTMAX, {"a": [[1, 2, 3]], "u": [1, 0, -1], "s": "s", "letters": "ij", "ask": ["output", "J", "change"]}),
}  # fmt: skip


def pinned(name: str) -> Variant:
    id, given = PINNED[name]
    return problem_bank.load(id).draw("pinned", given=given)


RIGHT: list[tuple[str, dict[str, str]]] = [
    ("dXWT_dW", {"XWT": r"\frac{\partial Y_{ij}}{\partial W_{kl}} = \delta_{jk} X_{il}"}),
    ("dXWT_dW", {"XWT": "X[i,l] * 1[j=k]"}),
    ("softmax", {"entry": "s_i(δ_ij − s_j)"}),
    ("softmax", {"entry": "delta_ij s_i (1 - s_i) - (1 - delta_ij) s_i s_j"}),
    ("activations", {"sigmoid": "h - h^2", "sigmoid_value": "0.75", "sigmoid_slope": "3/16", "relu": "1, 0",
                     "tanh": "(1-h)(1+h)", "tanh_value": "3/5", "tanh_slope": "0.64"}),
    ("loss", {"dY_form": "-1/S * T ./ Y", "dZ_form": "1/S (Y - T)"}),
    ("batch", {"Y": "[[1/4, 1/2, 1/4], [3/8, 1/8, 1/2]]", "dY": "[[0, -1, 0], [0, 0, -1]]",
               "dZ": "[[1/8, -1/4, 1/8], [3/16, 1/16, -1/4]]"}),
    ("numbers", {"output": "1/6, 1/3, 1/2", "J": "[[5/36, -1/18, -1/12], [-1/18, 2/9, -1/6], [-1/12, -1/6, 1/4]]",
                 "change": "[2/9, 1/9, -1/3]"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answers"), RIGHT)
def test_the_pinned_questions_have_their_known_answers(name: str, answers: dict[str, str]) -> None:
    """Worked by hand, typed in several ways."""
    verdicts = pinned(name).mark(answers)
    assert set(verdicts) == set(answers)
    for verdict in verdicts.values():
        assert verdict.status is Status.RIGHT, verdict


NAMED = [
    ("dXWT_dW", "XWT", "X_il delta_ik", "wrong_delta"),
    ("dXWT_dW", "XWT", "X_li delta_jk", "factor_transposed"),
    ("dXWT_dW", "XWT", "X_il", "delta_missing"),
    ("dXWT_dW", "XWT", "delta_kl X_ij", "indices_mixed"),
    ("softmax", "entry", "s_i delta_ij - s_i s_i delta_ij", "diagonal_only"),
    ("softmax", "entry", "s_i delta_ij + s_i s_j", "plus"),
    ("softmax", "entry", "delta_ij - s_j", "factor_lost"),
    ("softmax", "entry", "s_i(1 - s_i)", "everywhere"),
    ("activations", "sigmoid", "1 - h^2", "of_tanh"),
    ("activations", "tanh", "h(1-h)", "of_sigmoid"),
    ("activations", "sigmoid", "h", "output_itself"),
    ("loss", "dZ_form", "(T - Y)/S", "sign"),
    ("loss", "dZ_form", "Y - T", "no_mean"),
    ("batch", "dZ", "[[0, -1/4, 0], [0, 0, -1/4]]", "diagonal_jacobian"),
    ("batch", "dZ", "[[-1/8, 1/4, -1/8], [-3/16, -1/16, 1/4]]", "sign"),
    ("numbers", "J", "[[5/36, 0, 0], [0, 2/9, 0], [0, 0, 1/4]]", "diagonal_only"),
    ("numbers", "J", "[[5/36, 5/36, 5/36], [2/9, 2/9, 2/9], [1/4, 1/4, 1/4]]", "everywhere"),
]


@pytest.mark.parametrize(("name", "part", "answer", "slip"), NAMED)
def test_the_usual_mistakes_are_named(name: str, part: str, answer: str, slip: str) -> None:
    """In whatever form they are written, also where their indices do not fit the arrays."""
    assert slip in pinned(name).mark({part: answer})[part].misconceptions


def test_zero_is_no_misconception_about_deltas() -> None:
    """A delta that compares different ranges is not read as zero everywhere."""
    assert pinned("dXWT_dW").mark({"XWT": "0"})["XWT"].misconceptions == ()


def test_other_letters_are_read_and_reported() -> None:
    """The marking accepts other letters in the declared order, and says so."""
    verdict = pinned("dXWT_dW").mark({"XWT": "X_ad delta_bc"})["XWT"]
    assert verdict.status is Status.RIGHT
    assert "a, b, c, d in the places of i, j, k, l" in verdict.feedback


FOLLOWED = [
    # outputs divided by the columns' sums, then rightly carried on
    ("batch", {"Y": "[[1/4, 2/3, 1/5], [3/4, 1/3, 4/5]]", "dY": "[[0, -3/4, 0], [0, 0, -5/8]]"}, "wrong consistent"),
    ("numbers", {"output": "[1/3, 2/3, 1]", "J": "[[2/9, -2/9, -1/3], [-2/9, 2/9, -2/3], [-1/3, -2/3, 0]]"}, "wrong consistent"),
    # the derivative of tanh for the sigmoid, evaluated rightly
    ("activations", {"sigmoid": "1 - h^2", "sigmoid_value": "3/4", "sigmoid_slope": "7/16"}, "wrong right consistent"),
    ("activations", {"sigmoid": "1", "sigmoid_value": "3/4", "sigmoid_slope": "1"}, "wrong right wrong"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answers", "statuses"), FOLLOWED)
def test_later_parts_follow_from_own_earlier_values(name: str, answers: dict[str, str], statuses: str) -> None:
    """An early slip costs its own mark only; nothing follows from a bare number."""
    verdicts = pinned(name).mark(answers)
    assert [verdicts[part].status.value for part in answers] == statuses.split()


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_the_rows_of_a_softmax_jacobian_sum_to_zero(level: str) -> None:
    """And the matrix is symmetric; the gradients of the loss have rows that sum to zero, too."""
    for i in range(20):
        keys = problem_bank.load(SOFTMAX).draw(("rows", i), level=level).exercise.keys()
        matrix = np.array(keys["J"], dtype=float)
        assert np.allclose(matrix.sum(axis=1), 0)
        assert np.allclose(matrix, matrix.T)
        gradient = np.array(problem_bank.load(GRADIENT).draw(("rows", i), level=level).exercise.keys()["dZ"], float)
        assert np.allclose(gradient.sum(axis=1), 0)


def test_the_gradient_is_that_of_the_loss() -> None:
    """Central differences of the mean cross-entropy itself, at the logits of a draw."""
    variant = problem_bank.load(GRADIENT).draw("differences", level="hard")
    z = np.log(np.array(variant.drawn["a"], dtype=float))
    t = np.array(variant.drawn["targets"]) - 1

    def loss(z: Any) -> float:
        y = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return float(-np.log(y[np.arange(len(t)), t]).mean())

    key, step = np.array(variant.exercise.keys()["dZ"], dtype=float), 1e-5
    for place in np.ndindex(z.shape):
        move = np.zeros_like(z)
        move[place] = step
        assert abs((loss(z + move) - loss(z - move)) / (2 * step) - key[place]) < 1e-8


@pytest.mark.parametrize("id", [INDEX, POINTWISE, SOFTMAX, GRADIENT])
def test_texts_are_whole(id: str) -> None:
    """No place is left open, and dollars pair up, at every level and pinned."""
    drawn = [problem_bank.load(id).draw(("texts", i), level=v) for i in range(8) for v in ("easy", "medium", "hard")]
    for variant in [*drawn, *(pinned(name) for name, (own, _) in PINNED.items() if own == id)]:
        for text in (variant.prompt, variant.solution, *(variant.text(part.prompt) for part in variant.parts)):
            assert text
            assert "{{" not in text.replace("{{{", "")
            assert "{%" not in text
            assert text.count("$") % 2 == 0


def test_fractions_are_only_recognised_where_they_are() -> None:
    """The second route refuses floats that are no multiples of the expected unit."""
    from problem_bank.families.softmax._exactly import fractions

    assert fractions(np.array([0.25, -0.5]), 4) == freeze(["1/4", "-1/2"])
    with pytest.raises(ValueError, match="no multiples"):
        fractions(np.array([0.3]), 4)
