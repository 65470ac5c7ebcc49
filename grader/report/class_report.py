"""report.html: how the class did, question by question, and whom or what a person should look at."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assignments.roster import Student
from assignments.spec import Assignment
from grader.note import Note
from grader.report.entries import Entry
from grader.report.pages import WORDS, render
from grader.report.report import Report
from grader.report.statistics import ClassStatistics
from problem_bank.verdict import Status

MISTAKES = 20
_SEVERITY = ("failed", "ungraded", "code", "unreadable", "late", "missing", "remarks")


@dataclass(frozen=True)
class _Look:
    """A student whom a person should look at, and why; `kind` orders the list."""

    student: str
    name: str
    kind: str
    reasons: tuple[str, ...]
    linked: bool


class ClassReport:
    """The class report while it is gathered: `add` a student at a time, then take its `page`."""

    def __init__(self) -> None:
        self._gathered = ClassStatistics()
        self._looks: list[_Look] = []
        self._missing: list[Student] = []

    def add(self, entry: Entry) -> None:
        """Count one student."""
        if entry.report:
            self._gathered.add(entry.report)
        elif not entry.failure:
            self._missing.append(entry.student)
        reasons = _reasons(entry)
        if reasons:
            kind = min((kind for kind, _ in reasons), key=_SEVERITY.index)
            said = tuple(said for _, said in reasons)
            self._looks.append(_Look(entry.student.id, entry.name, kind, said, entry.report is not None))

    def page(self, assignment: Assignment, notes: Sequence[Note]) -> str:
        """The page; `notes` are about the submissions folder."""
        gathered = self._gathered
        return render(
            "report.html.j2",
            title=assignment.spec.title,
            statistics=gathered,
            bars=_bars(gathered.histogram()),
            looks=sorted(self._looks, key=lambda look: (_SEVERITY.index(look.kind), look.student)),
            missing=self._missing,
            mistakes=_mistakes(gathered),
            notes=notes,
            now=datetime.now(),
            typical=statistics.median(gathered.seconds) if gathered.seconds else 0.0,
        )


def _reasons(entry: Entry) -> list[tuple[str, str]]:
    """(kind, reason) for everything that deserves a look."""
    found = [("failed", f"The marking failed: {entry.failure}")] if entry.failure else []
    if not entry.listed:
        found.append(("remarks", "On no roster"))
    return found + (_troubles(entry.report) if entry.report else [])


def _troubles(report: Report) -> list[tuple[str, str]]:
    found = []
    for status, kind in ((Status.UNGRADED, "ungraded"), (Status.UNREADABLE, "unreadable"), (Status.MISSING, "missing")):
        places = [f"{q.id}.{p.verdict.part}" for q, p in report.parts() if p.verdict.status is status]
        everywhere = len(places) == len(list(report.parts()))
        if places:
            found.append((kind, f"{WORDS[status]}: {'everywhere' if everywhere else ', '.join(places)}"))
    found += [("code", f"Look at the code: {flag}") for run in report.runs for flag in run.flags]
    if report.late_days:
        found.append(("late", f"{report.late_days} days late, by the time of the file"))
    if report.notes:
        found.append(("remarks", f"{len(report.notes)} remark{'s' if len(report.notes) > 1 else ''} about the files"))
    return found


def _mistakes(gathered: ClassStatistics) -> list[tuple[int, str, str, str]]:
    """(count, part, misconceptions, feedback), the most frequent of the class first."""
    found = [
        (n, f"{question.id}.{part.name}", names, said)
        for question in gathered.questions.values()
        for part in question.parts.values()
        for names, n, said in part.common
    ]
    return sorted(found, key=lambda mistake: (-mistake[0], mistake[1]))[:MISTAKES]


def _bars(counts: Sequence[int]) -> list[dict[str, float | int | str]]:
    """The bars of the histogram in a box of 100 x 22."""
    scale = 22 / max(1, *counts)
    return [
        {"x": 10 * i + 0.6, "y": 22 - scale * n, "height": scale * n, "n": n, "label": f"{10 * i}–{10 * i + 10} %"}
        for i, n in enumerate(counts)
    ]
