"""markscheme check"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from markscheme.common import console, explained, fail, json_option, print_json, warn

if TYPE_CHECKING:
    from grader.readable import Reading

MARKS = {"read": "[green]✓[/]", "missing": "[yellow]·[/]", "unreadable": "[red]✗[/]"}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path())
@json_option
@explained
def command(folder: Path, as_json: bool) -> None:
    """For students: is every answer in FOLDER readable, and how is it read?

    Says nothing of what is right. Nothing is run and nothing leaves this machine.
    """
    from grader.readable import readings
    from grader.submission import read_submission

    sheet = _sheet(folder)
    submission = read_submission("you", folder, list(sheet["items"]))
    found = list(readings(sheet, submission))
    if as_json:
        print_json([reading.__dict__ for reading in found])
    else:
        _print(found)
        warn(note for note in submission.notes)
    if any(reading.status == "unreadable" for reading in found):
        raise SystemExit(1)


def _sheet(folder: Path) -> dict[str, Any]:
    file = folder / "sheet.json"
    try:
        sheet: dict[str, Any] = json.loads(file.read_text("utf-8"))
        sheet["items"]  # its absence is the error below
        return sheet
    except (OSError, ValueError, LookupError, TypeError):
        fail([f"{file}: cannot be read; run this in the folder you were given, with its sheet.json"])


def _print(found: list[Reading]) -> None:
    question = ""
    for reading in found:
        if reading.question != question:
            question = reading.question
            console.print(f"\n[bold]{question}[/]")
        said = f"[dim]{escape(reading.text)}[/]" if reading.status == "missing" else escape(reading.text)
        label = "" if reading.status == "read" else f"{'empty' if reading.status == 'missing' else 'unreadable'}: "
        console.print(f"  {MARKS[reading.status]} {reading.part}  {label}{said}", soft_wrap=True)
    counts = {status: sum(r.status == status for r in found) for status in MARKS}
    console.print(f"\n{counts['read']} read, {counts['missing']} empty, {counts['unreadable']} unreadable.")
