"""Matrix expressions: how they are read, what their shapes say, and how they are decided."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problem_bank.algebra.matrices import Decision, decide_matrix, evaluate, judge, language, read
from problem_bank.algebra.matrices.parse import parse
from problem_bank.algebra.matrices.tree import Expr, number, transposed
from problem_bank.answers import Instance, MatrixExpression
from problem_bank.answers.reader import reader
from problem_bank.errors import Unreadable
from problem_bank.exercise import Exercise, Part
from problem_bank.marking import mark
from problem_bank.variant import plain_options
from problem_bank.verdict import Status

SHAPES = {
    "X": ("n", "d"), "W": ("k", "d"), "G": ("n", "k"), "P": ("n", "k"), "T": ("n", "k"), "w": ("d",), "s": ("d",),
    "A": ("d", "d"), "B": ("d", "d"), "y": ("n",),
}  # fmt: skip
SYMBOLS = {"c": "real", "lam": "positive"}
LIMIT = 0.1  # seconds for a hostile text; more below for a busy machine
LANGUAGE = language(SHAPES, SYMBOLS, functions=("h", "h'"))


def decide(student: str, key: str, **options: Any) -> Decision:
    return decide_matrix(student, key, shapes=SHAPES, symbols=SYMBOLS, functions=("h", "h'"), **options)


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Load what is loaded once: mpmath, and the primes of this process."""
    decide("exp(A)", "sigmoid(A)")


READINGS = [
    # transposes, in all notations
    ("X^T G", "X^T G"), ("XᵀG", "X^T G"), ("X'G", "X^T G"), ("X′ G", "X^T G"), ("X.T G", "X^T G"), ("X^TG", "X^T G"),
    (r"X^\top G", "X^T G"), (r"X^{\top} G", "X^T G"), (r"X^{\mathsf{T}} G", "X^T G"), ("transpose(X) G", "X^T G"),
    ("X⊤ G", "X^T G"), (r"X^{\intercal}G", "X^T G"), ("(X^T)^T", "X"), ("X''", "X"),
    # matrix products and products entry by entry
    ("X.T @ G", "X^T @ G"), ("np.dot(X.T, G)", "X^T @ G"), ("torch.matmul(X.T, G)", "X^T @ G"), ("X^T*G", "X^T*G"),
    (r"X^\top \cdot G", "X^T · G"), ("G ⊙ P", "G .* P"), (r"G \odot P", "G .* P"), (r"G \circ P", "G .* P"),
    ("np.multiply(G, P)", "G .* P"), ("G ./ P", "G ./ P"), ("G.^2", "G.^2"), ("G.**2", "G.^2"), ("XW'", "X W^T"),
    # inverses and powers
    ("A^-1", "A^-1"), ("A^{-1}", "A^-1"), ("A⁻¹", "A^-1"), ("inv(A)", "A^-1"), ("np.linalg.inv(A)", "A^-1"),
    ("A^{-T}", "A^-1^T"), ("w²", "w^2"), ("square(w)", "w.^2"),
    # functions, sums, special arrays
    ("diag(s) - s s^T", "diag(s) - s s^T"), (r"\operatorname{diag}(s) - s s^\top", "diag(s) - s s^T"),
    ("np.outer(w, s)", "w s^T"), ("inner(w, s)", "w^T s"), ("tr(A)", "trace(A)"), ("A.trace()", "trace(A)"),
    ("np.sum(G, axis=0)", "sum(G, axis=0)"), ("G.sum(axis=0)", "sum(G, axis=0)"), ("G.sum(0)", "sum(G, axis=0)"),
    ("G.sum(axis=-1, keepdims=True)", "sum(G, axis=1)"), ("torch.sum(G, dim=1)", "sum(G, axis=1)"),
    ("sum_rows(G)", "sum(G, axis=0)"), ("row_sums(G)", "sum(G, axis=1)"), ("sum(G)", "sum(G)"),
    ("1^T G", "1^T G"), (r"\mathbf{1}^\top G", "1^T G"), ("1_n^T G", "1_n^T G"), ("ones(n)^T G", "1_n^T G"),
    ("np.ones((n, 1)).T @ G", "ones(n, 1)^T @ G"), ("𝟏ᵀ G", "1^T G"), ("A + lam I", "A + lam I"),
    ("A + lam*np.eye(d)", "A + lam*I_d"), ("I_d A", "I_d A"), ("kron(A, B)", "A ⊗ B"), (r"A \otimes B", "A ⊗ B"),
    ("vec(X)", "vec(X)"), ("||w||^2", "norm(w)^2"), (r"\lVert w \rVert^2", "norm(w)^2"),
    ("np.linalg.norm(w)**2", "norm(w)**2"),
    ("σ(X)", "sigmoid(X)"), (r"\sigma\left(X\right)", "sigmoid(X)"), ("G * (P > 0)", "G*(P > 0)"),
    ("softmax(P)", "softmax(P)"),
    ("max(0, P)", "max(0, P)"), ("G .* h'(P)", "G .* h'(P)"),
    # LaTeX, names in front, factors
    (r"$\frac{1}{n}(P - T)$", "(1/n) (P - T)"), (r"\frac{\partial L}{\partial W} = G^{\top} X", "G^T X"),
    ("dL/dW = G^T X", "G^T X"), ("∂L/∂W := G^T X", "G^T X"), ("1/n (P - T)", "1/n (P - T)"), ("2 w^T A", "2 w^T A"),
    ("-T ./ P", "-T ./ P"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), READINGS)
