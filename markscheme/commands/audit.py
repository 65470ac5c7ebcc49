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
@click.option(
    "--report", "page", type=click.Path(path_type=Path, dir_okay=False), help="Also an HTML page, an example per level."
)
@jobs_option
@json_option
@course_option
@explained
def command(
    families: tuple[str, ...], count: int, page: Path | None, jobs: int | None, as_json: bool, course_folder: Path
) -> None:
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
    if page:
        _write(page, results)
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


def _write(page: Path, results: list[Audit]) -> None:
    """The page of the audit: the table, and an example of every level that was proven."""
    from assignments.documents.gallery import audit_page

    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(
        audit_page([(r.family, r.level) for r in results if r.variants], _COLUMNS, [_cells(r) for r in results]),
        "utf-8",
    )


_COLUMNS = ("family", "level", "proven", "taken", "ms", "of 50", "floor", "slips", "work", "")


def _cells(r: Audit) -> tuple[str, ...]:
    spread = r.work[1] / (r.work[0] or 1)
    figures = f"{r.variants}", f"{r.acceptance:.0%}", f"{r.milliseconds:.2f}", f"{r.distinct}", f"{r.floor:.1%}"
    return (r.family, r.level, *figures, f"{len(r.misconceptions)}", f"{spread:.2f}", "✗" if r.problems else "✓")


def _print(results: list[Audit]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", padding=(0, 1), pad_edge=False)
    for column in _COLUMNS:
        words = column in ("family", "level", "")
        table.add_column(column, justify="left" if words else "right", no_wrap=True)
    for r in results:
        family, *cells, mark = _cells(r)
        table.add_row(f"[cyan]{family}[/]", *cells, f"[{'red' if r.problems else 'green'}]{mark}[/]")
    console.print(table)
    from problem_bank.audit import verified

    families = len({r.family for r in results})
    total = sum(r.variants for r in results)
    console.print(
        "\ntaken: accepted draws · ms: per proven variant · of 50: different exercises among 50 keys"
        "\nfloor: what one constant answer earns beyond a guess · slips: misconceptions, by part · work: most / least"
    )
    console.print(
        f"\n{families} families, {total:,} variants proven, {len(verified(results))} misconceptions verified."
    )
