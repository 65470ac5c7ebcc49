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
    from problem_bank.audit import cases, never_applied

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
    problems += never_applied(results)
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


def _row(r: Audit) -> tuple[str, ...]:
    figures = f"{r.variants}", f"{r.acceptance:.0%}", f"{r.milliseconds:.2f}", f"{r.distinct}"
    spread = r.work[1] / (r.work[0] or 1)
    mark = "[red]✗[/]" if r.problems else "[green]✓[/]"
    return (
        f"[cyan]{r.family}[/]",
        r.level,
        *figures,
        f"{r.floor:.1%}",
        f"{len(r.misconceptions)}",
        f"{spread:.2f}",
        mark,
    )


def _print(results: list[Audit]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", padding=(0, 1), pad_edge=False)
    table.add_column("family", no_wrap=True)
    table.add_column("level")
    for column in ("proven", "taken", "ms", "of 50", "floor", "slips", "work"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("")
    for r in results:
        table.add_row(*_row(r))
    console.print(table)
    from problem_bank.audit import verified

    families = len({r.family for r in results})
    total = sum(r.variants for r in results)
    console.print(
        "\ntaken: accepted draws · ms: per proven variant · of 50: different exercises among 50 keys"
        "\nfloor: share that one constant answer earns · slips: misconceptions, by part · work: most over least by hand"
    )
    console.print(
        f"\n{families} families, {total:,} variants proven, {len(verified(results))} misconceptions verified."
    )
