"""Functions that are linear but for kinks, in a form that two of them share only if they are equal everywhere.

Each is c + s . x + a sum of w |n . x + o|, one term for each hyperplane n . x + o = 0 on which it
has a kink. With n scaled to begin with 1, and no w of 0, there is only one way to write it: the
kinks of different hyperplanes cannot make up for each other. As max(0, z) = (z + |z|) / 2, every
network with one hidden layer of ReLU units has such a form.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise, product
from typing import TypeAlias

from problem_bank.answers.two_layer import TwoLayer
from problem_bank.exact import add, dot, scale
from problem_bank.values import Matrix, Number, Vector

Form: TypeAlias = tuple[Matrix, Vector, Number]
"""The kinks (n..., o, w) in order, the slopes s, and the number c."""

NEAR = range(-3, 4)
FAR = 10


def form_of(net: TwoLayer) -> Form:
    """The form of a network of ReLU units."""
    return formed(list(zip(net.W1, net.b1, net.W2, strict=True)), net.b2)


def formed(units: list[tuple[Vector, Number, Number]], offset: Number) -> Form:
    """The form of a number plus a sum of v max(0, w . x + b), given as (w, b, v)."""
    kinks: dict[Vector, Fraction] = defaultdict(Fraction)
    slopes: Vector = (0,) * len(units[0][0]) if units else ()
    for w, b, v in units:
        first = next((Fraction(entry) for entry in w if entry), None)
        if first is None:
            offset += v * max(b, 0)
            continue
        half = Fraction(v) / 2
        slopes, offset = add(slopes, scale(half, w)), offset + half * b
        kinks[scale(1 / first, (*w, b))] += half * abs(first)
    return tuple(sorted((*line, w) for line, w in kinks.items() if w)), slopes, offset


def joined(knots: Matrix, before: Number, after: Number) -> Form:
    """The form of the function of one input through these points (x, y), with these slopes beyond the ends."""
    inner = [Fraction(q[1] - p[1]) / (q[0] - p[0]) for p, q in pairwise(knots)]
    changes = ((new - old) / Fraction(2) for old, new in pairwise([before, *inner, after]))
    kinks: Matrix = tuple(sorted((1, -p[0], w) for p, w in zip(knots, changes, strict=True) if w))
    slope, (x, y) = (before + after) / Fraction(2), knots[0]
    return kinks, (slope,), y - value_at((kinks, (slope,), 0), (x,))


def value_at(form: Form, x: Vector) -> Number:
    """The value of the function."""
    kinks, slopes, offset = form
    total = offset + dot(slopes, x)
    for kink in kinks:
        z = dot(kink[:-2], x) + kink[-2]
        total += kink[-1] * max(z, -z)
    return total


def telling_point(first: Form, second: Form) -> Vector | None:
    """A point where two different functions differ, near 0 if there is one; with one input it is always found."""
    return next((x for x in _points(first, second) if value_at(first, x) != value_at(second, x)), None)


def _points(first: Form, second: Form) -> Matrix:
    """Whole points near 0; on every kink, and on both of its sides; between kinks."""
    lines = [(kink[:-2], kink[-2]) for form in (first, second) for kink in form[0]]
    feet = [scale(-Fraction(o) / dot(n, n), n) for n, o in lines]
    near = tuple(product(NEAR, repeat=len(first[1])))
    sides = [add(foot, scale(t, n)) for foot, (n, _) in zip(feet, lines, strict=True) for t in (-FAR, FAR)]
    between = [scale(Fraction(1, 2), add(p, q)) for p, q in pairwise(sorted(feet))]
    return (*sorted(near, key=lambda x: sum(map(abs, x))), *feet, *between, *sides)
