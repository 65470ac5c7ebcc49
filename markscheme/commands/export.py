"""markscheme export"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from markscheme.common import (
    attempt_option,
    course_option,
    explained,
    fail,
    open_assignment,
    open_course,
    open_roster,
    pinned_option,
    progress_bar,
    report,
    say,
    secret_of,
    sheet_source,
    warn,
)

if TYPE_CHECKING:
    from assignments.course import Course
    from assignments.roster import Student
    from assignments.sheet import Sheet
    from assignments.spec import Assignment

TARGETS = ("moodle", "qti", "qti12", "gradescope", "otter", "canvas")
PER_STUDENT = ("gradescope", "otter")
VARIANTS = 10


@click.command()
@click.argument("assignment")
@click.option("--to", "target", type=click.Choice(TARGETS), required=True, help="The system that gets it.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File, for otter a folder.")
@click.option("--variants", type=click.IntRange(1, 1000), help=f"So many draws; by default {VARIANTS}.")
@click.option("--roster", "roster_file", type=click.Path(path_type=Path), help="The sheets of these students instead.")
@click.option(
    "--gradebook", type=click.Path(path_type=Path, exists=True), help="With canvas: the CSV that it exported."
)
@click.option("--results", type=click.Path(path_type=Path, exists=True), help="With canvas: the --out of grade.")
@click.option("--column", help="With canvas: the column; by default named like the assignment.")
@click.option("--overwrite", is_flag=True, help="Replace files that are there and differ.")
@attempt_option
@pinned_option
@course_option
@explained
def command(
    assignment: str, target: str, out: Path, variants: int | None, roster_file: Path | None, gradebook: Path | None,
    results: Path | None, column: str | None, overwrite: bool, attempt: int, pinned: bool, course_folder: Path,
) -> None:  # fmt: skip
    """Write ASSIGNMENT for another system. The files hold keys: they are for instructors.

    moodle, qti and qti12 (Canvas quizzes) get several variants of each question, of which a quiz draws one.
    gradescope and otter get autograders for the students' own sheets.
    canvas gets the scores of --results, written into --gradebook.
    """
    if sum(map(bool, (variants, roster_file, pinned))) > 1:
        raise click.UsageError("Give one of --variants, --roster and --pinned.")
    if variants and target == "gradescope":
        raise click.UsageError("Gradescope grades students' own sheets: give --roster or --pinned, not --variants.")
    course = open_course(course_folder)
    chosen = open_assignment(assignment, course, attempt)
    if target == "canvas":
        if not (gradebook and results):
            raise click.UsageError(
                "Scores for canvas need --gradebook EXPORTED.csv and --results D; for its quizzes use --to qti12."
            )
        names = [column] if column else [chosen.spec.title, chosen.name]
        _fill(gradebook, results, names, _students(roster_file, course, needed=False), out, overwrite)
        return
    students = [] if pinned or variants else _students(roster_file, course, needed=target in PER_STUDENT)
    chosen_students = students if roster_file or target in PER_STUDENT else []
    sheets = _sheets(chosen, course, chosen_students, variants or VARIANTS, pinned, attempt)
    _write(out, _files(target, sheets, chosen_students, course, out), overwrite)
    what = "the printed numbers" if pinned else f"{len(sheets)} {'sheets' if chosen_students else 'variants'}"
    say(f"[green]✓[/] {chosen.name} for {target}, {what}: [bold]{out}[/]")


def _students(file: Path | None, course: Course | None, *, needed: bool) -> list[Student]:
    """The students of this roster or else the course's; problems of its rows are said."""
    if file is None and not needed and (course is None or not course.roster.is_file()):
        return []
    roster = open_roster(file, course)
    warn(roster.problems)
    if not roster.students:
        fail([f"{file or 'the roster'}: names no student; add rows, or use --variants or --pinned"])
    return list(roster.students)


def _sheets(
    assignment: Assignment, course: Course | None, students: list[Student], variants: int, pinned: bool, attempt: int
) -> list[Sheet]:
    from assignments.sheet import PINNED, draw_sheet

    if pinned:
        return [draw_sheet(assignment, PINNED, "", pinned=True, attempt=attempt)]
    if students:
        source, ids = sheet_source(assignment, course, pinned, attempt), [student.id for student in students]
    else:
        secret = secret_of(course, pinned)
        ids = [f"variant-{number}" for number in range(1, variants + 1)]

        def source(id: str) -> Sheet:
            return draw_sheet(assignment, id, secret, attempt=attempt)

    with progress_bar() as bar:
        return [source(id) for id in bar.track(ids, description="drawing")]


def _files(
    target: str, sheets: list[Sheet], students: list[Student], course: Course | None, out: Path
) -> Mapping[str, bytes]:
    """The files to write below the folder of `out`, for otter below `out` itself."""
    if target == "gradescope":
        from assignments.exports.gradescope import autograder

        return {out.name: autograder(sheets, students, course)}
    if target == "otter":
        from assignments.exports import otter

        left = sorted({part for sheet in sheets for part in otter.ungraded(sheet)})
        warn(
            [f"not marked by otter, since its code runs in `markscheme grade` only: {', '.join(left)}"] if left else []
        )
        return {
            f"{out.name}/{sheet.student}/{name}": data for sheet in sheets for name, data in otter.export(sheet).items()
        }
    from assignments.exports import export

    return {out.name: export(target, sheets)}


def _write(out: Path, files: Mapping[str, bytes], overwrite: bool) -> None:
    from assignments.errors import Problem
    from assignments.writing import write_all

    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    problems = [
        entry for entry in write_all(out.absolute().parent, files, overwrite=overwrite) if isinstance(entry, Problem)
    ]
    if problems:
        fail(problems)


def _fill(
    gradebook: Path, results: Path, names: list[str], students: list[Student], out: Path, overwrite: bool
) -> None:
    from assignments.exports import canvas

    found = canvas.fill(gradebook, names, canvas.read_scores(results), students)
    _write(out, {out.name: found.text.encode("utf-8", "surrogateescape")}, overwrite)
    say(f"[green]✓[/] {found.written} scores written: [bold]{out}[/]")
    open_ends = {
        "rows of nobody here, left as they are": found.unmatched,
        "graded, and in no row": found.without_row,
        "without a score, since a person must look first": found.ungraded,
    }
    report(f"{what}: {', '.join(who)}" for what, who in open_ends.items() if who)
    if any(open_ends.values()):
        raise SystemExit(1)
