"""The ReLU network with the fewest hidden units for a function with kinks."""

from fractions import Fraction
from itertools import product

from problem_bank.answers import TwoLayer
from problem_bank.answers.kinks import Form
from problem_bank.exact import add, dot, scale
from problem_bank.values import Matrix, Number, Vector, whole

Unit = tuple[Vector, Number, Number]


def smallest(form: Form) -> TwoLayer:
    """One unit for each kink, facing one way or the other, and one or two more where no choice gives the slopes.

    A unit v max(0, z) is v/2 |z| and the slope v/2 of z: the kink fixes v, so only the sign of z is
    free. Two units on one kink give any slope across it; two on a line of their own any at all.
    """
    kinks, slopes, offset = form
    best: list[Unit] | None = None
    for signs in product((1, -1), repeat=len(kinks)):
        units = [
            (scale(sign, kink[:-2]), sign * kink[-2], 2 * kink[-1]) for sign, kink in zip(signs, kinks, strict=True)
        ]
        rest = add(slopes, scale(-1, _slopes(units, len(slopes))))
        found = _completed(units, rest)
        best = found if best is None or len(found) < len(best) else best
    return _network(best or [], offset)


def _completed(units: list[Unit], rest: Vector) -> list[Unit]:
    """The units with what it takes to add the slopes `rest`."""
    if not any(rest):
        return units
    for i, (w, b, v) in enumerate(units):
        ratio = dot(rest, w) / Fraction(dot(w, w))
        if scale(ratio, w) == rest:  # v max(0, z) + r z = (v + r) max(0, z) - r max(0, -z)
            return [*units[:i], (w, b, v + ratio), (scale(-1, w), -b, -ratio), *units[i + 1 :]]
    return [*units, (rest, 0, 1), (scale(-1, rest), 0, -1)]


def _slopes(units: list[Unit], inputs: int) -> Vector:
    total: Vector = (0,) * inputs
    for w, _, v in units:
        total = add(total, scale(Fraction(v) / 2, w))
    return total


def _network(units: list[Unit], offset: Number) -> TwoLayer:
    b2 = offset - sum((Fraction(v) / 2 * b for _, b, v in units), Fraction(0))
    w1: Matrix = tuple(tuple(map(_whole, w)) for w, _, _ in units)
    return TwoLayer(w1, tuple(_whole(b) for _, b, _ in units), tuple(_whole(v) for *_, v in units), _whole(b2))


def _whole(value: Number) -> Number:
    return whole(Fraction(value))
