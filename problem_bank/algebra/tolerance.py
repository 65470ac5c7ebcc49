"""Numbers to some accuracy, where the question says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from problem_bank.algebra.decision import UNDECIDED, Judgement
from problem_bank.algebra.evaluator import DIGITS, SPARE, Evaluator
from problem_bank.algebra.functions import TooLargeError, UndefinedError
from problem_bank.algebra.numeric import MOST
from problem_bank.algebra.tree import Node, names

NEAR = 10  # times the distance that is still right: what lies within is called close
NEARLY = "Close, but not to the accuracy that is asked for."


@dataclass(frozen=True)
class Tolerance:
    """How far a number may be from the key: `absolute`, `relative` to the key, or half a unit in the last
    of so many significant `figures` of the key. Several at once: the widest holds.
    """

    absolute: Fraction | float = 0
    relative: Fraction | float = 0
    figures: int = 0

    def __post_init__(self) -> None:
        if min(self.absolute, self.relative, self.figures) < 0 or not any((self.absolute, self.relative, self.figures)):
            raise ValueError("a tolerance needs absolute, relative or figures, none of them below zero")

    def reach(self, key: Fraction) -> Fraction:
        """The largest distance from this key that is still right."""
        half_unit = Fraction(10) ** (_exponent(key) - self.figures + 1) / 2 if self.figures and key else Fraction(0)
        return max(_exact(self.absolute), _exact(self.relative) * abs(key), half_unit)


def tolerance_of(given: Tolerance | Mapping[str, Any]) -> Tolerance:
    """From {"relative": 0.01}, as it stands in JSON."""
    return given if isinstance(given, Tolerance) else Tolerance(**given)


def compare_within(first: Node, second: Node, tolerance: Tolerance) -> Judgement:
    """Compare a student's number with the key. Raises ValueError for a key that is no number."""
    if names(second):
        raise ValueError("a tolerance is for a key that is a number, without letters")
    if names(first):
        return Judgement(False, "exact", "A number is asked for, without letters.")
    key = _value(second)
    try:
        found = _value(first)
    except UndefinedError:
        return Judgement(False, "exact", "This has no real value.")
    except ArithmeticError:
        return Judgement(None, UNDECIDED, "This could not be compared with certainty.")
    reach = tolerance.reach(key)
    if abs(found - key) <= reach:
        return Judgement(True, f"within {float(reach):.3g}")
    return Judgement(False, f"within {float(reach):.3g}", NEARLY if abs(found - key) <= NEAR * reach else "")


def _value(tree: Node) -> Fraction:
    """The value as a fraction: exact, or with DIGITS digits to spare after all cancellation."""
    digits, span = DIGITS + SPARE, 0
    while digits <= MOST:
        evaluator = Evaluator({}, digits, known=span)
        value, span = evaluator.value(tree), evaluator.span
        if isinstance(value, Fraction) and not evaluator.settled:
            return value
        if evaluator.needed <= digits:
            return _fraction(value)
        digits = evaluator.needed
    raise TooLargeError("the digits of a number")


def _fraction(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return value
    sign, mantissa, exponent, _ = value._mpf_
    size: Fraction = Fraction(mantissa) * Fraction(2) ** exponent
    return -size if sign else size


def _exact(value: Fraction | float) -> Fraction:
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _exponent(value: Fraction) -> int:
    """The power of ten of the leading digit."""
    value = abs(value)
    exponent = len(str(value.numerator)) - len(str(value.denominator))
    return exponent if Fraction(10) ** exponent <= value else exponent - 1
