"""markscheme audit"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import click

from markscheme.common import (
    console,
    cores,
    course_option,
    explained,
    jobs_option,
    json_option,
    open_course,
    print_json,
    progress_bar,
    report,
)

if TYPE_CHECKING:
    from problem_bank.audit import Audit


@click.command()
@click.argument("families", nargs=-1)
@click.option("-n", "count", type=click.IntRange(1), default=200, help="Variants per family and level.")
@jobs_option
@json_option
@course_option
@explained
def command(families: tuple[str, ...], count: int, jobs: int | None, as_json: bool, course_folder: Path) -> None:
    """Prove the bank, or the given FAMILIES: draw many variants and check each of them."""
    import problem_bank
    from problem_bank.audit import cases

    course = open_course(course_folder)
    for id in families:
        problem_bank.load(id)  # an unknown name is the caller's, not the bank's
    chosen = cases(families or problem_bank.ids())
    results = _run(chosen, count, jobs or cores(), course.folder if course else None)
    if as_json:
        print_json([result.plain() for result in results])
    else:
        _print(results)
    problems = [f"{r.family} ({r.level}): {problem}" for r in results for problem in r.problems]
    if problems:
        report(problems)
        raise SystemExit(1)


def _run(chosen: list[tuple[str, str]], count: int, jobs: int, course: Path | None) -> list[Audit]:
    with progress_bar() as bar, ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        task = bar.add_task("auditing", total=len(chosen))
        futures = [pool.submit(_one, id, level, count, course) for id, level in chosen]
        for future in futures:
            future.add_done_callback(lambda _: bar.advance(task))
        return [future.result() for future in futures]


def _one(id: str, level: str, count: int, course: Path | None) -> Audit:
    from problem_bank.audit import audit

    if course:
        open_course(course)
    return audit(id, level, count)


def _print(results: list[Audit]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    table.add_column("family")
    table.add_column("level")
    for column in ("variants", "accepted", "ms each", "different of 50", "floor", "misconceptions", "work max/min"):
        table.add_column(column, justify="right")
    table.add_column("")
    for r in results:
        table.add_row(
            f"[cyan]{r.family}[/]", r.level, f"{r.variants}", f"{r.acceptance:.0%}", f"{r.milliseconds:.2f}",
            f"{r.distinct}", f"{r.floor:.1%}", f"{len(r.misconceptions)}", f"{r.work[1] / (r.work[0] or 1):.2f}",
            "[red]✗[/]" if r.problems else "[green]✓[/]",
        )  # fmt: skip
    console.print(table)
    verified = len({(r.family, name) for r in results for name in r.misconceptions})
    families = len({r.family for r in results})
    total = sum(r.variants for r in results)
    console.print(f"\n{families} families, {total:,} variants proven, {verified} misconceptions verified.")
