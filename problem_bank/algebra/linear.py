"""Systems of linear inequalities over the rationals: a point that fulfils them all, or none (Fourier and Motzkin)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import SystemRandom

from problem_bank.algebra.effort import allowance

MOST = 300  # inequalities at any time
_random = SystemRandom()


class TooManyError(Exception):
    """The system grows beyond MOST."""


@dataclass(frozen=True)
class Inequality:
    """coefficients . x + constant > 0, or >= 0 where it is not strict."""

    coefficients: Mapping[str, Fraction]
    constant: Fraction
    strict: bool = True

    def of(self, name: str) -> Fraction:
        """The coefficient of a letter."""
        return self.coefficients.get(name, Fraction(0))

    def at(self, point: Mapping[str, Fraction]) -> Fraction:
        """The left side, where all its letters are known."""
        return self.constant + sum((c * point[name] for name, c in self.coefficients.items()), Fraction(0))

    def scaled(self, factor: Fraction) -> Inequality:
        """The same, times a positive factor."""
        return Inequality({n: c * factor for n, c in self.coefficients.items()}, self.constant * factor, self.strict)


def solution(system: Sequence[Inequality], names: Sequence[str]) -> dict[str, Fraction] | None:
    """A random point that fulfils the system; None where there is none. Raises TooManyError."""
    if not names:
        return {} if all(_holds(row) for row in system) else None
    name, *rest = names
    above, below, free = _sorted(system, name)
    allowance().spend(len(free) + (1 + len(above)) * (1 + len(below)))
    paired = [_eliminated(a, b, name) for a in above for b in below]
    if len(paired) + len(free) > MOST:
        raise TooManyError(f"more than {MOST} inequalities")
    point = solution([*free, *paired], rest)
    return None if point is None else {**point, name: _between(above, below, name, point)}


def _holds(row: Inequality) -> bool:
    return row.constant > 0 or (row.constant == 0 and not row.strict)


def _sorted(system: Sequence[Inequality], name: str) -> tuple[list[Inequality], list[Inequality], list[Inequality]]:
    """Lower bounds of a letter, upper bounds of it, and what does not hold it; bounds with coefficient 1 or -1."""
    above: list[Inequality] = []
    below: list[Inequality] = []
    free: list[Inequality] = []
    for row in system:
        c = row.of(name)
        if c:
            (above if c > 0 else below).append(row.scaled(1 / abs(c)))
        else:
            free.append(row)
    return above, below, free


def _eliminated(above: Inequality, below: Inequality, name: str) -> Inequality:
    """What both say of the other letters."""
    letters = (above.coefficients.keys() | below.coefficients.keys()) - {name}
    coefficients = {n: c for n in letters if (c := above.of(n) + below.of(n))}
    return Inequality(coefficients, above.constant + below.constant, above.strict or below.strict)


def _between(above: list[Inequality], below: list[Inequality], name: str, point: Mapping[str, Fraction]) -> Fraction:
    """A random value above all lower and below all upper bounds."""
    lows = [-_rest(row, name, point) for row in above]
    highs = [_rest(row, name, point) for row in below]
    share = Fraction(_random.randint(1, 996), 997)
    if lows and highs:
        return max(lows) + (min(highs) - max(lows)) * share
    if not lows and not highs:
        return Fraction(_random.randint(-3000, 3000), 701)
    return max(lows) + 3 * share if lows else min(highs) - 3 * share


def _rest(row: Inequality, name: str, point: Mapping[str, Fraction]) -> Fraction:
    return Inequality({n: c for n, c in row.coefficients.items() if n != name}, row.constant).at(point)
