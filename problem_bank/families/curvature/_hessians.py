"""Symmetric 2 x 2 matrices built from their eigenvalues, and polynomials in LaTeX."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from math import isqrt

from problem_bank.errors import BadGiven
from problem_bank.rng import Rng
from problem_bank.subjects.polynomials import polynomial
from problem_bank.values import Matrix, Number, Vector, shape, whole

DIRECTIONS: tuple[tuple[int, int], ...] = ((1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1), (1, 3), (3, 1),
                                            (1, -3), (3, -1), (2, 3), (3, -2))  # fmt: skip
EIGENVALUES = range(-15, 16)
LARGEST = 12  # entry of a matrix
STEEPEST = 90  # entry and eigenvalue of a matrix whose other eigenvalue is 0


def draw_direction(rng: Rng, options: Sequence[Vector]) -> Vector:
    """The first eigenvector: one of the options. A given one need not be among them."""
    direction = rng.built("direction", lambda r: r.choice("direction", options))
    if shape(direction) != (2,) or not any(direction):
        raise BadGiven(f"direction: {direction!r} is no direction; give two numbers that are not both 0")
    return direction


def across(direction: Vector) -> Vector:
    """The direction turned by a right angle."""
    return (-direction[1], direction[0])


def hessian(eigenvalues: Vector, direction: Vector) -> Matrix:
    """The matrix with the first eigenvalue along the direction, the second across it."""
    (first, second), (a, b) = eigenvalues, direction
    gap = Fraction(first - second, a * a + b * b)
    mixed = whole(gap * a * b)
    return ((whole(second + gap * a * a), mixed), (mixed, whole(second + gap * b * b)))


def eigenvalues_of(h: Matrix) -> Vector:
    """The eigenvalues of a symmetric matrix, the larger first; raises ValueError where they are not rational."""
    (a, b), (c, d) = h
    if b != c:
        raise ValueError("not symmetric")
    square = Fraction((a - d) ** 2 + 4 * b * b)
    over, under = isqrt(square.numerator), isqrt(square.denominator)
    if over * over != square.numerator or under * under != square.denominator:
        raise ValueError("the eigenvalues are not rational")
    root = Fraction(over, under)
    return whole((a + d + root) / 2), whole((a + d - root) / 2)


@cache
def pairs(direction: Vector, signs: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Eigenvalues with these signs (a sign 0 is the eigenvalue 0) that give a matrix of whole, small numbers."""
    length, largest = direction[0] ** 2 + direction[1] ** 2, LARGEST if signs[1] else STEEPEST
    pool = EIGENVALUES if signs[1] else range(-STEEPEST, STEEPEST + 1)
    first, second = ([v for v in pool if sign_of(v) == sign] for sign in signs)
    found = [(u, v) for u in first for v in second if u != v and (u - v) % length == 0]
    return tuple(
        pair for pair in found if all(-largest <= v <= largest for row in hessian(pair, direction) for v in row)
    )


def sign_of(value: Number) -> int:
    """-1, 0 or 1."""
    return int(value > 0) - int(value < 0)


def quadratic_terms(h: Matrix) -> list[tuple[Number, str]]:
    """The terms of z^T H z / 2, for z = (x, y)."""
    return [(whole(Fraction(h[0][0]) / 2), "x^2"), (h[0][1], "x y"), (whole(Fraction(h[1][1]) / 2), "y^2")]


def linear_form(direction: Vector) -> str:
    """a x + b y"""
    return polynomial([(direction[0], "x"), (direction[1], "y")])
