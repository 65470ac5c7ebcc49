"""Are two trees equal, wherever their symbols have values? Right, wrong, or for a person to decide.

In this order: the same tree; the same value at random points modulo secret primes; a clear
difference at a random real point of the declared domains; agreement to 50 digits at several of them
and at the corners of piecewise functions. What is left is undecided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from problem_bank.algebra import modular
from problem_bank.algebra.caps import weigh
from problem_bank.algebra.modular import Point
from problem_bank.algebra.numeric import DIGITS, Outcome, compare_at
from problem_bank.algebra.points import corners, is_piecewise, is_restricted, is_whole, random_points, round_size
from problem_bank.algebra.tree import Node, names, nodes

UNDECIDED = "undecided"
_AGREEMENTS = 4  # random points that must agree
_ROUNDS = 3  # through all signs, near and far, where a function is piecewise or not defined everywhere
_TRIES = 12  # more, where many points have no value
_STEPS = 20_000  # nodes evaluated at random points, about
_EFFORT = 150  # functions of both trees that are worth many digits
_RATIONAL = frozenset(["number", "symbol", "pi", "+", "*", "neg", "inv"])


@dataclass(frozen=True)
class Judgement:
    """`equal` is None where this could not be decided; `basis` says how it was, `reason` why for the student."""

    equal: bool | None
    basis: str
    reason: str = ""


def compare(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    """Compare a student's tree with the key. `domains` declares every symbol of both."""
    if first == second:
        return Judgement(True, "exact: the same expression")
    used = names(first) | names(second)
    return _modulo_primes(first, second) or _at_real_points(first, second, {n: domains[n] for n in used})


def relation(first: Node, second: Node) -> str:
    """What an unequal answer has in common with the key, in words; "" if nothing simple."""
    try:
        p = modular.primes()[0]
        (a, b), (c, d) = ((point.value(first), point.value(second)) for point in (Point(p), Point(p)))
    except ZeroDivisionError:
        return ""
    if (a + b) % p == 0 and (c + d) % p == 0:
        return "The sign of the whole is the other way round."
    if a and b and (a * d - b * c) % p == 0:
        return "This is off by a constant factor."
    return "This is off by a constant that is added." if (a - b - c + d) % p == 0 else ""


def _modulo_primes(first: Node, second: Node) -> Judgement | None:
    """Certain where it disagrees and both are fractions of polynomials; almost certain where it agrees."""
    weights = weigh(first), weigh(second)
    rational = _is_rational(first) and _is_rational(second)
    for point in modular.points():
        values = [_value(point, tree) for tree in (first, second)]
        if values[0] is None or values[1] is None:
            return Judgement(False, "exact", "This divides by zero.") if rational and values[1] is not None else None
        if values[0] != values[1]:
            return Judgement(False, "exact: different modulo a prime") if rational else None
    chance = modular.bound(sum(w.degree + w.bits for w in weights))
    return Judgement(True, f"probabilistic: error below 2^-{chance}")


def _value(point: Point, tree: Node) -> int | None:
    """None where the tree divides by zero, at random points: everywhere."""
    try:
        return point.value(tree)
    except ZeroDivisionError:
        return None


def _is_rational(tree: Node) -> bool:
    """A fraction of polynomials; its powers are whole numbers."""
    return all(map(_is_arithmetic, nodes(tree)))


def _is_arithmetic(node: Node) -> bool:
    return node.op in _RATIONAL or (node.op == "^" and is_whole(node.args[1]))


def _at_real_points(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    size = sum(not _is_arithmetic(node) for tree in (first, second) for node in nodes(tree))
    if size > _EFFORT:
        return Judgement(None, UNDECIDED, "The expression holds too many functions to be compared here.")
    found = _at_random_points(first, second, domains)
    if found.equal and (is_piecewise(first) or is_piecewise(second)):
        if any(compare_at(first, second, point) is Outcome.DIFFERENT for point in corners((first, second), domains)):
            return Judgement(False, "numeric: different at a corner")
        return Judgement(True, f"{found.basis} and at the corners")
    return found


def _at_random_points(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement:
    wanted, tries = _plan(first, second, domains)
    agreed = 0
    for tried, point in enumerate(islice(random_points(domains), tries), 1):
        outcome = compare_at(first, second, point)
        if outcome is Outcome.DIFFERENT:
            return Judgement(False, f"numeric: different at a random point, {DIGITS} digits")
        if outcome in (Outcome.FIRST_UNDEFINED, Outcome.SECOND_UNDEFINED):
            return Judgement(False, "numeric: defined in different places", _undefined(outcome))
        agreed += outcome is Outcome.SAME
        if tried >= wanted and agreed >= min(wanted, _AGREEMENTS):
            return Judgement(True, f"numeric: {DIGITS} digits at {agreed} random points")
    return Judgement(None, UNDECIDED, "This could not be compared with certainty.")


def _plan(first: Node, second: Node, domains: Mapping[str, str]) -> tuple[int, int]:
    """How many random points are wanted, and how many may be tried where some have no value."""
    if not domains:
        return 1, 1
    careful = any(is_piecewise(tree) or is_restricted(tree) for tree in (first, second))
    wanted = max(_AGREEMENTS, _ROUNDS * round_size(domains) if careful else 0)
    size = sum(1 for tree in (first, second) for _ in nodes(tree))
    return wanted, max(wanted, min(3 * wanted + _TRIES, _STEPS // size))


def _undefined(outcome: Outcome) -> str:
    if outcome is Outcome.FIRST_UNDEFINED:
        return "For some allowed values of the letters this has no real value."
    return "This has a value where the right answer has none: mind the allowed values of the letters."