def test_many_notations_are_read(text: str, shown: str) -> None:
    """NumPy, MATLAB, LaTeX and plain mathematics; what is shown, as text or LaTeX, reads back."""
    tree = read(text, LANGUAGE)
    assert tree.show() == shown
    assert read(tree.show(), LANGUAGE) == tree
    assert read(tree.tex(), LANGUAGE) == with_carets(tree)


EQUAL = [
    # rearranged products and transposes
    ("(X^T G)^T", "G^T X"), ("G.T @ X", "G^T X"), ("(X W^T)^T", "W X^T"), ("A B - B A + B A", "A B"), ("A^2", "A A"),
    ("(A B)^-1", "B^-1 A^-1"), ("A^{-T}", "inv(A^T)"), ("(A + B)^2", "A^2 + A B + B A + B^2"), ("A^0", "I_d"),
    ("A^-2", "inv(A A)"),
    # sums
    ("sum(G, axis=0)", "1^T G"), ("G.sum(0)", "1_n^T G"), ("n*mean(G, axis=0)", "1^T G"), ("sum(G, axis=1)", "G 1_k"),
    ("sum(sum(G, axis=0), axis=1)", "sum(G)"), ("1^T G 1_k", "sum(G)"), ("tr(1_n 1^T)", "n"), ("1_n^T 1_n", "n"),
    # traces, diagonals, Kronecker products
    ("tr(A B)", "tr(B A)"), ("tr(X^T X)", "||X||^2"), ("w^T A w", "tr(A w w^T)"), ("diag(diag(A))", "A .* I"),
    ("diag(w) s", "w .* s"),
    ("vec(X W^T)", "kron(W, I_n) vec(X)"), ("kron(A, B)^T", "kron(A^T, B^T)"),
    ("(I - s 1^T) diag(s)", "diag(s) - s s^T"),
    # inner products and norms
    ("w @ s", "w^T s"), ("w·s", "s^T w"), ("w @ w", "||w||^2"), ("norm(w)**2", "w^T w"),
    ("(w^T s) A", "A (s^T w)"), ("w @ A", "w^T A"),
    ("2*(A@w - s)@A", "2 (A w - s)^T A"), ("-(s - A w)^T A * 2", "2 (A w - s)^T A"),
    # entries
    ("G * P", "G .* P"), ("G / P", "G ./ P"), ("w^2", "w .* w"), ("G .* P ./ P", "G"),
    ("G .* (T / P)", "T .* G ./ P"),
    ("G .* h'(P)", "h'(P) * G"), ("G .* step(P)", "G .* (P > 0)"), ("relu(P)", "P .* (P > 0)"),
    ("max(P, 0)", "relu(P)"),
    ("(abs(P) + P)/2", "relu(P)"), ("sqrt(c^2) lam", "abs(c) lam"), ("softmax(P)", "exp(P) ./ (exp(P) 1_k 1_k^T)"),
    ("softmax(w)", "exp(w) / sum(exp(w))"), ("exp(2*c) A", "exp(c)^2 A"), ("ln(exp(G))", "G"),
    ("tanh(G)", "2 sigmoid(2 G) - ones(n, k)"),
    ("lam^0.5 * lam^0.5 A", "lam A"),
    # the push-through identity: defined for all sizes
    ("X^T (X X^T + lam I)^-1 y", "(X^T X + lam I)^-1 X^T y"),
    # sizes as numbers
    ("(P - T)/n", "1/n P - 1/n T"), ("n/n G", "G"), ("(n + k) G - k G", "n G"),
    # zero has any shape
    ("0", "0 w^T"), ("zeros(d)^T", "0 w^T"), ("w^T - w^T", "0 1_d^T"),
]  # fmt: skip


