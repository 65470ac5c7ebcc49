"""Values of trees at real points: exact fractions as long as possible, then many digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from problem_bank.algebra.counting import COUNTED, counted, divides_by_pole
from problem_bank.algebra.effort import allowance, work
from problem_bank.algebra.functions import FUNCTIONS, TooLargeError, UndefinedError, exact
from problem_bank.algebra.tree import Node, nodes
from problem_bank.algebra.turns import half_turns, turned

DIGITS = 50  # of agreement
SPARE = 12  # digits for rounding
BITS = 3.3220  # of one digit
FAR = 10**30  # angles beyond this would need their own many digits of pi
HUGE = 1 << 16  # bits of an exact number
VAST = 1 << 96  # powers of two: larger numbers count as overflow
_FEW = 16  # bits of an exponent
_DIGITS = 20  # of a function's value that are as much work as one sum or product
_PERIODIC = frozenset(["sin", "cos", "tan"])


class Evaluator:
    """Values at one point (symbol -> exact number), to `digits` digits; records the magnitudes it meets.

    A sum that is `negligible` is taken for zero, and the evaluator is `settled`: without this, a
    difference of equals, such as sin^2 + cos^2 - 1, would have no value. It may be believed once the
    digits are those `needed`. `reach` says how often magnitudes may have been multiplied, `known`
    which magnitude was met before, with fewer digits.
    """

    def __init__(
        self, point: Mapping[str, Fraction], digits: int, agreeing: int = DIGITS, reach: int = 1, known: int = 0
    ) -> None:
        self.point, self.digits, self.agreeing, self.reach, self.known = point, digits, agreeing, reach, known
        self.low, self.high = 0, 0  # powers of two
        self.lost = 0  # bits: the digits of a large exponent that stand before its point
        self.settled = False  # was something taken for zero, or for whole?
        self.allowance = allowance()
        self._values: dict[Node, Any] = {}  # of parts, which often return: both trees may hold the same e^x

    @property
    def span(self) -> int:
        """The largest magnitude met, of a large or of a small value, in powers of two."""
        return max(self.known, self.high, -self.low)

    @property
    def needed(self) -> int:
        """The digits with which all of this could be told from rounding."""
        return self.agreeing + SPARE + int(((self.reach + 1) * self.span + self.lost) / BITS)

    @property
    def negligible(self) -> int:
        """The power of two below which there is only rounding. With the digits that are needed, that is below
        all products of the magnitudes met, too: what is as small then is zero.
        """
        return self.span + self.lost - int((self.digits - SPARE) * BITS)

    @property
    def context(self) -> Any:
        """mpmath, loaded when exact numbers no longer do."""
        return _context(self.digits)

    def value(self, tree: Node) -> Any:
        """A Fraction or an mpf. Raises UndefinedError or TooLargeError."""
        found = self._values.get(tree) if tree.args else None
        if found is not None:
            return found
        found = self._values[tree] = self._value(tree)
        self.allowance.spend(work(found))
        size = self._size(found)
        if size is not None:
            self.low, self.high = min(self.low, size), max(self.high, size)
        return found

    def _value(self, tree: Node) -> Any:
        match tree.op:
            case "number" | "symbol" | "pi":
                return self._leaf(tree)
            case op if op in COUNTED:
                return counted(self, tree)
            case "inv" | "^" if divides_by_pole(self, tree):
                return Fraction(0)
            case "sin" | "cos" | "tan" if (known := self._turned(tree)) is not None:
                return known
        arguments = [self.value(arg) for arg in tree.args]
        match tree.op:
            case "+":
                return self.total(arguments)
            case "*":
                return self.fold(arguments, lambda a, b: a * b)
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

    def _leaf(self, tree: Node) -> Any:
        if tree.op == "number":
            return tree.value
        return self.point[str(tree.atom)] if tree.op == "symbol" else +self.context.pi

    def _turned(self, tree: Node) -> Fraction | None:
        """The rational sine, cosine or tangent of what was typed as a multiple of pi; None for others."""
        angle = tree.args[0]
        half = half_turns(angle, self.point) if any(node.op == "pi" for node in nodes(angle)) else None
        return None if half is None else turned(tree.op, half)

    def real(self, value: Any) -> Any:
        """An mpf."""
        if type(value) is not Fraction:
            return value
        above = self._whole(value.numerator)
        return above if value.denominator == 1 else above / self._whole(value.denominator)

    def _whole(self, n: int) -> Any:
        """A whole number, without the bits that its digits cannot hold: mpmath would look at each of them."""
        beyond = n.bit_length() - int((self.digits + SPARE) * BITS)
        return self.context.ldexp(self.context.mpf(n >> beyond), beyond) if beyond > 0 else self.context.mpf(n)

    def fold(self, values: list[Any], combine: Callable[[Any, Any], Any]) -> Any:
        """From left to right; exact among fractions."""
        total = values[0]
        for value in values[1:]:
            same = (type(total) is Fraction) == (type(value) is Fraction)
            total = combine(total, value) if same else combine(self.real(total), self.real(value))
        return total

    def total(self, values: list[Any]) -> Any:
        """A sum, or exactly zero where it is so to all digits that count."""
        total = self.fold(values, lambda a, b: a + b)
        return Fraction(0) if type(total) is not Fraction and self._is_nothing(total) else total

    def _is_nothing(self, value: Any) -> bool:
        nothing = not value or bool(self.context.mag(value) <= self.negligible)
        self.settled |= nothing
        return nothing

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
            if (base.numerator.bit_length() + base.denominator.bit_length()) * abs(n) <= HUGE or abs(base) in (0, 1):
                return base ** (n % 2 if abs(base) == 1 else n)
            base = self.real(base)
        if abs(n) * max(1, abs(self.context.mag(base))) > VAST:
            raise TooLargeError("a power")
        self._lose(n.bit_length())
        return base**n

    def exp(self, x: Any) -> Any:
        """e^x."""
        if abs(x) > VAST:
            raise TooLargeError("an exponential")
        self._lose(self.context.mag(x) if x else 0)
        return self.context.exp(x)

    def _lose(self, bits: int) -> None:
        """An error of an exponent becomes a factor of the value; few bits of it are within SPARE."""
        self.lost += max(0, int(bits) - _FEW)

    def _extreme(self, values: list[Any], choose: Callable[..., Any]) -> Any:
        if all(isinstance(value, Fraction) for value in values):
            return choose(values)
        return choose(self.real(value) for value in values)

    def _piece(self, op: str, x: Any) -> Any:
        if op == "abs":
            return abs(x)
        if op == "relu":
            return x if x > 0 else Fraction(0)
        x = self.on_a_side(x)
        if op == "sign":
            return Fraction((x > 0) - (x < 0))
        return Fraction(int(self._floor(x) if op == "floor" else -self._floor(-x)))

    def on_a_side(self, x: Any) -> Any:
        """A value that is exactly on a jump, or beside it."""
        if isinstance(x, Fraction):
            return x
        if x and self.context.mag(x) > HUGE:
            raise TooLargeError("a number to be rounded")
        nearest = self.context.nint(x)
        return Fraction(int(nearest)) if self._is_nothing(x - nearest) else x

    def _floor(self, x: Any) -> Any:
        return math.floor(x) if isinstance(x, Fraction) else self.context.floor(x)

    def _function(self, op: str, x: Any) -> Any:
        known = exact(op, x) if type(x) is Fraction else None
        if known is not None:
            return known
        if op in _PERIODIC and abs(x) > FAR:
            raise TooLargeError("the argument of a function")
        self.allowance.spend(self.digits // _DIGITS)
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
        if type(value) is Fraction:
            return value.numerator.bit_length() - value.denominator.bit_length()
        return int(self.context.mag(value))


@cache
def _context(digits: int) -> Any:
    """A context of our own: mpmath's global precision belongs to others."""
    from mpmath.ctx_mp import MPContext

    context = MPContext()
    context.dps = digits
    return context
