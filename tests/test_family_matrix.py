"""The families that are answered by matrix expressions: the linear layer, functions of each entry, Jacobians."""

from __future__ import annotations

from typing import Any

import pytest

import problem_bank
from problem_bank.families.jacobians._maps import MAPS
from problem_bank.variant import Variant
from problem_bank.verdict import Status

LINEAR, ENTRIES, JACOBIANS = "backpropagation.linear_layer", "backpropagation.elementwise", "jacobians.matrix"

# The courses' own questions: an MLP from scratch, q1a-c and q1d, and assignment 3, section 2.
PINNED: dict[str, dict[str, Any]] = {
    LINEAR: {"ask": ["dW", "db", "dX"], "forms": ["rows, W^T"], "form": "rows, W^T"},
    ENTRIES: {"ask": ["form"]},
    JACOBIANS: {
        "maps": ["constant", "squared_norm", "dot", "linear", "identity", "entry_squares"],
        "among": list(MAPS), "count": 6, "sizes": ["n", "d", "k"],
    },
}  # fmt: skip


NAMES: dict[str, dict[str, Any]] = {  # those of the answers below
    LINEAR: {"names": ["X", "W", "G"]},
    ENTRIES: {"names": ["X", "G", "Y"]},
    JACOBIANS: {"vectors": ["w", "x", "y", "s"], "matrices": ["X", "A", "C"]},
}


def pinned(id: str, **more: Any) -> Variant:
    return drawn(id, "pinned", {**PINNED[id], **more})


def drawn(id: str, key: str, given: dict[str, Any]) -> Variant:
    return problem_bank.load(id).draw(key, given={**NAMES[id], **given})


RIGHT: list[tuple[str, dict[str, str]]] = [
    # plain mathematics, NumPy, LaTeX
    (LINEAR, {"dW": "G^T X", "db": "1^T G", "dX": "G W"}),
    (LINEAR, {"dW": "G.T @ X", "db": "np.sum(G, axis=0)", "dX": "G @ W"}),
    (LINEAR, {"dW": r"$G^{\top} X$", "db": r"\mathbf{1}^\top G", "dX": r"\frac{\partial L}{\partial X} = G W"}),
    (LINEAR, {"dW": "(X'*G)'", "db": "G.T @ ones(S)", "dX": "(W^T G^T)^T"}),
    (ENTRIES, {"form": "G .* h'(X)"}),
    (ENTRIES, {"form": "h'(X) * G"}),
    (ENTRIES, {"form": r"G \odot h'(X)"}),
    (JACOBIANS, {"constant": "0", "squared_norm": "2w'", "dot": "x^T", "linear": "X", "identity": "I",
                 "entry_squares": "2 diag(w)"}),
    (JACOBIANS, {"constant": "zeros(d)^T", "squared_norm": "2*w.T", "dot": "x.T", "linear": "X I_d",
                 "identity": "np.eye(d)", "entry_squares": "diag(2*w)"}),
]  # fmt: skip


@pytest.mark.parametrize(("id", "answers"), RIGHT)
def test_pinned_questions_are_answered_in_many_notations(id: str, answers: dict[str, str]) -> None:
    """All of them right, with every part answered."""
    variant = pinned(id)
    assert {part.name for part in variant.parts} == set(answers)
    for name, verdict in variant.mark(answers).items():
        assert verdict.status is Status.RIGHT, (name, verdict)


