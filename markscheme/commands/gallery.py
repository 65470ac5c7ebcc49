"""markscheme gallery"""

from __future__ import annotations

from pathlib import Path

import click

from markscheme.common import course_option, explained, open_course, say


@click.command()
@click.argument("families", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where the pages go.")
@course_option
@explained
def command(families: tuple[str, ...], out: Path, course_folder: Path) -> None:
    """Write Markdown pages with an example of every family, or of FAMILIES, its key, misconceptions and solution."""
    import problem_bank
    from assignments.documents.gallery import INDEX, PICTURES, pages, pictures

    open_course(course_folder)
    shown = families or problem_bank.ids()
    written = pages(shown)
    (out / PICTURES).mkdir(parents=True, exist_ok=True)
    for name, text in {**written, **pictures(shown)}.items():
        (out / name).write_text(text, "utf-8")
    say(f"[green]✓[/] {len(written)} pages, beginning with [bold]{out / INDEX}[/]")
