"""The files of a zip, read in memory from its directory; nothing is ever written to disk.

The directory at the end is walked here rather than by `zipfile`, because its claims (how many
entries, how large, where) must be refused before anything acts on them.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.contents import DEPTH, ENTRIES, MIB, TOTAL, Contents, is_junk, mib
from grader.folder import read_file

_END = struct.Struct("<4s4H2LH")  # mark, this disk, directory's disk, entries here, entries, size, offset, comment
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_DIRECTORY = MIB
_STORED, _DEFLATED = 0, 8


class ArchiveError(ValueError):
    """A zip that cannot be read as a whole; the message says what to do."""


@dataclass(frozen=True)
class _Entry:
    """One line of the directory. `start` is where its local header begins."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    mode: int
    start: int


def read_zip(path: Path) -> Contents:
    """The files of a zip, smallest first; every entry that is refused becomes a note.

    Raises ArchiveError where the file as a whole is no zip, or claims too much, and OSError.
    """
    data = read_file(path, TOTAL)
    if len(data) > TOTAL:
        raise ArchiveError(f"has more than {mib(TOTAL)}; remove data and outputs, and zip again")
    contents, seen = Contents(), set[str]()
    for entry in sorted(_directory(data), key=lambda e: e.size):
        if entry.name.endswith("/") or is_junk(entry.name):
            continue
        problem = _problem(entry, seen)
        if problem:
            contents.refuse(entry.name, problem)
        elif contents.room(entry.name, entry.size):
            seen.add(entry.name)
            _take(data, entry, contents)
    return contents


def _directory(data: bytes) -> list[_Entry]:
    """The entries, once the record at the end of the file has been found modest."""
    end = data.rfind(b"PK\5\6", max(0, len(data) - _END.size - 0xFFFF))
    if end < 0 or len(data) < end + _END.size:
        raise ArchiveError("is no zip, or was cut off in the upload; zip the files again and hand in anew")
    _, _, _, _, count, size, offset, _ = _END.unpack_from(data, end)
    if count > ENTRIES:
        raise ArchiveError(f"claims {count:,} entries; a submission may hold {ENTRIES:,}. Zip only the files asked for")
    if offset == 0xFFFFFFFF or size == 0xFFFFFFFF or data[max(0, end - 20) : end][:4] == b"PK\6\7":
        raise ArchiveError("is in the zip64 format for huge archives; zip only the files asked for")
    if size > min(_DIRECTORY, end):
        raise ArchiveError(f"claims a directory of {mib(size)}; zip the files again")
    shift = end - size - offset  # bytes before the archive, as in a self-extracting one
    if shift < 0:
        raise ArchiveError("has a damaged directory; zip the files again")
    entries = list(_walk(data[end - size : end], shift))
    if len(entries) != count:
        raise ArchiveError("has a damaged directory; zip the files again")
    return entries


def _walk(directory: bytes, shift: int) -> Iterator[_Entry]:
    at = 0
    while at + _ENTRY.size <= len(directory) and directory[at : at + 4] == b"PK\1\2":
        (_, _, _, flags, method, _, _, checksum, packed, size, name, extra, comment, _, _, outside, start) = (
            _ENTRY.unpack_from(directory, at)
        )
        raw = directory[at + _ENTRY.size : at + _ENTRY.size + name]
        text = raw.decode("utf-8" if flags & 0x800 else "cp437", "replace").replace("\\", "/")
        tidy = "/".join(bit for bit in text.split("/") if bit != ".")
        yield _Entry(tidy, flags, method, checksum, packed, size, outside >> 16, start + shift)
        at += _ENTRY.size + name + extra + comment


def _problem(entry: _Entry, seen: set[str]) -> str:
    """Why an entry is refused before a byte of it is unpacked."""
    steps = entry.name.split("/")
    if entry.name.startswith("/") or ".." in steps or ":" in steps[0] or "\0" in entry.name or len(steps) > DEPTH:
        return "has a path that leads out of the archive, or too deep; it was left out. Zip the folder itself"
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG):
        return "is a link or a device, not a file; it was left out. Zip the file itself"
    if entry.flags & 1:
        return "is encrypted; zip it without a password"
    if entry.method not in (_STORED, _DEFLATED):
        return "is packed with an unusual method; zip it with the system's own tool"
    if entry.name in seen:
        return "stands in the archive twice; the smaller one was read. Zip the files again"
    return ""


def _take(data: bytes, entry: _Entry, contents: Contents) -> None:
    try:
        unpacked = _unpack(data, entry)
    except (zlib.error, struct.error, ArchiveError):
        contents.refuse(entry.name, "is damaged, or not as large as the archive says; zip it again")
        return
    contents.add(entry.name, unpacked)


def _unpack(data: bytes, entry: _Entry) -> bytes:
    """The bytes of an entry; never more than its claimed size, which is within the caps."""
    mark, *_, name, extra = _LOCAL.unpack_from(data, entry.start)
    start = entry.start + _LOCAL.size + name + extra
    packed = data[start : start + entry.packed]
    unpacked = packed
    if entry.method == _DEFLATED:
        unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.size + 1)
    if mark != b"PK\3\4" or len(unpacked) != entry.size or zlib.crc32(unpacked) != entry.checksum:
        raise ArchiveError(entry.name)
    return unpacked
