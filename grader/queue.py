"""queue.csv: the texts that a person has to mark, what was found in each, and the marks that were typed beside them.

One row for each text, found again by an id made of student, part and text: a mark stays with the very words
that it was given for. Whatever a person typed into the file stays in it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from grader.note import Note
from grader.report.gradebook import safe
from grader.report.report import MarkedPart, MarkedQuestion, Report
from grader.report.results import decimal
from grader.text import decode
from problem_bank.answers import reading
from problem_bank.errors import Unreadable
from problem_bank.verdict import Status

FILE = "queue.csv"
COLUMNS = ("student", "question", "part", "points", "suggested", "mark", "comment", "found", "missing", "claims",
           "remark", "answer", "state", "id")  # fmt: skip
TYPED = ("mark", "comment")
CHANGED = "the answer has changed since"
BY_A_PERSON = "marked by a person"

Row = dict[str, str]


class Unusable(ValueError):
    """The file is there, but is no queue; it is left as it is."""


@dataclass
class Queue:
    """The rows of the file, by id, and what else is in it: rows of other answers, columns that somebody added."""

    file: Path
    rows: dict[str, Row] = field(default_factory=dict)
    spare: list[Row] = field(default_factory=list)
    columns: tuple[str, ...] = COLUMNS
    delimiter: str = ","
    notes: list[Note] = field(default_factory=list)
    _current: dict[str, Row] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Queue:
        """The queue in this file; an empty one where there is none. Raises Unusable."""
        if not file.is_file():
            return cls(file)
        text, _ = decode(file.read_bytes())
        delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
        reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter, restval="")
        found = tuple(name for name in reader.fieldnames or () if name)
        if not {"id", *TYPED} <= set(found):
            raise Unusable(f"has no columns id, mark and comment; it was left alone: mend it, or move {file} away")
        queue = cls(file, columns=(*COLUMNS, *(name for name in found if name not in COLUMNS)), delimiter=delimiter)
        for row in reader:
            queue._put({name: value or "" for name, value in row.items() if name in queue.columns})
        return queue

    def marked(self, report: Report) -> Report:
        """The report with the marks that were typed for its texts."""
        return replace(
            report, questions=tuple(self._question(report.student, question) for question in report.questions)
        )

    def add(self, report: Report) -> None:
        """Take the texts of this report into the file."""
        for question, part in report.parts():
            if part.verdict.suggestion:
                row = _row(report.student, question, part)
                old = self.rows.get(row["id"], {})
                kept = {name: old[name] for name in self.columns if name not in COLUMNS and name in old}
                typed = {name: old[name] for name in TYPED if old.get(name, "").strip()}
                self._current[row["id"]] = row | kept | typed

    @property
    def waiting(self) -> int:
        """How many texts have no mark yet."""
        return sum(row["state"] == "waiting" for row in self._current.values())

    @property
    def holds_texts(self) -> bool:
        """Is there anything to write?"""
        return bool(self._current or self.rows)

    @property
    def text(self) -> str:
        """The new content: texts that wait first, then marked ones, then what belongs to no answer."""
        old = [row | {"state": CHANGED} for id, row in self.rows.items() if id not in self._current]
        left = [row for row in (*old, *self.spare) if self._by_hand(row)]
        order = sorted(self._current.values(), key=lambda row: row["state"] != "waiting")
        stream = io.StringIO()
        writer = csv.DictWriter(stream, self.columns, delimiter=self.delimiter, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows([*order, *left])
        return "\ufeff" + stream.getvalue()  # with the mark, spreadsheets read it as UTF-8

    def _put(self, row: Row) -> None:
        first = self.rows.setdefault(row["id"], row)
        if first is not row:
            self.spare.append(row | {"state": "stands here twice; the first row counts"})

    def _by_hand(self, row: Row) -> bool:
        """Did a person type something into this row?"""
        return any(row.get(name, "").strip() for name in self.columns if name in TYPED or name not in COLUMNS)

    def _question(self, student: str, question: MarkedQuestion) -> MarkedQuestion:
        return replace(question, parts=tuple(self._part(student, question, part) for part in question.parts))

    def _part(self, student: str, question: MarkedQuestion, part: MarkedPart) -> MarkedPart:
        row = self.rows.get(_id(student, question, part)) if part.verdict.suggestion else None
        if row is None or not row["mark"].strip():
            return part
        try:
            score = Fraction(reading.number(row["mark"]))
        except Unreadable as error:
            return self._refused(student, question, part, str(error))
        if not 0 <= score <= part.verdict.points:
            return self._refused(student, question, part, f"{row['mark']} is not between 0 and {part.verdict.points}")
        return _given(part, score, row["comment"].strip())

    def _refused(self, student: str, question: MarkedQuestion, part: MarkedPart, why: str) -> MarkedPart:
        place = f"{student}, {question.id}.{part.verdict.part}"
        self.notes.append(Note(FILE, place, f"this mark was not taken: {why}; correct it and run again"))
        return part


def _given(part: MarkedPart, score: Fraction, comment: str) -> MarkedPart:
    """The part with a person's mark. Without a comment, wrong claims that cost something are explained."""
    verdict = part.verdict
    assert verdict.suggestion
    status = Status.RIGHT if score == verdict.points else Status.PARTIAL if score else Status.WRONG
    said = comment or ("" if status is Status.RIGHT else verdict.suggestion.said)
    return replace(part, verdict=replace(verdict, status=status, score=score, feedback=said, basis=BY_A_PERSON))


def _row(student: str, question: MarkedQuestion, part: MarkedPart) -> Row:
    verdict = part.verdict
    assert verdict.suggestion
    suggestion = verdict.suggestion
    shown = {
        "student": student,
        "question": question.id,
        "part": verdict.part,
        "points": f"{decimal(verdict.points):g}",
        "suggested": f"{decimal(suggestion.share * verdict.points):g}",
        "mark": "" if verdict.waiting else f"{decimal(verdict.score):g}",
        "found": _list(suggestion.found),
        "missing": _list(suggestion.missing),
        "claims": _list(suggestion.claims),
        "remark": suggestion.remark,
        "answer": verdict.reading,
        "state": "waiting" if verdict.waiting else "marked",
        "id": _id(student, question, part),
    }
    comment = verdict.feedback if not verdict.waiting and verdict.feedback != suggestion.said else ""
    return {name: safe(value) for name, value in shown.items()} | {"comment": comment}


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _id(student: str, question: MarkedQuestion, part: MarkedPart) -> str:
    """A name that no spreadsheet takes for a number."""
    content = "\0".join((student, question.id, part.verdict.part, part.verdict.reading))
    return "t" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:15]