@pytest.mark.parametrize(("student", "key"), EQUAL)
def test_equal_expressions_are_accepted(student: str, key: str) -> None:
    """Another way to write the same is right, with a basis that says how that was found out."""
    for _ in range(3):
        judge.cache_clear()
        decision = decide(student, key)
        assert decision.equal is True, decision
        assert decision.basis.startswith(("exact", "probabilistic", "numeric"))


UNEQUAL = [
    # the near misses of every rule above
    ("A B", "B A"), ("A^T", "A"), ("(A B)^-1", "A^-1 B^-1"), ("(A + B)^2", "A^2 + 2 A B + B^2"),
    ("A .* B", "A B"), ("A.^2", "A^2"),
    ("mean(G, axis=0)", "1^T G"), ("k*mean(G, axis=0)", "1^T G"), ("tr(A) tr(B)", "tr(A B)"),
    ("tr(A B^T)", "tr(A B)"), ("diag(A)", "w"),
    ("diag(diag(A))", "A"), ("kron(A, B)", "kron(B, A)"), ("vec(X W^T)", "kron(I_k, X) vec(W)"),
    ("diag(s)", "diag(s) - s s^T"),
    ("w^T A", "w^T A^T"), ("2 w^T A", "w^T (A + A^T)"), ("||w||", "||w||^2"), ("w^T w", "||s||^2"),
    ("||A w||", "||A|| ||w||"),
    ("G .* h(P)", "G .* h'(P)"), ("h'(P)", "G .* h'(P)"), ("G .* h'(G)", "G .* h'(P)"), ("relu(P)", "P"),
    ("abs(P)", "P"),
    ("sqrt(c^2) A", "c A"), ("relu(c) A", "c A"), ("softmax(P, axis=0)", "softmax(P)"), ("sigmoid(G)", "tanh(G)"),
    ("exp(A)", "A"),
    ("ln(P)", "ln(-P)"), ("ln(P^T P)", "ln(A)"),
    # a factor that is a size, a number that is one by chance
    ("G/n", "G"), ("n G", "k G"), ("3 G", "n G"), ("(P - T)/k", "(P - T)/n"), ("G (n - 3)(n - 4)(n - 5)", "0 G"),
    ("(n - d - 1) G", "0 G"),
    ("n/3 G", "G"), ("1_n^T 1_n", "3"), ("tr(I_d)", "4"),
    # small differences, and what large numbers hide
    ("G^T X + 10^-30 * G^T X", "G^T X"), ("G + exp(-100)*G", "G"),
    ("sigmoid(G) + 0.0000000000000000000000000000000000001*G", "sigmoid(G)"),
    ("A + 10^60*I - 10^60*I + 0.001*A", "A"), ("tanh(G) + 10^30*G - 10^30*G + P*0.00001", "tanh(G)"),
    # no value where the key has one
    ("(X^T X)^-1 X^T y", "(X^T X + lam I)^-1 X^T y"), ("G ./ (P - P)", "G"), ("(w s^T)^-1", "A"),
    ("A / (c - c)", "A"),
    # a law of small matrices (Cayley and Hamilton) is no law
    ("A^2 - tr(A) A + (tr(A)^2 - tr(A A))/2 I", "0 A"),
]  # fmt: skip


