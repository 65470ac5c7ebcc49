"""Where something stands in the author's files: lines by what is written there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

AROUND = 3  # lines shown before and after the one that is meant


@dataclass(frozen=True)
class Place:
    """A line of a file, with some lines around it, each with its number."""

    file: str
    line: int
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Source:
    """A file of an author. One that is no Python has lines, but no texts."""

    file: Path

    @cached_property
    def lines(self) -> list[str]:
        """Its lines; none if it cannot be read."""
        try:
            return self.file.read_text("utf-8", errors="replace").splitlines()
        except OSError:
            return []

    def place(self, line: int) -> Place:
        """This line and its neighbours; counted from 1."""
        first = max(line - AROUND, 1)
        shown = enumerate(self.lines[first - 1 : line + AROUND], first)
        return Place(_short(self.file), line, tuple(shown))

    def quoted(self, text: str) -> Iterator[Place]:
        """Where a string is exactly this text."""
        return (self.place(node.lineno) for node in self._texts if node.value == text)

    def within(self, word: str) -> Iterator[Place]:
        """Where a string holds this word or LaTeX command: the line that shows it, or else the string's first."""
        bare = word.lstrip("\\")  # a backslash may be written twice
        whole = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(bare)}(?![A-Za-z0-9_])")
        for node in self._texts:
            if word in str(node.value) and whole.search(str(node.value)):
                span = range(node.lineno, (node.end_lineno or node.lineno) + 1)
                yield self.place(next((n for n in span if whole.search(self.lines[n - 1])), node.lineno))

    def starting(self, pattern: str) -> Iterator[Place]:
        """The lines that begin with this regular expression."""
        return (self.place(n) for n, line in enumerate(self.lines, 1) if re.match(pattern, line))

    @cached_property
    def _texts(self) -> list[ast.Constant]:
        try:
            tree = ast.parse("\n".join(self.lines))
        except (SyntaxError, ValueError):
            return []
        found = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _short(file: Path) -> str:
    """The path from the current folder, if it is in there."""
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
