"""Single whole numbers at which only one of two trees has a value, such as n = 1 for (x^n - 1)/(n - 1).

Among real numbers chance does not meet such a point; among whole ones it does. It counts no more
there than it does here: what is undefined beyond a single number is another function.
"""

from __future__ import annotations

from collections.abc import Mapping

from problem_bank.algebra.numeric import Outcome, compare_at
from problem_bank.algebra.points import WHOLE, Point
from problem_bank.algebra.tree import Node

STEPS = 12  # numbers beside a gap, at all of which both or none have values
ONE_SIDED = frozenset([Outcome.FIRST_UNDEFINED, Outcome.SECOND_UNDEFINED])


def compare_around_gaps(first: Node, second: Node, domains: Mapping[str, str], point: Point) -> Outcome:
    """Compare two trees at a point; unknown where only one has a value, but both have along some whole letter."""
    outcome = compare_at(first, second, point)
    if outcome not in ONE_SIDED:
        return outcome
    whole = [name for name, domain in domains.items() if domain in WHOLE]
    return Outcome.UNKNOWN if any(_is_gap(first, second, point, name) for name in whole) else outcome


def _is_gap(first: Node, second: Node, point: Point, name: str) -> bool:
    beside = ({**point, name: point[name] + step} for step in range(1, STEPS + 1))
    return all(compare_at(first, second, other) not in ONE_SIDED for other in beside)
