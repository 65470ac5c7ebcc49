# ruff: noqa: E501  # tables of cases, one per line
"""Folders and zips are read without trusting them: whatever is hostile costs what it touches, and is named."""

from __future__ import annotations

import io
import json
import os
import socket
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.contents import ENTRIES, LARGEST, MIB, TOTAL
from grader.handed_in import find
from grader.submission import Submission, read_submission

QUESTIONS = ("q1", "q2", "q10")
END = struct.Struct("<4s4H2LH")


def submission(place: Path) -> Submission:
    return read_submission("ada", place, QUESTIONS)


def said(read: Submission) -> str:
    return "\n".join([read.trouble, *map(str, read.notes)])


def notebook(*cells: str) -> bytes:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]}).encode()


# Folders


def test_both_forms_are_merged(tmp_path: Path) -> None:
    """answers.toml and notebook complete each other; where they differ answers.toml counts, and it is said."""
    (tmp_path / "answers.toml").write_text('[q1]\na = 1\nb = ""\nd = "[1, 2]"')
    (tmp_path / "week.ipynb").write_bytes(notebook('q1 = {"a": 2, "b": 3, "d": [1, 2]}\nq2 = {"c": 4}'))
    read = submission(tmp_path)
    assert read.answers == {"q1": {"a": 1, "b": 3, "d": "[1, 2]"}, "q2": {"c": 4}}
    assert [str(note) for note in read.notes] == ["week.ipynb: q1.a: differs from answers.toml; answers.toml counts"]


@pytest.mark.parametrize(
    "name", ["answers.toml", "Answers.toml", "answers (1).toml", "answers.toml.txt", "week-1/answers.toml"]
)
def test_answers_are_found_under_the_names_that_browsers_give(tmp_path: Path, name: str) -> None:
    """A renamed or wrapped file is still the answers."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("[q1]\na = 1")
    assert submission(tmp_path).answers == {"q1": {"a": 1}}


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    """Links, pipes and sockets are named and never opened; junk is not even named."""
    secret = tmp_path / "secret"
    secret.write_text("[q1]\na = 666")
    folder = tmp_path / "ada"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    (folder / "answers.toml").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "own.py").write_text("x = 1")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket may be 108 characters long
        server.bind("socket")
        os.chdir(here)
        read = submission(folder)
    assert dict(read.files) == {"own.py": b"x = 1"}
    assert not read.answers
    assert {note.file for note in read.notes} == {"answers.toml", "loop", "pipe.ipynb", "socket"}


def test_deep_and_huge_files_are_left_out(tmp_path: Path) -> None:
    """Each with a remark; the answers are read."""
    (tmp_path / "answers.toml").write_text("[q1]\na = 1")
    (tmp_path / "/".join("d" * 40)).mkdir(parents=True)
    with (tmp_path / "huge").open("wb") as stream:
        stream.truncate(LARGEST + 1)
    read = submission(tmp_path)
    assert (read.answers, dict(read.files)) == ({"q1": {"a": 1}}, {})
    assert "too many folders deep" in said(read)
    assert "huge: is 32 MiB unpacked" in said(read)


def test_the_number_of_files_is_capped(tmp_path: Path) -> None:
    """Beyond it the rest is left out, and it is said once."""
    (tmp_path / "answers.toml").write_text("[q1]\na = 1")
    for i in range(ENTRIES + 5):
        (tmp_path / f"f{i:05}").touch()
    read = submission(tmp_path)
    assert read.answers == {"q1": {"a": 1}}
    assert len(read.files) == ENTRIES - 1
    assert said(read).count("may hold") == 1


def test_names_that_are_no_text_can_be_shown(tmp_path: Path) -> None:
    """A file name of raw bytes does not break a report."""
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n.py")).write_text("x")
    read = submission(tmp_path)
    assert next(iter(read.files)).encode()
    assert "\n" not in next(iter(read.files))


# Zips


def zipped(**entries: bytes | str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


def read_bytes(tmp_path: Path, data: bytes) -> Submission:
    place = tmp_path / "ada.zip"
    place.write_bytes(data)
    return submission(place)


@pytest.mark.parametrize("prefix", ["", "week-1/", "./", "week-1\\"])
def test_a_wrapping_folder_is_taken_off(tmp_path: Path, prefix: str) -> None:
    """Zips of a folder and of its files read the same; so does one with a Mac's additions."""
    extra = {f"{prefix}sub/own.py": "x", "__MACOSX/._answers.toml": "junk", f"{prefix}.DS_Store": "junk"}
    read = read_bytes(tmp_path, zipped(**{f"{prefix}answers.toml": "[q1]\na = 1"}, **extra))
    assert read.answers == {"q1": {"a": 1}}
    assert list(read.files) == ["sub/own.py"]
    assert not read.notes


