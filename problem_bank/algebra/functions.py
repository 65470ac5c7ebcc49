"""The functions of the language, to many digits. Those that saturate note what they hide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class UndefinedError(ArithmeticError):
    """No real value here."""


class TooLargeError(ArithmeticError):
    """A value that is not worth computing."""


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


FUNCTIONS: Mapping[str, Callable[[Digits, Any], Any]] = {
    "exp": lambda e, x: e.exp(x),
    "ln": _ln,
    "sqrt": _sqrt,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "sinh": lambda e, x: (e.exp(x) - e.exp(-x)) / 2,
    "cosh": lambda e, x: (e.exp(x) + e.exp(-x)) / 2,
    "sin": lambda e, x: e.context.sin(x),
    "cos": lambda e, x: e.context.cos(x),
    "tan": lambda e, x: e.context.tan(x),
    "asin": _arc("asin"),
    "acos": _arc("acos"),
    "atan": lambda e, x: e.context.atan(x),
}
