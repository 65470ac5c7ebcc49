# ruff: noqa: E501  # tables of cases
"""Index expressions with Kronecker deltas: how they are read, and how equality is decided."""

from __future__ import annotations

import json
import random
import time
import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problem_bank.algebra import Node, number
from problem_bank.algebra.indices import (
    Values,
    compare,
    decide_index,
    delta,
    entry,
    notation,
    read,
    show,
    summed,
    tex,
    tree_of,
)
from problem_bank.answers import IndexExpression
from problem_bank.answers.reader import reader
from problem_bank.errors import Unreadable
from problem_bank.variant import plain_options

# The Jacobian of Y = X W^T by W, dY_ij / dW_kl = X_il delta_jk.
LINEAR: dict[str, Any] = {
    "arrays": {"X": ("n", "d"), "W": ("k", "d")},
    "free": {"i": "n", "j": "k", "k": "k", "l": "d"},
}
SOFTMAX: dict[str, Any] = {"arrays": {"s": ("K",)}, "free": {"i": "K", "j": "K"}, "domains": {"s": "unit"}}
LOGITS: dict[str, Any] = {"arrays": {"z": ("K",)}, "free": {"i": "K", "j": "K"}}
VECTOR: dict[str, Any] = {"arrays": {"s": ("K",), "c": ()}, "free": {"i": "K"}}
KEY, SOFTMAX_KEY = "X_il delta_jk", "s_i delta_ij - s_i s_j"
IN_LOGITS = "exp(z_i)*delta_ij/(sum_m exp(z_m)) - exp(z_i)*exp(z_j)/(sum_m exp(z_m))^2"

