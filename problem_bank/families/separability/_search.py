"""Certificates for a few labelled points in the plane, found exactly, and the usual ones that fail.

The points are distinct and do not all lie on one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations
from math import gcd

from problem_bank.answers import Certificate, Multipliers, Separator
from problem_bank.exact import dot, scale, times
from problem_bank.values import Matrix, Number, Vector

Proof = Separator | Multipliers


def constraints(points: Matrix, labels: Vector) -> Matrix:
    """The rows y (x, 1), of shape (points, 3): the coefficients of w1, w2 and b in y (w . x + b) > 0."""
    return tuple((*scale(y, x), y) for x, y in zip(points, labels, strict=True))


def circuits(rows: Matrix) -> list[Vector]:
    """All vectors c != 0 with c . rows = 0 that involve as few rows as possible, without common factor.

    For k columns, k + 1 rows add up to zero with their k x k minors as factors. If rows add up to
    zero with factors >= 0 at all, then some circuit >= 0 does it.
    """
    n, k = len(rows), len(rows[0])
    minors = {kept: _determinant([rows[i] for i in kept]) for kept in combinations(range(n), k)}
    found: dict[Vector, None] = {}
    for chosen in combinations(range(n), k + 1):
        factors = [0] * n
        for place, row in enumerate(chosen):
            factors[row] = (-1) ** place * minors[chosen[:place] + chosen[place + 1 :]]
        if common := gcd(*factors):
            reduced = tuple(factor // common for factor in factors)
            found |= {reduced: None, scale(-1, reduced): None}
    return list(found)


def proof(points: Matrix, labels: Vector, dependent: list[Vector]) -> Proof:
    """Multipliers of as few constraints as possible, or else the line with the widest gap.

    `dependent` are the circuits of the constraints.
    """
    positive = [c for c in dependent if min(c) >= 0]
    if positive:
        return Multipliers(min(positive, key=lambda c: (sum(map(bool, c)), sum(c))))
    gaps = [(low - high, dot(w, w), low + high, w) for w, low, high in _strips(points, labels) if low > high]
    _, _, twice, w = max(gaps, key=lambda gap: gap[0] ** 2 / gap[1])
    return Separator(scale(2, w), -twice) if twice % 2 else Separator(w, -twice // 2)


def failing(answer: Certificate, dependent: list[Vector]) -> dict[str, Proof | None]:
    """For each kind of fault a certificate that has it; None where these points admit none."""
    key, points, labels = answer.key, answer.points, answer.labels

    def first(name: str, tried: Iterable[Proof]) -> Proof | None:
        return next((each for each in tried if (fault := answer.fault(each)) and fault.name == name), None)

    planar = circuits(tuple(row[:2] for row in constraints(points, labels)))
    return {
        "on_line": first("on_line", (Separator(w, -low) for w, low, high in _strips(points, labels) if low >= high)),
        "one_class": Separator((1, 1), 1),  # all points of the grid are on its positive side
        "swapped": Separator(scale(-1, key.w), -key.b) if isinstance(key, Separator) else None,
        "zero": Multipliers((0,) * len(points)),
        "negative": first("negative", (Multipliers(c) for c in dependent if min(c) < 0)),
        "no_labels": first("no_labels", (Multipliers(times(c, labels)) for c in dependent)),
        "no_bias": first("no_bias", (Multipliers(c) for c in planar if min(c) >= 0)),
    }


def _strips(points: Matrix, labels: Vector) -> Iterator[tuple[Vector, Number, Number]]:
    """Normals w, the least w . x of class +1 and the greatest of class -1; between them fits a line where low > high.

    The widest strip runs either at right angles to the way between two points, or along two points;
    and if any line touches points without a point on its wrong side, then one through two points does.
    """
    above = [x for x, y in zip(points, labels, strict=True) if y > 0]
    below = [x for x, y in zip(points, labels, strict=True) if y < 0]
    normals = dict.fromkeys(w for (a, b), (c, d) in combinations(points, 2) for w in _normals(int(c - a), int(d - b)))
    for u, v in normals:
        yield (u, v), min([u * p + v * q for p, q in above]), max([u * p + v * q for p, q in below])


@cache
def _normals(across: int, up: int) -> tuple[tuple[int, int], ...]:
    """The four directions along this way and at right angles to it, without common factor."""
    common = gcd(across, up)
    i, j = across // common, up // common
    return (-j, i), (j, -i), (i, j), (-i, -j)


def _determinant(rows: list[Vector]) -> int:
    """Of a 2 x 2 or 3 x 3 matrix."""
    if len(rows) == 2:
        (a, b), (c, d) = rows
        return int(a * d - b * c)
    (a, b, c), (d, e, f), (g, h, i) = rows
    return int(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g))
