"""The values of exercises: exact numbers, and nested tuples of them for vectors and matrices."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, TypeAlias

Number: TypeAlias = int | Fraction
Vector: TypeAlias = tuple[Number, ...]
Matrix: TypeAlias = tuple[Vector, ...]


def is_number(value: object) -> bool:
    """Is this an exact number (True and False are not)?"""
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def freeze(value: Any) -> Any:
    """The immutable, exact form of a value from TOML, JSON or NumPy.

    Lists become tuples, floats the fraction that their shortest text shows (0.1 is 1/10), and
    texts such as "3/4" the number.
    """
    if isinstance(value, list | tuple):
        return tuple(freeze(entry) for entry in value)
    if isinstance(value, float):
        exact = value.is_integer() and abs(value) < 2**53  # most floats of an oracle; their text need not be read
        return int(value) if exact else whole(Fraction(repr(value)))
    if isinstance(value, str):
        return _fraction(value)
    if hasattr(value, "tolist"):
        return freeze(value.tolist())
    return value


def plain(value: Any) -> Any:
    """The JSON form of a value; `freeze` undoes it."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


def whole(value: Fraction) -> Number:
    """An int where the denominator is 1."""
    return value.numerator if value.denominator == 1 else value


def shape(value: Any) -> tuple[int, ...]:
    """The shape of a nest of tuples; () for a number.

    Raises ValueError where rows differ in length.
    """
    if not isinstance(value, tuple):
        return ()
    inner = {shape(entry) for entry in value}
    if len(inner) > 1:
        raise ValueError("rows of different length")
    return (len(value), *(inner.pop() if inner else ()))


def entries(value: Any) -> Iterator[Any]:
    """All numbers of a nest, in reading order."""
    if isinstance(value, tuple):
        for entry in value:
            yield from entries(entry)
    else:
        yield value


def _fraction(text: str) -> Any:
    head, slash, tail = text.partition("/")
    if slash and head.lstrip("-").isdecimal() and tail.isdecimal() and int(tail):
        return whole(Fraction(int(head), int(tail)))
    return text