def _with(name: str, change: Callable[[zipfile.ZipInfo], None], data: bytes = b"x") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("answers.toml", "[q1]\na = 1")
        info = zipfile.ZipInfo(name)
        change(info)
        archive.writestr(info, data)
    return stream.getvalue()


def _twice() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("answers.toml", "[q1]\na = 1")
        archive.writestr("own.py", "x")
        archive.writestr("own.py", "longer")
    return stream.getvalue()


def _flag(data: bytes, offset: int, value: int) -> bytes:
    """Change two bytes of the last entry of the directory."""
    at = data.rindex(b"PK\1\2") + offset
    return data[:at] + struct.pack("<H", value) + data[at + 2 :]


def _size(data: bytes, size: int) -> bytes:
    at = data.rindex(b"PK\1\2") + 24
    return data[:at] + struct.pack("<L", size) + data[at + 4 :]


def _plain(name: str = "own.py", data: bytes = b"x" * 50) -> bytes:
    return _with(name, lambda info: None, data)


BAD_ENTRIES: dict[str, tuple[Callable[[], bytes], str]] = {
    "climbs out": (lambda: _plain("../../etc/passwd"), "leads out"),
    "absolute": (lambda: _plain("/etc/passwd"), "leads out"),
    "a drive": (lambda: _plain("C:\\own.py"), "leads out"),
    "too deep": (lambda: _plain("d/" * 40 + "x"), "leads out"),
    "a link": (lambda: _with("own.py", lambda info: setattr(info, "external_attr", 0o120777 << 16)), "is a link"),
    "a device": (lambda: _with("own.py", lambda info: setattr(info, "external_attr", 0o020666 << 16)), "device"),
    "encrypted": (lambda: _flag(_plain(), 8, 1), "encrypted"),
    "an unusual method": (lambda: _flag(_plain(), 10, 14), "unusual method"),
    "twice": (_twice, "twice"),
    "claims to be larger": (lambda: _size(_plain(), 60), "damaged"),
    "claims to be smaller": (lambda: _size(_plain(), 10), "damaged"),
    "claims to be huge": (lambda: _size(_plain(), LARGEST + 1), "may have"),
    "wrong checksum": (lambda: _plain().replace(b"x" * 50, b"y" * 50), "damaged"),
    "a bomb": (lambda: zipped(**{"answers.toml": "[q1]\na = 1", "bomb": b"\0" * (LARGEST + MIB)}), "may have"),
    "a bomb that lies": (lambda: _size(zipped(**{"answers.toml": "[q1]\na = 1", "z": b"\0" * (40 * MIB)}), 10), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "remark"), BAD_ENTRIES.values(), ids=BAD_ENTRIES)
def test_a_bad_entry_costs_only_itself(tmp_path: Path, make: Callable[[], bytes], remark: str) -> None:
    """It is refused with its name and a remedy; the answers beside it are read, and nothing touches the disk."""
    read = read_bytes(tmp_path, make())
    assert read.answers == {"q1": {"a": 1}}
    assert remark in said(read)
    assert [file.name for file in tmp_path.iterdir()] == ["ada.zip"]


def test_the_total_is_capped(tmp_path: Path) -> None:
    """Many bombs within the cap of one file stop at the cap of all; the small answers come first."""
    read = read_bytes(
        tmp_path, zipped(**{"answers.toml": "[q1]\na = 1"}, **{f"b{i}": b"\0" * (30 * MIB) for i in range(4)})
    )
    assert read.answers == {"q1": {"a": 1}}
    assert sum(map(len, read.files.values())) <= TOTAL
    assert said(read).count("in all") == 2


