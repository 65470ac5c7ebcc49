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

from assignments.arrangements import arranged
from assignments.documents import FORMATS, document, form, public
from assignments.errors import Problem, SetupError
from assignments.handouts import handouts
from assignments.pools import Chosen, allocate
from assignments.roster import Student, id_problem
from assignments.sheet import Sheet, draw_sheet
from assignments.spec import Assignment, load_assignment
from assignments.versions import check_versions, draw_version
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
    versions: bool
    large_print: bool


@dataclass(frozen=True)
class _Served:
    """Whom to serve, and their places in the pools. In a run of versions, the student is a version."""

    student: Student
    chosen: Chosen


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
    versions: bool = False,
    large_print: bool = False,
) -> Summary:
    """Serve all students: out/<student>/ with the documents, and records/<student>.json for the course.

    What goes wrong with one student is a problem of the summary and costs nobody else. `progress`
    hears of each student in order. With `versions`, the students are versions of an exam, by their
    ids. Raises SetupError for an unknown format or version.
    """
    check_formats(formats)
    if "pdf" in formats:
        check_formulas(assignment)
    if versions:
        students = list(students)
        check_versions(assignment, [student.id for student in students])
    job = _Job(
        assignment.folder.resolve(), tuple(bank.added_folders()), secret, out, tuple(formats), pinned, attempt,
        overwrite, records, course, versions, large_print,
    )  # fmt: skip
    served = _placed(job, assignment, students)
    summary = Summary()
    for student, outcome in _alone(job, assignment, served) if jobs <= 1 else _together(job, served, jobs):
        summary.add(outcome)
        if progress:
            progress(student, outcome)
    return summary


def _placed(job: _Job, assignment: Assignment, students: Iterable[Student]) -> Iterable[_Served]:
    """The students with their places in the pools, which the whole class has to be known for; else as they come."""
    if job.versions or job.pinned or not any(question.pool for question in assignment.spec.questions):
        return (_Served(student, {}) for student in students)
    everyone = list(students)
    ids = [student.id for student in everyone]
    places = allocate(assignment, ids, job.secret, attempt=job.attempt, records=job.records)
    return [_Served(student, places[student.id]) for student in everyone]


def write_sheet(
    sheet: Sheet,
    student: Student,
    out: Path,
    formats: Sequence[str],
    *,
    overwrite: bool = False,
    records: Path | None = None,
    course: str = "",
    large_print: bool = False,
) -> Outcome:
    """Write one sheet to out/<student>/, and what rebuilds it to records/<student>.json.

    Either all of its files are written or, with a problem, none: no folder holds two draws.
    """
    trouble = id_problem(student.id)
    if trouble:
        return [Problem("roster", "", trouble)]
    documents, others = _documents(sheet, student, formats, course, large_print), handouts(sheet)
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


def check_formulas(assignment: Assignment) -> None:
    """Raises SetupError with every formula of the assignment file that a PDF could not show, before any is written."""
    from assignments.documents.mathematics import lint

    spec = assignment.spec
    texts = {"title": spec.title, "instructions": spec.instructions}
    for question in spec.questions:
        for number, asked in enumerate(question.alternatives):
            place = f"{question.id}.pool[{number}]" if question.pool else question.id
            texts |= {f"{place}.title": asked.title, f"{place}.text": asked.text}
    problems = [Problem(assignment.folder, place, str(e)) for place, text in texts.items() for e in lint(text)]
    if problems:
        raise SetupError(problems)


def _documents(
    sheet: Sheet, student: Student, formats: Sequence[str], course: str, large_print: bool
) -> dict[str, bytes]:
    """The generated files of a student, by name."""
    files = {
        f"{sheet.assignment.name}{FORMATS[format]}": document(
            format, sheet, name=student.name, course=course, large_print=large_print
        )
        for format in formats
    }
    files[form.FILE] = form.render(sheet, name=student.name, course=course).encode()
    files[public.FILE] = public.render(sheet).encode()
    return files


def _alone(job: _Job, assignment: Assignment, students: Iterable[_Served]) -> Iterator[tuple[Student, Outcome]]:
    for one in students:
        yield one.student, _serve(job, one, assignment)


def _together(job: _Job, students: Iterable[_Served], jobs: int) -> Iterator[tuple[Student, Outcome]]:
    """Serve in processes of their own; only a few students ahead, so memory does not grow with the course."""
    waiting: deque[tuple[Student, Future[Outcome]]] = deque()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        try:
            for one in students:
                waiting.append((one.student, pool.submit(_serve, job, one)))
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


def _serve(job: _Job, served: _Served, assignment: Assignment | None = None) -> Outcome:
    """One student's outcome; in a process of its own the assignment is read from its folder."""
    student = served.student
    try:
        assignment = assignment or _assignment(job.folder, job.families)
        sheet = arranged(_draw(job, served, assignment), student)
        return _misses(sheet) or write_sheet(
            sheet, student, job.out, job.formats, overwrite=job.overwrite, records=job.records, course=job.course,
            large_print=job.large_print,
        )  # fmt: skip
    except SetupError as error:
        return [*error.problems]
    except Exception as error:  # families may be anyone's code; one student's trouble must not stop the others
        return [Problem(f"student {student.id}", "", f"{type(error).__name__}: {error}")]


def _draw(job: _Job, served: _Served, assignment: Assignment) -> Sheet:
    if job.versions:
        return draw_version(assignment, served.student.id, job.secret, attempt=job.attempt)
    return draw_sheet(
        assignment, served.student.id, job.secret, pinned=job.pinned, attempt=job.attempt, chosen=served.chosen
    )


def _misses(sheet: Sheet) -> Outcome:
    """Where the sheet is not as the blueprint plans; it is not handed out then."""
    blueprint, who = sheet.assignment.spec.blueprint, f"{'version' if sheet.version else 'student'} {sheet.student}"
    return [Problem(who, place, said) for place, said in blueprint.misses(sheet)] if blueprint else []


@lru_cache(maxsize=1)
def _assignment(folder: Path, families: tuple[Path, ...]) -> Assignment:
    """The assignment, loaded once per process."""
    for added in families:
        bank.add_folder(added)
    return load_assignment(folder)
