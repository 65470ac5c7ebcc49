"""How much work one comparison may be, counted in operations: the same text gets as far on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction

ALLOWED = 9_000  # operations; a few microseconds each
_BITS = 1 << 12  # of a fraction; beyond, the work grows with their square


class TooLongError(Exception):
    """More work than a comparison is worth. (No ArithmeticError: those say that there is no value.)"""


class Allowance:
    """Operations that are left."""

    def __init__(self, left: float) -> None:
        self.left = left

    def spend(self, operations: int) -> None:
        """Count some work. Raises TooLongError when nothing is left."""
        self.left -= operations
        if self.left < 0:
            raise TooLongError("this takes too many operations")


_UNLIMITED = Allowance(float("inf"))
_current: ContextVar[Allowance] = ContextVar("allowance", default=_UNLIMITED)


def allowance() -> Allowance:
    """What is left to the comparison that is under way; without one, there is no end."""
    return _current.get()


@contextmanager
def limited(operations: int = ALLOWED) -> Iterator[None]:
    """Allow this much within; an allowance that holds already is shared."""
    if _current.get() is not _UNLIMITED:
        yield
        return
    token = _current.set(Allowance(operations))
    try:
        yield
    finally:
        _current.reset(token)


def work(value: object) -> int:
    """The operations that computing a value counts for."""
    if type(value) is not Fraction:
        return 1
    bits = value.numerator.bit_length() + value.denominator.bit_length()
    return 1 + (bits // _BITS) ** 2
