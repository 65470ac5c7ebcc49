"""What several commands share: the console, the course, and errors as people want to read them."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from rich.progress import Progress

    from assignments.course import Course
    from assignments.roster import Roster
    from assignments.sheet import Sheet
    from assignments.spec import Assignment

F = TypeVar("F", bound=Callable[..., Any])

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

course_option = click.option(
    "--course", "course_folder", type=click.Path(path_type=Path, file_okay=False), default=Path(),
    help="The course folder; by default the one around the current folder.",
)  # fmt: skip
jobs_option = click.option("--jobs", type=click.IntRange(1), default=None, help="Processes; by default one per core.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
attempt_option = click.option("--attempt", type=click.IntRange(1), default=1, help="Each attempt is drawn afresh.")
pinned_option = click.option("--pinned", is_flag=True, help="The assignment's printed numbers, the same for everyone.")


def explained(command: F) -> F:
    """Turn the errors that a user can mend into plain lines and exit status 1."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from assignments.errors import SetupError
        from problem_bank.errors import BankError

        try:
            return command(*args, **kwargs)
        except (SetupError, BankError) as error:
            fail(str(error).splitlines())

    return run  # type: ignore[return-value]  # functools.wraps keeps the signature


def fail(lines: Iterable[object]) -> NoReturn:
    """Print what is wrong, line by line, and leave with status 1."""
    report(lines)
    raise SystemExit(1)


def report(lines: Iterable[object]) -> None:
    """Print problems on standard error."""
    for line in lines:
        errors.print(f"[red]✗[/] {escape(str(line))}", soft_wrap=True)


def warn(lines: Iterable[object]) -> None:
    """Print what deserves a look on standard error."""
    for line in lines:
        errors.print(f"[yellow]![/] {escape(str(line))}", soft_wrap=True)


def say(text: str) -> None:
    """Print a line of ours (Rich markup)."""
    console.print(text, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print JSON on standard output, nothing else."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def open_course(folder: Path) -> Course | None:
    """The course around `folder`, with its own families added to the bank; None outside of one."""
    import problem_bank
    from assignments.course import find_course

    course = find_course(folder)
    if course and (course.folder / "families").is_dir():
        problem_bank.add_folder(course.folder / "families")
    return course


def secret_of(course: Course | None, pinned: bool) -> str:
    """The course's secret; pinned sheets need none."""
    if course:
        return course.secret
    if pinned:
        return ""
    fail(["There is no course.toml here or above. Run `markscheme init` first, or use --course or --pinned."])


def open_roster(file: Path | None, course: Course | None) -> Roster:
    """This roster, or the course's."""
    from assignments.roster import read_roster

    if file is None and course is None:
        fail(["There is no course.toml here or above, so name the students with --roster FILE."])
    return read_roster(file or course.roster)  # type: ignore[union-attr]  # one of the two is there


def open_assignment(reference: str, course: Course | None, attempt: int) -> Assignment:
    """The assignment of this name or folder, if it allows so many attempts."""
    from assignments.spec import load_assignment

    assignment = load_assignment(reference, course.folder if course else None)
    allowed = assignment.spec.rules.attempts
    if attempt > allowed:
        fail(
            [f"{assignment.name} allows {allowed} attempt(s); for attempt {attempt} raise rules.attempts in its file."]
        )
    return assignment


def records_folder(course: Course, assignment: Assignment, attempt: int) -> Path:
    """Where the course keeps what rebuilds each student's sheet."""
    return course.folder / "sheets" / assignment.name / f"attempt-{attempt}"


def sheet_source(assignment: Assignment, course: Course | None, pinned: bool, attempt: int) -> Callable[[str], Sheet]:
    """From a student's id to the sheet: the one on record, or else drawn."""
    from assignments.sheet import SheetSource

    records = records_folder(course, assignment, attempt) if course and not pinned else None
    return SheetSource(assignment, secret_of(course, pinned), pinned, attempt, records)


def versions_folder(course: Course, assignment: Assignment, attempt: int) -> Path:
    """Where the course keeps what rebuilds each version of an exam."""
    return records_folder(course, assignment, attempt) / "versions"


def exam_sheets(
    assignment: Assignment, course: Course | None, pinned: bool, attempt: int, roster: Roster | None = None
) -> Callable[[str], Sheet]:
    """As `sheet_source`; where the assignment has versions, a version's name leads to its sheet as well.

    The roster's column `version` says who had which.
    """
    from assignments.versions import ExamSheets

    source = sheet_source(assignment, course, pinned, attempt)
    folder = versions_folder(course, assignment, attempt) if course and not pinned else None
    if folder is None or not (assignment.spec.versions or folder.is_dir()):
        return source
    had = {student.id: version for student in (roster.students if roster else ())
           if (version := student.extra.get("version", ""))}  # fmt: skip
    return ExamSheets(source, had, folder)  # type: ignore[arg-type]  # sheet_source's own kind


def cores() -> int:
    """Cores that this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def progress_bar() -> Progress:
    """A progress bar on standard error that leaves nothing behind."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=errors, transient=True)
