"""Points in every cell that hyperplanes cut out of the domains of several letters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from random import SystemRandom

from problem_bank.algebra.linear import Inequality, solution
from problem_bank.algebra.points import WHOLE, Point, inside

PLANES = 6
LETTERS = 6
_SAMPLES = 2
_MOVES = 8  # of whole numbers, to others nearby
_SCALES = (1, 2, 3, 5, 7, 12, 30)
_random = SystemRandom()


class NoPointError(Exception):
    """A cell in which no point of the domain was found, though there may be one."""


def plane_points(
    planes: Sequence[Inequality], domains: Mapping[str, str], *, ends: bool
) -> tuple[list[list[Point]], list[Point]] | None:
    """Points by cell; and with `ends` points on the planes. None where there are too many cells.

    Raises NoPointError.
    """
    if len(planes) > (PLANES - 2 if ends else PLANES) or len(domains) > LETTERS:
        return None
    found = list(_cells(list(planes), _domain(domains), domains, ends))
    return [cell for on_plane, cell in found if not on_plane], [p for on_plane, cell in found if on_plane for p in cell]


def _cells(
    planes: Sequence[Inequality],
    system: list[Inequality],
    domains: Mapping[str, str],
    ends: bool,
    on_plane: bool = False,
) -> Iterator[tuple[bool, list[Point]]]:
    """The cells of a system of inequalities that further planes cut, and whether they lie on one."""
    point = solution(system, list(domains))
    if point is None:
        return
    if not planes:
        if solution(_tightened(system, domains), list(domains)) is None:
            return  # between two neighbouring whole numbers
        again = [] if on_plane else [_again(system, domains) for _ in range(_SAMPLES - 1)]
        found = [_allowed(point, system, domains), *again]
        yield on_plane, [*found, *_beside(found[-1], system, domains)]
        return
    plane, *rest = planes
    below = _other_side(plane)
    yield from _cells(rest, [*system, plane], domains, ends, on_plane)
    yield from _cells(rest, [*system, below], domains, ends, on_plane)
    if ends:
        yield from _cells(rest, [*system, _closed(plane), _closed(below)], domains, ends, True)


def _tightened(system: Sequence[Inequality], domains: Mapping[str, str]) -> list[Inequality]:
    """The same system for whole numbers: p > 0 is p >= 1 where its coefficients are whole, too."""
    return [_at_least_one(row) if all(domains[n] in WHOLE for n in row.coefficients) else row for row in system]


def _at_least_one(row: Inequality) -> Inequality:
    if not row.strict:
        return row
    times = math.lcm(row.constant.denominator, *(c.denominator for c in row.coefficients.values()))
    return Inequality({n: c * times for n, c in row.coefficients.items()}, row.constant * times - 1, strict=False)


def _other_side(plane: Inequality) -> Inequality:
    """The other side."""
    return Inequality({n: -c for n, c in plane.coefficients.items()}, -plane.constant)


def _closed(plane: Inequality) -> Inequality:
    return Inequality(plane.coefficients, plane.constant, strict=False)


def _again(system: Sequence[Inequality], domains: Mapping[str, str]) -> Point:
    point = solution(system, list(domains))
    assert point is not None  # there was one before
    return _allowed(point, system, domains)


def _allowed(point: Point, system: Sequence[Inequality], domains: Mapping[str, str]) -> Point:
    """A point of the cell with whole numbers where they are needed. Raises NoPointError."""
    for scale in _SCALES:
        near = {name: _fitted(value * scale, domains[name]) for name, value in point.items()}
        if all(inside(near[n], d) for n, d in domains.items()) and all(_fulfils(row, near) for row in system):
            return near
    raise NoPointError("no whole numbers were found in this cell")


def _beside(point: Point, system: Sequence[Inequality], domains: Mapping[str, str]) -> Iterator[Point]:
    """Other whole numbers nearby, odd and even ones, as far as they lie in the cell."""
    whole = [name for name, domain in domains.items() if domain in WHOLE]
    for turn in range(1, _MOVES if whole else 1):
        moved = {**point, **{name: point[name] + (turn >> i & 1) for i, name in enumerate(whole)}}
        if all(inside(moved[n], domains[n]) for n in whole) and all(_fulfils(row, moved) for row in system):
            yield moved


def _fitted(value: Fraction, domain: str) -> Fraction:
    return Fraction(round(value)) if domain in WHOLE else value


def _fulfils(row: Inequality, point: Point) -> bool:
    value = row.at(point)
    return value > 0 or (value == 0 and not row.strict)


def _domain(domains: Mapping[str, str]) -> list[Inequality]:
    one = Fraction(1)
    rows = []
    for name, domain in domains.items():
        if domain in ("positive", "unit"):
            rows.append(Inequality({name: one}, Fraction(0)))
        if domain == "natural":
            rows.append(Inequality({name: one}, -one, strict=False))
        if domain == "unit":
            rows.append(Inequality({name: -one}, one))
    return rows
