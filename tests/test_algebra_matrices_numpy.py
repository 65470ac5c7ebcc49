"""Matrix expressions against NumPy: values and decisions are those of arrays."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from problem_bank.algebra.matrices import evaluate, read
from tests.matrix_language import LANGUAGE, SHAPES, decide

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
