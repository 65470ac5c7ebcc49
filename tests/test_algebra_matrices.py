"""Matrix expressions: how they are read, what their shapes say, and how they are decided."""

from __future__ import annotations

import time
from typing import Any

import pytest

from problem_bank.algebra.matrices import decide_matrix, judge, read
from problem_bank.errors import Unreadable
from tests.matrix_language import LANGUAGE, SHAPES, decide, with_carets

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


def test_most_decisions_take_less_than_a_millisecond_or_two() -> None:
    """The median over all pairs of this file; ten times the figure measured on an idle machine."""
    times = []
    judge.cache_clear()
    for student, key in EQUAL + UNEQUAL:
        started = time.process_time()
        decide(student, key)
        times.append(time.process_time() - started)
    assert sorted(times)[len(times) // 2] < 0.01
