"""Draw a sheet for every student and write it as documents."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from assignments.documents import FORMATS, form, public, render
from assignments.errors import Problem, SetupError
from assignments.handouts import handouts
from assignments.roster import Student, id_problem
from assignments.sheet import Sheet, draw_sheet
from assignments.spec import Assignment, load_assignment
from assignments.writing import Written, blocked, write_all
from problem_bank import bank

Outcome = list[Written | Problem]
Progress = Callable[[Student, Outcome], None]


@dataclass
class Summary:
    """What a run did: students served in full, files written, files that were right already, problems."""

    students: int = 0
    written: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one student's outcome."""
        problems = [entry for entry in outcome if isinstance(entry, Problem)]
        fresh = [entry.fresh for entry in outcome if isinstance(entry, Written)]
        self.students += not problems
        self.written += sum(fresh)
        self.unchanged += len(fresh) - sum(fresh)
        self.problems += problems


@dataclass(frozen=True)
class _Job:
    """What all students of a run share, in a form that travels to other processes."""

    folder: Path
    families: tuple[Path, ...]
    secret: str = field(repr=False)
    out: Path
    formats: tuple[str, ...]
    pinned: bool
    attempt: int
    overwrite: bool
    records: Path | None
    course: str


def generate(
    assignment: Assignment,
    students: Iterable[Student],
    secret: str,
    out: Path,
    *,
    formats: Sequence[str] = ("notebook", "html"),
    pinned: bool = False,
    attempt: int = 1,
    overwrite: bool = False,
    jobs: int = 1,
    records: Path | None = None,
    course: str = "",
    progress: Progress | None = None,
) -> Summary:
    """Serve all students: out/<student>/ with the documents, and records/<student>.json for the course.

    What goes wrong with one student is a problem of the summary and costs nobody else. `progress`
    hears of each student in order. Raises SetupError for an unknown format.
    """
    check_formats(formats)
    folders = tuple(bank.added_folders())
    job = _Job(
        assignment.folder.resolve(), folders, secret, out, tuple(formats), pinned, attempt, overwrite, records, course
    )
    summary = Summary()
    for student, outcome in _alone(job, assignment, students) if jobs <= 1 else _together(job, students, jobs):
        summary.add(outcome)
        if progress:
            progress(student, outcome)
    return summary


def write_sheet(
    sheet: Sheet,
    student: Student,
    out: Path,
    formats: Sequence[str],
    *,
    overwrite: bool = False,
    records: Path | None = None,
    course: str = "",
) -> Outcome:
    """Write one sheet to out/<student>/, and what rebuilds it to records/<student>.json.

    Either all of its files are written or, with a problem, none: no folder holds two draws.
    """
    trouble = id_problem(student.id)
    if trouble:
        return [Problem("roster", "", trouble)]
    documents, others = _documents(sheet, student, formats, course), handouts(sheet)
    clash = sorted(set(documents) & set(others))
    if clash:
        return [Problem(sheet.assignment.folder, "files", f"{clash[0]} is the name of a generated file; rename yours")]
    files = {f"{student.id}/{name}": data for name, data in {**documents, **others}.items()}
    if not records:
        return write_all(out, files, overwrite=overwrite)
    record = {f"{student.id}.json": (json.dumps(sheet.stored(), indent=1) + "\n").encode()}
    problems = [*blocked(records, record, overwrite=overwrite), *blocked(out, files, overwrite=overwrite)]
    # The record first: nobody holds a sheet that could not be rebuilt.
    return [*problems] or [
        *write_all(records, record, overwrite=overwrite),
        *write_all(out, files, overwrite=overwrite),
    ]


def check_formats(formats: Iterable[str]) -> None:
    """Raises SetupError for a format that is not in documents.FORMATS."""
    unknown = [format for format in formats if format not in FORMATS]
    if unknown:
        raise SetupError(Problem("formats", "", f"there is no format {unknown[0]!r}; there are {', '.join(FORMATS)}"))


def _documents(sheet: Sheet, student: Student, formats: Sequence[str], course: str) -> dict[str, bytes]:
    """The generated files of a student, by name."""
    stem = sheet.assignment.name
    texts = {f"{stem}{FORMATS[f]}": render(f, sheet, name=student.name, course=course) for f in formats}
    texts[form.FILE] = form.render(sheet, name=student.name, course=course)
    texts[public.FILE] = public.render(sheet)
    return {name: text.encode() for name, text in texts.items()}


def _alone(job: _Job, assignment: Assignment, students: Iterable[Student]) -> Iterator[tuple[Student, Outcome]]:
    for student in students:
        yield student, _serve(job, student, assignment)


def _together(job: _Job, students: Iterable[Student], jobs: int) -> Iterator[tuple[Student, Outcome]]:
    """Serve in processes of their own; only a few students ahead, so memory does not grow with the course."""
    waiting: deque[tuple[Student, Future[Outcome]]] = deque()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        try:
            for student in students:
                waiting.append((student, pool.submit(_serve, job, student)))
                if len(waiting) > 8 * jobs:
                    yield _next(waiting)
            while waiting:
                yield _next(waiting)
        except BrokenProcessPool:
            remedy = "a worker process died (out of memory?); what is written stays: run again with --jobs 1"
            raise SetupError(Problem(job.out, "", remedy)) from None


def _next(waiting: deque[tuple[Student, Future[Outcome]]]) -> tuple[Student, Outcome]:
    student, future = waiting.popleft()
    return student, future.result()


def _serve(job: _Job, student: Student, assignment: Assignment | None = None) -> Outcome:
    """One student's outcome; in a process of its own the assignment is read from its folder."""
    try:
        assignment = assignment or _assignment(job.folder, job.families)
        sheet = draw_sheet(assignment, student.id, job.secret, pinned=job.pinned, attempt=job.attempt)
        return write_sheet(
            sheet, student, job.out, job.formats, overwrite=job.overwrite, records=job.records, course=job.course
        )
    except Exception as error:  # families may be anyone's code; one student's trouble must not stop the others
        return [Problem(f"student {student.id}", "", f"{type(error).__name__}: {error}")]


@lru_cache(maxsize=1)
def _assignment(folder: Path, families: tuple[Path, ...]) -> Assignment:
    """The assignment, loaded once per process."""
    for added in families:
        bank.add_folder(added)
    return load_assignment(folder)
