"""An autograder for Gradescope: this version of Markscheme, the assignment, and what rebuilds each student's sheet.

The secret is not in it: the sheets come from their records.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from assignments.course import Course
from assignments.exports.wheel import wheel
from assignments.exports.zipped import zipped
from assignments.roster import Student
from assignments.sheet import PINNED, Sheet
from assignments.spec import Assignment

TEMPLATES = Path(__file__).parent / "autograder"
_RUNNABLE = frozenset({"setup.sh", "run_autograder"})
_COURSE = 'name = {name}\nsecret = "no-secret.txt"\n'
_NO_SECRET = "No secret: every sheet that is graded here stands in sheets/.\n"


def autograder(sheets: Sequence[Sheet], students: Iterable[Student], course: Course | None) -> bytes:
    """The zip for these students, or with the pinned sheet alone for everybody."""
    assignment, pinned = sheets[0].assignment, sheets[0].pinned
    files = {file.name: file.read_bytes() for file in sorted(TEMPLATES.iterdir()) if file.is_file()}
    name, data = wheel()
    files |= {name: data, "requirements.txt": _requirements(sheets).encode()}
    settings = {
        "assignment": f"assignments/{assignment.name}",
        "attempt": sheets[0].attempt,
        "pinned": PINNED if pinned else "",
        "students": {} if pinned else _addresses(students),
    }
    files["settings.json"] = json.dumps(settings, indent=1, ensure_ascii=False).encode()
    files |= {f"course/{name}": data for name, data in _course(assignment, sheets, course).items()}
    return zipped(files, _RUNNABLE)


def _addresses(students: Iterable[Student]) -> dict[str, str]:
    """From all that Gradescope may know a student by to the id."""
    return {known.casefold(): student.id for student in students for known in (student.email, student.id) if known}


def _course(assignment: Assignment, sheets: Sequence[Sheet], course: Course | None) -> dict[str, bytes]:
    """A course folder with this one assignment."""
    title = json.dumps(course.name if course else assignment.name, ensure_ascii=False)
    files = {"course.toml": _COURSE.format(name=title).encode(), "no-secret.txt": _NO_SECRET.encode()}
    files |= {f"assignments/{assignment.name}/{name}": data for name, data in _all(assignment.folder)}
    if course:
        files |= {f"families/{name}": data for name, data in _all(course.folder / "families")}
    for sheet in sheets:
        if not sheet.pinned:
            record = f"sheets/{assignment.name}/attempt-{sheet.attempt}/{sheet.student}.json"
            files[record] = json.dumps(sheet.stored(), ensure_ascii=False, indent=1).encode()
    return files


def _all(folder: Path) -> list[tuple[str, bytes]]:
    """The files below a folder, hidden ones and caches left out."""
    places = [place for place in sorted(folder.rglob("*")) if place.is_file()] if folder.is_dir() else []
    names = [(place.relative_to(folder), place) for place in places]
    return [(name.as_posix(), place.read_bytes()) for name, place in names
            if not any(bit.startswith((".", "__pycache__")) for bit in name.parts)]  # fmt: skip


def _requirements(sheets: Sequence[Sheet]) -> str:
    """What student code needs beside NumPy."""
    answers = [part.answer for sheet in sheets for item in sheet.items for part in item.variant.parts]
    torch = any(getattr(answer, "profile", "") == "torch" for answer in answers)
    return "--extra-index-url https://download.pytorch.org/whl/cpu\ntorch>=2.6\n" if torch else ""
