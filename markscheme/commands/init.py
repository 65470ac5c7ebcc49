"""markscheme init"""

from __future__ import annotations

from pathlib import Path

import click

from markscheme.common import explained, say


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--name", default=None, help="The course's name; by default the folder's.")
@explained
def command(folder: Path, name: str | None) -> None:
    """Lay out a course folder. Files that are there already are left alone."""
    from assignments.course import create_course

    made = create_course(folder, name or folder.resolve().name)
    for file in made:
        say(f"[green]+[/] {file}")
    if not made:
        say("Everything is there already; nothing was changed.")
        return
    say("\nNext: put your students into [bold]roster.csv[/], then")
    say(f"  [bold]cd {folder}[/]\n  [bold]markscheme generate week-1 --roster roster.csv --out handout[/]")
