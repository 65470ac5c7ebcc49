"""markscheme demo"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from markscheme.common import console, cores, explained, fail, progress_bar, say

if TYPE_CHECKING:
    from rich.table import Table

    from grader.report.report import MarkedPart, Report
    from markscheme.demo.run import Graded

WORDS = {
    "right": "[green]right[/]", "partial": "[yellow]partly right[/]", "consistent": "[yellow]follows[/]",
    "wrong": "[red]wrong[/]", "unreadable": "[magenta]unreadable[/]", "missing": "[dim]missing[/]",
    "ungraded": "[blue]a person looks[/]",
}  # fmt: skip


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"))
@click.option("--force", is_flag=True, help="Replace an earlier demo.")
@explained
def command(folder: Path, force: bool) -> None:
    """Draw and grade a small class on sample data, in FOLDER."""
    from markscheme.demo import run

    began = time.perf_counter()
    try:
        course = run.prepare(folder, force=force)
    except FileExistsError:
        fail([f"{folder}: is there already; name another folder, or use --force to replace an earlier demo"])
    with progress_bar() as bar:
        task = bar.add_task("drawing", total=2 * len(run.DRAWN) + len(run.REAL))
        for name in run.DRAWN:
            run.draw(course, name)
            bar.advance(task)
        bar.update(task, description="marking")
        graded, real = [], []
        for name in run.DRAWN:
            graded.append(run.grade(course, name, jobs=cores()))
            bar.advance(task)
        for name in run.REAL:
            real.append(run.grade_real(course, name))
            bar.advance(task)
    _print_class(graded)
    _print_real(real)
    _print_places(course.folder, graded, real, time.perf_counter() - began)


def _print_class(graded: list[Graded]) -> None:
    """One row for each student: what they did, what they got, what the marking says."""
    from markscheme.demo.students import ABSENT, CLASS

    console.print("\n[bold]A small class[/], each with an exercise sheet of their own\n")
    reports = [{report.student: report for report in one.reports()} for one in graded]
    table = _table("student", "who", *(one.assignment for one in graded), "what the marking says")
    for person in CLASS:
        mine = [by_student[person.id] for by_student in reports]
        said = [line for report in mine for line in _remarks(report)]
        table.add_row(person.id, person.story, *map(_score, mine), "\n".join(said) or "[dim]nothing to add[/]")
    table.add_row(ABSENT[0], "hands nothing in", *("–" for _ in graded), "[dim]missing, in the gradebook too[/]")
    console.print(table)


def _print_real(real: list[Graded]) -> None:
    """Every answer of the real sheets as it was typed, read and judged."""
    for one in real:
        console.print(f"\n[bold]A real student's answers[/] to {one.assignment} with its printed numbers\n")
        table = _table("part", "typed", "read as", "")
        for report in one.reports():
            for question, part in report.parts():
                if part.verdict.status != "missing":
                    reading = part.verdict.reading if part.verdict.reading != part.typed else ""
                    shown = (f"{question.id}.{part.verdict.part}", part.typed, reading)
                    table.add_row(*map(escape, shown), WORDS[part.verdict.status])
        console.print(table)


def _print_places(folder: Path, graded: list[Graded], real: list[Graded], seconds: float) -> None:
    answers = sum(1 for one in (*graded, *real) for report in one.reports() for _ in report.parts())
    say(f"\n[green]✓[/] {answers} answers marked; all of it took {seconds:.1f} s, offline.\n")
    say("Look at")
    for one in graded:
        say(f"  [bold]{one.out / 'report.html'}[/]")
    say(f"  [bold]{graded[0].out / 'feedback' / 'emmy.html'}[/]  what a student reads")
    sheet = folder / "handout" / graded[0].assignment / "emmy" / f"{graded[0].assignment}.html"
    say(f"  [bold]{sheet}[/]  the sheet it is about")


def _remarks(report: Report) -> list[str]:
    """A line for each thing that went wrong first; the same thing in several parts is one."""
    found: dict[str, str] = {}
    for question, part in report.parts():
        if part.verdict.status not in ("right", "consistent") and not part.verdict.cause:
            found.setdefault(f"{WORDS[part.verdict.status]} {_said(part)}", f"{question.id}.{part.verdict.part}")
    lines = [f"{name}: {said}" for said, name in found.items()]
    return lines[:3] + ([f"[dim]and {len(lines) - 3} more[/]"] if len(lines) > 3 else [])


def _said(part: MarkedPart) -> str:
    """The misconceptions by name, or the beginning of the feedback."""
    names = " or ".join(name.replace("_", " ") for name in part.verdict.misconceptions)
    if names:
        return f"[italic]{escape(names)}[/]"
    words = part.verdict.feedback.removeprefix("This could not be read: ").split()
    return f"[dim]{escape(' '.join(words[:9]))}{' …' if len(words) > 9 else ''}[/]"


def _score(report: Report) -> str:
    if report.score is None:
        return "[blue]open[/]"
    return f"{float(report.score):.4g}/{float(report.points):.4g}"


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
