"""The files of a submission that are copied beside its code: sources and data, never trusted as paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from grader.notebook_code import stand_in

MOST_FILES = 200
MOST_BYTES = 16 << 20  # in all
_LONGEST = 200  # characters of a name
_NAME = re.compile(
    r"(?!\.)[\w\-+@ ()\[\],.]{1,60}"
)  # one step of a path (60 letters are at most 240 bytes); no hidden ones, no ".."
_COMPILED = (".pyc", ".pyo", ".so", ".pyd", ".dll", ".dylib", ".pth")


def sources(files: Mapping[str, bytes], asked: Iterable[str] = ()) -> tuple[dict[str, bytes], list[str]]:
    """The files that may lie beside the code, and a note for each one that was left out.

    Where a file that is `asked` for is missing, the code cells of a notebook become that file.
    """
    made, notes = stand_in(files, asked)
    kept: dict[str, bytes] = {}
    size = 0
    for name, data in {**files, **made}.items():
        reason = _refused(name)
        if not reason and (len(kept) >= MOST_FILES or size + len(data) > MOST_BYTES):
            reason = f"beyond {MOST_FILES} files or {MOST_BYTES >> 20} MiB"
        if reason:
            notes.append(f"{name[:_LONGEST]!r} was left out: {reason}")
        else:
            kept[name] = data
            size += len(data)
    return _without_clashes(kept, notes), notes


def _refused(name: str) -> str:
    steps = name.split("/")
    if len(name) > _LONGEST or not all(_NAME.fullmatch(step) for step in steps):
        return "its name is no plain relative path"
    if "__pycache__" in steps or name.lower().endswith(_COMPILED):
        return "compiled code is not taken, only sources"
    return ""


def _without_clashes(kept: dict[str, bytes], notes: list[str]) -> dict[str, bytes]:
    """Drop a file whose name is a folder of another: both cannot lie on a disk."""
    folders = {"/".join(name.split("/")[:i]) for name in kept for i in range(1, name.count("/") + 1)}
    notes += [f"{name!r} was left out: a folder has its name" for name in kept if name in folders]
    return {name: data for name, data in kept.items() if name not in folders}
