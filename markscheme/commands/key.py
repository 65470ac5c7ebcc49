"""markscheme key"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from markscheme.common import (
    attempt_option,
    course_option,
    explained,
    fail,
    json_option,
    open_assignment,
    open_course,
    pinned_option,
    print_json,
    say,
    sheet_source,
)

if TYPE_CHECKING:
    from assignments.sheet import Sheet


@click.command()
@click.argument("assignment")
@click.argument("student")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Write the key as a page.")
@attempt_option
@pinned_option
@json_option
@course_option
@explained
def command(
    assignment: str, student: str, html: Path | None, attempt: int, pinned: bool, as_json: bool, course_folder: Path
) -> None:
    """Show STUDENT's answer key and worked solutions for ASSIGNMENT. Not for students before the deadline."""
    from assignments.documents.key import render_key

    course = open_course(course_folder)
    chosen = open_assignment(assignment, course, attempt)
    sheet = sheet_source(chosen, course, pinned, attempt)(student)
    title = course.name if course else ""
    if as_json:
        print_json(_plain(sheet))
    if html:
        if html.exists():
            fail([f"{html}: is there already; name another file"])
        html.write_text(render_key(sheet, "html", name=student, course=title), "utf-8")
        say(f"[green]✓[/] {html}")
    if not (html or as_json):
        click.echo(render_key(sheet, "markdown", name=student, course=title))


def _plain(sheet: Sheet) -> dict[str, Any]:
    questions = {
        item.id: {"family": item.variant.family, "key": item.variant.key(), "solution": item.variant.solution}
        for item in sheet.items
    }
    head = {"assignment": sheet.assignment.name, "student": sheet.student, "attempt": sheet.attempt}
    return {**head, "fingerprint": sheet.fingerprint, "questions": questions}
