"""markscheme preview"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from markscheme.common import console, course_option, explained, fail, json_option, open_course, print_json, say

if TYPE_CHECKING:
    from problem_bank.variant import Variant


@click.command()
@click.argument("family")
@click.option("--level", default=None, help="easy, medium or hard.")
@click.option("--student", default=None, help="Whose variant; any text.")
@click.option("-n", "count", type=click.IntRange(1, 100), default=None, help="How many variants: 1, or 20 with --live.")
@click.option("--live", is_flag=True, help="A page in the browser that follows the family's file, until Ctrl-C.")
@click.option("--open/--no-open", "show", default=True, help="With --live: open a browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="With --live: by default a free one.")
@click.option(
    "--limit", type=click.FloatRange(min=0.1), default=20.0, help="With --live: seconds that a draw of all may take."
)
@json_option
@course_option
@explained
def command(
    family: str,
    level: str | None,
    student: str | None,
    count: int | None,
    live: bool,
    show: bool,
    port: int,
    limit: float,
    as_json: bool,
    course_folder: Path,
) -> None:
    """Show what FAMILY draws, with key, misconceptions and worked solution."""
    open_course(course_folder)
    if live:
        if as_json or student:
            raise click.UsageError("--live shows a page with variants of its own: leave out --json and --student.")
        _follow(family, level, count or 20, limit, port, show=show)
    else:
        _show(family, level, student or "preview", count or 1, as_json=as_json)


def _follow(id: str, level: str | None, count: int, limit: float, port: int, *, show: bool) -> None:
    """Serve the page of a family whose file may be broken: it is loaded in other processes only."""
    import problem_bank
    from markscheme.live.draw import Order
    from markscheme.live.server import Server, serve
    from problem_bank.bank import added_folders

    if id not in problem_bank.ids():
        problem_bank.load(id)  # says which ids are near
    try:
        server = Server(Order(id, level, count, limit, tuple(added_folders())), port)
    except OSError as error:
        fail([f"port {port}: {error.strerror}; leave out --port for a free one"])
    serve(server, show=show, say=lambda url: say(f"[bold]{url}[/] follows {id}; Ctrl-C ends it."))


def _show(id: str, level: str | None, student: str, count: int, *, as_json: bool) -> None:
    import problem_bank

    chosen = problem_bank.load(id)
    variants = [chosen.draw((student, i) if i else student, level=level) for i in range(count)]
    if as_json:
        shown = [_plain(variant) for variant in variants]
        print_json(shown if count > 1 else shown[0])
        return
    for variant in variants:
        _print(variant)


def _plain(variant: Variant) -> dict[str, Any]:
    from problem_bank.values import plain

    return {
        **variant.public(),
        "level": variant.level,
        "given": {name: plain(value) for name, value in variant.drawn.items()},
        "key": variant.key(),
        "misconceptions": _misconceptions(variant),
        "solution": variant.solution,
    }


def _misconceptions(variant: Variant) -> dict[str, dict[str, str]]:
    """By part: the wrong answer of each misconception that applies here."""
    keys = variant.exercise.keys()
    return {
        part.name: {
            slip.name: part.answer.show(value)
            for slip in part.misconceptions
            if (value := slip.worked(keys)) is not None
        }
        for part in variant.parts
    }


def _print(variant: Variant) -> None:
    console.rule(f"[bold]{variant.family}[/] · {variant.level}", align="left")
    console.print(escape(variant.prompt), soft_wrap=False)
    wrong = _misconceptions(variant)
    for part in variant.parts:
        console.print(f"\n[bold cyan]{part.name}[/] ({part.points}) {escape(variant.text(part.prompt))}")
        console.print(f"  [green]key[/]  {escape(part.answer.show(part.answer.key))}")
        for name, value in wrong[part.name].items():
            console.print(f"  [yellow]{name}[/]  {escape(value)}")
    console.print(f"\n[bold]Solution[/]\n{escape(variant.solution)}\n")
