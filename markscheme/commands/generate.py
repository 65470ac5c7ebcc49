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
)

if TYPE_CHECKING:
    from assignments.generate import Summary


@click.command()
@click.argument("assignment")
@click.option("--roster", "roster_file", type=click.Path(path_type=Path), default=None, help="By default the course's.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="For the students' folders."
)
@click.option("--formats", default="notebook,html", show_default=True, help="Of notebook, html and markdown.")
@click.option("--overwrite", is_flag=True, help="Replace files that are there and differ.")
@attempt_option
@pinned_option
@jobs_option
@json_option
@course_option
@explained
def command(
    assignment: str, roster_file: Path | None, out: Path, formats: str, overwrite: bool, attempt: int, pinned: bool,
    jobs: int | None, as_json: bool, course_folder: Path,
) -> None:  # fmt: skip
    """Draw ASSIGNMENT (a folder or a shipped name) for every student and write the documents."""
    from assignments.generate import generate

    course = open_course(course_folder)
    chosen = open_assignment(assignment, course, attempt)
    secret = secret_of(course, pinned)
    roster = open_roster(roster_file, course)
    with progress_bar() as bar:
        task = bar.add_task("writing", total=len(roster.students))
        summary = generate(
            chosen, roster.students, secret, out,
            formats=tuple(name.strip() for name in formats.split(",") if name.strip()),
            pinned=pinned, attempt=attempt, overwrite=overwrite,
            jobs=jobs or min(cores(), 1 + len(roster.students) // 20),  # processes cost more than few students do
            records=records_folder(course, chosen, attempt) if course and not pinned else None,
            course=course.name if course else "", progress=lambda *_: bar.advance(task),
        )  # fmt: skip
    summary.problems[:0] = roster.problems
    _finish(summary, out, as_json)


def _finish(summary: Summary, out: Path, as_json: bool) -> None:
    if as_json:
        print_json({**asdict(summary), "problems": [str(problem) for problem in summary.problems], "out": str(out)})
    else:
        same = f", {summary.unchanged} were there already" if summary.unchanged else ""
        say(f"[green]✓[/] {summary.students} students served in [bold]{out}[/]: {summary.written} files written{same}.")
    if summary.problems:
        report(summary.problems)
        raise SystemExit(1)
