"""How many random points must agree before two trees may count as equal.

One random point in a piece of the reals speaks for all of it. Whole numbers have no such pieces:
n^2 and 2n agree at n = 2. So every whole letter must have met enough values of its own; points that
are skipped, because the values there are too large, leave the small numbers, of which there are few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from problem_bank.algebra.points import KINDS, WHOLE, Point

POINTS = 5  # that must agree
VALUES = 6  # of every whole letter, among them


@dataclass
class Agreement:
    """The random points at which two trees were found to agree; `wanted` is how many it takes.

    Where both are zero, as n!/(k! (n-k)!) is for k > n, they may be so for different reasons: such
    points count only where there are no others.
    """

    domains: Mapping[str, str]
    wanted: int = 0
    points: int = 0
    zeros: int = 0
    values: dict[str, set[Fraction]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = {name: set() for name, domain in self.domains.items() if domain in WHOLE}
        self.wanted = max(self.wanted, _kinds(len(self.values)), POINTS if self.domains else 1)

    def note(self, point: Point) -> None:
        """One more point."""
        self.points += 1
        for name, met in self.values.items():
            met.add(point[name])

    def note_zero(self) -> None:
        """One more point, at which both are zero."""
        self.zeros += 1

    @property
    def vanishing(self) -> bool:
        """Were both zero wherever they had values?"""
        return not self.points and self.zeros >= self.wanted

    @property
    def enough(self) -> bool:
        """Do these points speak for all?"""
        return self.points >= self.wanted and all(len(met) >= VALUES for met in self.values.values())


def _kinds(whole: int) -> int:
    """One whole number goes through all residues, several through all combinations of even and odd."""
    return {0: 1, 1: KINDS}.get(whole, 1 << min(whole, 4))
