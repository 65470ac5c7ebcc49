"""The functions of the language, to many digits. Those that saturate note what they hide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isqrt
from typing import Any, Protocol


class UndefinedError(ArithmeticError):
    """No real value here."""


class TooLargeError(ArithmeticError):
    """A value that is not worth computing."""


_AT_ZERO = {"exp": Fraction(1), "cos": Fraction(1), "cosh": Fraction(1), "sigmoid": Fraction(1, 2)} | dict.fromkeys(
    ("sin", "tan", "sinh", "tanh", "asin", "atan", "erf"), Fraction(0)
)


def exact(op: str, x: Fraction) -> Fraction | None:
    """The value where it is rational and simple, such as e^0 and the root of 9/4: jumps need it exactly."""
    if x == 0 and op in _AT_ZERO:
        return _AT_ZERO[op]
    if op == "ln" and x == 1:
        return Fraction(0)
    if op == "sqrt" and x >= 0:
        root = Fraction(isqrt(x.numerator), isqrt(x.denominator))
        return root if root * root == x else None
    return None


class Digits(Protocol):
    """What a function needs of its evaluator."""

    @property
    def context(self) -> Any:
        """Mpmath's functions to the wanted precision."""

    def exp(self, x: Any) -> Any:
        """e^x."""

    def noted(self, value: Any) -> Any:
        """A value inside a function, whose size counts too."""


def _ln(e: Digits, x: Any) -> Any:
    if x <= 0:
        raise UndefinedError("the logarithm of a number that is not positive")
    return e.context.log(x)


def _sqrt(e: Digits, x: Any) -> Any:
    if x < 0:
        raise UndefinedError("the root of a negative number")
    return e.context.sqrt(x)


def _arc(name: str) -> Callable[[Digits, Any], Any]:
    def value(e: Digits, x: Any) -> Any:
        if abs(x) > 1:
            raise UndefinedError(f"{name} outside -1..1")
        return getattr(e.context, name)(x)

    return value


def _tanh(e: Digits, x: Any) -> Any:
    u = e.noted(e.exp(-2 * abs(x)))
    return (1 - u) / (1 + u) * (-1 if x < 0 else 1)


def _sigmoid(e: Digits, x: Any) -> Any:
    u = e.noted(e.exp(-abs(x)))
    return (1 if x >= 0 else u) / (1 + u)


def _softplus(e: Digits, x: Any) -> Any:
    return e.context.log(1 + e.noted(e.exp(-abs(x)))) + max(x, 0)


def _erf(e: Digits, x: Any) -> Any:
    e.noted(e.exp(-x * x))
    return e.context.erf(x)


FUNCTIONS: Mapping[str, Callable[[Digits, Any], Any]] = {
    "exp": lambda e, x: e.exp(x),
    "ln": _ln,
    "sqrt": _sqrt,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "sinh": lambda e, x: (e.noted(e.exp(x)) - e.noted(e.exp(-x))) / 2,
    "cosh": lambda e, x: (e.noted(e.exp(x)) + e.noted(e.exp(-x))) / 2,
    "sin": lambda e, x: e.context.sin(x),
    "cos": lambda e, x: e.context.cos(x),
    "tan": lambda e, x: e.context.tan(x),
    "asin": _arc("asin"),
    "acos": _arc("acos"),
    "atan": lambda e, x: e.context.atan(x),
    "erf": _erf,
}
