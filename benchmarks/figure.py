"""One measured figure with its target."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value; `at_most` and `at_least` are what it must reach, if anything."""

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool:
        """Is the target met?"""
        over = self.at_least is None or self.value >= self.at_least
        return over and (self.at_most is None or self.value <= self.at_most)

    @property
    def target(self) -> str:
        """The target in words."""
        if self.at_least is not None:
            return f">= {self.at_least:,.4g}"
        return f"<= {self.at_most:,.4g}" if self.at_most is not None else ""


def quick() -> bool:
    """Are fewer repetitions asked for (`--quick`)?"""
    return "--quick" in sys.argv


def rate(work: Callable[[int], object], seconds: float = 0.5) -> float:
    """Calls per second of work(0), work(1), ...: the best of three windows, since others use the machine too."""
    work(-1)
    return max(_window(work, seconds / 3, 100_000 * k) for k in range(3))


def _window(work: Callable[[int], object], seconds: float, start: int) -> float:
    began, i = time.perf_counter(), start
    while time.perf_counter() - began < seconds:
        work(i)
        i += 1
    return (i - start) / (time.perf_counter() - began)
