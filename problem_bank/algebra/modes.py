"""Equality up to a constant factor, or up to a constant that is added.

Both are questions of plain equality at an anchor, a point P0 where both trees have a value: the
ratio of f and g is constant where f(P) g(P0) = g(P) f(P0), their difference where f(P) + g(P0) =
g(P) + f(P0). So all care about domains, corners and cancellation is that of `equality.compare`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import islice

from problem_bank.algebra.decision import UNDECIDED, Judgement
from problem_bank.algebra.equality import compare
from problem_bank.algebra.numeric import Outcome, compare_at
from problem_bank.algebra.points import inside, random_points
from problem_bank.algebra.tree import Node, names, number, replaced, symbol

MODES = ("equal", "up_to_factor", "up_to_constant")
FREE = ("C", "c", "K", "const", "constant")  # what students call a constant of integration
_TRIES = 30
_ZERO = number(0)
_NO_ANCHOR = Judgement(None, UNDECIDED, "This could not be compared with certainty.")


def compare_up_to(mode: str, first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    """Compare a student's tree with the key in one of the MODES. Raises ValueError for another mode."""
    match mode:
        case "equal":
            return compare(first, second, domains)
        case "up_to_factor":
            return up_to_factor(first, second, domains)
        case "up_to_constant":
            return up_to_constant(first, second, domains)
    raise ValueError(f"{mode!r} is no mode; choose from {', '.join(MODES)}")


def with_free(domains: Mapping[str, str], mode: str) -> dict[str, str]:
    """The letters that may be typed: up to a constant, a constant C among them."""
    free = FREE if mode == "up_to_constant" else ()
    return {**dict.fromkeys(free, "real"), **domains}


def up_to_factor(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    """Is the first a constant other than zero, times the second? Zero is so only to zero."""
    domains = {name: domains[name] for name in sorted(names(first) | names(second))}
    same = compare(first, second, domains)
    if same.equal:
        return same
    values = _anchor(first, second, domains)
    if values is None:
        return _without_anchor(first, second, domains)
    found = compare(first * values[1], second * values[0], domains)
    return Judgement(found.equal, f"{found.basis}, up to a factor", found.reason)


def up_to_constant(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    """Is the first the second plus a constant? Letters beyond `domains` (a constant C) are constants."""
    values = _anchor(first, second, domains, nonzero=False)
    if values is None:
        return _NO_ANCHOR
    free = dict.fromkeys(names(first) - set(domains), "real")
    found = compare(first + values[1], second + values[0], {**domains, **free})
    return Judgement(found.equal, f"{found.basis}, up to a constant", found.reason)


def _anchor(first: Node, second: Node, domains: Mapping[str, str], *, nonzero: bool = True) -> tuple[Node, Node] | None:
    """Both trees at one point of their common domain, where neither is zero (if so wanted)."""
    free = dict.fromkeys((names(first) | names(second)) - set(domains), "real")
    for drawn in islice(random_points({**domains, **free}), _TRIES):
        point = {name: _tame(value, domains[name]) for name, value in drawn.items() if name in domains}
        known = {symbol(name): number(value) for name, value in point.items()}
        values = replaced(first, known), replaced(second, known)
        probe = {**point, **dict.fromkeys(free, Fraction(1))}
        if all(_has_value(value, probe, nonzero=nonzero) for value in values):
            return values
    return None


def _tame(value: Fraction, domain: str) -> Fraction:
    """A simpler value nearby: anchors are multiplied by, and should be short."""
    rounded = Fraction(round(value * 8), 8)
    return rounded if inside(rounded, domain) else value


def _has_value(tree: Node, point: Mapping[str, Fraction], *, nonzero: bool) -> bool:
    """Has the tree a value here, clearly other than zero?"""
    if not nonzero:
        return compare_at(tree, tree, point) is Outcome.SAME
    return compare_at(tree, _ZERO, point) is Outcome.DIFFERENT


def _without_anchor(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    """Nowhere were both other than zero: if only one of them is zero somewhere, they are no multiples."""
    for point in islice(random_points(domains), _TRIES):
        if {compare_at(tree, _ZERO, point) for tree in (first, second)} == {Outcome.SAME, Outcome.DIFFERENT}:
            return Judgement(False, "numeric: only one of both is zero at a random point")
    return _NO_ANCHOR
