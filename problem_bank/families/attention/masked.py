"""Vaswani et al., Attention Is All You Need (2017), section 3.2.3: what a mask hides, and where it enters."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.exact import matmul, transpose
from problem_bank.exercise import Exercise
from problem_bank.families.attention._masked_texts import OUTPUT, PROMPT, SAID, SOLUTION, WEIGHTS, picture
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.softmax import log_rows
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix


@family(
    topic="attention",
    source="Vaswani et al. 2017, section 3.2.3",
    minutes=8,
    levels={"easy": {}, "medium": {"n": 4, "padding": True}, "hard": {"n": 5, "padding": True}},
)
def masked(rng: Rng, *, n: int = 3, padding: bool = False) -> Exercise:
    """Hide the future, and padding, from the attention of each token."""
    a = rng.int_matrix("a", n, n, 1, 6)
    v = rng.int_matrix("V", n, 2, -3, 6)
    padded = rng.int("padded", 2, n) * padding
    rng.require(len(set(v)) == n and all(len(set(row)) > 1 for row in a), "no two values are the same")
    seen = tuple(tuple(j <= i and j != padded for j in range(1, n + 1)) for i in range(1, n + 1))
    rng.require(all(len({c for c, s in zip(*row, strict=True) if s}) > 1 or sum(row[1]) < 2
                    for row in zip(a, seen, strict=True)), "the visible scores of a row differ")  # fmt: skip
    key = _last(_normal(_where(seen, a, 0)))
    steps = Steps(SAID)
    wrong_weights = {slip: _last(value) for slip, value in _wrong_weights(a, seen, padded).items()}
    steps.ask("A", WEIGHTS, lambda e: key, wrong_weights, points=2)
    wrong = {
        "not_normalised": _last(matmul(_where(seen, a, 0), v)),
        "plain_mean": _last(matmul(_normal(_where(seen, ((1,) * n,) * n, 0)), v)),
        "no_mask": _last(matmul(_normal(a), v)),
    }
    output = steps.ask("O", OUTPUT, lambda e: matmul(e["A"], v), wrong, points=2)
    return Exercise(
        given={**rng.drawn, "n": n, "padding": padding},
        shown={"logits": log_rows(a), "weights": key, "output": output, "padded": padded,
               "rows": [(i, _line(a[i - 1], seen[i - 1], key[i - n + 1])) for i in (n - 1, n)]},
        figures={"mask": picture(a, seen)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(4 * sum(sum(row) for row in seen[-2:]) + n),
    )  # fmt: skip


def _last(rows: Any) -> Any:
    """The rows of the last two queries: those before have little to weigh."""
    return rows and rows[-2:]


def _where(seen: Any, a: Matrix, hidden: int) -> Matrix:
    """a where it is seen, and `hidden` elsewhere."""
    return tuple(tuple(v if s else hidden for v, s in zip(*rows, strict=True)) for rows in zip(a, seen, strict=True))


def _normal(a: Matrix) -> Matrix:
    """Every row over its sum."""
    return tuple(tuple(Fraction(v) / sum(row) for v in row) for row in a)


def _wrong_weights(a: Matrix, seen: Any, padded: int) -> dict[str, Any]:
    """Misconceptions of the mask."""
    kept, n = _where(seen, a, 0), len(a)
    columns = tuple(map(sum, transpose(kept)))
    later = tuple(tuple(j >= i for j in range(n)) for i in range(n))
    causal = tuple(tuple(j <= i for j in range(n)) for i in range(n))
    real = tuple(tuple(j + 1 != padded for j in range(n)) for _ in range(n))
    return {
        "no_mask": _normal(a),
        "after_softmax": _where(seen, _normal(a), 0),
        "zero_score": _normal(_where(seen, a, 1)),
        "future_only": _normal(_where(later, a, 0)),
        "padding_seen": _normal(_where(causal, a, 0)) if padded else None,
        "causal_forgotten": _normal(_where(real, a, 0)) if padded else None,
        "columns": tuple(tuple(Fraction(v, c) if c else 0 for v, c in zip(row, columns, strict=True)) for row in kept),
    }


def _line(a: Any, seen: Any, weights: Any) -> dict[str, Any]:
    """The numbers of one query in the worked solution."""
    kept = tuple(v for v, s in zip(a, seen, strict=True) if s)
    tokens = [str(j) for j, s in enumerate(seen, 1) if s]
    said = f"token {tokens[0]}" if len(tokens) == 1 else f"the tokens {', '.join(tokens)}"
    return {"seen": said, "kept": kept, "total": sum(kept), "weights": weights}


@masked.oracle
def by_infinities(a: Matrix, V: Matrix, n: int, padding: bool, padded: int) -> dict[str, Any]:
    """Scores with real infinities in NumPy, through exp; the fractions that the floats stand for."""
    scores, v = np.log(np.array(a, dtype=float)), np.array(V)
    causal = np.triu(np.full((n, n), -np.inf), 1)
    pad = np.zeros((n, n))
    if padding:
        pad[:, padded - 1] = -np.inf

    def softmax(s: Any, axis: int = 1) -> Any:
        e = np.exp(s)
        return e / np.maximum(e.sum(axis=axis, keepdims=True), 1e-9)

    hidden = np.isinf(causal + pad)
    weights = softmax(scores + causal + pad)
    values = {
        "A": weights, "A.no_mask": softmax(scores), "A.after_softmax": np.where(hidden, 0, softmax(scores)),
        "A.zero_score": softmax(np.where(hidden, 0, scores)), "A.future_only": softmax(scores + causal.T),
        "A.columns": softmax(scores + causal + pad, axis=0), "O": weights @ v,
        "O.not_normalised": np.exp(scores + causal + pad) @ v, "O.plain_mean": softmax(causal + pad) @ v,
        "O.no_mask": softmax(scores) @ v,
    }  # fmt: skip
    if padding:
        values |= {"A.padding_seen": softmax(scores + causal), "A.causal_forgotten": softmax(scores + pad)}
    return {name: _fractions(value[-2:]) for name, value in values.items()}


def _fractions(array: Any) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(Fraction(float(v)).limit_denominator(10**6) for v in row) for row in array)
