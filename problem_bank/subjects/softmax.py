"""The softmax, its cross-entropy and the sigmoid on plain numbers, for keys that are then checked against NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import exp, log
from typing import Any

from problem_bank.tex import tex
from problem_bank.values import Matrix, Number, Vector


def softmax(z: Sequence[Any]) -> tuple[float, ...]:
    """exp(z) over its sum; the largest entry is subtracted first, so nothing overflows."""
    powers = [exp(v - max(z)) for v in z]
    return tuple(power / sum(powers) for power in powers)


def sigmoid(z: Any) -> float:
    """1 / (1 + exp(-z))"""
    return 1 / (1 + exp(-z))


def shares(a: Vector) -> Vector:
    """a over its sum, exactly: the softmax of the logits ln a."""
    return tuple(Fraction(v) / sum(a) for v in a)


def cross_entropy(targets: Sequence[Any], p: Sequence[Any]) -> float:
    """-sum t ln p in nats; entries with target 0 play no part."""
    return -sum(float(t) * log(q) for t, q in zip(targets, p, strict=True) if t)


def one_hot(target: int, classes: int) -> tuple[int, ...]:
    """1 at the target, counted from 1, and 0 elsewhere."""
    return tuple(int(c == target) for c in range(1, classes + 1))


def logs(a: Sequence[Number]) -> str:
    """LaTeX of the vector ln a; ln 1 is written as 0."""
    return "(" + r",\, ".join(map(_log, a)) + ")"


def log_rows(a: Matrix) -> str:
    """LaTeX of the matrix ln a; ln 1 is written as 0."""
    rows = r" \\ ".join(" & ".join(map(_log, row)) for row in a)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _log(value: Number) -> str:
    return rf"\ln {tex(value)}" if value != 1 else "0"