@pytest.mark.parametrize(("student", "key"), UNEQUAL)
def test_near_misses_are_never_accepted(student: str, key: str) -> None:
    """Repeatedly: sizes and entries are random. Nothing wrong is accepted by chance."""
    for _ in range(12):
        judge.cache_clear()
        assert decide(student, key).equal is not True


UNDECIDABLE = [
    ("A .* (A > 0) + relu(A - 1000 ones(d, d))", "A .* (A > 0)"),  # a bend where the key has none
    ("relu(A - 1000*ones(d,d)) + relu(A)", "relu(A)"),
    ("A A A A A A A A A A^T", "A A A A A A A A (A A^T)"),  # more factors than the sizes are worth
    ("exp(exp(exp(exp(A .* A .* 9)))) + exp(c)*A", "exp(exp(exp(exp(A.^2 * 9)))) + exp(c)*A + 0.1*exp(c)*A"),
]


@pytest.mark.parametrize(("student", "key"), UNDECIDABLE)
def test_what_is_not_certain_is_undecided(student: str, key: str) -> None:
    """A person looks; nothing is said for sure."""
    decision = decide(student, key)
    assert decision.equal is None
    assert decision.basis == "undecided"
    assert decision.reason


def test_no_published_prime_is_a_master_key() -> None:
    """Adding a multiple of a large prime changes an answer: the primes are secret."""
    for prime in (2**61 - 1, 2**62 - 57, 4611686018427388039):
        assert decide(f"G^T X + {prime} G^T X", "G^T X").equal is False
        assert decide(f"exp(G) + {prime} G", "exp(G)").equal is False


CLASHES = [
    ("X G", "G^T X", "X G multiplies (n × d) by (n × k): the inner sizes differ; did you mean X^T G?"),
    ("X W", "X W^T", "X W multiplies (n × d) by (k × d): the inner sizes differ; did you mean X W^T?"),
    ("w w", "w^T w", "did you mean w^T w or w w^T?"),
    ("G^T X W", "G^T X", "G^T X W multiplies (k × d) by (k × d)"),
    ("G^T + X", "G", "G^T + X adds (k × n) and (n × d): terms must have the same shape"),
    ("G + P^T", "G", "did you mean G + P?"),
    ("1 - w", "w", "1 - w adds a number and (d × 1)"),
    ("G .* X", "G", "G .* X multiplies (n × k) and (n × d) entry by entry: the shapes must be equal"),
    ("G ./ sum(G, axis=1)", "G", "v 1_k^T repeats a column v"),
    ("X^-1", "X", "X^-1 inverts (n × d): only square matrices have an inverse"),
    ("trace(X)", "c", "trace of (n × d): it must be a square matrix"),
    ("diag(X)", "w", "it must be a vector or a square matrix"),
    ("G^T X", "X^T G", "Your expression is (k × d), the answer must be (d × k): transposed?"),
    ("X^T X", "X^T G", "Your expression is (d × d), the answer must be (d × k)."),
    ("w", "w^T", "Your expression is (d × 1), the answer must be (1 × d): transposed?"),
    ("c", "w", "Your expression is a number, the answer must be (d × 1)"),
    ("I", "G", "Your expression is (? × ?), the answer must be (n × k)."),
]


@pytest.mark.parametrize(("student", "key", "said"), CLASHES)
def test_a_clash_of_shapes_is_wrong_and_told(student: str, key: str, said: str) -> None:
    """Readable, but impossible: the message names both shapes and the student's own expressions."""
    decision = decide(student, key)
    assert (decision.equal, decision.basis) == (False, "exact: the shapes do not fit")
    assert said in decision.reason


REMARKS = [
    ("A^T B^T", "B A", "transpose"),
    ("-G^T X", "G^T X", "sign"),
    ("2 G^T X", "G^T X", "2 times"),
    ("1/2 G^T X", "G^T X", "1/2 times"),
    ("-3/2 G^T X", "G^T X", "-3/2 times"),
    ("7.25 G^T X", "G^T X", "constant factor"),
    ("P - T", "(P - T)/n", "factor 1/n is missing"),
    ("(P - T)/n", "P - T", "factor n is missing"),
    ("mean(G, axis=0)", "1^T G", "factor n is missing"),
    ("A w", "lam A w", "factor lam is missing"),
    ("G", "1^T G", "sum over the rows is missing"),
    ("G", "G 1_k", "sum within each row"),
    ("G", "sum(G)", "sum over all entries"),
    ("G h'(P)", "G .* h'(P)", "one by one"),
    ("A B", "A .* B", "one by one"),
    ("A .* B", "A B", "Here matrices are multiplied"),
    ("A + B", "A B", ""),
]


