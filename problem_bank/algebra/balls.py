"""Arithmetic of balls: a float, and a bound for how far the true value may be from it.

Every rule adds what its operation may round. Where a function is steep or undefined nearby, and
where the ball reaches over a jump, it raises UnsureError.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

Ball: TypeAlias = tuple[float, float]
"""A value and a bound for its error; without an error it is exact."""

_UNIT = 2.0**-50  # of a value: more than one operation or function of the library may be wrong
_TINY = 1e-300  # what underflow may lose
_WHOLE = 2.0**53  # below, whole numbers are exact, and their sums and products are
_SMALL = 0.01  # errors of exponents that bounds of first order are good for


class UnsureError(ArithmeticError):
    """An error that is too large, or no value."""


@lru_cache(maxsize=512)
def number(value: Fraction) -> Ball:
    """The ball of an exact number."""
    near = value.numerator / value.denominator
    return near, 0.0 if value == near else abs(near) * _UNIT + _TINY


def rule(op: str) -> Callable[[Sequence[Ball]], Ball]:
    """How the balls of the arguments make that of a sum, a product, a function. Raises UnsureError."""
    try:
        return _RULES[op]
    except KeyError:
        raise UnsureError(op) from None


def _sum(args: Sequence[Ball]) -> Ball:
    total = error = size = 0.0
    for value, off in args:
        total, error, size = total + value, error + off, size + abs(value)
    if not error and size < _WHOLE and all(value.is_integer() for value, _ in args):
        return total, 0.0
    return total, error + len(args) * size * _UNIT


def _product(args: Sequence[Ball]) -> Ball:
    total, error = args[0]
    for value, off in args[1:]:
        size = abs(total * value)
        if error or off or size >= _WHOLE or not (total.is_integer() and value.is_integer()):
            error = abs(total) * off + (abs(value) + off) * error + size * _UNIT + _TINY
        total *= value
    return total, error


def _inverse(args: Sequence[Ball]) -> Ball:
    value, off = _away_from_zero(args[0])
    size = abs(value)
    return 1 / value, off / (size * (size - off)) + _UNIT / size + _TINY


def _power(args: Sequence[Ball]) -> Ball:
    (value, off), (n, wide) = _away_from_zero(args[0]), args[1]
    whole = not wide and n.is_integer()
    if value < 0 and not whole:
        raise UnsureError("a broken power of a negative number")
    found = float(value**n)
    if whole and n >= 0 and not off and value.is_integer() and abs(found) < _WHOLE:
        return float(int(value) ** int(n)), 0.0
    bend = (abs(n) + wide) * 2 * off / abs(value) + (abs(math.log(value)) * wide if wide else 0.0)
    return _scaled(found, bend)


def _exp(args: Sequence[Ball]) -> Ball:
    return _scaled(math.exp(args[0][0]), args[0][1])


def _sigmoid(args: Sequence[Ball]) -> Ball:
    value, off = args[0]
    shrunk = math.exp(-abs(value))
    return _scaled((1 if value >= 0 else shrunk) / (1 + shrunk), off)


def _scaled(found: float, bend: float) -> Ball:
    """The ball of a value whose logarithm may be off by `bend`."""
    if bend > _SMALL:
        raise UnsureError("too steep")
    return found, abs(found) * (2 * bend + _UNIT) + _TINY


def _hyperbolic(function: Callable[[float], float]) -> Callable[[Sequence[Ball]], Ball]:
    def value(args: Sequence[Ball]) -> Ball:
        high = _scaled(math.cosh(args[0][0]), args[0][1])
        return function(args[0][0]), high[1]

    return value


def _ln(args: Sequence[Ball]) -> Ball:
    value, off = _positive(args[0])
    found = math.log(value)
    return found, 2 * off / value + abs(found) * _UNIT


def _sqrt(args: Sequence[Ball]) -> Ball:
    value, off = _positive(args[0])
    found = math.sqrt(value)
    return found, off / found + found * _UNIT


def _tan(args: Sequence[Ball]) -> Ball:
    value, off = args[0]
    (slope, wide), found = _wave(math.cos)(args), math.tan(value)
    if not abs(slope) > 4 * wide:
        raise UnsureError("a tangent beside a right angle")
    return found, 2 * off / slope**2 + (abs(found) + 1) * _UNIT


def _arc(function: Callable[[float], float]) -> Callable[[Sequence[Ball]], Ball]:
    def value(args: Sequence[Ball]) -> Ball:
        at, off = args[0]
        room = 1 - abs(at)
        if not room > 2 * off + _UNIT:
            raise UnsureError("beside the end")
        return function(at), 2 * off / math.sqrt(room) + 4 * _UNIT

    return value


def _wave(function: Callable[[float], float]) -> Callable[[Sequence[Ball]], Ball]:
    """A function that is nowhere steeper than its argument."""

    def value(args: Sequence[Ball]) -> Ball:
        found = function(args[0][0])
        return found, args[0][1] + (abs(found) + 1) * _UNIT

    return value


def _softplus(x: float) -> float:
    return math.log1p(math.exp(-abs(x))) + max(x, 0.0)


def _step(function: Callable[[float], float]) -> Callable[[Sequence[Ball]], Ball]:
    """A function that jumps: known where the whole ball lies on one side."""

    def value(args: Sequence[Ball]) -> Ball:
        at, off = args[0]
        reach = 2 * off + abs(at) * _UNIT if off else 0.0
        low, high = function(at - reach), function(at + reach)
        if low != high or abs(at) >= _WHOLE:
            raise UnsureError("beside a jump")
        return float(low), 0.0

    return value


def _away_from_zero(ball: Ball) -> Ball:
    if not abs(ball[0]) > 2 * ball[1]:
        raise UnsureError("zero, or beside it")
    return ball


def _positive(ball: Ball) -> Ball:
    if not ball[0] > 2 * ball[1]:
        raise UnsureError("not clearly positive")
    return ball


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))


_RULES: dict[str, Callable[[Sequence[Ball]], Ball]] = {
    "+": _sum,
    "*": _product,
    "inv": _inverse,
    "^": _power,
    "neg": lambda args: (-args[0][0], args[0][1]),
    "pi": lambda args: (math.pi, 4 * _UNIT),
    "abs": lambda args: (abs(args[0][0]), args[0][1]),
    "relu": lambda args: (max(args[0][0], 0.0), args[0][1]),
    "max": lambda args: (max(value for value, _ in args), max(off for _, off in args)),
    "min": lambda args: (min(value for value, _ in args), max(off for _, off in args)),
    "floor": _step(math.floor),
    "ceil": _step(math.ceil),
    "sign": _step(_sign),
    "exp": _exp,
    "sigmoid": _sigmoid,
    "softplus": _wave(_softplus),
    "ln": _ln,
    "sqrt": _sqrt,
    "sinh": _hyperbolic(math.sinh),
    "cosh": _hyperbolic(math.cosh),
    "tanh": _wave(math.tanh),
    "sin": _wave(math.sin),
    "cos": _wave(math.cos),
    "tan": _tan,
    "asin": _arc(math.asin),
    "acos": _arc(math.acos),
    "atan": _wave(math.atan),
}
