"""The files of a folder, read without following or waiting for anything."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from grader.contents import DEPTH, ENTRIES, LARGEST, Contents, is_junk

# Neither follow a link nor wait for a pipe, even one that took the place of a file a moment ago.
_CAUTIOUS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def read_folder(folder: Path) -> Contents:
    """The regular files below `folder`, smallest first; everything else becomes a note."""
    contents, found = Contents(), list[tuple[int, str, Path]]()
    _walk(folder, "", found, contents)
    for size, name, path in sorted(found):
        if contents.room(name, size):
            _take(path, name, contents)
    return contents


def read_one(file: Path) -> Contents:
    """A file by itself, as if it lay alone in a folder."""
    contents = Contents()
    _take(file, file.name, contents)
    return contents


def read_file(path: Path, limit: int) -> bytes:
    """At most limit + 1 bytes of a regular file.

    Raises OSError, also where the path is a link, a pipe, a device or a socket.
    """
    with os.fdopen(os.open(path, _CAUTIOUS), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError("is not a regular file")
        return stream.read(limit + 1)


def changed(path: Path) -> float:
    """When the file, or the newest file below the folder, was last changed; links are not followed."""
    if not path.is_dir():
        return path.lstat().st_mtime
    found: list[tuple[int, str, Path]] = []
    _walk(path, "", found, Contents())
    return max((file.lstat().st_mtime for _, _, file in found), default=path.lstat().st_mtime)


def _walk(folder: Path, prefix: str, found: list[tuple[int, str, Path]], contents: Contents) -> None:
    """Collect (size, name, path) of regular files, in the order of their names."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted((e for _, e in zip(range(ENTRIES + 1), entries, strict=False)), key=lambda e: e.name)
    except OSError as error:
        contents.refuse(prefix or folder.name, f"cannot be opened: {error.strerror}")
        return
    for entry in listed:
        name = prefix + entry.name
        if is_junk(name):
            continue
        if len(found) >= ENTRIES:
            contents.refuse(name, f"was left out with all after it: a submission may hold {ENTRIES:,} files")
            return
        _look_at(entry, name, found, contents)


def _look_at(entry: os.DirEntry[str], name: str, found: list[tuple[int, str, Path]], contents: Contents) -> None:
    status = entry.stat(follow_symlinks=False)
    if stat.S_ISDIR(status.st_mode) and name.count("/") < DEPTH:
        _walk(Path(entry.path), name + "/", found, contents)
    elif stat.S_ISREG(status.st_mode):
        found.append((status.st_size, name, Path(entry.path)))
    else:
        contents.refuse(name, f"{_kind(status.st_mode)} and was not opened. Hand in the file itself")


def _kind(mode: int) -> str:
    kinds = [(stat.S_ISLNK, "is a link"), (stat.S_ISFIFO, "is a pipe"), (stat.S_ISSOCK, "is a socket"),
             (stat.S_ISDIR, "lies too many folders deep")]  # fmt: skip
    return next((said for is_kind, said in kinds if is_kind(mode)), "is a device")


def _take(path: Path, name: str, contents: Contents) -> None:
    try:
        data = read_file(path, LARGEST)
    except OSError as error:
        contents.refuse(name, f"cannot be read: {error.strerror or error}")
        return
    if contents.room(name, len(data)):
        contents.add(name, data)
