"""Exact linear algebra on small nested tuples of integers and fractions.

Plain loops: at these sizes (below about 6 x 6) they are as fast as NumPy and never round. Families
compute keys here and let their oracles use NumPy, so the two routes share no code.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import mul
from typing import Any

from problem_bank.values import Matrix, Number, Vector


def dot(u: Vector, v: Vector) -> Number:
    """u . v for vectors of the same length; raises ValueError otherwise."""
    return sum(times(u, v))


def matvec(a: Matrix, x: Vector) -> Vector:
    """A x for A of shape (m, n) and x of shape (n,)."""
    return tuple(dot(row, x) for row in a)


def matmul(a: Matrix, b: Matrix) -> Matrix:
    """A B for shapes (m, n) and (n, p)."""
    columns = transpose(b)
    return tuple(tuple(dot(row, column) for column in columns) for row in a)


def transpose(a: Matrix) -> Matrix:
    """The rows as columns."""
    return tuple(zip(*a, strict=True))


def add(u: Vector, v: Vector) -> Vector:
    """u + v, entry by entry."""
    return tuple(a + b for a, b in zip(u, v, strict=True))


def times(u: Vector, v: Vector) -> Vector:
    """u * v, entry by entry: a mask, or the chain rule through an activation."""
    if len(u) != len(v):
        raise ValueError(f"vectors of {len(u)} and {len(v)} entries")
    return tuple(map(mul, u, v))  # three times as fast as a generator, and most of a draw's time


def scale(c: Number, u: Vector) -> Vector:
    """c u"""
    return tuple(c * a for a in u)


def affine(w: Matrix, x: Vector, b: Vector) -> Vector:
    """W x + b for W of shape (m, n)."""
    return add(matvec(w, x), b)


def relu(u: Vector) -> Vector:
    """max(0, u), entry by entry."""
    return tuple(max(a, 0) for a in u)


def flip(k: Matrix) -> Matrix:
    """The kernel turned by 180 degrees."""
    return tuple(row[::-1] for row in k[::-1])


def pad(x: Matrix, p: int) -> Matrix:
    """p zeros on every side."""
    side, width = (0,) * p, len(x[0]) + 2 * p
    border = ((0,) * width,) * p
    return (*border, *(side + row + side for row in x), *border)


def correlate(x: Matrix, k: Matrix, stride: int = 1) -> Matrix:
    """Slide k over x without flipping it; only windows that fit."""
    rows = range(0, len(x) - len(k) + 1, stride)
    columns = range(0, len(x[0]) - len(k[0]) + 1, stride)
    return tuple(tuple(_window(x, k, i, j) for j in columns) for i in rows)


def _window(x: Matrix, k: Matrix, i: int, j: int) -> Number:
    return sum((c * x[i + a][j + b] for a, line in enumerate(k) for b, c in enumerate(line)), 0)


def elementwise(f: Callable[[Any], Any], value: Any) -> Any:
    """f applied to every number of a nest of tuples."""
    return tuple(elementwise(f, entry) for entry in value) if isinstance(value, tuple) else f(value)
