"""What one submission uses in all the processes that run it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from grader.sandbox.host import Usage


@dataclass
class Spent:
    """Seconds of the processor, the largest peak of memory in bytes, and until when it may go on."""

    until: float = math.inf
    cpu: float = 0.0
    peak: int = 0

    def add(self, usage: Usage) -> None:
        """Count what one process used."""
        self.cpu, self.peak = self.cpu + usage.cpu, max(self.peak, usage.peak)

    @property
    def over(self) -> bool:
        """Is its time up?"""
        return time.monotonic() > self.until