@pytest.mark.parametrize(("student", "key", "said"), REMARKS)
def test_a_wrong_answer_is_told_what_it_shares_with_the_right_one(student: str, key: str, said: str) -> None:
    """As a good examiner would; nothing where there is no simple relation."""
    decision = decide(student, key)
    assert decision.equal is False
    assert (said in decision.reason) if said else not decision.reason


UNREADABLE = [
    # what may mean two things, with both ways to write it
    ("A*B", "A @ B or A .* B"), ("A**2", ".^ entry by entry"), ("A/B", "inv(...)"), ("1/A", "inv(...)"),
    ("I*A", "I @ A or I .* A"),
    ("G .* h'(P) W", "brackets"), ("X^T G .* P", "brackets"), ("w ⊗ s", "w s^T"), ("1/n c", "two ways"),
    ("A^0.5", ".^"),
    ("exp(1)^A", "exp(...)"), ("tr(I)", "1_n, I_n"),
    # what is unknown, or unfinished
    ("Q^T G", "no name"), ("X^T G 2", "follows directly"), ("G^T 1", "1_n"), ("X[0]", "an index"),
    ("X^T @", "too early"), ("(X", "missing"),
    ("sum(G, axis=2)", "axis"), ("G.reshape(2)", "not known"), ("I_q", "no size"), ("ones(q)", "no"),
    ("outer(w)", "two arguments"),
    ("A^101", "too large"), ("A^13", "too large"), ("G = P = T", "="), ("", "nothing to read"),
    ("[[1, 2], [3, 4]]", "missing"),
    ("diag s", "brackets"),
    ("A - 1 s^T", "1_n for a column"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), UNREADABLE)
def test_what_is_unclear_is_refused_with_what_would_be_readable(text: str, said: str) -> None:
    """Nothing is guessed: the message says what to write."""
    with pytest.raises(Unreadable, match=r"\w") as error:
        decide(text, "A A")
    assert said in str(error.value)


def test_vectors_are_columns() -> None:
    """w and w^T differ, unless a question says that they do not; NumPy's w @ A takes w as a row."""
    assert decide("w", "w^T").equal is False
    assert decide("w", "w^T", loose_vectors=True).equal is True
    assert "rows" in decide("w", "w^T", loose_vectors=True).reason
    assert decide("A", "A^T", loose_vectors=True).equal is False
    assert decide("2 w", "w^T", loose_vectors=True).equal is False


def test_layouts_are_declared_alternatives() -> None:
    """The other layout is named where it is wrong, and right where it was declared; never by accident."""
    one, two = {"layouts": ("numerator",)}, {"layouts": ("numerator", "denominator")}
    assert "denominator layout; here numerator" in decide("2 A^T (A w - s)", "2 (A w - s)^T A", **one).reason
    for student, key in (("2 A^T (A w - s)", "2 (A w - s)^T A"), ("B^T A^T", "A B")):
        assert decide(student, key, **one).equal is False
        assert decide(student, key, **two).equal is True
        assert "denominator layout" in decide(student, key, **two).reason
    assert decide("A^T (A w - s)", "2 (A w - s)^T A", **two).equal is False


def test_a_number_is_added_to_a_matrix_only_where_that_is_allowed() -> None:
    """1 - Y is each entry from 1; without leave it is told as a clash."""
    key, texts = "P .* (ones(n, k) - P)", ("P .* (1 - P)", "P * (1 - P)", "P - P.^2")
    for text in texts:
        assert decide(text, key, allow_scalar_plus_matrix=True).equal is True
    assert decide(texts[0], key).equal is False
    assert decide("P .* (2 - P)", key, allow_scalar_plus_matrix=True).equal is False
    assert decide("A + lam", "A + lam I", allow_scalar_plus_matrix=True).equal is False


