"""Answers by question and part, gathered from one file or several."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from grader.note import Note
from grader.text import blank, encodable, same

REMARKS = 40
VERSION = "version"  # the one key of answers.toml that stands outside of a question; so it is called in notebooks, too
Answers: TypeAlias = dict[str, dict[str, Any]]


@dataclass
class Sheetful:
    """What one file answers, the version of an exam that it names, and the remarks made while reading it."""

    file: str
    answers: Answers = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    version: str = ""

    def note(self, place: str, message: str) -> None:
        """Add a remark about this file; after so many, only that there are more."""
        if len(self.notes) < REMARKS:
            self.notes.append(Note(self.file, place, message))
        elif len(self.notes) == REMARKS:
            self.notes.append(Note(self.file, place, "there is more of this kind; mend the file and hand it in again"))

    def put(self, question: str, part: str, raw: Any, place: str = "") -> None:
        """Answer a part; a blank answer is none, and of two different ones the last counts."""
        question, part = encodable(question), encodable(part)
        table = self.answers.setdefault(question, {})
        if blank(raw):
            return
        if part in table and not same(table[part], raw):
            self.note(place, f"{question}.{part} is answered twice; the last answer counts")
        table[part] = raw


def merged(sources: list[Sheetful]) -> tuple[Answers, list[Note]]:
    """One set of answers; where files differ, the earlier file in the list counts."""
    answers: Answers = {}
    origin: dict[tuple[str, str], str] = {}
    notes = [note for source in sources for note in source.notes]
    for source in sources:
        for question, table in source.answers.items():
            kept = answers.setdefault(question, {})
            for part, raw in table.items():
                if part not in kept:
                    kept[part], origin[question, part] = raw, source.file
                elif not same(kept[part], raw):
                    first = origin[question, part]
                    notes.append(Note(source.file, f"{question}.{part}", f"differs from {first}; {first} counts"))
    return answers, notes
