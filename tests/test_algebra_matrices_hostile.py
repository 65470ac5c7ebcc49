"""Matrix expressions that are shown and read back, and hostile texts: each ends soon and is never right."""

from __future__ import annotations

import time
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problem_bank.algebra.matrices.parse import parse
from problem_bank.algebra.matrices.tree import Expr, number, transposed
from problem_bank.errors import Unreadable
from tests.matrix_language import LANGUAGE, decide, with_carets

LIMIT = 0.1  # seconds for a hostile text; more below for a busy machine


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Load what is loaded once: mpmath, and the primes of this process."""
    decide("exp(A)", "sigmoid(A)")


LEAVES = st.sampled_from(
    [*(Expr("symbol", (), name) for name in "XWGwAnc"), Expr("ones"), Expr("ones", (), "n"), Expr("ones", (), "n,k"),
     Expr("eye"), Expr("eye", (), "d"), Expr("zeros", (), "d"), Expr("pi"), number(2), number(Fraction(1, 4))]
)  # fmt: skip


def _chain(parts: list[tuple[str, Expr]]) -> Expr:
    gaps = "".join(gap if gap != " " or not tree.show()[0].isdigit() else "@" for gap, tree in parts[1:])
    return Expr("chain", tuple(tree for _, tree in parts), gaps)


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    call = st.sampled_from(["exp", "diag", "sum", "sum 0", "mean 1", "softmax", "norm", "trace", "vec", "relu"])
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: Expr("+", tuple(terms))),
        st.lists(st.tuples(st.sampled_from(" *@·⊙÷/⊗"), inner), min_size=2, max_size=3).map(_chain),
        inner.map(lambda tree: Expr("neg", (tree,))),
        inner.map(transposed),
        st.tuples(inner, inner, st.sampled_from(["^", "**", ".^"])).map(lambda t: Expr("^", t[:2], t[2])),
        st.tuples(inner, call).map(lambda t: Expr("call", t[:1], t[1])),
        st.tuples(inner, st.sampled_from(["h", "h'"])).map(lambda t: Expr("own", t[:1], t[1])),
        st.tuples(inner, inner).map(lambda t: Expr("greater", t)),
    )


@given(st.recursive(LEAVES, _larger, max_leaves=7))
@settings(max_examples=300, deadline=None)
def test_what_is_shown_reads_back(tree: Expr) -> None:
    """parse(show(x)) == x, for text and for LaTeX, whatever the shapes."""
    assert parse(tree.show(), LANGUAGE) == tree
    assert parse(tree.tex(), LANGUAGE) == with_carets(tree)


HOSTILE_FILE = Path(__file__).parent / "data" / "hostile_expressions.toml"
OWN_HOSTILE = [
    # code and attributes
    "X.__class__", "X.T.__init__", "np.load('x')", "np.linalg.__dict__", "torch.load(X)", "X[0]", "X[:, 0]",
    "lambda X: X",
    "(X for X in X)", "__import__('os').system('true')", "{{ X }}", "{% X %}", "%s", "X; import os", "X if X else X",
    # towers, and values that would be huge
    "A^(A^(A^A))", "((A^12)^12)^12", "A^12^12^12", "A^999999999", "((c^100)^100)^100 A", "A .^ (10^9)",
    "kron(kron(A, A), kron(A, A)) " * 2,
    "kron(A, " * 28 + "A" + ")" * 28, "A ⊗ " * 90 + "A", "vec(" * 28 + "A" + ")" * 28, "inv(" * 28 + "A" + ")" * 28,
    "exp(" * 28 + "A" + ")" * 28, "softmax(" * 28 + "X" + ")" * 28, "diag(" * 28 + "w" + ")" * 28,
    "sum(" * 28 + "X" + ")" * 28,
    "exp(exp(exp(exp(9)))) A", "ones(n, n, n)", "inv(kron(kron(A, A), A))", "exp(10^40) A",
    "A^12 " * 60, "mean(A) " * 20 + "A",
    # length and depth
    "(" * 100_000 + "X", "-" * 100_000 + "X",
    "9" * 100_000, "X " * 50_000, "X'" + "'" * 900, "X" + "^T" * 480, "X.T" * 300, "X^2" * 300,
    "‖" * 900, "||w" * 300, "X.sum(" * 200, "1_n" * 300, "I_d " * 90 + "A", "A " * 95 + "A",
    "(X+X)" * 190, "\\frac{" * 100, "X_" * 300,
    "axis=0 " * 100, "A .* " * 90 + "A", "h'''''(A)", "\\left" * 200, "X^T G + " * 24 + "X^T G",
    # look-alike letters, marks, odd spaces
    "Х^T G", "X^Τ G", "\u202eX G", "X\u0301", "𝑋^T G", "X^T\u0000G", "\ud7ff", "Ｘ",
    # restated questions
    "X^T G = X^T G", "the transpose of G times X", "?", "dL/dW", "X^T G or G^T X", "X^T G, G^T X", "same", "key",
]  # fmt: skip


@pytest.mark.parametrize("key", ["G^T X", "A B", "exp(A)"])
def test_hostile_text_ends_soon_and_is_never_right(key: str) -> None:
    """Each text is unreadable, wrong or undecided, within the limit; nothing else is raised."""
    data: dict[str, list[Any]] = tomllib.loads(HOSTILE_FILE.read_text("utf-8"))
    repeated = [entry["text"] * entry["times"] + entry.get("then", "") for entry in data.pop("repeated")]
    for text in [*OWN_HOSTILE, *repeated, *(text for texts in data.values() for text in texts)]:
        started = time.process_time()
        assert outcome(text, key) is not True, text[:60]
        assert time.process_time() - started < 5 * LIMIT, text[:60]


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the characters, the only exception is Unreadable, and it says something."""
    assert outcome(text, "G^T X") in (True, False, None)


PIECES = [
    *"XGWwAnc01()^'|,.*/+-@> ",
    "^T",
    "^-1",
    ".T",
    "⊙",
    "⊗",
    "‖",
    "sum(",
    "axis=0",
    "diag(",
    "1_n",
    "I",
    "\\frac",
    "{",
    "}",
    "exp(",
    "h'(",
]


@given(st.lists(st.sampled_from(PIECES), max_size=20))
@settings(max_examples=300, deadline=None)
def test_any_string_of_pieces_is_read_or_refused(pieces: list[str]) -> None:
    """Also for texts that look like matrix expressions."""
    assert outcome("".join(pieces), "G^T X + 1_k w^T A") is not True


def outcome(text: str, key: str) -> bool | None:
    """The decision; an unreadable text counts as False."""
    try:
        return decide(text, key).equal
    except Unreadable as error:
        assert str(error)
        return False
