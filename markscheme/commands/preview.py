"""markscheme preview"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from markscheme.common import console, course_option, explained, json_option, open_course, print_json

if TYPE_CHECKING:
    from problem_bank.variant import Variant


@click.command()
@click.argument("family")
@click.option("--level", default=None, help="easy, medium or hard.")
@click.option("--student", default="preview", help="Whose variant; any text.")
@click.option("-n", "count", type=click.IntRange(1, 100), default=1, help="How many variants.")
@json_option
@course_option
@explained
def command(family: str, level: str | None, student: str, count: int, as_json: bool, course_folder: Path) -> None:
    """Show what FAMILY draws, with key, misconceptions and worked solution."""
    import problem_bank

    open_course(course_folder)
    chosen = problem_bank.load(family)
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
