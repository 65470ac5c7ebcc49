"""Writing files where others may have written before: nothing is lost, half written, or written through a link."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assignments.errors import Problem


@dataclass(frozen=True)
class Written:
    """A file that now holds what it should; `fresh` is false where it did already."""

    file: Path
    fresh: bool


def write_all(root: Path, contents: Mapping[str, bytes], *, overwrite: bool = False) -> list[Written | Problem]:
    """Write these files below `root`, all of them or none.

    A file that is there with other contents is a problem unless `overwrite`. So is any link below
    `root`: what is written stays in the folder. Raises OSError when the disk does not take it.
    """
    problems = blocked(root, contents, overwrite=overwrite)
    return [*problems] or [_write(root / name, data) for name, data in contents.items()]


def blocked(root: Path, contents: Mapping[str, bytes], *, overwrite: bool = False) -> list[Problem]:
    """What keeps these files from being written, without writing any."""
    found = (_problem(root, root / name, data, overwrite) for name, data in contents.items())
    return [problem for problem in found if problem]


def _problem(root: Path, file: Path, data: bytes, overwrite: bool) -> Problem | None:
    link = next((place for place in _below(root, file) if place.is_symlink()), None)
    if link:
        return Problem(link, "", "is a link, and none is followed here; remove it")
    if not file.exists():
        return None
    if not file.is_file():
        return Problem(file, "", "is no file, but one goes here; move it away")
    if overwrite or file.read_bytes() == data:
        return None
    return Problem(file, "", "is there already and differs; keep it, or replace it with --overwrite")


def _below(root: Path, file: Path) -> list[Path]:
    """The file, and its folders up to `root`, which itself may lie behind a link."""
    return [file, *(folder for folder in file.parents if folder != root and folder.is_relative_to(root))]


def _write(file: Path, data: bytes) -> Written:
    if file.exists() and file.read_bytes() == data:
        return Written(file, fresh=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    # Renaming is atomic: whoever opens the file sees the old or the new one, never a half.
    draft = file.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as stream:
            stream.write(data)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return Written(file, fresh=True)
