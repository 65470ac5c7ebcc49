"""markscheme key"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from markscheme.common import (
    attempt_option,
    course_option,
    exam_sheets,
    explained,
    fail,
    json_option,
    open_assignment,
    open_course,
    open_roster,
    pinned_option,
    print_json,
    say,
    warn,
)

if TYPE_CHECKING:
    from assignments.course import Course
    from assignments.sheet import Sheet


@click.command()
@click.argument("assignment")
@click.argument("student")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Write the key as a page.")
@click.option("--format", type=click.Choice(["markdown", "html", "pdf"]), default="markdown", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Write to this file.")
@click.option("--large-print", is_flag=True, help="PDF in type of 18 points.")
@click.option("--mark-scheme", is_flag=True, help="How each part is marked, for whoever marks by hand.")
@attempt_option
@pinned_option
@json_option
@course_option
@explained
def command(
    assignment: str, student: str, html: Path | None, format: str, out: Path | None, large_print: bool,
    mark_scheme: bool, attempt: int, pinned: bool, as_json: bool, course_folder: Path,
) -> None:  # fmt: skip
    """Show STUDENT's answer key and worked solutions for ASSIGNMENT. Not for students before the deadline.

    STUDENT may be a version of an exam. With --mark-scheme: marks by part, other forms that are accepted, what known
    mistakes earn.
    """
    course = open_course(course_folder)
    format, out = ("html", html) if html else (format, out)
    if format == "pdf" and not out:
        raise click.UsageError("A PDF goes to a file; name it with --out.")
    chosen = open_assignment(assignment, course, attempt)
    sheet = exam_sheets(chosen, course, pinned, attempt)(student)
    if course and not pinned and not sheet.version and not _on_roster(student, course):
        warn([f"{student} is not in the roster; this is the sheet that somebody of this name would get"])
    if as_json:
        print_json(_plain(sheet))
    if out and out.exists():
        fail([f"{out}: is there already; name another file"])
    if out or not as_json:
        data = _document(sheet, format, student, course.name if course else "", mark_scheme, large_print)
        if out:
            out.write_bytes(data)
            say(f"[green]✓[/] {out}")
        else:
            click.echo(data)


def _on_roster(student: str, course: Course) -> bool:
    """Is it? A course without a roster knows everybody."""
    return not course.roster.is_file() or student in {one.id for one in open_roster(None, course).students}


def _document(sheet: Sheet, format: str, name: str, course: str, mark_scheme: bool, large_print: bool) -> bytes:
    """The key, or the mark scheme, in this format."""
    if format == "pdf":
        from assignments.documents import pdf

        document = pdf.render_mark_scheme if mark_scheme else pdf.render_key
        return document(sheet, name=name, course=course, large_print=large_print)
    from assignments.documents.key import render_key
    from assignments.documents.mark_scheme import render_mark_scheme

    render = render_mark_scheme if mark_scheme else render_key
    return render(sheet, format, name=name, course=course).encode()


def _plain(sheet: Sheet) -> dict[str, Any]:
    questions = {
        item.id: {"family": item.variant.family, "key": item.variant.key(), "solution": item.variant.solution}
        for item in sheet.items
    }
    head = {"assignment": sheet.assignment.name, "student": sheet.student, "attempt": sheet.attempt}
    return {**head, "fingerprint": sheet.fingerprint, "questions": questions}
