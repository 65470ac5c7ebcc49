"""Where children come from: forked from a warm process where the system allows it, else started fresh."""

from __future__ import annotations

import functools
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ENTRY = Path(__file__).resolve().with_name("entry.py")


@dataclass(frozen=True)
class Ends:
    """The child's ends of its four pipes."""

    requests: int
    replies: int
    stdout: int
    stderr: int


@dataclass(frozen=True)
class Usage:
    """What a child used: seconds of the processor, and the bytes of memory at its peak, libraries included."""

    cpu: float = 0.0
    peak: int = 0


class Child(Protocol):
    """A process that runs, or has run. `usage` is known once it has ended."""

    usage: Usage

    def wait(self, seconds: float) -> int | None:
        """The exit status, negative for a signal; None where it has not ended in this time. Raises OSError."""

    def kill(self) -> None:
        """End it for certain and wait for that."""


class Host(Protocol):
    """Starts children. Their scratch folders lie in `ours`, which the children know as `theirs`."""

    ours: Path
    theirs: Path

    def start(self, ends: Ends) -> Child:
        """A child that serves these pipes. Raises OSError."""


def host(profile: str) -> Host:
    """Where children of this profile come from on this machine. Raises OSError."""
    from grader.sandbox import fresh, warm

    return warm.zygote(profile) if warm.supported() else fresh.Fresh(profile)


def command(*arguments: str) -> list[str]:
    """How Python is started for entry.py: without a user's settings, and without writing compiled files."""
    return [sys.executable, "-I", "-B", "-X", "utf8", str(ENTRY), *arguments]


@functools.cache
def environment() -> dict[str, str]:
    """One thread for every linear-algebra library, and no display; nothing else."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return threads | {"MPLBACKEND": "Agg"}
