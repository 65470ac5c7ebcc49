"""Values of trees at real points: exact fractions as long as possible, then many digits.

Digits alone are no proof: 10^60 swallows an answer, and 10^-60 hides in one. So every intermediate
value is watched, and the digits grow with the ratio between the largest and the smallest of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from problem_bank.algebra.functions import FUNCTIONS, TooLargeError, UndefinedError, exact
from problem_bank.algebra.tree import Node

DIGITS = 50  # of agreement
SPARE = 12
MOST = 600
BITS = 3.3220  # of one digit
FAR = 10**30  # arguments beyond this would need their own many digits of pi
HUGE = 1 << 16  # bits of an exact power; exponents of e beyond it count as overflow


class Outcome(Enum):
    """How two trees compare at one point."""

    SAME = "same"
    DIFFERENT = "different"
    FIRST_UNDEFINED = "only the second has a value"
    SECOND_UNDEFINED = "only the first has a value"
    UNKNOWN = "unknown"


class Evaluator:
    """Values at one point (symbol -> exact number), to `digits` digits; records the magnitudes it meets."""

    def __init__(self, point: Mapping[str, Fraction], digits: int) -> None:
        self.point, self.digits = point, digits
        self.low, self.high = 0, 0  # powers of two

    @property
    def context(self) -> Any:
        """mpmath, loaded when exact numbers no longer do."""
        return _context(self.digits)

    def value(self, tree: Node) -> Any:
        """A Fraction or an mpf. Raises UndefinedError or TooLargeError."""
        found = self._value(tree)
        size = self._size(found)
        if size is not None:
            self.low, self.high = min(self.low, size), max(self.high, size)
        return found

    def _value(self, tree: Node) -> Any:
        match tree.op:
            case "number":
                return Fraction(tree.atom)
            case "symbol":
                return self.point[str(tree.atom)]
            case "pi":
                return +self.context.pi
        arguments = [self.value(arg) for arg in tree.args]
        match tree.op:
            case "+":
                return self._fold(arguments, lambda a, b: a + b)
            case "*":
                return self._fold(arguments, lambda a, b: a * b)
            case "neg":
                return -arguments[0]
            case "inv":
                return self._inverse(arguments[0])
            case "^":
                return self._power(*arguments)
            case "max" | "min":
                return self._extreme(arguments, max if tree.op == "max" else min)
            case "abs" | "relu" | "sign" | "floor" | "ceil":
                return self._piece(tree.op, arguments[0])
        return self._function(tree.op, arguments[0])

    def real(self, value: Any) -> Any:
        """An mpf."""
        if isinstance(value, Fraction):
            return self.context.mpf(value.numerator) / value.denominator
        return value

    def _fold(self, values: list[Any], combine: Callable[[Any, Any], Any]) -> Any:
        """From left to right; exact among fractions."""
        total = values[0]
        for value in values[1:]:
            same = isinstance(total, Fraction) == isinstance(value, Fraction)
            total = combine(total, value) if same else combine(self.real(total), self.real(value))
        return total

    def _inverse(self, value: Any) -> Any:
        if not value:
            raise UndefinedError("a division by zero")
        return 1 / value

    def _power(self, base: Any, exponent: Any) -> Any:
        if isinstance(exponent, Fraction) and exponent.denominator == 1:
            return self._whole_power(base, exponent.numerator)
        if base < 0 or (base == 0 and exponent <= 0):
            raise UndefinedError("a broken power of a negative number")
        return self.exp(self.real(exponent) * self.context.log(self.real(base))) if base else Fraction(0)

    def _whole_power(self, base: Any, n: int) -> Any:
        if not base and n < 0:
            raise UndefinedError("a division by zero")
        if isinstance(base, Fraction):
            if (base.numerator.bit_length() + base.denominator.bit_length()) * abs(n) > HUGE and abs(base) != 1:
                raise TooLargeError("a power")
            return base**n
        if abs(n * self.context.mag(base)) > HUGE:
            raise TooLargeError("a power")
        return base**n

    def exp(self, x: Any) -> Any:
        """e^x."""
        if abs(x) > HUGE:
            raise TooLargeError("an exponential")
        return self.context.exp(x)

    def _extreme(self, values: list[Any], choose: Callable[..., Any]) -> Any:
        if all(isinstance(value, Fraction) for value in values):
            return choose(values)
        return choose(self.real(value) for value in values)

    def _piece(self, op: str, x: Any) -> Any:
        if op == "abs":
            return abs(x)
        if op == "relu":
            return x if x > 0 else Fraction(0)
        if not isinstance(x, Fraction) and self._near_whole(x):
            raise UndefinedError("too close to a jump")
        if op == "sign":
            return Fraction((x > 0) - (x < 0))
        return Fraction(int(self._floor(x) if op == "floor" else -self._floor(-x)))

    def _near_whole(self, x: Any) -> bool:
        return bool(abs(x - self.context.nint(x)) < self.context.mpf(10) ** -DIGITS)

    def _floor(self, x: Any) -> Any:
        return math.floor(x) if isinstance(x, Fraction) else self.context.floor(x)

    def _function(self, op: str, x: Any) -> Any:
        known = exact(op, x) if isinstance(x, Fraction) else None
        if known is not None:
            return known
        if abs(x) > FAR:
            raise TooLargeError("the argument of a function")
        return FUNCTIONS[op](self, self.real(x))

    def noted(self, value: Any) -> Any:
        """A value inside a function, such as the e^-x of a sigmoid, whose size counts too."""
        size = self._size(value)
        self.low = min(self.low, size if size is not None else 0)
        return value

    def _size(self, value: Any) -> int | None:
        """The power of two of a value's size, None for zero."""
        if not value:
            return None
        if isinstance(value, Fraction):
            return value.numerator.bit_length() - value.denominator.bit_length()
        return int(self.context.mag(value))