WRONG: list[tuple[str, str, str, str, str]] = [
    # part, answer, misconception (or none), what is said
    (LINEAR, "dW", "X^T G", "transposed", "shape of what it belongs to"),
    (LINEAR, "dW", "G^T X / S", "averaged", "nothing is averaged"),
    (LINEAR, "dW", "G X", "", "did you mean G^T X?"),
    (LINEAR, "dW", "G^T X W", "", "inner sizes differ"),
    (LINEAR, "dW", "-G^T X", "", "sign"),
    (LINEAR, "db", "G", "not_summed", "added to each"),
    (LINEAR, "db", "sum(G, axis=1)", "wrong_sum", "sum over the samples"),
    (LINEAR, "db", "mean(G, axis=0)", "averaged", "nothing is averaged"),
    (LINEAR, "dX", "G W^T", "", "did you mean"),
    (LINEAR, "dX", "G (W - G^T X)", "updated_first", "those of the forward pass"),
    (ENTRIES, "form", "G h'(X)", "", "one by one"),
    (ENTRIES, "form", "G .* h(X)", "value_for_slope", "slope"),
    (ENTRIES, "form", "G .* h'(Y)", "slope_at_output", "input X"),
    (ENTRIES, "form", "h'(X)", "slope_alone", "left G out"),
    (JACOBIANS, "squared_norm", "2 w", "transposed", "denominator layout"),
    (JACOBIANS, "squared_norm", "w^T", "factor", "factor 2"),
    (JACOBIANS, "linear", "X^T", "transposed", "denominator layout"),
    (JACOBIANS, "entry_squares", "2 w", "no_diagonal", "diagonal"),
    (JACOBIANS, "identity", "1_d 1_d^T", "ones", "its own entry"),
    (JACOBIANS, "dot", "x", "transposed", "denominator layout"),
]


@pytest.mark.parametrize(("id", "part", "answer", "slip", "said"), WRONG)
def test_wrong_expressions_are_told_apart(id: str, part: str, answer: str, slip: str, said: str) -> None:
    """A named misconception, or else what the shapes and values show; never unreadable, never right."""
    verdict = pinned(id).mark({part: answer})[part]
    assert verdict.status is Status.WRONG
    assert verdict.misconceptions == ((slip,) if slip else ())
    assert said in f"{verdict.feedback} {verdict.remark}"


NUMBERS = {
    "ask": ["dW", "db", "dX", "dW_value", "db_value", "dX_value"], "forms": ["rows, W^T"], "form": "rows, W^T",
    "sizes": [3, 2, 4], "X": [[1, 2], [0, 1], [3, -1]], "W": [[1, 0], [2, 1], [-1, 1], [0, 3]],
    "G": [[1, 0, 2, -1], [0, 1, 1, 2], [2, -1, 0, 1]],
}  # fmt: skip
VALUES = {
    "dW_value": "[[7, 0], [-3, 2], [2, 5], [2, -1]]",
    "db_value": "[3, 0, 3, 2]",
    "dX_value": "[[-1, -1], [1, 8], [0, 2]]",
}


def test_numbers_follow_from_the_own_expression() -> None:
    """An average carried into the numbers costs its own mark, and only the accuracy of the rest."""
    variant = drawn(LINEAR, "numbers", NUMBERS)
    letters = {"dW": "G^T X", "db": "1^T G", "dX": "G W"}
    assert {verdict.status for verdict in variant.mark({**letters, **VALUES}).values()} == {Status.RIGHT}
    averaged = {**letters, "dW": "G^T X/S", **VALUES, "dW_value": "[[7/3, 0], [-1, 2/3], [2/3, 5/3], [2/3, -1/3]]"}
    marked = variant.mark(averaged)
    assert marked["dW"].misconceptions == ("averaged",)
    assert marked["dW_value"].status is Status.CONSISTENT
    assert marked["dX_value"].status is Status.RIGHT
    clash = variant.mark({**letters, "dW": "X G", **VALUES, "dW_value": "[[1, 2], [3, 4], [5, 6], [7, 8]]"})
    assert clash["dW"].status is Status.WRONG
    assert clash["dW_value"].status is Status.WRONG


ONE_ACTIVATION = {"ask": ["form", "own_form", "dX"], "X": [[1, 2, 3], [4, 2, 1]], "G": [[1, -1, 2], [3, 1, -2]]}


