"""python -m benchmarks [--json] [--quick] [NAME ...]: measure, print a table, fail where a target is missed."""

from __future__ import annotations

import dataclasses
import importlib
import json
import sys

from rich.console import Console
from rich.table import Table

from benchmarks.figure import Figure

GROUPS = ("startup", "bank", "symbolic", "audit", "classroom", "sandbox", "pipelines", "otter", "exports", "documents")


def main() -> int:
    """Run the named groups, or all."""
    names = [name for name in sys.argv[1:] if not name.startswith("-")] or list(GROUPS)
    found: list[Figure] = []
    for name in names:
        for figure in importlib.import_module(f"benchmarks.{name}").figures():
            found.append(figure)
            print(f"  {figure.name}: {figure.value:,.4g} {figure.unit}", file=sys.stderr)
    if "--json" in sys.argv:
        print(json.dumps([{**dataclasses.asdict(f), "reached": f.reached} for f in found], indent=2))
    else:
        Console().print(_table(found))
    return 0 if all(figure.reached for figure in found) else 1


def _table(found: list[Figure]) -> Table:
    table = Table(box=None, header_style="bold")
    for column in ("figure", "measured", "unit", "target", "", "note"):
        table.add_column(column, justify="right" if column == "measured" else "left")
    for f in found:
        mark = "[green]✓[/]" if f.reached else "[red]✗[/]"
        table.add_row(f.name, f"{f.value:,.4g}", f.unit, f.target, mark, f.note)
    return table


if __name__ == "__main__":
    sys.exit(main())
