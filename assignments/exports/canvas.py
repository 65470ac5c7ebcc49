"""Scores into the gradebook that Canvas exported: one column is filled in, every other byte stays what it was."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assignments.errors import Problem, SetupError
from assignments.roster import Student

IDENTITIES = ("sis user id", "sis login id", "login id", "email")
"""Columns that tell who a row is about, the best first. Canvas' own ID is none: it may be another's student number."""
_NUMBERED = re.compile(r"\s*\(\d+\)\s*$")


@dataclass(frozen=True)
class Cell:
    """A field of the file: its value, and where its text begins and ends."""

    value: str
    start: int
    end: int


@dataclass
class Filled:
    """The new file, and what deserves a look: rows of nobody, results without a row or without a score."""

    text: str
    written: int = 0
    unmatched: list[str] = field(default_factory=list)
    without_row: list[str] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)


def read_scores(results: Path) -> dict[str, float | None]:
    """The score of every student in results/<student>.json; None where a part is ungraded. Raises SetupError."""
    folder = results / "results" if (results / "results").is_dir() else results
    files = sorted(folder.glob("*.json"))
    if not files:
        raise SetupError(Problem(folder, "", "holds no results; give the --out folder of `markscheme grade`"))
    return {file.stem: json.loads(file.read_text("utf-8")).get("score") for file in files}


def fill(file: Path, names: Iterable[str], scores: Mapping[str, float | None], students: Iterable[Student]) -> Filled:
    """Write the scores into the column of one of these names ("Week 1" is found as "Week 1 (4711)").

    Raises SetupError where there is no such column, or nothing that tells students apart.
    """
    text = file.read_bytes().decode("utf-8", "surrogateescape")
    header, *rows = list(_rows(text)) or [[]]
    titles = [cell.value.removeprefix("\ufeff").strip() for cell in header]
    column, identities = _column(file, titles, list(names)), _identities(file, titles)
    found, known, cells = Filled(text), _known(scores, students), dict[str, Cell]()
    for row in (row for row in rows if len(row) > max(column, *identities)):
        called = [row[i].value.strip().casefold() for i in identities]
        student = next((known[name] for name in called if name in known), "")
        if student and student not in cells:
            cells[student] = row[column]
        elif any(called):
            found.unmatched.append(row[0].value.strip())
    _write(found, cells, scores)
    return found


def _identities(file: Path, titles: list[str]) -> list[int]:
    """The places of the columns that tell who a row is about, the best first."""
    found = [titles.index(title) for wanted in IDENTITIES for title in titles if title.lower() == wanted]
    if not found:
        raise SetupError(Problem(file, "line 1", "has neither SIS User ID nor SIS Login ID; export it from Canvas"))
    return found


def _write(found: Filled, cells: Mapping[str, Cell], scores: Mapping[str, float | None]) -> None:
    """Replace the cells, the last one first, so that the places of the others hold."""
    found.without_row = sorted(set(scores) - set(cells))
    found.ungraded = [student for student in cells if scores[student] is None]
    for student, cell in sorted(cells.items(), key=lambda item: -item[1].start):
        score = scores[student]
        if score is not None:
            found.text = f"{found.text[: cell.start]}{score:g}{found.text[cell.end :]}"
            found.written += 1


def _known(scores: Mapping[str, float | None], students: Iterable[Student]) -> dict[str, str]:
    """From what Canvas may call a student to the id: the id itself, else the address, else what precedes its @."""
    emails = {student.id: student.email for student in students}
    known: dict[str, str] = {}
    for called in (str, lambda id: emails.get(id, ""), lambda id: emails.get(id, "").partition("@")[0]):
        names = [(called(student).casefold(), student) for student in scores]
        once = Counter(name for name, _ in names)
        known |= {name: student for name, student in names if name and name not in known and once[name] == 1}
    return known


def _column(file: Path, header: list[str], names: list[str]) -> int:
    """The place of the assignment's column."""
    wanted = {name.casefold() for name in names}
    found = [i for i, name in enumerate(header) if {name.casefold(), _NUMBERED.sub("", name).casefold()} & wanted]
    if len(found) != 1:
        what = "several columns are" if found else "no column is"
        raise SetupError(Problem(file, "line 1", f"{what} called {' or '.join(names)}; name one with --column"))
    return found[0]


def _rows(text: str) -> Iterator[list[Cell]]:
    """The rows of a CSV file with the places of their cells."""
    first = text.splitlines()[0] if text else ""
    separator = max(",;\t", key=first.count)
    pattern = re.compile(rf'"(?:[^"]|"")*"|[^"\r\n{separator}]*')
    row: list[Cell] = []
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        assert match  # it matches nothing at all, too
        raw = match[0]
        value = raw[1:-1].replace('""', '"') if raw.startswith('"') else raw
        row.append(Cell(value, at, match.end()))
        at = match.end()
        if text[at : at + 1] == separator:
            at += 1
            continue
        yield row
        row = []
        at = _next_line(text, at)


def _next_line(text: str, at: int) -> int:
    while at < len(text) and text[at] not in "\r\n":
        at += 1  # stray text behind a closing quote stays where it is
    return at + (2 if text[at : at + 2] == "\r\n" else 1)