RIGHT = [
    # plain text, LaTeX, NumPy's brackets, Unicode
    "X_il delta_jk", "delta_jk*X_il", "X_i,l delta_j,k", r"X_{il} \delta_{jk}", r"X_{i,l}\delta_{j,k}", r"\delta_{jk}X_{il}",
    r"$X_{i l}\,\delta_{j k}$", r"\mathbf{X}_{il} \cdot \delta_{jk}", "X[i,l]*delta(j,k)", "X[i][l] delta[j,k]", "X(i,l) δ(j,k)",
    "δ_jk X_il", "X_ilδ_jk", "Xᵢₗ δⱼₖ", "Xil deltajk", r"X_{il}\delta_j^k", r"X_{il} \delta^{j}_{k}", "X_il · δ_kj",
    # the condition in brackets, and the identity matrix
    "1[j=k] X_il", "X_il 1[j==k]", r"X_{il} \mathbb{1}[j=k]", "X_il [j = k]", r"X_{il}\,1_{\{j=k\}}", "X_il (1 - 1[j != k])",
    "I_jk X_il", "X_il I[j,k]",
    # a transposed array
    "X^T_{li} delta_jk", "(X^T)_{li} δ_jk", "X'_li delta_jk", r"X^{\top}_{li} \delta_{jk}", "Xᵀ[l,i] delta_jk",
    # a left side
    "dY_ij/dW_kl = X_il delta_jk", "∂Y_ij/∂W_kl = X_il δ_jk", r"\frac{\partial Y_{ij}}{\partial W_{kl}} = \delta_{jk} X_{il}",
    "J_ijkl = X_il delta_jk", "J[i,j,k,l] = X_il delta_jk", r"\frac{\partial (XW^T)_{ij}}{\partial W_{kl}} = X_{il}\delta_{jk}",
    # other letters in the same order
    "X_ad delta_bc", "∂Y_ab/∂W_cd = X_ad δ_bc", "∂Y_pq/∂W_rs = X_ps δ_qr", "J_jikl = X_jl delta_ik", "X_im delta_jk",
    # sums that contract
    "X_im delta_ml delta_jk", "sum_m X_im delta_ml delta_jk", r"\sum_{m=1}^{d} X_{im} \delta_{ml} \delta_{jk}",
    r"\sum_{m=0}^{d-1} X_{im}\delta_{ml}\delta_{jk}", "∑_m X_im δ_ml δ_jk", "sum_mp X_im delta_ml delta_jp delta_pk",
    "X_il delta_jm delta_mk", "sum_{m,p} X_im delta_ml delta_jp delta_pk", r"\sum\limits_{m} X_{im}\delta_{ml}\delta_{jk}",
    # numbers and powers around it
    "2 X_il delta_jk / 2", "X_il delta_jk^2", "(X_il + X_il) delta_jk - X_il delta_jk", r"\frac{X_{il}}{1} \delta_{jk}",
    "X_il delta_jk + 0", "n X_il delta_jk / n", "X_il delta_jk d/d",
]  # fmt: skip
WRONG = {
    # answer: what the student is told
    "X_il": "j does not occur",
    "delta_jk": "i does not occur",
    "X_li delta_jk": "Here l runs over d, but the first index of X runs over n",
    "X_il delta_ik": "With delta_ik you compare i, which runs over n, and k, which runs over k",
    "X_ij delta_kl": "Here j runs over k, but the second index of X",
    "W_jl": "i does not occur",
    "-X_il delta_jk": "sign",
    "2 X_il delta_jk": "right where j and k differ, but not where j = k",
    "X_il (delta_jk + delta_jk^2)": "not where j = k",
    "X_il 1[j != k]": "",
    "X_il (1 + delta_jk)/2": "right where j = k, but not where they differ",
    "X_il delta_jk + X_mm": "Here m runs over n",
    "X_il delta_jk/delta_jk": "divides by zero",
    "X_il delta_jk d/n": "",
    "X_il delta_jk + 10^-30": "",
    "0": "does not occur",
}
REFUSED = {
    # text: what the message holds
    "X_i delta_jk": "X takes 2 indices",
    "X_ilm delta_jk": "X takes 2 indices",
    "X delta_jk": "X takes 2 indices",
    "X_il delta_j": "delta takes 2 indices",
    "X_1l delta_jk": "indices are letters",
    "X_il delta_jk s_m": "“s_m” is no name of this question. Known are W, X, d, n",
    "Q_il delta_jk": "no name of this question",
    "X_im W_jp delta_kq": "the index m stands only once in its term",
    "X_im delta_ml delta_mj delta_jk": "more than twice",
    "X^2_il": "write the indices before the power",
    "X_il if j = k": "is no name of this question",
    "X_il delta_jk i": "“i” stands alone",
    "dY_ij/dW_k = X_il delta_jk": "the left side has the indices i, j, k; asked is for i, j, k, l",
    "X_il delta_jk = 0 = 0": "further “=”",
    "sum_m delta_mm": "how far m runs",
    "sum_{m=1}^{7} X_im delta_ml delta_jk": "",
    "1/sum_m X_im W_jm": "put the sum in brackets",
    "X_il delta_jk (X_mp + 1)": "stands in some of the added terms only",
}


@pytest.mark.parametrize("text", RIGHT)
def test_right_answers_are_accepted_however_they_are_written(text: str) -> None:
    """Every notation of X_il delta_jk that people type; the reading says the same again."""
    decision = decide_index(text, KEY, **LINEAR)
    assert decision.equal is True, decision
    assert decide_index(decision.reading.text, KEY, **LINEAR).equal is True
    assert decision.basis.startswith(("exact", "probabilistic"))


@pytest.mark.parametrize(("text", "told"), WRONG.items())
def test_wrong_answers_are_refused_with_a_reason(text: str, told: str) -> None:
    """A missing index, a clash of ranges, a sign, one half of the cases."""
    decision = decide_index(text, KEY, **LINEAR)
    assert decision.equal is False, decision
    assert told in decision.reason


@pytest.mark.parametrize(("text", "told"), REFUSED.items())
def test_unreadable_answers_say_what_would_be_readable(text: str, told: str) -> None:
    """Indices that are missing, too many or unknown are named with their array."""
    with pytest.raises(Unreadable, match=r".") as error:
        decide_index(text, KEY, **LINEAR)
    assert told in str(error.value)


