"""The private folder of a job: filled with copies, watched while the job runs, removed whatever lies in it.

A submission can nest folders deeper than a path can name, or make them unreadable; none of that may
hide what it wrote, outlast it, or bring the grader down.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files, by relative path."""
    for name, data in files.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def excess(folder: Path, size: int, entries: int) -> str:
    """What is wrong with a folder that a job writes into at this moment; nothing, if nothing is."""
    waiting, total, count = [str(folder)], 0, 0
    while waiting:
        try:
            with os.scandir(waiting.pop()) as found:
                for entry in found:
                    count += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        total += _size(entry)
                    if total > size or count > entries:
                        return f"wrote more than {size >> 20} MiB or {entries:,} files"
        except (FileNotFoundError, NotADirectoryError):
            continue  # it is gone again
        except OSError:  # too deep for a path, or made unreadable
            return "wrote folders that cannot be looked into"
    return ""


def remove(folder: Path) -> None:
    """Remove the folder of a job that has ended. What the system does not let go of stays."""
    with contextlib.suppress(OSError):
        top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _empty(top)
        finally:
            os.close(top)
        folder.rmdir()


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0


def _empty(top: int) -> None:
    """Folder by folder: what is in one moves up to the top before it goes, so that no path gets long."""
    prefix = secrets.token_hex(8)
    names = (f"{prefix}{number}" for number in itertools.count())
    waiting = os.listdir(top)
    while waiting:
        name = waiting.pop()
        if _is_folder(name, top):
            waiting += _lift(name, top, names)
            os.rmdir(name, dir_fd=top)
        else:
            os.unlink(name, dir_fd=top)


def _lift(name: str, top: int, names: Iterator[str]) -> list[str]:
    """Move the entries of this folder up, under new names."""
    lifted = []
    os.chmod(name, stat.S_IRWXU, dir_fd=top)
    folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        for entry in os.listdir(folder):  # noqa: PTH208  # a descriptor has no Path
            if _is_folder(entry, folder):
                os.chmod(entry, stat.S_IRWXU, dir_fd=folder)  # or it would not move
            lifted.append(next(names))
            os.rename(entry, lifted[-1], src_dir_fd=folder, dst_dir_fd=top)
    finally:
        os.close(folder)
    return lifted


def _is_folder(name: str, parent: int) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
