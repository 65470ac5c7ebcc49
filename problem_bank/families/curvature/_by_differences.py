"""Critical points the other way: second differences for the Hessian, NumPy's eigenvalues, and signs on a fine grid."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from problem_bank.answers import Interval

Function: TypeAlias = Callable[[Any, Any], Any]

FINE = 2.0**-12  # floats are exact enough: along an eigenvector they cancel to far below the term of degree four


def function(direction: Any, eigenvalues: Any, cubic: Any, fourth: Any) -> Function:
    """The polynomial, exactly."""
    a, b = direction
    weights = [Fraction(v) / (2 * (a * a + b * b)) for v in eigenvalues]

    def f(x: Any, y: Any) -> Any:
        along, over = a * x + b * y, a * y - b * x
        cubes = sum(c * x ** (3 - i) * y**i for i, c in enumerate(cubic))
        return weights[0] * along**2 + weights[1] * over**2 + cubes + fourth * over**4

    return f


def second_derivatives(f: Function) -> Any:
    """The Hessian at the origin; differences at two steps cancel the terms of degree four."""

    def mixed(i: int, j: int, h: int) -> Any:
        ends = [((s * (i == 0) + t * (j == 0)) * h, (s * (i == 1) + t * (j == 1)) * h, s * t)
                for s, t in product((1, -1), repeat=2)]  # fmt: skip
        return sum(sign * f(x, y) for x, y, sign in ends) / Fraction(4 * h * h)

    return np.array([[(4 * mixed(i, j, 1) - mixed(i, j, 2)) / 3 for j in (0, 1)] for i in (0, 1)], dtype=object)


def kind(f: Function) -> str:
    """What the signs of f near the origin say."""
    near = [f(x * FINE, y * FINE) for x, y in product(range(-4, 5), repeat=2) if (x, y) != (0, 0)]
    return "minimum" if min(near) > 0 else "maximum" if max(near) < 0 else "saddle"


def eigenvalues(h: Any) -> tuple[Fraction, Fraction]:
    """NumPy's eigenvalues, the larger first, as the fractions they stand for."""
    low, high = (Fraction(float(v)).limit_denominator(1000) for v in np.linalg.eigvalsh(h.astype(float)))
    return high, low


def intervals(high: Any, low: Any, diagonal: Any, fourth: Any) -> dict[str, Any]:
    """Where shifted eigenvalues, or a shifted fourth-degree factor, have the signs that are asked for."""
    bend = high or low
    before, after = f"(-inf, {-fourth}", f"{-fourth}, inf)"
    near, far = (before + ")", f"({after}") if bend > 0 else (f"({after}", before + ")")
    texts = {
        "convex": f"({-low}, inf)",
        "convex.larger": f"({-high}, inf)",
        "convex.sign": f"({low}, inf)",
        "convex.closed": f"[{-low}, inf)",
        "convex.by_diagonal": f"({-min(diagonal)}, inf)",
        "saddle": f"({-high}, {-low})",
        "saddle.sign": f"({low}, {high})",
        "saddle.closed": f"[{-high}, {-low}]",
        "saddle.both_positive": f"({-low}, inf)",
        "fourth": near,
        "fourth.sign": near.replace(str(-fourth), str(fourth)),
        "fourth.closed": before + "]" if bend > 0 else f"[{after}",
        "fourth.other_side": far,
    }
    return {name: Interval(text).key for name, text in texts.items()}
