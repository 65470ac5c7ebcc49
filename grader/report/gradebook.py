"""gradebook.csv: one row per student, roster order first."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from assignments.roster import Student
from assignments.spec import Assignment
from grader.report.entries import Entry
from grader.report.report import Report
from grader.report.results import decimal

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_WHO = ("student", "name", "email", "section")
_CLOSING = ("version", "late_days", "total", "out_of", "percent", "grade", "status", "notes")


class Gradebook:
    """The gradebook while it is written: `add` a student at a time, then take its `text`."""

    def __init__(self, assignment: Assignment, roster: Sequence[Student]) -> None:
        rules = assignment.spec.rules
        shown = {"grade": bool(rules.grades), "version": bool(assignment.spec.versions)}
        closing = [column for column in _CLOSING if shown.get(column, True)]
        own = [*_WHO, *(question.id for question in assignment.spec.questions), *closing]
        extra = [c for c in dict.fromkeys(c for student in roster for c in student.extra) if c not in own]
        self._text = io.StringIO()
        columns = [*_WHO, *extra, *own[len(_WHO) :]]
        self._writer = csv.DictWriter(self._text, columns, extrasaction="ignore", lineterminator="\n")
        self._writer.writeheader()

    def add(self, entry: Entry) -> None:
        """Write the row of one student."""
        who = {"student": entry.student.id, "name": entry.name, "email": entry.student.email}
        row = entry.student.extra | who | {"section": entry.student.section} | _marks(entry.report) | _state(entry)
        self._writer.writerow({column: safe(value) for column, value in row.items()})

    @property
    def text(self) -> str:
        """The CSV so far."""
        return self._text.getvalue()


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _marks(report: Report | None) -> dict[str, Any]:
    """Scores of the graded questions; an ungraded one stays empty, and so does the total then."""
    if report is None:
        return {}
    marks: dict[str, Any] = {q.id: decimal(q.score) for q in report.questions if q.graded}
    marks |= {"late_days": report.late_days, "out_of": decimal(report.points)}
    if report.version:
        marks["version"] = report.version
    if report.score is not None:
        marks |= {"total": decimal(report.score), "percent": round(100 * (report.share or 0), 2)}
        marks["grade"] = report.grade
    return marks


def _state(entry: Entry) -> dict[str, str]:
    notes = [] if entry.listed else ["on no roster"]
    if entry.failure:
        return {"status": "failed", "notes": "; ".join([*notes, entry.failure])}
    if entry.report is None:
        return {"status": "missing", "notes": "; ".join(notes)}
    notes += [str(note) for note in entry.report.notes]
    notes += [f"look at the code: {flag}" for run in entry.report.runs for flag in run.flags]
    status = "graded" if entry.report.graded else "ungraded"
    return {"status": status, "notes": "; ".join(dict.fromkeys(notes))}
