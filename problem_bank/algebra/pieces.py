"""Agreement in every piece of the domains on which two trees are analytic.

An analytic function that is zero at a random point of a connected piece is zero in all of it. The
pieces end where a condition (the u of |u|, sqrt(u), ...) changes its sign. Conditions whose zeros
are known exactly give all pieces; of others both signs must be met by chance, and nothing in them
may be so large or small that chance could not meet it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import islice

from problem_bank.algebra.agreement import Agreement
from problem_bank.algebra.cells import Cells, cells
from problem_bank.algebra.conditions import TooManyError, conditions, has_jumps, jumping, rounded
from problem_bank.algebra.decision import UNDECIDED, Judgement
from problem_bank.algebra.gaps import ONE_SIDED, compare_around_gaps
from problem_bank.algebra.numeric import DIGITS, Evaluator, Outcome, compare_at
from problem_bank.algebra.points import WHOLE, Point, draw, random_points
from problem_bank.algebra.polynomial import polynomial
from problem_bank.algebra.proportion import proportional
from problem_bank.algebra.ranges import range_of
from problem_bank.algebra.signs import sign_factors, touching
from problem_bank.algebra.tree import Node, names, nodes

_SPAN = 2.5  # powers of ten that all numbers of a condition may take together
_CHANCES = 48  # random points to meet the signs of conditions
_AGREEMENTS = 12  # of them, at least
_ROUGH = 20  # digits for the sign of a condition
_MOST = 3  # conditions that may be met by chance
_OPEN = Judgement(None, UNDECIDED, "This could not be compared with certainty.")


def agree_in_all_pieces(first: Node, second: Node, domains: Mapping[str, str]) -> Judgement | None:
    """A judgement on two trees that agree at random points; None where these alone are enough."""
    trees = first, second
    try:
        floors = {tree for tree in rounded(trees) if names(tree)}
        turning = {tree for tree in conditions(trees, domains) if names(tree)}
    except TooManyError:
        return _OPEN
    if not turning and not floors:
        return None
    exact = cells(turning, floors, domains, ends=any(has_jumps(tree, domains) for tree in trees))
    if exact is not None:
        return _in_cells(first, second, exact, domains)
    return _OPEN if floors else _by_chance(first, second, turning, domains)


def _in_cells(first: Node, second: Node, found: Cells, domains: Mapping[str, str]) -> Judgement:
    outcomes = [{compare_around_gaps(first, second, domains, point) for point in piece} for piece in found.inner]
    ends = {compare_at(first, second, point) for point in found.ends}
    if Outcome.DIFFERENT in ends or any(Outcome.DIFFERENT in seen for seen in outcomes):
        return Judgement(False, "numeric: different in a piece of the domain")
    if any(seen & ONE_SIDED for seen in (*outcomes, _at_whole_ends(first, second, found, domains))):
        return Judgement(False, "numeric: defined in different places", _somewhere(outcomes))
    if all(seen & {Outcome.SAME, Outcome.BOTH_UNDEFINED} for seen in outcomes):
        return Judgement(True, f"numeric: {DIGITS} digits in each of {len(outcomes)} pieces of the domain")
    return _OPEN


def _at_whole_ends(first: Node, second: Node, found: Cells, domains: Mapping[str, str]) -> set[Outcome]:
    """What is found at whole numbers between the pieces: other letters are drawn, for theirs are single points."""
    others = {name: domain for name, domain in domains.items() if domain not in WHOLE}
    ends = found.ends if len(others) < len(domains) else []
    return {compare_around_gaps(first, second, domains, {**point, **draw(others)}) for point in ends}


def _somewhere(outcomes: list[set[Outcome]]) -> str:
    if any(Outcome.FIRST_UNDEFINED in seen for seen in outcomes):
        return "For some allowed values of the letters this has no real value."
    return "This has a value where the right answer has none: mind the allowed values of the letters."


def _by_chance(first: Node, second: Node, turning: set[Node], domains: Mapping[str, str]) -> Judgement:
    if not all(map(_is_tame, turning)) or not _meets_jumps((first, second), domains):
        return _OPEN
    changing = _changing(turning, domains)
    if len(changing) > _MOST:
        return _OPEN
    met: set[tuple[int, ...]] = set()
    agreement = Agreement(domains, _AGREEMENTS)
    for point in islice(random_points(domains), _CHANCES):
        outcome = compare_around_gaps(first, second, domains, point)
        if outcome in (Outcome.DIFFERENT, Outcome.FIRST_UNDEFINED, Outcome.SECOND_UNDEFINED):
            return Judgement(False, f"numeric: different at a random point, {DIGITS} digits")
        if outcome is Outcome.SAME:
            agreement.note(point)
        if outcome in (Outcome.SAME, Outcome.BOTH_UNDEFINED):
            met.add(tuple(_sign(tree, point) for tree in changing))
        if agreement.enough and sum(0 not in signs for signs in met) == 1 << len(changing):
            return Judgement(True, f"numeric: {DIGITS} digits at {agreement.points} random points, all branches met")
    return _OPEN


def _meets_jumps(trees: tuple[Node, ...], domains: Mapping[str, str]) -> bool:
    """Were points exactly on all jumps among the corners? These solve for letters of degree one."""
    jumps = [argument for tree in trees for node in nodes(tree) for argument in jumping(node, domains)]
    if any(True for argument in jumps for _ in touching(argument, domains)):
        return False
    for factor in (factor for argument in jumps for factor in sign_factors(argument, domains)):
        p = polynomial(factor)
        letters = {name for monomial in p or () for name, _ in monomial}
        if not any(all(dict(monomial).get(name, 0) <= 1 for monomial in p or ()) for name in letters):
            return False
    return True


def _changing(turning: Iterable[Node], domains: Mapping[str, str]) -> list[Node]:
    """The conditions that may have either sign, without multiples of others."""
    found: list[Node] = []
    for tree in turning:
        values = range_of(tree, domains)
        if values.low < 0 < values.high and not any(proportional(tree, other) for other in found):
            found.append(tree)
    return found


def _sign(tree: Node, point: Point) -> int:
    try:
        value = Evaluator(point, _ROUGH, _ROUGH // 2).value(tree)
    except ArithmeticError:
        return 0
    return int(value > 0) - int(value < 0)


def _is_tame(tree: Node) -> bool:
    """Do the numbers of a condition stay within what random points can meet?"""
    return sum(_sizes(tree)) <= _SPAN


def _sizes(tree: Node) -> Iterable[float]:
    """The sizes of its parts without letters, in powers of ten."""
    if names(tree):
        for arg in tree.args:
            yield from _sizes(arg)
        return
    try:
        value = Evaluator({}, DIGITS).value(tree)
        size = abs(float(value))
    except ArithmeticError:
        yield math.inf
        return
    yield abs(math.log10(size)) if size else math.inf if value else 0.0
