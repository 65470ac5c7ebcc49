"""Are two trees equal, wherever their symbols have values? Right, wrong, or for a person to decide.

In this order: the same tree; the same value at random points modulo secret primes; a clear
difference at random real points of the declared domains or at corners; agreement to 50 digits in
every piece of the domains on which both are analytic. What is left is undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from problem_bank.algebra import modular
from problem_bank.algebra.agreement import Agreement
from problem_bank.algebra.caps import weigh
from problem_bank.algebra.conditions import has_jumps, is_piecewise
from problem_bank.algebra.counting import COUNTED
from problem_bank.algebra.decision import UNDECIDED, Judgement
from problem_bank.algebra.effort import TooLongError, limited
from problem_bank.algebra.floats import differ
from problem_bank.algebra.gaps import compare_around_gaps
from problem_bank.algebra.logarithms import compare_logarithms
from problem_bank.algebra.modular import is_arithmetic, is_rational
from problem_bank.algebra.numeric import DIGITS, MOST, Outcome, compare_at, extent
from problem_bank.algebra.pieces import agree_in_all_pieces
from problem_bank.algebra.points import NEAR, corners, far_points, random_points
from problem_bank.algebra.points import Point as Values
from problem_bank.algebra.rounding import Rounding
from problem_bank.algebra.series import OPS
from problem_bank.algebra.tree import Node, names, nodes, number

_TRIES = 24  # more, where many points have no value
_EFFORT = 80  # functions of both trees that are worth many digits
_FUNCTION = 16  # times the work of a sum or a product
_SERIES = 200
_STEPS = 12_000  # nodes evaluated at random points, about
_EARLY = 8  # of these
_ZERO = number(0)
_OPEN = Judgement(None, UNDECIDED, "This could not be compared with certainty.")
_TOO_LONG = Judgement(None, UNDECIDED, "The expression is too long to be compared here.")


def compare(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    """Compare a student's tree with the key. `domains` declares every symbol of both."""
    if first == second:
        return Judgement(True, "exact: the same expression")
    domains = {name: domains[name] for name in sorted(names(first) | names(second))}
    found = _modulo_primes(first, second)
    if found is None and differ(first, second, domains):
        return Judgement(False, "numeric: different at a random point")
    if found is None and any(node.op in ("floor", "ceil") for tree in (first, second) for node in nodes(tree)):
        first, second = map(Rounding(domains).normal, (first, second))
        found = _modulo_primes(first, second)
    if found is not None:
        return found
    try:
        with limited():
            return _at_real_points(first, second, domains)
    except TooLongError:
        return _TOO_LONG
    except ArithmeticError:  # a size that no float can hold, met while looking for corners and pieces
        return Judgement(None, UNDECIDED, "The numbers in this are too large to be compared here.")


def _modulo_primes(first: Node, second: Node) -> Judgement | None:
    """Certain where it disagrees and both are fractions of polynomials; almost certain where it agrees.

    None where it cannot tell: a difference between unknown functions, or an agreement of trees that
    need not have values in the same places.
    """
    rational = is_rational(first) and is_rational(second)
    for turn in range(len(modular.primes())):
        point, right = modular.known(second, turn)
        mine = point.value_or_none(first)
        if mine is None or right is None:
            return Judgement(False, "exact", "This divides by zero.") if rational and right is not None else None
        if mine != right:
            return Judgement(False, "exact: different modulo a prime") if rational else None
        if not rational and point.limits(first) != point.limits(second):
            return None
    weights = weigh(first), weigh(second)
    chance = modular.bound(sum(w.degree + w.bits for w in weights))
    return Judgement(True, f"probabilistic: error below 2^-{chance}")


def _at_real_points(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    trees = first, second
    size = sum(not is_arithmetic(node) for tree in trees for node in nodes(tree))
    if size > _EFFORT or extent(first) + extent(second) > MOST - DIGITS:
        return _TOO_LONG
    found = _at_random_points(first, second, domains)
    if found.equal is False or not domains:
        return found
    turning = any(is_piecewise(tree) or has_jumps(tree, domains) for tree in trees)
    if turning and _different_at(corners(trees, domains), first, second):
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
    agreement = Agreement(domains)
    counts = any(node.op in COUNTED for tree in (first, second) for node in nodes(tree))
    for point in _tried(first, second, domains, agreement.wanted * (3 if counts else 1)):  # many may be zeros
        outcome = compare_around_gaps(first, second, domains, point)
        if outcome is Outcome.UNKNOWN:
            outcome = compare_logarithms(first, second, domains, point)
        refuted = refutation(outcome)
        if refuted:
            return refuted
        if outcome is Outcome.SAME and counts and compare_at(second, _ZERO, point) is Outcome.SAME:
            agreement.note_zero()
        elif outcome is Outcome.SAME:
            agreement.note(point)
        if agreement.enough:
            break
    if agreement.enough or agreement.vanishing:
        return Judgement(True, f"numeric: {DIGITS} digits at {agreement.points + agreement.zeros} random points")
    return _OPEN


def _tried(first: Node, second: Node, domains: Mapping[str, str], wanted: int) -> Iterator[Values]:
    """Random points, near and far; where many of them say nothing, then near ones."""
    if not domains:
        return iter([{}])
    early = islice(random_points(domains), wanted + _EARLY)
    return islice(chain(early, random_points(domains, NEAR)), _tries(first, second, wanted))


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


def _tries(first: Node, second: Node, wanted: int) -> int:
    """How many random points may be tried where some have no value."""
    size = sum(_work(node) for tree in (first, second) for node in nodes(tree))
    return max(wanted, min(wanted + _TRIES, _STEPS // size))


def _work(node: Node) -> int:
    """How much work one node is, about, in sums of two numbers."""
    return _SERIES if node.op in OPS else 1 if is_arithmetic(node) else _FUNCTION