def test_declared_names_come_first() -> None:
    """T is the targets, not a transpose function; I, S and N are whatever the question says."""
    shapes = {"T": ("S", "K"), "I": ("S", "K"), "E": ("K", "N"), "N": ()}
    assert decide_matrix("T^T I E", "(I^T T)^T E", shapes=shapes).equal is True
    assert decide_matrix("T E / S", "1/S T E", shapes=shapes).equal is True
    assert decide_matrix("T I_K E", "T E", shapes=shapes).equal is True
    with pytest.raises(Unreadable, match="size of the identity"):
        decide_matrix("T eye E", "T E", shapes=shapes)


def test_entries_may_have_domains_and_names_aliases() -> None:
    """ln(P) has a value for positive P alone; dL/dY is another name of G."""
    shapes, positive = {"P": ("n", "k"), "G": ("n", "k")}, {"P": "positive"}
    assert decide_matrix("ln(P .* P)", "2 ln(P)", shapes=shapes, symbols=positive).equal is True
    assert decide_matrix("ln(P .* P)", "2 ln(abs(P))", shapes=shapes).equal is not False
    assert decide_matrix("dL/dY .* P", "G .* P", shapes=shapes, aliases={"dL/dY": "G", "∂L/∂Y": "G"}).equal is True


@pytest.mark.parametrize(
    ("key", "options"),
    [("A I_q", {}), ("X X", {}), ("I", {}), ("A", {"symbols": {"c": "purple"}}), ("A", {"shapes": {"A": (1, 2, 3)}})],
)
def test_keys_and_declarations_that_do_not_fit_are_errors(key: str, options: dict[str, Any]) -> None:
    """The mistake of whoever wrote the question is no mistake of the student."""
    with pytest.raises(ValueError, match=r"\w"):
        decide_matrix("A", key, **{"shapes": SHAPES, **options})


# -- against NumPy -----------------------------------------------------------------------------------------------------

SIZES = {"n": 4, "d": 3, "k": 2}


def arrays(seed: int, sizes: dict[str, int] = SIZES) -> dict[str, Any]:
    dice = np.random.default_rng(seed)
    return {name: dice.normal(size=[sizes[s] for s in shape]) for name, shape in SHAPES.items()} | sizes


def grown(dice: Any, rows: str, columns: str, depth: int) -> tuple[str, Any]:
    """A random expression of this shape, as text and as a NumPy function of the arrays."""
    plain = [n for n, s in SHAPES.items() if s == (rows, columns)]
    turned = [n for n, s in SHAPES.items() if s == (columns, rows)]
    if depth == 0 or dice.random() < 0.1:
        if plain and (not turned or dice.random() < 0.6):
            name = dice.choice(plain)
            return name, lambda a: a[name]
        if turned:
            name = dice.choice(turned)
            return f"{name}^T", lambda a: a[name].T
        return f"ones({rows}, {columns})", lambda a: np.ones((a[rows], a[columns]))
    kind = dice.choice(["product", "product", "sum", "difference", "entries", "transpose", "factor", "square"])
    if kind == "product":
        inner = dice.choice(list(SIZES))
        (p, f), (q, g) = grown(dice, rows, inner, depth - 1), grown(dice, inner, columns, depth - 1)
        return f"({p}) @ ({q})", lambda a: f(a) @ g(a)
    if kind == "transpose":
        p, f = grown(dice, columns, rows, depth - 1)
        return f"({p})^T", lambda a: f(a).T
    p, f = grown(dice, rows, columns, depth - 1)
    if kind == "factor":
        return f"1/2 ({p})", lambda a: f(a) / 2
    if kind == "square":
        return f"({p}).^2", lambda a: f(a) ** 2
    q, g = grown(dice, rows, columns, depth - 1)
    sign, act = {"sum": ("+", np.add), "difference": ("-", np.subtract), "entries": (".*", np.multiply)}[kind]
    return f"({p}) {sign} ({q})", lambda a: act(f(a), g(a))