def compare_at(first: Node, second: Node, point: Mapping[str, Fraction]) -> Outcome:
    """Compare two trees at a point, with as many digits as it takes (at most MOST)."""
    digits = DIGITS + SPARE
    while digits <= MOST:
        evaluator = Evaluator(point, digits)
        a, b = _value_or_not(evaluator, first), _value_or_not(evaluator, second)
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return Outcome.SAME if a == b else Outcome.DIFFERENT
        if isinstance(a, ArithmeticError) or isinstance(b, ArithmeticError):
            return _undefined(a, b)
        needed = DIGITS + SPARE + int((evaluator.high - evaluator.low) / BITS)
        if needed <= digits:
            return _judge(evaluator, evaluator.real(a) - evaluator.real(b))
        digits = needed
    return Outcome.UNKNOWN


def _judge(evaluator: Evaluator, difference: Any) -> Outcome:
    """Same to DIGITS digits of the smallest value met; clearly different above ten digits less."""
    size = evaluator.context.mag(difference) - evaluator.low if difference else -math.inf
    if size <= -DIGITS * BITS:
        return Outcome.SAME
    return Outcome.DIFFERENT if size > -(DIGITS - 10) * BITS else Outcome.UNKNOWN


def _value_or_not(evaluator: Evaluator, tree: Node) -> Any:
    try:
        return evaluator.value(tree)
    except ArithmeticError as error:
        return error


def _undefined(a: Any, b: Any) -> Outcome:
    if isinstance(a, UndefinedError) and not isinstance(b, ArithmeticError):
        return Outcome.FIRST_UNDEFINED
    if isinstance(b, UndefinedError) and not isinstance(a, ArithmeticError):
        return Outcome.SECOND_UNDEFINED
    return Outcome.UNKNOWN


@cache
def _context(digits: int) -> Any:
    """A context of our own: mpmath's global precision belongs to others."""
    from mpmath.ctx_mp import MPContext

    context = MPContext()
    context.dps = digits
    return context
