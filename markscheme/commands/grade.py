"""markscheme grade"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from markscheme.common import (
    attempt_option,
    cores,
    course_option,
    exam_sheets,
    explained,
    fail,
    jobs_option,
    json_option,
    open_assignment,
    open_course,
    pinned_option,
    print_json,
    progress_bar,
    report,
    say,
    warn,
)

if TYPE_CHECKING:
    from assignments.course import Course
    from assignments.roster import Roster
    from grader.batch import Summary


@click.command()
@click.argument("places", nargs=-1, metavar="[ASSIGNMENT] SUBMISSIONS")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="For results and pages.")
@click.option("--otter", type=click.Path(path_type=Path, exists=True), help="Grade by this autograder.zip instead.")
@click.option("--seconds", type=click.FloatRange(0.1), default=30, help="With --otter: for one cell or test.")
@click.option("--roster", "roster_file", type=click.Path(path_type=Path), default=None, help="By default the course's.")
@click.option("--update", is_flag=True, help="Grade anew what has changed; older results are kept in previous/.")
@click.option("--show-keys", is_flag=True, help="Put right answers and solutions into the feedback pages.")
@click.option("--allow-unsafe", is_flag=True, help="Run code even where the sandbox is weak; the reports say so.")
@attempt_option
@pinned_option
@jobs_option
@json_option
@course_option
@explained
def command(
    places: tuple[str, ...], out: Path, otter: Path | None, seconds: float, roster_file: Path | None, update: bool,
    show_keys: bool, allow_unsafe: bool, attempt: int, pinned: bool, jobs: int | None, as_json: bool,
    course_folder: Path,
) -> None:  # fmt: skip
    """Mark every submission in the folder SUBMISSIONS: <student>/ or <student>.zip each.

    Writes results/, feedback/, gradebook.csv and report.html. An interrupted run continues where it stopped.
    Texts to be marked by a person stand in queue.csv, with a suggestion; --update takes the marks typed there.
    With --otter there is no ASSIGNMENT: the tests are those of an autograder.zip of otter-grader, and
    <student>.ipynb and <student>.py are submissions as well.
    """
    if otter and (show_keys or pinned):
        raise click.UsageError("--show-keys and --pinned belong to our own assignments; leave them out with --otter.")
    course = open_course(course_folder)
    roster = _roster(roster_file, course)
    with progress_bar() as bar:
        task = bar.add_task("marking", total=None)
        common: dict[str, Any] = {
            "out": out, "students": roster.students if roster else None, "jobs": jobs or cores(), "update": update,
            "allow_unsafe": allow_unsafe, "progress": lambda done, total: bar.update(task, completed=done, total=total),
        }  # fmt: skip
        if otter:
            from grader.otter.run import grade_otter

            summary = grade_otter(otter, _submissions(places, 1), seconds=seconds, **common)
        else:
            from grader.batch import grade_all

            submissions = _submissions(places, 2)
            chosen = open_assignment(places[0], course, attempt)
            if not course and not pinned:
                warn(["There is no course here, so everybody has the assignment's own numbers, as with --pinned."])
            sheet_for = exam_sheets(chosen, course, pinned or not course, attempt, roster)
            summary = grade_all(chosen, submissions, sheet_for=sheet_for, show_keys=show_keys, **common)
    if as_json:
        print_json({**asdict(summary), "complete": summary.complete, "out": str(out)})
    else:
        print_summary(summary, out)
    if roster:
        report(roster.problems)
    if not summary.complete or (roster and roster.problems):
        raise SystemExit(1)


def _submissions(places: tuple[str, ...], count: int) -> Path:
    """The folder of the submissions: the last of so many arguments."""
    if len(places) != count:
        wanted = "ASSIGNMENT SUBMISSIONS" if count == 2 else "--otter autograder.zip SUBMISSIONS"
        raise click.UsageError(f"Give `markscheme grade {wanted} --out D`.")
    folder = Path(places[-1])
    if not folder.is_dir():
        fail([f"{folder}: there is no such folder; it should hold <student>/ or <student>.zip for each student"])
    return folder


def print_summary(summary: Summary, out: Path) -> None:
    """What was graded, what was not and why, and where the results are."""
    unchanged = f", {len(summary.unchanged)} unchanged since the last run" if summary.unchanged else ""
    say(f"[green]✓[/] {len(summary.graded)} submissions graded in {summary.seconds:.1f} s{unchanged}.")
    if summary.missing:
        warn([f"nothing handed in: {_names(summary.missing)}"])
    if summary.strangers:
        warn(
            [
                f"on no roster, graded all the same, each with a sheet of its own: {_names(summary.strangers)}. "
                "Name a submission by the student's id in the roster."
            ]
        )
    if summary.ungraded:
        warn([f"a person must look before release (see the report): {_names(summary.ungraded)}"])
    if summary.waiting:
        warn([f"{summary.waiting} texts wait in {out / 'queue.csv'}: type marks there, then grade again with --update"])
    if summary.changed:
        warn([f"changed since they were graded, and left as they are: {_names(summary.changed)}. Use --update."])
    warn(summary.notes)
    report(f"{student}: {why}" for student, why in summary.failed.items())
    say(f"  [bold]{out / 'report.html'}[/] · gradebook.csv · feedback/ · results/")


def _roster(file: Path | None, course: Course | None) -> Roster | None:
    from assignments.roster import read_roster

    if file is None and (course is None or not course.roster.is_file()):
        return None
    return read_roster(file or course.roster)  # type: ignore[union-attr]  # one of the two is there


def _names(students: list[str]) -> str:
    """A few names, and how many more."""
    shown = ", ".join(students[:8])
    return f"{shown} and {len(students) - 8} more" if len(students) > 8 else shown
