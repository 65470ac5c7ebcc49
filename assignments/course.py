"""The course folder: its name, its secret, and where things are."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

from assignments.errors import Problem, SetupError

FILE = "course.toml"
_FIRST_ROSTER = """\
student,name,email,section
ada,Ada Lovelace,ada@example.org,A
alan,Alan Turing,alan@example.org,A
"""
_FIRST_ASSIGNMENT = """\
title = "Week 1: convolution by hand"
instructions = "Show your work. Exact numbers, no rounding."

[[questions]]
id = "q1"
family = "convolution.hand"
level = "easy"
points = 4

[[questions]]
id = "q2"
family = "counting.parameters"
points = 3
"""


@dataclass(frozen=True)
class Course:
    """A course folder."""

    folder: Path
    name: str
    secret: str

    @property
    def roster(self) -> Path:
        """Where the roster is expected."""
        return self.folder / "roster.csv"


def find_course(start: Path) -> Course | None:
    """The course whose folder is `start` or the nearest one above it.

    Raises SetupError when its files are broken.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / FILE).is_file():
            return _read(folder)
    return None


def create_course(folder: Path, name: str) -> list[Path]:
    """Lay out a course folder; returns what was made. Files that are there already are left alone."""
    contents = {
        FILE: f'name = {_quoted(name)}\nsecret = "secret.key"  # draws every exercise; keep it, keep it to yourself\n',
        "roster.csv": _FIRST_ROSTER,
        ".gitignore": "secret.key\nsubmissions/\ngrades/\n",
        "assignments/week-1/assignment.toml": _FIRST_ASSIGNMENT,
    }
    made = [folder / "secret.key"] if _new_secret(folder) else []
    for relative, text in contents.items():
        file = folder / relative
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            made.append(file)
    for empty in ("submissions", "grades"):
        (folder / empty).mkdir(exist_ok=True)
    return made


def _new_secret(folder: Path) -> bool:
    """Write a fresh secret that only its owner can read, unless there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret.key"
    if file.exists():
        return False
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(secrets.token_hex(32) + "\n")
    return True


def _read(folder: Path) -> Course:
    file = folder / FILE
    try:
        table = tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(Problem(file, "", f"is not TOML in UTF-8: {error}")) from None
    secret_file = folder / str(table.get("secret", "secret.key"))
    if not secret_file.is_file() or not secret_file.read_text("utf-8").strip():
        remedy = "is missing or empty; restore it from your copy (a new one would draw other exercises)"
        raise SetupError(Problem(secret_file, "", remedy))
    return Course(folder, str(table.get("name", folder.name)), secret_file.read_text("utf-8").strip())


def _quoted(text: str) -> str:
    """A TOML string."""
    import json

    return json.dumps(text)
