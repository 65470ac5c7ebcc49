"""Vaswani et al., Attention Is All You Need (2017), section 3.2.1: scaled dot-product attention by hand."""

from math import exp, sqrt
from typing import Any

import numpy as np

from problem_bank.exact import elementwise, matmul, transpose
from problem_bank.exercise import Exercise
from problem_bank.families.attention._by_hand_texts import PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.softmax import softmax
from problem_bank.subjects.steps import Steps, products
from problem_bank.values import Matrix


@family(
    topic="attention",
    source="Vaswani et al. 2017, section 3.2.1",
    minutes=12,
    levels={"easy": {"keys": 2, "d": 4}, "medium": {}, "hard": {"projected": True, "queries": 3}},
)
def by_hand(
    rng: Rng, *, queries: int = 2, keys: int = 3, d: int = 2, projected: bool = False, scaled: bool = True,
    width: int = 2,
) -> Exercise:  # fmt: skip
    """Compute scaled dot-product attention of a few tokens."""
    divisor = sqrt(d) if scaled else 1.0
    steps = Steps(SAID, tolerance=1e-3)
    if projected:
        x = rng.int_matrix("X", keys, d, -1, 2)
        q, k, v = (_projection(rng, steps, x, name) for name in "QKV")
    else:
        q, k = rng.int_matrix("Q", queries, d, -2, 2), rng.int_matrix("K", keys, d, -2, 2)
        v = rng.int_matrix("V", keys, width, -3, 5)
    scores = matmul(q, transpose(k))
    rows = [[s / divisor for s in row] for row in scores]
    rng.require(
        all(min(softmax(row)) > 0.005 and max(softmax(row)) < 0.99 for row in rows), "no weight is about 0 or 1"
    )
    rng.require(len(set(scores)) == len(scores) and len(set(v)) == len(v), "no two rows are the same")
    rng.require(all(len(set(row)) > 1 for row in scores), "no query sees all keys alike")
    _ask(steps, q, k, v, divisor)
    return Exercise(
        given={**rng.drawn, "queries": queries, "keys": keys, "d": d, "projected": projected, "scaled": scaled,
               "width": width},
        shown={"q": q, "k": k, "v": v, "scores": scores, "root": divisor, "first": products(q[0], k[0]),
               "rows": [_line(row) for row in rows], "output": steps.keys["O"]},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(q) * len(k) * (d + 4)),
    )  # fmt: skip


def _projection(rng: Rng, steps: Steps, x: Matrix, name: str) -> Matrix:
    """Ask for X W, and return it."""
    w = rng.int_matrix(f"W_{name}", len(x[0]), len(x[0]), -1, 1)
    wrong = {"transposed_weights": matmul(x, transpose(w)), "from_left": matmul(w, transpose(x))}
    key: Matrix = steps.ask(name, f"${name} = X W_{name}$.", lambda e: matmul(x, w), wrong)
    return key


def _ask(steps: Steps, q: Matrix, k: Matrix, v: Matrix, divisor: float) -> None:
    """Scores, weights and output, each from the student's own earlier matrices."""
    d = len(k[0])

    def of(e: Any, name: str, drawn: Matrix) -> Matrix:
        return tuple(e.get(name, drawn))

    def scaled(e: Any, divisor: float) -> Any:
        return tuple(tuple(s / divisor for s in row) for row in e["S"])

    def weights(divisor: float) -> Any:
        return lambda e: tuple(softmax(row) for row in scaled(e, divisor))

    def by_columns(e: Any) -> Any:
        columns: Any = tuple(softmax(column) for column in transpose(scaled(e, divisor)))
        return transpose(columns)

    said = "The scores $Q K^T$, before scaling." if divisor != 1 else "The scores $Q K^T$."
    steps.ask("S", said, lambda e: matmul(of(e, "Q", q), transpose(of(e, "K", k))), {
        "transposed_scores": lambda e: matmul(of(e, "K", k), transpose(of(e, "Q", q))),
        "values_for_keys": lambda e: matmul(of(e, "Q", q), transpose(of(e, "V", v))) if len(v[0]) == d else None,
    }, points=2)  # fmt: skip
    steps.ask("A", "The weights $A$.", weights(divisor), {
        "unscaled": weights(1) if divisor != 1 else None,
        "scaled": weights(sqrt(d)) if divisor == 1 and d > 1 else None,
        "by_d": weights(d) if d > 1 else None,
        "columns": by_columns,
        "not_normalised": lambda e: elementwise(exp, scaled(e, divisor)),
    }, points=2)  # fmt: skip
    steps.ask("O", "The output $O$.", lambda e: matmul(e["A"], of(e, "V", v)), {
        "keys_for_values": lambda e: matmul(e["A"], of(e, "K", k)),
        "no_softmax": lambda e: matmul(scaled(e, divisor), of(e, "V", v)),
        "transposed_mean": lambda e: matmul(transpose(e["A"]), of(e, "V", v)) if len(q) == len(k) else None,
    }, points=2)  # fmt: skip


def _line(scaled: list[float]) -> dict[str, Any]:
    """The numbers of one query in the worked solution."""
    powers = tuple(map(exp, scaled))
    return {"scaled": tuple(scaled), "powers": powers, "total": sum(powers), "weights": softmax(scaled)}


@by_hand.oracle
def by_einsum(d: int, projected: bool, scaled: bool, **given: Any) -> dict[str, Any]:
    """Index sums and log-sum-exp in NumPy."""
    values: dict[str, Any] = {}
    if projected:
        x = np.array(given["X"])
        for name in "QKV":
            w = np.array(given[f"W_{name}"])
            values[name] = np.einsum("td,de->te", x, w)
            values[f"{name}.transposed_weights"] = np.einsum("td,ed->te", x, w)
            values[f"{name}.from_left"] = np.einsum("ed,td->et", w, x)
    q, k, v = (values.get(name, np.array(given.get(name))) for name in "QKV")
    scores = np.einsum("id,jd->ij", q, k)

    def normal(s: Any, axis: int = 1) -> Any:
        return np.exp(s - np.logaddexp.reduce(s, axis=axis, keepdims=True))

    shrunk = scores * d**-0.5 if scaled else scores * 1.0
    weights, square = normal(shrunk), len(q) == len(k)
    return values | {
        "S": scores,
        "S.transposed_scores": scores.T,
        "S.values_for_keys": np.einsum("id,jd->ij", q, v) if v.shape[1] == d else None,
        "A": weights,
        "A.unscaled": normal(scores * 1.0) if scaled and d > 1 else None,
        "A.scaled": None if scaled or d == 1 else normal(scores * d**-0.5),
        "A.by_d": normal(scores / d) if d > 1 else None,
        "A.columns": normal(shrunk, axis=0),
        "A.not_normalised": np.exp(shrunk),
        "O": np.einsum("ij,je->ie", weights, v),
        "O.keys_for_values": np.einsum("ij,je->ie", weights, k),
        "O.no_softmax": np.einsum("ij,je->ie", shrunk, v),
        "O.transposed_mean": np.einsum("ji,je->ie", weights, v) if square else None,
    }
