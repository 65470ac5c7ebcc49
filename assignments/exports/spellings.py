"""The ways to write a shape, for platforms that compare texts."""

from __future__ import annotations

from typing import Any

from problem_bank.answers import Shape, ShapeOrError
from problem_bank.answers.shape_or_error import ERROR

_PATTERNS = ("{} x {}", "{}x{}", "{} × {}", "{}×{}", "({}, {})", "({},{})", "{}, {}", "{},{}", "[{}, {}]", "[{},{}]")
_CLASHES = ("error {} {}", "error {}, {}", "error: {} {}", "error: {}, {}", "error ({}, {})", "error {} and {}")


def plain(sizes: tuple[Any, ...]) -> bool:
    """Are all sizes numbers or single letters, so that each has one spelling? An error is as plain."""
    return all(isinstance(size, int) or size == ERROR or (isinstance(size, str) and len(size) == 1) for size in sizes)


def of(answer: Shape | ShapeOrError) -> tuple[str, ...]:
    """All spellings of all shapes that this answer accepts, the key as we show it first."""
    key = answer.key
    bare = tuple(size for size in key if size != 1)
    accepted = [sizes for sizes in (key, bare, (*bare, 1), (1, *bare)) if answer.compare(sizes).right]
    return tuple(dict.fromkeys([answer.show(key), *(text for sizes in accepted for text in _spelled(sizes))]))


def _spelled(sizes: tuple[Any, ...]) -> list[str]:
    if not sizes:
        return ["scalar", "a scalar", "()"]
    if sizes[0] == ERROR:
        return [pattern.format(*two) for pattern in _CLASHES for two in (sizes[1:], sizes[:0:-1])] if sizes[1:] else []
    if len(sizes) == 1:
        return [pattern.format(sizes[0]) for pattern in ("({})", "{}", "({},)", "[{}]")]
    return [_joined(pattern, sizes) for pattern in _PATTERNS]


def _joined(pattern: str, sizes: tuple[Any, ...]) -> str:
    """The pattern for two sizes, stretched to any number of them."""
    before, between, after = pattern.split("{}")
    return f"{before}{between.join(map(str, sizes))}{after}"