def test_decisions_agree_with_numpy() -> None:
    """Random pairs of expressions, many of them equal: the decision is NumPy's, at two sets of random arrays."""
    dice, found = np.random.default_rng(11), {True: 0, False: 0}
    points = [arrays(1), arrays(2, {"n": 5, "d": 2, "k": 3})]
    for _ in range(150):
        rows, columns = dice.choice(list(SIZES), 2)
        p, f = grown(dice, rows, columns, 2)
        q, g = grown(dice, rows, columns, 2)
        ways = [
            (q, g),
            (f"({p}) + ({q}) - ({q})", f),
            (f"(({p})^T + ({q})^T)^T - ({q})", f),
            (f"({p}) + ({q})", lambda a, f=f, g=g: f(a) + g(a)),
        ]
        for text, other in ways:
            same = all(np.allclose(f(a), other(a), rtol=1e-9, atol=1e-12) for a in points)
            decision = decide(text, p)
            assert decision.equal is same or (same and decision.equal is None), (text, p, decision)
            found[same] += 1
    assert min(found.values()) > 150


SPELLED: list[tuple[str, Any]] = [
    ("X^T G", lambda a: a.X.T @ a.G),
    ("diag(s) - s s^T", lambda a: np.diag(a.s) - np.outer(a.s, a.s)),
    ("sum(G, axis=0)", lambda a: G0(a)[None]),
    ("sum(G, axis=1)", lambda a: a.G.sum(axis=1)[:, None]),
    ("mean(G, axis=0)", lambda a: a.G.mean(axis=0)[None]),
    ("mean(G)", lambda a: a.G.mean()),
    ("kron(A, B)", lambda a: np.kron(a.A, a.B)),
    ("vec(X)", lambda a: a.X.flatten(order="F")[:, None]),
    ("inv(A)", lambda a: np.linalg.inv(a.A)),
    ("A^3", lambda a: np.linalg.matrix_power(a.A, 3)),
    ("A.^3", lambda a: a.A**3),
    ("w^T A w", lambda a: a.w @ a.A @ a.w),
    ("||X||^2", lambda a: np.linalg.norm(a.X) ** 2),
    ("tr(A)", lambda a: np.trace(a.A)),
    ("diag(A)", lambda a: np.diag(a.A)[:, None]),
    ("w @ A", lambda a: (a.w @ a.A)[None]),
    ("n d G", lambda a: 12 * a.G),
    ("relu(G) .* (P > G)", lambda a: np.maximum(a.G, 0) * (a.G < a.P)),
    ("softmax(P)", lambda a: np.exp(a.P) / np.exp(a.P).sum(axis=1, keepdims=True)),
    ("softmax(P, axis=0)", lambda a: np.exp(a.P) / np.exp(a.P).sum(axis=0)),
    ("max(G, P)", lambda a: np.maximum(a.G, a.P)),
    ("1_n^T X I_d", lambda a: a.X.sum(axis=0)[None]),
]


def G0(a: Any) -> Any:  # noqa: N802
    return a.G.sum(axis=0)


@pytest.mark.parametrize(("text", "expected"), SPELLED)
def test_values_are_those_of_numpy(text: str, expected: Any) -> None:
    """Every function means what it means in NumPy, with vectors as columns; exact where it is rational."""
    point = arrays(7)
    columns = {name: np.atleast_2d(point[name].T).T.tolist() for name in SHAPES}
    given = {name: tuple(tuple(map(Fraction, row)) for row in rows) for name, rows in columns.items()}
    value = evaluate(read(text, LANGUAGE), LANGUAGE, given, {"exp": math.exp})
    wanted = np.asarray(expected(type("Arrays", (), point)))
    assert np.allclose(np.array(value, dtype=float).reshape(wanted.shape), wanted)


# -- round trips and hostile text --------------------------------------------------------------------------------------

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


def with_carets(tree: Expr) -> Expr:
    """LaTeX has one sign for powers; where both are accepted, ^ and ** mean the same."""
    atom = "^" if (tree.op, tree.atom) == ("^", "**") else tree.atom
    return Expr(tree.op, tuple(map(with_carets, tree.args)), atom)


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


