"""markscheme generate"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from markscheme.common import (
    attempt_option,
    cores,
    course_option,
    exam_sheets,
    explained,
    jobs_option,
    json_option,
    open_assignment,
    open_course,
    open_roster,
    pinned_option,
    print_json,
    progress_bar,
    records_folder,
    report,
    say,
    secret_of,
    versions_folder,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from assignments.generate import Summary
    from assignments.roster import Roster
    from assignments.sheet import Sheet


@click.command()
@click.argument("assignment")
@click.option("--roster", "roster_file", type=click.Path(path_type=Path), default=None, help="By default the course's.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="For the students' folders."
)
@click.option("--formats", default="notebook,html", show_default=True, help="Of notebook, html, markdown and pdf.")
@click.option("--large-print", is_flag=True, help="PDF in type of 18 points.")
@click.option(
    "--bundle", "bundle_file", type=click.Path(path_type=Path, dir_okay=False), default=None,
    help="One PDF of all sheets, by `seat` or in the roster's order, each beginning on the front of a leaf.",
)  # fmt: skip
@click.option("--versions", default="", metavar="A,B,...", help="One sheet for each version, in place of each student.")
@click.option("--overwrite", is_flag=True, help="Replace files that are there and differ.")
@attempt_option
@pinned_option
@jobs_option
@json_option
@course_option
@explained
def command(
    assignment: str, roster_file: Path | None, out: Path, formats: str, versions: str, large_print: bool,
    bundle_file: Path | None, overwrite: bool, attempt: int, pinned: bool, jobs: int | None, as_json: bool,
    course_folder: Path,
) -> None:  # fmt: skip
    """Draw ASSIGNMENT (a folder or a shipped name) for every student and write the documents.

    With --versions A,B,C,D it is drawn once for each version of an exam; no roster is needed.
    """
    from assignments.generate import generate

    course = open_course(course_folder)
    chosen = open_assignment(assignment, course, attempt)
    secret = secret_of(course, pinned)
    if versions and (pinned or roster_file):
        raise click.UsageError("--versions draws its own sheets; leave --pinned and --roster out.")
    roster = _versions(versions) if versions else open_roster(roster_file, course)
    kept = versions_folder if versions else records_folder
    with progress_bar() as bar:
        task = bar.add_task("writing", total=len(roster.students))
        summary = generate(
            chosen, roster.students, secret, out,
            formats=tuple(name.strip() for name in formats.split(",") if name.strip()),
            pinned=pinned, attempt=attempt, overwrite=overwrite,
            jobs=jobs or min(cores(), 1 + len(roster.students) // 20),  # processes cost more than few students do
            records=kept(course, chosen, attempt) if course and not pinned else None,
            course=course.name if course else "", progress=lambda *_: bar.advance(task), versions=bool(versions),
            large_print=large_print,
        )  # fmt: skip
    if bundle_file:
        sheet_for = exam_sheets(chosen, course, pinned, attempt)
        _bundle(bundle_file, roster, sheet_for, summary, course.name if course else "", large_print, overwrite)
    summary.problems[:0] = roster.problems
    _finish(summary, out, as_json, "versions drawn" if versions else "students served")


def _versions(named: str) -> Roster:
    """The versions in the place of students."""
    from assignments.roster import Roster, Student

    return Roster(tuple(Student(name.strip()) for name in named.split(",") if name.strip()), ())


def _bundle(
    file: Path, roster: Roster, sheet_for: Callable[[str], Sheet], summary: Summary, course: str, large_print: bool,
    overwrite: bool,
) -> None:  # fmt: skip
    """Write the bundle, unless somebody's sheet is missing from it."""
    from assignments.bundle import write_bundle
    from assignments.errors import Problem

    if summary.problems:
        said = "is not written, since not everybody was served; mend what is named above and run this again"
        summary.problems.append(Problem(file, "", said))
        return
    outcome = write_bundle(
        file, roster.students, sheet_for, course=course, large_print=large_print, overwrite=overwrite
    )
    if isinstance(outcome, Problem):
        summary.problems.append(outcome)
    else:
        summary.written += outcome.fresh
        summary.unchanged += not outcome.fresh


def _finish(summary: Summary, out: Path, as_json: bool, done: str) -> None:
    if as_json:
        print_json({**asdict(summary), "problems": [str(problem) for problem in summary.problems], "out": str(out)})
    else:
        same = f", {summary.unchanged} were there already" if summary.unchanged else ""
        say(f"[green]✓[/] {summary.students} {done} in [bold]{out}[/]: {summary.written} files written{same}.")
    if summary.problems:
        report(summary.problems)
        raise SystemExit(1)