@pytest.mark.parametrize(
    ("name", "answer", "status"),
    [
        # in letters of X or of Y, by definition or by the output
        ("sigmoid", "G .* sigmoid(X) .* (1 - sigmoid(X))", Status.RIGHT),
        ("sigmoid", "G * Y * (1 - Y)", Status.RIGHT),
        ("sigmoid", "G .* exp(-X) ./ (1 + exp(-X)).^2", Status.RIGHT),
        ("sigmoid", "G .* (1 - Y.^2)", Status.WRONG),
        ("tanh", "G .* (1 - tanh(X)**2)", Status.RIGHT),
        ("tanh", "G - G .* Y .* Y", Status.RIGHT),
        ("tanh", "G .* Y .* (1 - Y)", Status.WRONG),
        ("relu", "G .* (X > 0)", Status.RIGHT),
        ("relu", "G * step(X)", Status.RIGHT),
        ("relu", "G .* (Y > 0)", Status.RIGHT),
        ("relu", "G .* (X > 0) + relu(X - 50) ./ (X - 50)", Status.UNGRADED),  # bends where the key does not
        ("relu", "G", Status.WRONG),
        ("square", "2 G .* X", Status.RIGHT),
        ("square", "G .* X", Status.WRONG),
        ("cube", "3 * G * X**2", Status.RIGHT),
        ("cube", "3 G .* Y ./ X", Status.RIGHT),
    ],
)
def test_the_slope_may_be_written_in_many_ways(name: str, answer: str, status: Status) -> None:
    """Equal for all entries is right; a wrong derivative is never."""
    given = {**ONE_ACTIVATION, "activations": [name], "activation": name}
    variant = drawn(ENTRIES, "one", given)
    assert variant.mark({"own_form": answer})["own_form"].status is status


def test_values_follow_from_a_wrong_slope() -> None:
    """sigmoid with the slope of tanh, rightly carried into the numbers of X = ln K."""
    given = {**ONE_ACTIVATION, "activations": ["sigmoid"], "activation": "sigmoid"}
    variant = drawn(ENTRIES, "follow", given)
    assert variant.key()["dX"] == "[[1/4, -2/9, 3/8], [12/25, 2/9, -1/2]]"
    own = "[[3/4, -5/9, 7/8], [27/25, 5/9, -3/2]]"  # G .* (1 - Y.^2)
    marked = variant.mark({"form": "G .* h'(X)", "own_form": "G .* (1 - Y.^2)", "dX": own})
    assert [verdict.status for verdict in marked.values()] == ["right", "wrong", "consistent"]


@pytest.mark.parametrize("name", MAPS)
def test_every_map_has_its_jacobian(name: str) -> None:
    """Each alone: the key is right, its transpose is the other layout, and every misconception is named."""
    given = {"maps": [name], "among": list(MAPS), "count": 1, "sizes": ["n", "d", "k"]}
    variant = drawn(JACOBIANS, "one", given)
    assert variant.mark(variant.key())[name].status is Status.RIGHT
    part = variant.parts[0]
    for slip in part.misconceptions:
        verdict = variant.mark({name: part.answer.show(slip.value)})[name]
        assert slip.name in verdict.misconceptions
    turned = variant.mark({name: f"({variant.key()[name]})^T"})[name]
    assert turned.status is (Status.RIGHT if MAPS[name].symmetric else Status.WRONG)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("quadratic", "w^T A + w^T A^T"), ("quadratic", "w@A + w@A.T"), ("quadratic", "((A + A')w)'"),
        ("residual", "2*(X@w - y)@X"), ("residual", "2 w^T X^T X - 2 y^T X"), ("relu_linear", "diag(step(Xw)) X"),
        ("softmax", "diag(softmax(w)) - softmax(w) softmax(w)^T"), ("softmax", "diag(s) (I - 1 s^T)"),
        ("softmax", "diag(s)(I_d - 1_d s^T)"), ("scaled", "outer(w, x) + (w.T @ x) * I"), ("entry_exp", "diag(e^w)"),
        ("composed", "C @ X"), ("constant", "0"),
    ],
)  # fmt: skip
def test_other_forms_of_jacobians(name: str, answer: str) -> None:
    """NumPy's spelling, expanded products; what could mean two things is unreadable, never wrong."""
    given = {"maps": [name], "among": list(MAPS), "count": 1, "sizes": ["n", "d", "k"]}
    verdict = drawn(JACOBIANS, "form", given).mark({name: answer})[name]
    unclear = answer in ("diag(e^w)", "diag(s) (I - 1 s^T)")
    assert verdict.status is (Status.UNREADABLE if unclear else Status.RIGHT), verdict
