"""Comparing two trees at a point, to 50 digits and more.

Digits alone are no proof: 10^60 swallows an answer, 10^-60 hides in one, and a rational number of 40
digits agrees with a root to 80. So the digits grow with the magnitudes that are met on the way, with
how often these are multiplied, and with what the trees themselves hold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any

from problem_bank.algebra.evaluator import BITS, DIGITS, SPARE, Evaluator
from problem_bank.algebra.functions import UndefinedError
from problem_bank.algebra.tree import Node, nodes

MOST = 600
STEP = 20
USUAL = 10  # digits for the magnitudes that are nearly always met: they save a second run
_PLAIN = frozenset(["number", "symbol", "pi", "+", "neg", "inv", "^", "abs", "relu", "max", "min"])

__all__ = ["BITS", "DIGITS", "MOST", "SPARE", "Evaluator", "Outcome", "compare_at", "difference_at", "larger_at"]


class Outcome(Enum):
    """How two trees compare at one point."""

    SAME = "same"
    DIFFERENT = "different"
    FIRST_UNDEFINED = "only the second has a value"
    SECOND_UNDEFINED = "only the first has a value"
    BOTH_UNDEFINED = "neither has a value"
    UNKNOWN = "unknown"


def compare_at(first: Node, second: Node, point: Mapping[str, Fraction]) -> Outcome:
    """Compare two trees at a point, with as many digits as it takes (at most MOST)."""
    return difference_at(first, second, point)[0]


def larger_at(first: Node, second: Node, point: Mapping[str, Fraction]) -> bool:
    """Is the first clearly larger than the second at this point?"""
    outcome, sign = difference_at(first, second, point)
    return outcome is Outcome.DIFFERENT and sign > 0


def difference_at(first: Node, second: Node, point: Mapping[str, Fraction]) -> tuple[Outcome, int]:
    """How two trees compare at a point, and the sign of their difference where both have values."""
    agreeing, reach = DIGITS + extent(first) + extent(second), 1 + max(depth(first), depth(second))
    digits, span = _ample(agreeing + SPARE + USUAL), 0
    while digits <= MOST:
        evaluator = Evaluator(point, digits, agreeing, reach, span)
        a, b = _value_or_not(evaluator, first), _value_or_not(evaluator, second)
        if type(a) is Fraction and type(b) is Fraction and not evaluator.settled:
            return Outcome.SAME if a == b else Outcome.DIFFERENT, _order(a, b)
        span, needed = evaluator.span, evaluator.needed
        missing = isinstance(a, ArithmeticError) or isinstance(b, ArithmeticError)
        if missing and (needed <= digits or not evaluator.settled):
            return _undefined(a, b), 0
        found = Outcome.UNKNOWN if missing else _judge(evaluator, a, b, enough=needed <= digits)
        if found is not Outcome.UNKNOWN or needed <= digits:
            return found, 0 if missing else _order(evaluator.real(a), evaluator.real(b))
        digits = _ample(needed)
    return Outcome.UNKNOWN, 0


def _ample(digits: int) -> int:
    """These digits and a few more, for mpmath makes a context for each number of them; beyond MOST as they are."""
    return digits if digits > MOST else min(MOST, -(-digits // STEP) * STEP)


@lru_cache(maxsize=256)
def extent(tree: Node) -> int:
    """How many digits two different trees of this size could agree by design: as many as they hold."""
    numbers = sum(_digits(node.value) if node.op == "number" else 1 for node in nodes(tree))
    return min(numbers, MOST)


def _digits(value: Fraction) -> int:
    return int((value.numerator.bit_length() + value.denominator.bit_length()) / BITS)


@lru_cache(maxsize=256)
def depth(tree: Node) -> int:
    """How often magnitudes are multiplied on the way to a value: a tiny number may enter by its power."""
    inner = [depth(arg) for arg in tree.args]
    if tree.op == "*":
        return sum(inner)
    return max(inner, default=1) + (tree.op not in _PLAIN)


def _judge(evaluator: Evaluator, a: Any, b: Any, *, enough: bool) -> Outcome:
    """Different where that is far above rounding; with enough digits, the same where nothing else is left."""
    difference = evaluator.real(a) - evaluator.real(b)
    size = evaluator.context.mag(difference) if difference else -math.inf
    if enough and size <= evaluator.negligible:
        return Outcome.SAME
    rounding = evaluator.span + evaluator.lost - int((evaluator.digits - 2 * SPARE) * BITS)
    return Outcome.DIFFERENT if size > rounding and not (evaluator.settled and not enough) else Outcome.UNKNOWN


def _order(a: Any, b: Any) -> int:
    return int(a > b) - int(a < b)


def _value_or_not(evaluator: Evaluator, tree: Node) -> Any:
    try:
        return evaluator.value(tree)
    except ArithmeticError as error:
        return error


def _undefined(a: Any, b: Any) -> Outcome:
    """What it means that one of them, or both, could not be computed."""
    missing = isinstance(a, UndefinedError), isinstance(b, UndefinedError)
    unknown = any(isinstance(v, ArithmeticError) and not isinstance(v, UndefinedError) for v in (a, b))
    if unknown:
        return Outcome.UNKNOWN
    return {(True, True): Outcome.BOTH_UNDEFINED, (True, False): Outcome.FIRST_UNDEFINED}.get(
        missing, Outcome.SECOND_UNDEFINED
    )
