"""What a folder or an archive may hold: caps, names, and the files nobody needs to hear about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from grader.note import Note

ENTRIES = 2_000
MIB = 1024 * 1024
LARGEST = 32 * MIB  # one file
TOTAL = 64 * MIB  # all files of one submission
DEPTH = 12  # folders within folders
LONGEST_NAME = 240

_JUNK = {".git", ".ipynb_checkpoints", "__pycache__", "__macosx", ".pytest_cache", ".venv", ".idea", ".vscode",
         ".ds_store", "thumbs.db", "desktop.ini"}  # fmt: skip


@dataclass
class Contents:
    """The files of one submission by name (with / between folders), and the remarks made while reading."""

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    total: int = 0

    def refuse(self, name: str, message: str) -> None:
        """Leave an entry out, and say why."""
        self.notes.append(Note(printable(name), "", message))

    def room(self, name: str, size: int) -> bool:
        """May a file of this size still come in? Says so when not."""
        if size > LARGEST:
            self.refuse(name, f"is {mib(size)} unpacked; a file may have {mib(LARGEST)}. It was left out")
        elif self.total + size > TOTAL:
            self.refuse(name, f"was left out: a submission may hold {mib(TOTAL)} in all. Remove data and outputs")
        else:
            return True
        return False

    def add(self, name: str, data: bytes) -> None:
        """Take a file in."""
        self.files[printable(name)] = data
        self.total += len(data)


def is_junk(name: str) -> bool:
    """Is this a by-product (caches, checkpoints, what a desktop leaves behind)?"""
    parts = PurePosixPath(name).parts
    return any(p.lower() in _JUNK or p.startswith("._") for p in parts) or name.endswith((".pyc", ".pyo"))


def unwrapped(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files without the one folder that wraps them all, if there is one."""
    tops = {name.partition("/")[0] for name in files}
    if len(tops) != 1 or not all("/" in name for name in files):
        return dict(files)
    return {name.partition("/")[2]: data for name, data in files.items()}


def printable(name: str) -> str:
    """A file name that can be shown: bytes that are no text, and control characters, become marks."""
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    tidy = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
    return tidy if len(tidy) <= LONGEST_NAME else f"{tidy[:LONGEST_NAME]}…"


def mib(size: int) -> str:
    """A size for people."""
    return f"{size / MIB:,.0f} MiB" if size >= MIB else f"{size:,} bytes"