def test_most_decisions_take_less_than_a_millisecond_or_two() -> None:
    """The median over all pairs of this file; ten times the figure measured on an idle machine."""
    times = []
    judge.cache_clear()
    for student, key in EQUAL + UNEQUAL:
        started = time.process_time()
        decide(student, key)
        times.append(time.process_time() - started)
    assert sorted(times)[len(times) // 2] < 0.01


# -- the answer kind ---------------------------------------------------------------------------------------------------

KINDS = {
    "product": MatrixExpression("G^T X", SHAPES),
    "row": MatrixExpression("1^T G", SHAPES, loose_vectors=True),
    "open function": MatrixExpression("G .* h'(P)", SHAPES, functions=("h", "h'"), definitions={"T": "h(P)"}),
    "numbers": MatrixExpression("1/n (P - T) * c", SHAPES, symbols={"c": "positive"}, aliases={"Y": "P"}),
    "zero": MatrixExpression("0 w^T", SHAPES, layouts=("numerator",)),
    "allowed": MatrixExpression("P .* (1 - P)", SHAPES, entrywise=True),
}


@pytest.mark.parametrize("kind", KINDS)
def test_samples_are_what_they_say(kind: str) -> None:
    """Right ones are right, wrong ones are not, malformed ones unreadable; all read alike without the key."""
    answer = KINDS[kind]
    samples, blind = answer.samples(), reader(json.loads(json.dumps(plain_options(answer.public()))))
    for raw in samples.right:
        assert answer.compare(answer.parse(raw)).right, raw
    for raw in samples.wrong:
        assert not answer.compare(answer.parse(raw)).right, raw
    for raw in samples.malformed:
        with pytest.raises(Unreadable):
            answer.parse(raw)
    for raw in (*samples.right, *samples.wrong):
        assert blind.show(blind.parse(raw)) == answer.show(answer.parse(raw))
        assert answer.parse(answer.show(answer.parse(raw))) == answer.parse(raw)
    assert answer.hint
    assert not {"key", "layouts", "loose_vectors"} & set(answer.public())


def test_a_clash_is_wrong_and_never_unreadable() -> None:
    """The verdict carries the message; a text with two meanings is unreadable instead."""
    part = Part("dW", "dL/dW?", KINDS["product"])
    exercise = Exercise(given={}, prompt="", parts=[part], solution="")
    verdict = mark(exercise, {"dW": "X G"})["dW"]
    assert verdict.status is Status.WRONG
    assert "did you mean X^T G?" in verdict.feedback + verdict.remark
    assert mark(exercise, {"dW": "A*A"})["dW"].status is Status.UNREADABLE
    assert mark(exercise, {"dW": "(X'*G)'"})["dW"].status is Status.RIGHT
    undecided = mark(exercise, {"dW": "G^T X A A A A A A A A - G^T X A (A A A A A A A) + G^T X"})["dW"]
    assert undecided.status is Status.UNGRADED


def test_definitions_are_written_out() -> None:
    """Y may be used for h(X), and is worth the same."""
    answer = MatrixExpression(
        "G .* sigmoid(P) .* (1 - sigmoid(P))", SHAPES, definitions={"T": "sigmoid(P)"}, entrywise=True
    )
    assert answer.compare(answer.parse("G .* T .* (1 - T)")).right
    assert not answer.compare(answer.parse("G .* T")).right


def test_an_instance_is_a_second_route() -> None:
    """A key agrees with its value for some arrays, and with no other value or shape."""
    answer = MatrixExpression("X w", {"X": ("n", "d"), "w": ("d",)})
    given = {"X": ((1, 2, 3), (4, 5, 6)), "w": (1, 0, -1)}
    assert answer.agrees(Instance(given, (-2, -2)))
    assert answer.agrees(Instance(given, ((-2,), (-2,))))
    assert not answer.agrees(Instance(given, (-2, -3)))
    assert not answer.agrees(Instance(given, ((-2, -2),)))
    assert answer.evaluate(answer.key, given) == (-2, -2)
    with pytest.raises(ValueError, match="elsewhere"):
        answer.evaluate(answer.key, {**given, "w": (1, 2)})


def test_the_kind_is_light() -> None:
    """Reading and comparing without functions needs neither NumPy nor mpmath nor SymPy."""
    code = (
        "import sys; from problem_bank.answers import MatrixExpression as M; m = M('G^T X', {'G': 'nk', 'X': 'nd'});"
        "assert m.compare(m.parse('(X.T @ G).T')).right and not m.compare(m.parse('X^T G')).right;"
        "assert not {'sympy', 'mpmath', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
