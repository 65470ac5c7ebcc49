"""What `markscheme --help` costs, against importing click and rich."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure


def figures() -> Iterator[Figure]:
    """The ratio of the best of several runs of each, in turn."""
    script = str(Path(sys.executable).with_name("markscheme"))
    base_command, help_command = [sys.executable, "-I", "-c", "import click, rich"], [script, "--help"]
    runs = [(_seconds(base_command), _seconds(help_command)) for _ in range(7)]
    base, with_help = min(b for b, _ in runs), min(h for _, h in runs)
    note = f"{1000 * with_help:.0f} ms against {1000 * base:.0f} ms"
    yield Figure("markscheme --help / import click, rich", with_help / base, "x", at_most=3, note=note)


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began
