"""The roster: who takes the course, read from the CSV that a registrar's office exports."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from assignments.errors import Problem, SetupError

# A student id names folders and files, so it may hold nothing that a file system reads as more than a name.
_ID = re.compile(r"\w[\w.@+-]{0,63}")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(1, 10))}


@dataclass(frozen=True)
class Student:
    """One row of the roster; columns beyond the four known ones are kept in `extra`."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """The students that can be served, and a problem for each row that cannot."""

    students: tuple[Student, ...]
    problems: tuple[Problem, ...]


def id_problem(id: str) -> str:
    """What is wrong with a student id, or an empty text."""
    if not id:
        return "the student id is empty"
    if not _ID.fullmatch(id) or ".." in id or id.endswith(".") or id.partition(".")[0].lower() in _RESERVED:
        return f"the student id {id!r} cannot name a folder; use letters, digits and . _ - @ + (at most 64)"
    return ""


def read_roster(file: Path) -> Roster:
    """Read student,name,email,section and further columns, split by commas, semicolons or tabs.

    Rows that cannot be used (empty, repeated or unsafe ids) become problems and cost nobody else.
    Raises SetupError where there is no file or no `student` column.
    """
    problems: list[Problem] = []
    rows = _rows(file, _text(file, problems))
    students: dict[str, Student] = {}
    for line, row in rows:
        student = _student(row)
        trouble = id_problem(student.id)
        if not trouble and student.id.casefold() in students:
            trouble = f"the student id {student.id!r} stands in an earlier row too; the first one is kept"
        if trouble:
            problems.append(Problem(file, f"line {line}", trouble))
        else:
            students[student.id.casefold()] = student
    return Roster(tuple(students.values()), tuple(problems))


def _text(file: Path, problems: list[Problem]) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SetupError(Problem(file, "", f"cannot be read: {error.strerror}")) from None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = "is not UTF-8; read as Windows-1252 instead: check the names, or save it as UTF-8"
        problems.append(Problem(file, f"line {line}", message))
        return data.decode("cp1252", "replace")


def _rows(file: Path, text: str) -> list[tuple[int, dict[str, str]]]:
    """The rows by lower-case column, with their line numbers; blank ones left out."""
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter)
    columns = [column.strip().lower() for column in next(reader, [])]
    if "student" not in columns:
        found = ", ".join(columns) or "nothing"
        raise SetupError(
            Problem(file, "line 1", f"needs a column called student (then name, email, section); found {found}")
        )
    try:
        return [(reader.line_num, dict(zip(columns, row, strict=False))) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise SetupError(Problem(file, f"line {reader.line_num}", f"is not CSV: {error}")) from None


def _student(row: dict[str, str]) -> Student:
    tidy = {column: unicodedata.normalize("NFC", value.strip()) for column, value in row.items()}
    known = ("student", "name", "email", "section")
    id, name, email, section = (tidy.get(column, "") for column in known)
    return Student(id, name, email, section, {c: v for c, v in tidy.items() if c not in known and c})