SOFTMAX_FORMS = [
    ("s_i (delta_ij - s_j)", True), (r"s_i(\delta_{ij} - s_j)", True), ("s_j(δ_ij - s_i)", True), ("s_i(1[i=j] - s_j)", True),
    ("∂s_i/∂z_j = s_i(δ_ij − s_j)", True), ("s_a(δ_ab - s_b)", True), ("s_m delta_im (delta_ij - s_j)", True),
    ("delta_ij s_i (1 - s_i) - (1 - delta_ij) s_i s_j", True), ("-s_i s_j (1 - delta_ij) + s_i(1-s_i) delta_ij", True),
    ("exp(ln(s_i)) (delta_ij - s_j)", True), ("sqrt(s_i^2)*(delta_ij - s_j)", True), ("s_i delta_ij - s_j s_i", True),
    ("s_i (1 - s_i) delta_ij", False), ("s_i(delta_ij + s_j)", False), ("delta_ij - s_j", False), ("s_i (1 - s_i)", False),
    ("s_i delta_ij", False), ("s_i (1 - s_j)", False), ("s_i delta_ij - s_i^2", False), ("s_j - s_i s_j", False),
    ("s_i delta_ij - s_i s_j + (K-2)(K-3)(K-4)(K-5)", False), ("s_i delta_ij - s_i s_j sum_m s_m", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right"), SOFTMAX_FORMS)
def test_the_derivative_of_the_softmax(text: str, right: bool) -> None:
    """Its forms with deltas and conditions, and the usual mistakes."""
    assert decide_index(text, SOFTMAX_KEY, **SOFTMAX).equal is right


LOGIT_FORMS = [
    (r"\frac{e^{z_i}}{\sum_m e^{z_m}} (\delta_{ij} - \frac{e^{z_j}}{\sum_{m=1}^{K} e^{z_m}})", True),
    ("(exp(z_i) delta_ij (sum_m exp(z_m)) - exp(z_i + z_j))/(sum_m exp(z_m))^2", True),
    ("(exp(z_i) delta_ij (sum_p exp(z_p)) - exp(z_i) exp(z_j))/(sum_m sum_p exp(z_m) exp(z_p))", True),
    ("(exp(z_i) delta_ij (sum_m exp(z_m)) - exp(z_i + z_j))/(sum_m exp(z_m))", False),
    ("(exp(z_i) delta_ij (sum_m exp(z_m)) - exp(z_i + z_j))/(sum_m exp(2 z_m))", False),
]


@pytest.mark.parametrize(("text", "right"), LOGIT_FORMS)
def test_functions_of_entries_and_sums_of_them(text: str, right: bool) -> None:
    """The same derivative with exponentials: quotients of sums are compared for all sizes."""
    decision = decide_index(text, IN_LOGITS, **LOGITS)
    assert decision.equal is right, decision


@pytest.mark.parametrize(
    ("text", "key", "right"),
    [
        ("delta_ij s_j", "s_i", True),
        ("s_a", "s_i", True),
        ("c s_i", "s_i c", True),
        ("delta_jj s_i", "K s_i", True),
        ("sum_m s_i", "K s_i", True),
        ("s_i s_j delta_jm delta_mi", "s_i^2", True),
        ("sum_m s_m", "s_i", False),
        ("s_i sum_m s_m", "s_i", False),
        ("delta_jj s_i", "s_i", False),
        ("s_m s_m s_i", "s_i^3", False),
    ],
)
def test_sums_over_repeated_indices(text: str, key: str, right: bool) -> None:
    """A repeated index is summed unless it is free; the trace of delta is the size."""
    assert decide_index(text, key, **VECTOR).equal is right


def test_a_scalar_square_is_not_taken_for_renamed_indices() -> None:
    """X_pq X_pq is the sum of all squares, not the square of the entry asked for."""
    asked: dict[str, Any] = {"arrays": {"X": ("n", "d")}, "free": {"i": "n", "j": "d"}}
    assert decide_index("X_pq X_pq", "X_ij^2", **asked).equal is False
    assert decide_index("X_pq^2", "X_ij^2", **asked).equal is True


def test_other_letters_are_reported() -> None:
    """The student is told how their letters were read; letters out of order are refused."""
    assert decide_index("X_ad delta_bc", KEY, **LINEAR).reason == "Read with a, b, c, d in the places of i, j, k, l."
    assert decide_index("X_da delta_bc", KEY, **LINEAR).equal is False


def test_a_dummy_never_captures_a_free_index() -> None:
    """With a left side in other letters, i may be summed over."""
    decision = decide_index("J_abcd = sum_i X_ai delta_id delta_bc", KEY, **LINEAR)
    assert decision.equal is True
    assert "X_im" in decision.reading.text


HOSTILE: dict[str, list[Any]] = tomllib.loads(
    (Path(__file__).parent / "data" / "hostile_expressions.toml").read_text("utf-8")
)
LONG = [one["text"] * one["times"] + one.get("then", "") for one in HOSTILE.pop("repeated")]
PLAIN = [text for texts in HOSTILE.values() for text in texts] + LONG
OWN = [
    "s_i" * 600, "sum_m " * 300 + "s_m", "(sum_m s_m)^999", "((sum_m s_m)^9)^9", "X_" * 900, "δ" * 1900, "δ_ij " * 380,
    "s_{" + "i " * 900, "s_{i" + " " * 1900, "s[" * 900, "1[" * 900, "1[i=" * 400, "sum_{" * 400, "(s^T)" * 300, "∂" * 1900,
    "d/d" * 600, "_" * 1900, "s_i^" * 400, "d" * 1900 + "=", "(" * 30 + "s" * 100 + ")=", "∂(" + "s" * 1500 + ")/",
    "sum_m sum_n sum_p sum_q sum_r sum_t 1/(s_m+s_n+s_p+s_q+s_r+s_t)", "exp(sum_m exp(sum_n exp(sum_p exp(s_m+s_n+s_p))))",
    "s_i delta_ij - s_i s_j + 10^60 - 10^60 + 10^-60", "s_i delta_ij - s_i s_j + (K-2)(K-3)(K-4)(K-5)(K-6)(K-7)(K-8)(K-9)",
    "s_i delta_ij - s_i s_j + 4611686018427387847 s_i", "s_i delta_ij - s_i s_j + 0^K + 1", "s_i delta_ij/(delta_ij) - s_i s_j",
    "s_i delta_ij - s_i s_j + (sum_m s_m^2 - (sum_m s_m)^2)*(K-1)", "s_{i.__class__}", "s[__import__('os')]", "sum_{x in s}", "s_і",
]  # fmt: skip


@pytest.mark.parametrize("key", [SOFTMAX_KEY, "exp(s_i)*delta_ij/sum_m exp(s_m)"])
def test_hostile_text_ends_soon_and_is_never_right(key: str) -> None:
    """Each text is unreadable, wrong or undecided within a tenth of a second; nothing else is raised."""
    decide_index("exp(s_i + s_j)", "exp(s_i) exp(s_j)", **SOFTMAX)  # loads mpmath, and draws the primes
    for text in [*PLAIN, *(text.replace("x", "s_i") for text in PLAIN), *OWN]:
        started = time.process_time()
        try:
            assert decide_index(text, key, **SOFTMAX).equal is not True, text[:60]
        except Unreadable as error:
            assert str(error)
        assert time.process_time() - started < 0.2, text[:60]


@given(st.text(alphabet="Xsδij_{}[]()=^+-*/ 1delta\\sumT'", max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_string_is_read_or_refused(text: str) -> None:
    """Whatever is typed, the only exception is Unreadable."""
    try:
        assert decide_index(text, SOFTMAX_KEY, **SOFTMAX).equal in (True, False, None)
    except Unreadable as error:
        assert str(error)


FACTORS = st.one_of(
    st.builds(entry, st.just("X"), st.sampled_from(["il", "il"])),
    st.builds(entry, st.just("W"), st.sampled_from(["jl", "kl"])),
    st.just(delta("j", "k")),
    st.integers(1, 5).map(number),
    st.just(summed("m", entry("X", "im") * entry("W", "jm"), "d")),
)
TREES = st.recursive(
    FACTORS,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a - b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a: -a, inner),
        st.builds(lambda a: a**2, inner),
    ),
    max_leaves=6,
)


@given(TREES)
@settings(max_examples=200, deadline=None)
def test_what_is_shown_reads_back_as_the_same(tree: Node) -> None:
    """Text and LaTeX of any expression are read again, and equal it."""
    asked = notation(LINEAR["arrays"], LINEAR["free"])
    for text in (show(tree), tex(tree)):
        assert compare(read(text, asked)[0], tree_of(tree, asked), asked).equal is True


@given(TREES, TREES)
@settings(max_examples=150, deadline=None)
def test_decisions_agree_with_the_whole_grid_of_numbers(first: Node, second: Node) -> None:
    """The patterns of indices decide as the whole grid does, for random integers at distinct sizes."""
    asked = notation(LINEAR["arrays"], LINEAR["free"])
    dice = random.Random(1)
    sizes = {"n": 2, "k": 3, "d": 4}
    arrays = {
        name: [[dice.randint(-(10**6), 10**6) for _ in range(sizes[c])] for _ in range(sizes[r])]
        for name, (r, c) in LINEAR["arrays"].items()
    }
    values = Values(arrays, None)
    grid = [dict(zip("ijkl", at, strict=True)) for at in product(range(2), range(3), range(3), range(4))]
    equal = all(values.value(first, at, sizes) == values.value(second, at, sizes) for at in grid)
    assert compare(first, second, asked).equal is equal


def test_the_answer_kind_survives_json_and_reads_its_samples() -> None:
    """What `public` says suffices to read answers; right samples are right, wrong ones are not."""
    answer = IndexExpression(KEY, LINEAR["arrays"], LINEAR["free"])
    blind = reader(json.loads(json.dumps(plain_options(answer.public()))))
    samples = answer.samples()
    for raw in samples.right + samples.wrong:
        assert answer.compare(answer.parse(raw)).right is (raw in samples.right), raw
        assert blind.show(blind.parse(raw)) == answer.show(answer.parse(raw))
    for raw in samples.malformed:
        with pytest.raises(Unreadable, match=r"."):
            answer.parse(raw)
    assert "X_il" not in answer.hint


def test_values_of_a_second_route_agree_with_the_right_key_only() -> None:
    """A dense array from anywhere proves an index expression, or disproves it."""
    key = IndexExpression("s_i (delta_ij - s_j)", SOFTMAX["arrays"], SOFTMAX["free"])
    s = [2, 3, 5]
    dense = [[a * ((i == j) - b) for j, b in enumerate(s)] for i, a in enumerate(s)]
    assert key.agrees(Values({"s": s}, dense))
    assert not key.keyed("s_i delta_ij").agrees(Values({"s": s}, dense))


def test_keys_that_do_not_fit_are_refused() -> None:
    """A family's mistake is a ValueError that names it."""
    with pytest.raises(ValueError, match="cannot be read"):
        decide_index("s_i", "q_i", **VECTOR)
    with pytest.raises(ValueError, match="no index"):
        notation({"X": ("n",)}, {"ii": "n"})
    with pytest.raises(ValueError, match="no name for an array"):
        notation({"X y": ("n",)}, {"i": "n"})


def test_decisions_are_quick() -> None:
    """The median over all tables stays below a millisecond or two, whatever the machine does beside."""
    times = []
    for text in RIGHT:
        started = time.process_time()
        decide_index(text, KEY, **LINEAR)
        times.append(time.process_time() - started)
    assert sorted(times)[len(times) // 2] < 0.003
