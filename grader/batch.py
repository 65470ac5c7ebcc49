"""Marking a whole folder: every submission once, in any number of processes, resumable at any moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from assignments.roster import Student
from assignments.sheet import Sheet
from assignments.spec import Assignment
from assignments.versions import ExamSheets
from grader.by_version import VersionMarker
from grader.handed_in import HandedIn, find
from grader.marker import Marker, MarkerFor, SheetMarker
from grader.note import Note
from grader.overview import write_overview
from grader.pool import each
from grader.queue import FILE, Queue, Unusable
from grader.report.report import Report
from grader.store import Store
from grader.store import replace as replace_file
from grader.submission import read_submission

SheetFor = Callable[[str], Sheet]
"""The sheet of a student, by id. With several processes it must be picklable, as a functools.partial is."""


@dataclass(frozen=True)
class Outcome:
    """What happened to one submission: graded, unchanged, changed (its older result was kept) or failed."""

    student: str
    what: str
    detail: str = ""


@dataclass
class Summary:
    """What happened to a folder of submissions, by student id.

    `changed` are submissions whose result is of an older state and was left alone; `missing` are
    students of the roster without a submission, `strangers` submissions of nobody on the roster.
    `waiting` counts the texts that nobody has marked yet.
    """

    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)
    waiting: int = 0
    notes: list[Note] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Is every submission graded, in its present state, and every part of it?"""
        return not (self.failed or self.changed or self.ungraded)


@dataclass(frozen=True)
class _Settings:
    out: Path
    marker_for: MarkerFor
    questions: tuple[str, ...]
    names: dict[str, str]
    stamp: str
    update: bool
    show_keys: bool


def grade_all(
    assignment: Assignment,
    submissions: Path,
    out: Path,
    *,
    sheet_for: SheetFor,
    students: Sequence[Student] | None = None,
    jobs: int = 1,
    update: bool = False,
    show_keys: bool = False,
    allow_unsafe: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Grade every submission below `submissions` into `out`, then write gradebook.csv and report.html.

    What is graded already is skipped. A result whose submission, sheet or rules have changed since
    is kept as it is, unless `update`: then it is graded anew and the older result moves to
    previous/<time>/. `show_keys` puts right answers and solutions into the feedback pages.
    """
    return grade_each(
        assignment,
        submissions,
        out,
        marker_for=partial(_by_sheet, sheet_for, allow_unsafe),
        answered=tuple(question.id for question in assignment.spec.questions),
        students=students,
        jobs=jobs,
        update=update,
        show_keys=show_keys,
        progress=progress,
    )


def grade_each(
    assignment: Assignment,
    submissions: Path,
    out: Path,
    *,
    marker_for: MarkerFor,
    answered: tuple[str, ...] = (),
    single: Sequence[str] = (),
    students: Sequence[Student] | None = None,
    jobs: int = 1,
    update: bool = False,
    show_keys: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """`grade_all` with any marker. `answered` are the questions that a notebook's cells may answer;
    `single` are the endings of files that are a submission by themselves.
    """
    began, now = time.perf_counter(), datetime.now()
    roster = list(students or ())
    handed_in, notes = find(submissions, (student.id for student in roster), single=single)
    summary = Summary(notes=notes)
    names = {student.id: student.name for student in roster}
    settings = _Settings(out, marker_for, answered, names, f"{now:%Y-%m-%dT%H%M%S}", update, show_keys)
    for count, outcome in enumerate(_outcomes(settings, handed_in, min(jobs, len(handed_in)) or 1), 1):
        _sort_in(summary, outcome)
        if progress:
            progress(count, len(handed_in))
    _compare(summary, handed_in, students)
    _take_marks(settings, summary)
    summary.ungraded = write_overview(Store(out), assignment, roster, summary.failed, summary.notes)
    summary.seconds = time.perf_counter() - began
    return summary


def _by_sheet(sheet_for: SheetFor, allow_unsafe: bool, student: str) -> Marker:
    if isinstance(sheet_for, ExamSheets):
        return VersionMarker(sheet_for, student, allow_unsafe)
    return SheetMarker(sheet_for(student), allow_unsafe)


def _outcomes(settings: _Settings, handed_in: Sequence[HandedIn], jobs: int) -> Iterator[Outcome]:
    results = each(partial(_grade, settings), handed_in, jobs)
    for one, result in results:
        if isinstance(result, Outcome):
            yield result
        else:
            yield Outcome(one.student, "failed", f"{type(result).__name__}: {result}")


def _grade(settings: _Settings, handed_in: HandedIn) -> Outcome:
    """Grade one submission, unless its result is there already."""
    store, student = Store(settings.out), handed_in.student
    submission = read_submission(student, handed_in.place, settings.questions)
    marker = settings.marker_for(student)
    stored = store.report(student)
    if stored and stored.settled:
        if stored.inputs == marker.inputs(submission):
            _refresh(store, stored, marker, settings.show_keys)
            return Outcome(student, "unchanged")
        if not settings.update:
            return Outcome(student, "changed")
    report = marker.mark(submission, settings.names.get(student, ""))
    report = replace(report, keys_shown=settings.show_keys, notes=(*handed_in.notes, *report.notes))
    again = stored is not None and (stored.inputs, stored.questions) == (report.inputs, report.questions)
    store.write(report, marker.page(report), previous="" if again else settings.stamp)
    return Outcome(student, "graded")


def _take_marks(settings: _Settings, summary: Summary) -> None:
    """Give texts the marks typed in queue.csv, where this run may change a result; write the texts that wait."""
    store, fresh = Store(settings.out), set(summary.graded)
    try:
        queue = Queue.read(store.folder / FILE)
    except Unusable as error:
        summary.notes = [*summary.notes, Note(FILE, "", str(error))]
        return
    for student in store.students():
        report = store.report(student)
        if report is None:
            continue
        marked = queue.marked(report) if settings.update or student in fresh else report
        if marked != report:
            page = settings.marker_for(student).page(marked)
            store.write(marked, page, previous="" if student in fresh else settings.stamp)
        queue.add(marked)
    summary.waiting, summary.notes = queue.waiting, [*summary.notes, *queue.notes]
    if queue.holds_texts:
        replace_file(queue.file, queue.text)


def _refresh(store: Store, stored: Report, marker: Marker, show_keys: bool) -> None:
    """Write the feedback page again where it is gone, or shows keys that it should not, or the reverse."""
    if stored.keys_shown != show_keys or not store.feedback(stored.student).is_file():
        report = replace(stored, keys_shown=show_keys)
        store.write(report, marker.page(report))


def _sort_in(summary: Summary, outcome: Outcome) -> None:
    if outcome.what == "failed":
        summary.failed[outcome.student] = outcome.detail
    else:
        getattr(summary, outcome.what).append(outcome.student)


def _compare(summary: Summary, handed_in: Sequence[HandedIn], students: Sequence[Student] | None) -> None:
    """Who is missing, and who is on no roster."""
    if students is None:
        return
    there, known = {one.student for one in handed_in}, {student.id for student in students}
    summary.missing = sorted(known - there)
    summary.strangers = sorted(there - known)
