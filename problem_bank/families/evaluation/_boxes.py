"""Boxes given by the corners (x1, y1, x2, y2): areas by formula, and as masks of unit squares."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.values import Vector

GRID = np.arange(-12, 32)  # the unit squares of a mask along either axis


def area(box: Vector, ends: int = 0) -> Any:
    """Width times height; with `ends` = 1 both borders count as pixels."""
    return (box[2] - box[0] + ends) * (box[3] - box[1] + ends)


def shared(p: Vector, q: Vector, ends: int = 0) -> Any:
    """The area that two boxes share."""
    width, height = sides(p, q, ends)
    return max(width, 0) * max(height, 0)


def sides(p: Vector, q: Vector, ends: int = 0) -> tuple[Any, Any]:
    """Width and height of the overlap; negative along an axis on which there is none."""
    width, height = (min(p[i + 2], q[i + 2]) - max(p[i], q[i]) + ends for i in (0, 1))
    return width, height


def jaccard(p: Vector, q: Vector, ends: int = 0) -> Fraction:
    """Intersection over union."""
    both = shared(p, q, ends)
    return Fraction(both, area(p, ends) + area(q, ends) - both)


def mask(box: Any, ends: int = 0) -> Any:
    """The unit squares of a box, or its pixels with both ends: a second route to every area.

    Raises BadGiven for a box that reaches beyond GRID.
    """
    if min(box) < GRID[0] or max(box) > GRID[-1]:
        raise BadGiven(f"the box {tuple(map(int, box))} is too large; give coordinates from {GRID[0]} to {GRID[-1]}")
    inside = [(box[i] <= GRID) & (box[i + 2] + ends > GRID) for i in (0, 1)]
    return inside[0][:, None] & inside[1]


def share(part: Any, whole: Any) -> Fraction:
    """The number of squares in one mask over that in another."""
    return Fraction(int(part.sum()), int(whole.sum()))
