"""A submission held against its sheet: which answers belong where, and what belongs nowhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from assignments.documents import FORMATS, public
from assignments.handouts import handouts
from assignments.sheet import Item, Sheet
from grader.note import Note
from grader.submission import ANSWERS, Submission
from grader.tables import Answers


def fit(sheet: Sheet, submission: Submission) -> tuple[Answers, list[Note]]:
    """The answers by question and part of this sheet, and a note for each name that is none of its own."""
    items = {item.id: item for item in sheet.items}
    found, notes = _matched(submission.answers, items, "question", "")
    answers: Answers = {}
    for question, table in found.items():
        answers[question], more = _matched(table, _names(items[question]), "part", f"{question}.")
        notes += more
    return answers, notes + _ignored(sheet, submission)


def _names(item: Item) -> list[str]:
    """What a table may answer: the parts, and the fields that a part is made of."""
    return [name for part in item.variant.parts for name in (part.name, *part.answer.fields)]


def _matched(
    table: Mapping[str, Any], known: Collection[str], kind: str, prefix: str
) -> tuple[dict[str, Any], list[Note]]:
    """The entries by the known names; one that differs only in case or punctuation is taken for it."""
    folded = {_fold(name): name for name in known}
    found: dict[str, Any] = {name: entry for name, entry in table.items() if name in known}
    notes = []
    for name, entry in table.items():
        meant = folded.get(_fold(name), "")
        if name in known:
            continue
        if meant and meant not in found:
            found[meant] = entry
            notes.append(Note("", prefix + name, f"was taken for {prefix}{meant}"))
        else:
            notes.append(Note("", prefix + name, f"is no {kind} here and was not marked.{_nearest(name, known)}"))
    return found, notes


def _fold(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _nearest(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name[:64], list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]}?" if close else f" There are {', '.join(known)}."


def _meant(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name[:64], list(known), n=1, cutoff=0.8)
    return f". Did you mean {close[0]}?" if close else ""


def _ignored(sheet: Sheet, submission: Submission) -> list[Note]:
    """Files that nothing here asks for. Code may need any of them: what it cannot have is said where it is run."""
    if any(part.answer.kind == "code" for item in sheet.items for part in item.variant.parts):
        return []
    known = {public.FILE, *(sheet.assignment.name + ending for ending in FORMATS.values()), *handouts(sheet)}
    return [
        Note(name, "", f"was ignored: nothing here asks for it{_meant(name, {*known, ANSWERS})}")
        for name in submission.files
        if not name.lower().endswith(".ipynb") and name.rpartition("/")[2] not in known
    ]
