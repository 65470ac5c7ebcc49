"""What one student handed in, read without trusting it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.answers_file import read_answers
from grader.archive import ArchiveError, read_zip
from grader.contents import Contents, unwrapped
from grader.folder import changed, read_folder, read_one
from grader.note import Note
from grader.notebook import read_notebook
from grader.tables import Answers, merged

ANSWERS = "answers.toml"


@dataclass(frozen=True)
class Submission:
    """One student's answers by question and part (raw), and every other file by name.

    `submitted` is when it was handed in, as far as the files tell. `trouble` says why nothing at all
    could be read. `version` is the version of an exam that the answers name.
    """

    student: str
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    submitted: datetime | None = None
    trouble: str = ""
    version: str = ""

    @cached_property
    def fingerprint(self) -> str:
        """Changes with any answer or file."""
        content = hashlib.sha256(repr((self.answers, self.trouble)).encode("utf-8", "surrogatepass"))
        for name in sorted(self.files):
            content.update(name.encode() + b"\0" + hashlib.sha256(self.files[name]).digest())
        return content.hexdigest()[:16]


def read_submission(student: str, place: Path, questions: Collection[str]) -> Submission:
    """Read a folder, a zip or a single file; raises nothing for what it holds: all trouble becomes notes.

    `questions` are the ids that a notebook's cells may answer.
    """
    try:
        contents = _contents(place)
        submitted = datetime.fromtimestamp(changed(place)).astimezone()
    except ArchiveError as error:
        return Submission(student, trouble=f"{place.name} {error}")
    except OSError as error:
        return Submission(student, trouble=f"{place.name} cannot be read: {error.strerror or error}")
    return _assembled(student, contents, questions, submitted)


def _contents(place: Path) -> Contents:
    if place.is_dir():
        return read_folder(place)
    return read_zip(place) if place.suffix.lower() == ".zip" else read_one(place)


def _assembled(student: str, contents: Contents, questions: Collection[str], submitted: datetime) -> Submission:
    files = unwrapped(contents.files)
    names = sorted(files, key=lambda name: (name.count("/"), name))
    notes = list(contents.notes)
    tables = [name for name in names if _is_answers(name)]
    notes += [Note(name, "", f"was not read: {tables[0]} holds the answers") for name in tables[1:]]
    sources = [read_answers(name, files[name]) for name in tables[:1]]
    sources += [read_notebook(name, files[name], questions) for name in names if name.lower().endswith(".ipynb")]
    answers, more = merged(sources)
    others = {name: files[name] for name in names if name not in tables}
    version = next((source.version for source in sources if source.version), "")
    return Submission(student, _plain(answers), others, tuple(notes + more), submitted, version=version)


def _is_answers(name: str) -> bool:
    """answers.toml, also as browsers and editors rename it: "answers (1).toml", "Answers.toml.txt"."""
    base = name.rpartition("/")[2].lower().removesuffix(".txt")
    return base.startswith("answers") and base.endswith(".toml")


def _plain(answers: Answers) -> Answers:
    """The answers in the order of their names, so that the fingerprint does not hang on it."""
    return {question: dict(sorted(answers[question].items())) for question in sorted(answers)}
