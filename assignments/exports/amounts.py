"""Numbers for fields that take decimals only."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from problem_bank.answers import Answer, Array, Number

HINT = "a number as a decimal, rounded to 4 places if it has more"
PLACES = 4
_HALF = Fraction(1, 2 * 10**PLACES)  # what rounding to so many places may change


def exact(value: Any) -> Fraction:
    """The exact value of a number; of a float, that of its shortest text."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def margin(answer: Answer, value: Any, others: Iterable[Any]) -> Fraction:
    """How far a number may be from `value`, which is the key of `answer` or of one of its cells.

    The answer's own tolerance. Exact numbers that are no short decimals get what rounding changes, or less
    where one of `others` (what mistakes lead to) is near.
    """
    size = abs(exact(value))
    if isinstance(answer, Number | Array) and answer.digits is not None:
        return Fraction(1, 10**answer.digits)
    if isinstance(answer, Number):
        return exact(answer.tolerance) * max(exact(answer.floor), size)
    if isinstance(answer, Array) and answer.tolerance:
        return exact(answer.tolerance) * max(Fraction(1), size)
    if exact(value) * 10**PLACES % 1 == 0:
        return Fraction(0)
    gaps = (abs(exact(other) - exact(value)) for other in others)
    return min([_HALF, *(gap / 3 for gap in gaps if gap)])


def decimal(value: Fraction) -> str:
    """A number as a decimal without an exponent, with all the digits that a float holds."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{Decimal(repr(float(value))):f}"


def weights(points: list[Fraction]) -> list[int]:
    """The smallest whole numbers in the proportion of these points."""
    from math import gcd, lcm

    unit = lcm(*(value.denominator for value in points))
    whole = [int(value * unit) for value in points]
    return [value // gcd(*whole) for value in whole]