def _end(count: int, size: int, offset: int, before: bytes = b"") -> bytes:
    return before + END.pack(b"PK\5\6", 0, 0, count, count, size, offset, 0)


BAD_ZIPS = {
    "no zip": (b"hello", "no zip"),
    "empty": (b"", "no zip"),
    "cut off": (zipped(a="x" * 1000)[:-30], "no zip"),
    "2001 entries": (_end(2001, 0, 0), "2,001 entries"),
    "zip64": (_end(1, 0xFFFFFFFF, 0xFFFFFFFF), "zip64"),
    "a million entries": (
        struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 10**6, 10**6, 46 * 10**6, 0)
        + struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1) + _end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF), "entries"),
    "a hidden zip64 locator": (_end(1, 0, 0, struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)), "zip64"),
    "a directory of 2 MiB": (_end(3, 2 * MIB, 0, b"\0" * 2 * MIB), "directory"),
    "a directory beyond the file": (_end(3, 500, 0), "directory"),
    "a directory that lies about its place": (_end(0, 0, 99), "directory"),
    "fewer entries than claimed": (_end(3, 0, 0), "directory"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "remark"), BAD_ZIPS.values(), ids=BAD_ZIPS)
def test_a_bad_zip_is_refused_in_milliseconds(tmp_path: Path, data: bytes, remark: str) -> None:
    """Claims are refused before anything acts on them, and the student is told what to do."""
    began = time.perf_counter()
    read = read_bytes(tmp_path, data)
    assert time.perf_counter() - began < 0.2
    assert remark in read.trouble
    assert not read.files


@given(st.data())
def test_a_damaged_zip_raises_nothing(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Any bytes of a real zip may be wrong."""
    raw = bytearray(zipped(**{"answers.toml": "[q1]\na = 1", "b.py": "x" * 99}))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(read_bytes(tmp_path_factory.mktemp("zip"), bytes(raw)), Submission)


# Who handed in what


def test_submissions_are_found_by_name(tmp_path: Path) -> None:
    """Folders and zips named after students; all else is named, and links are not followed."""
    for name in ("ada", "Bob", "bad name", ".hidden", "__MACOSX"):
        (tmp_path / name).mkdir()
    (tmp_path / "eve.ZIP").write_bytes(zipped(a="x"))
    (tmp_path / "list.txt").touch()
    (tmp_path / "link").symlink_to("/etc")
    found, notes = find(tmp_path, ["ada", "bob"])
    assert [one.student for one in found] == ["ada", "bob", "eve"]
    assert {note.file for note in notes} == {"bad name", "list.txt", "link"}


@pytest.mark.parametrize("newer", ["ada", "Ada.zip"])
def test_of_two_submissions_the_newest_is_graded(tmp_path: Path, newer: str) -> None:
    """Both are named, and nothing is removed."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "answers.toml").touch()
    (tmp_path / "Ada.zip").write_bytes(zipped(a="x"))
    for place in (tmp_path / "ada" / "answers.toml", tmp_path / "Ada.zip"):
        os.utime(place, (2e9, 2e9) if newer in place.parts else (1e9, 1e9))
    (one,), _ = find(tmp_path, ["ada"])
    other = ({"ada", "Ada.zip"} - {newer}).pop()
    assert (one.student, one.place.name) == ("ada", newer)
    assert f"not graded: {other}" in str(one.notes[0])
    assert len(list(tmp_path.iterdir())) == 2


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    """It changes with an answer or a file, not with a touch."""
    file = tmp_path / "answers.toml"
    file.write_text("[q1]\na = 1")
    before = submission(tmp_path).fingerprint
    os.utime(file, (1e9, 1e9))
    assert submission(tmp_path).fingerprint == before
    (tmp_path / "own.py").write_text("x")
    second = submission(tmp_path).fingerprint
    file.write_text("[q1]\na = 2")
    assert len({before, second, submission(tmp_path).fingerprint}) == 3
