"""Who handed in what: the folders and zips in a submissions folder, by student."""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assignments.roster import id_problem
from grader.contents import is_junk, printable
from grader.folder import changed
from grader.note import Note


@dataclass(frozen=True)
class HandedIn:
    """Where one student's submission lies."""

    student: str
    place: Path
    notes: tuple[Note, ...] = ()


def find(
    folder: Path, students: Iterable[str] = (), *, single: Collection[str] = ()
) -> tuple[list[HandedIn], list[Note]]:
    """One submission per student, by id, and a note for every entry that is none.

    A submission is a folder or a zip, or one file with an ending in `single` (".ipynb").
    `students` are the ids of the roster; an entry that differs from one only in case is theirs. Of
    several submissions of one student the newest counts: a zip's own time, or the newest file's.
    """
    known = {student.casefold(): student for student in students}
    places: dict[str, list[Path]] = {}
    notes: list[Note] = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or is_junk(entry.name):
            continue
        name, problem = _student(entry, single)
        if problem:
            notes.append(Note(printable(entry.name), "", problem))
        else:
            places.setdefault(known.get(name.casefold(), name).casefold(), []).append(entry)
    return [_newest(known.get(id, ""), entries, single) for id, entries in sorted(places.items())], notes


def _student(entry: Path, single: Collection[str]) -> tuple[str, str]:
    """The student id that an entry is named after, or what is wrong with the entry."""
    mode = entry.lstat().st_mode
    name = unicodedata.normalize("NFC", printable(entry.name))
    is_file = stat.S_ISREG(mode) and entry.suffix.lower() in (".zip", *single)
    if stat.S_ISLNK(mode):
        return "", "is a link and was not followed; put the folder itself here"
    if not (stat.S_ISDIR(mode) or is_file):
        kinds = " or ".join(["a folder", "a zip", *(f"a {ending} file" for ending in single)])
        return "", f"was ignored; a submission is {kinds} named after the student"
    id = name[: -len(entry.suffix)] if is_file else name
    return id, id_problem(id) and f"was not graded: {id_problem(id)}"


def _newest(student: str, entries: list[Path], single: Collection[str]) -> HandedIn:
    if len(entries) > 1:
        entries = sorted(entries, key=lambda entry: (changed(entry), entry.name), reverse=True)
    first, others = entries[0], ", ".join(printable(entry.name) for entry in entries[1:])
    when = datetime.fromtimestamp(changed(first)).strftime("%Y-%m-%d %H:%M")
    said = f"is graded, the newest of {len(entries)} submissions ({when}); not graded: {others}"
    notes = (Note(printable(first.name), "", said),) if others else ()
    return HandedIn(student or _student(first, single)[0], first, notes)
