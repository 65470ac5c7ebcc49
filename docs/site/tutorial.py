"""Plays a page of the documentation: what it says to write is written, what it says to type is typed.

A fence of the language `console` holds commands after `$ ` and below each what it prints; `…` stands for anything.
A fence with `title="path"` is a file to be written. The tests hold the output against the page; `make pictures`
photographs the rest.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[1] / "tutorial.md"
SECRET = "tutorial\n"
"""With this secret a course draws the numbers that stand on the page."""

_FENCE = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$', re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Step:
    """A command of the page, what the page says that it prints, and what it printed."""

    command: str
    expected: str
    printed: str
    status: int = 0

    @property
    def holds(self) -> bool:
        """Whether the page tells the truth, spaces aside."""
        said = ".*?".join(re.escape(_plain(bit)) for bit in self.expected.split("…"))
        return re.fullmatch(said.replace(r"\ ", r"\s*"), _plain(self.printed), re.DOTALL) is not None


def play(folder: Path, page: Path = PAGE) -> Iterator[Step]:
    """Follows the page in this empty folder, step by step."""
    here = folder
    for fence in _FENCE.finditer(page.read_text("utf-8")):
        if fence["title"]:
            (here / fence["title"]).write_text(fence["body"], "utf-8")
        elif fence["language"] == "console":
            for command, expected in _commands(fence["body"]):
                if command.startswith("cd "):
                    here /= command.removeprefix("cd ")
                else:
                    done = _run(command, here)
                    yield Step(command, expected, done.stdout, done.returncode)
                    for secret in here.glob("*/secret.key"):
                        secret.write_text(SECRET, "utf-8")


def _commands(body: str) -> Iterator[tuple[str, str]]:
    for entry in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, expected = entry.partition("\n")
        yield command, expected


def _run(command: str, here: Path) -> subprocess.CompletedProcess[str]:
    """The command in a shell, where the commands of this environment come first."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(
        ["sh", "-c", command],
        cwd=here,
        env={**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def _plain(text: str) -> str:
    return " ".join(text.split())
