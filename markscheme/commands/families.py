"""markscheme families"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from markscheme.common import console, course_option, explained, fail, json_option, open_course, print_json, report

if TYPE_CHECKING:
    from problem_bank.family import Family


@click.command()
@click.option("--topic", default=None, help="Only this topic.")
@json_option
@course_option
@explained
def command(topic: str | None, as_json: bool, course_folder: Path) -> None:
    """List the families of exercises in the bank."""
    import problem_bank
    from problem_bank.errors import BankError

    open_course(course_folder)
    found: list[Family] = []
    broken: list[BankError] = []
    for id in problem_bank.ids():
        try:
            found.append(problem_bank.load(id))
        except BankError as error:
            broken.append(error)
    chosen = [family for family in found if topic in (None, family.topic)]
    if not chosen:
        fail([f"there is no topic {topic!r}; there are {', '.join(sorted({family.topic for family in found}))}"])
    if as_json:
        print_json([_plain(family) for family in chosen])
    else:
        _print(chosen)
    if broken:
        report(broken)
        raise SystemExit(1)


def _plain(family: Family) -> dict[str, Any]:
    names = ("id", "topic", "title", "source", "minutes", "version")
    return {**{name: getattr(family, name) for name in names}, "levels": list(family.levels)}


def _print(families: list[Family]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("family", no_wrap=True)
    table.add_column("what it asks", ratio=1)
    table.add_column("min", justify="right")
    for family in families:
        table.add_row(f"[cyan]{family.id}[/]", family.title, f"{family.minutes:g}")
    console.print(table)
    console.print(f"\n{len(families)} families. [bold]markscheme preview FAMILY[/] shows one.")
