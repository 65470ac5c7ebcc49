"""Are two trees equal, wherever their symbols have values? Right, wrong, or for a person to decide.

In this order: the same tree; the same value at random points modulo secret primes; a clear
difference at random real points of the declared domains or at corners; agreement to 50 digits in
every piece of the domains on which both are analytic. What is left is undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from problem_bank.algebra import modular
from problem_bank.algebra.caps import weigh
from problem_bank.algebra.conditions import is_piecewise
from problem_bank.algebra.decision import UNDECIDED, Judgement
from problem_bank.algebra.modular import Point, is_arithmetic, is_rational
from problem_bank.algebra.numeric import DIGITS, MOST, Outcome, compare_at, extent
from problem_bank.algebra.pieces import agree_in_all_pieces
from problem_bank.algebra.points import KINDS, WHOLE, corners, far_points, random_points
from problem_bank.algebra.points import Point as Values
from problem_bank.algebra.rounding import Rounding
from problem_bank.algebra.tree import Node, names, nodes

_AGREEMENTS = 5  # random points that must agree
_TRIES = 16  # more, where many points have no value
_EFFORT = 80  # functions of both trees that are worth many digits
_STEPS = 12_000  # nodes evaluated at random points, about
_OPEN = Judgement(None, UNDECIDED, "This could not be compared with certainty.")


def compare(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    """Compare a student's tree with the key. `domains` declares every symbol of both."""
    if first == second:
        return Judgement(True, "exact: the same expression")
    domains = {name: domains[name] for name in sorted(names(first) | names(second))}
    found = _modulo_primes(first, second)
    if found is None and any(node.op in ("floor", "ceil") for tree in (first, second) for node in nodes(tree)):
        first, second = map(Rounding(domains).normal, (first, second))
        found = _modulo_primes(first, second)
    try:
        return found or _at_real_points(first, second, domains)
    except ArithmeticError:  # a size that no float can hold, met while looking for corners and pieces
        return Judgement(None, UNDECIDED, "The numbers in this are too large to be compared here.")


def _modulo_primes(first: Node, second: Node) -> Judgement | None:
    """Certain where it disagrees and both are fractions of polynomials; almost certain where it agrees.

    None where it cannot tell: a difference between unknown functions, or an agreement of trees that
    need not have values in the same places.
    """
    rational = is_rational(first) and is_rational(second)
    for point in modular.points():
        values = [_value(point, tree) for tree in (first, second)]
        if values[0] is None or values[1] is None:
            return Judgement(False, "exact", "This divides by zero.") if rational and values[1] is not None else None
        if values[0] != values[1]:
            return Judgement(False, "exact: different modulo a prime") if rational else None
        if not rational and point.limits(first) != point.limits(second):
            return None
    weights = weigh(first), weigh(second)
    chance = modular.bound(sum(w.degree + w.bits for w in weights))
    return Judgement(True, f"probabilistic: error below 2^-{chance}")


def _value(point: Point, tree: Node) -> int | None:
    """None where the tree divides by zero, at random points: everywhere."""
    try:
        return point.value(tree)
    except ZeroDivisionError:
        return None


def _at_real_points(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    trees = first, second
    size = sum(not is_arithmetic(node) for tree in trees for node in nodes(tree))
    if size > _EFFORT or extent(first) + extent(second) > MOST - DIGITS:
        return Judgement(None, UNDECIDED, "The expression is too long to be compared here.")
    found = _at_random_points(first, second, domains)
    if found.equal is False or not domains:
        return found
    if any(map(is_piecewise, trees)) and _different_at(corners(trees, domains), first, second):
        return Judgement(False, "numeric: different at a corner")
    if found.equal:
        found = agree_in_all_pieces(first, second, domains) or found
    if found.equal is None and _different_at(far_points(domains), first, second):
        return Judgement(False, "numeric: different at a far point")
    return found


def _different_at(points: Iterable[Values], first: Node, second: Node) -> bool:
    return any(compare_at(first, second, point) is Outcome.DIFFERENT for point in points)


def _at_random_points(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    """Different where a point shows it; else equal, as far as some random points can tell."""
    wanted = _wanted(domains)
    agreed = 0
    for point in islice(random_points(domains), _tries(first, second, wanted) if domains else 1):
        outcome = compare_at(first, second, point)
        refuted = refutation(outcome)
        if refuted:
            return refuted
        agreed += outcome is Outcome.SAME
        if agreed >= wanted:
            return Judgement(True, f"numeric: {DIGITS} digits at {agreed} random points")
    return _OPEN


def refutation(outcome: Outcome) -> Judgement | None:
    """What one random point proves."""
    match outcome:
        case Outcome.DIFFERENT:
            return Judgement(False, f"numeric: different at a random point, {DIGITS} digits")
        case Outcome.FIRST_UNDEFINED:
            said = "For some allowed values of the letters this has no real value."
            return Judgement(False, "numeric: defined in different places", said)
        case Outcome.SECOND_UNDEFINED:
            said = "This has a value where the right answer has none: mind the allowed values of the letters."
            return Judgement(False, "numeric: defined in different places", said)
    return None


def _wanted(domains: Mapping[str, str]) -> int:
    """How many random points must agree: whole numbers of all kinds, of others a few."""
    whole = sum(domain in WHOLE for domain in domains.values())
    kinds = {0: 1, 1: KINDS}.get(whole, 1 << min(whole, 4))
    return max(kinds, _AGREEMENTS) if domains else 1


def _tries(first: Node, second: Node, wanted: int) -> int:
    """How many random points may be tried where some have no value."""
    size = sum(1 for tree in (first, second) for _ in nodes(tree))
    return max(wanted, min(wanted + _TRIES, _STEPS // size))
