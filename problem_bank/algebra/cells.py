"""Points in every piece of the domain on which two trees are analytic: where all pieces are known, that is a proof."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import SystemRandom

from problem_bank.algebra import linear
from problem_bank.algebra.line_cells import line_points
from problem_bank.algebra.linear import Inequality
from problem_bank.algebra.plane_cells import NoPointError, plane_points
from problem_bank.algebra.points import WHOLE, Point, draw, inside
from problem_bank.algebra.polynomial import Polynomial, degree, polynomial
from problem_bank.algebra.tree import Node

RESIDUES = 144  # classes of whole numbers
_random = SystemRandom()


@dataclass(frozen=True)
class Cells:
    """`inner` points by piece, and points at the `ends` of pieces."""

    inner: list[list[Point]]
    ends: list[Point]


def cells(
    conditions: Iterable[Node], rounded: Iterable[Node], domains: Mapping[str, str], *, ends: bool
) -> Cells | None:
    """Points of all pieces; None where they cannot be found with certainty."""
    turning = [polynomial(tree) for tree in conditions]
    steps = [polynomial(tree) for tree in rounded]
    known, floors = [p for p in turning if p is not None], [p for p in steps if p is not None]
    if len(known) < len(turning) or len(floors) < len(steps):
        return None
    known, floors = _unlike([p for p in known if degree(p)]), [p for p in floors if degree(p)]
    letters = {name for p in (*known, *floors) for monomial in p for name, _ in monomial}
    found = _of_letters(known, floors, {n: d for n, d in domains.items() if n in letters}, ends)
    return found and _filled(found, {n: d for n, d in domains.items() if n not in letters})


def _of_letters(
    known: list[Polynomial], floors: list[Polynomial], domains: Mapping[str, str], ends: bool
) -> Cells | None:
    """The same in those letters alone that the conditions hold."""
    linear_floors = all(degree(p) == 1 for p in floors)
    if len(domains) == 1 and linear_floors:
        return _on_a_line(known, floors, domains, ends)
    if floors:
        return _by_residues(floors, domains) if not known else None
    if any(degree(p) > 1 for p in known):
        return None
    try:
        found = plane_points([_inequality(p) for p in known], domains, ends=ends)
    except (NoPointError, linear.TooManyError):
        return None
    return None if found is None else Cells(*found)


def _filled(found: Cells, others: Mapping[str, str]) -> Cells:
    """The points with random values for the other letters."""
    inner: list[list[Point]] = [[{**draw(others), **point} for point in piece] for piece in found.inner]
    return Cells(inner, [{**draw(others), **point} for point in found.ends])


def _unlike(polynomials: list[Polynomial]) -> list[Polynomial]:
    """One of those that differ by a factor."""
    found: dict[frozenset[tuple[object, Fraction]], Polynomial] = {}
    for p in polynomials:
        first = p[min(p)]
        found.setdefault(frozenset((m, c / first) for m, c in p.items()), p)
    return list(found.values())


def _on_a_line(
    known: list[Polynomial], floors: list[Polynomial], domains: Mapping[str, str], ends: bool
) -> Cells | None:
    ((name, domain),) = domains.items()
    slopes = [(p.get(((name, 1),), Fraction(0)), p.get((), Fraction(0))) for p in floors]
    found = line_points([_coefficients(p, name) for p in known], slopes, domain, ends=ends)
    if found is None:
        return None
    pieces, marks = found
    return Cells([[{name: x} for x in piece] for piece in pieces], [{name: x} for x in marks])


def _coefficients(p: Polynomial, name: str) -> list[Fraction]:
    return [p.get(((name, n),) if n else (), Fraction(0)) for n in range(degree(p) + 1)]


def _by_residues(floors: list[Polynomial], domains: Mapping[str, str]) -> Cells | None:
    """Points in every class of whole numbers modulo the divisors inside floor."""
    if any(domain not in WHOLE for domain in domains.values()):
        return None
    period = math.lcm(*(c.denominator for p in floors for c in p.values()))
    if period ** len(domains) > RESIDUES:
        return None
    classes = product(range(period), repeat=len(domains))
    return Cells([list(_members(c, period, domains)) for c in classes], [])


def _members(residues: tuple[int, ...], period: int, domains: Mapping[str, str]) -> Iterator[Point]:
    """Points of one class, near and far: a polynomial that is zero at them is zero."""
    for reach in (3, 40, 1000):
        point = {}
        for name, residue in zip(domains, residues, strict=True):
            low = 1 if domains[name] == "natural" else -reach
            value = Fraction(residue + period * _random.randint(low, reach))
            point[name] = value if inside(value, domains[name]) else value + period
        yield point


def _inequality(p: Polynomial) -> Inequality:
    return Inequality({m[0][0]: c for m, c in p.items() if m}, p.get((), Fraction(0)))
