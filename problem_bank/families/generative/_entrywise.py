"""Rules applied to the entries of vectors side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def each(rule: Callable[..., Any], *vectors: Sequence[Any]) -> tuple[Any, ...]:
    """The rule of the first entries, of the second ones, ... Raises ValueError where the lengths differ."""
    return tuple(rule(*row) for row in zip(*vectors, strict=True))


def total(rule: Callable[..., Any], *vectors: Sequence[Any]) -> Any:
    """The sum of the rule over the entries."""
    return sum(each(rule, *vectors))


def mean(rule: Callable[..., Any], *vectors: Sequence[Any]) -> Any:
    """The mean of the rule over the entries."""
    return total(rule, *vectors) / len(vectors[0])
