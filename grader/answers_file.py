"""answers.toml: tables by question, keys by part. What TOML refuses is salvaged line by line."""

from __future__ import annotations

import tomllib
from typing import Any

from grader import salvage
from grader.tables import VERSION, Sheetful
from grader.text import decode, encodable, restored

LINES = 200_000
LONG = 128 * 1024  # characters; a longer file is cut into statements, so that one huge answer costs only itself


def read_answers(name: str, data: bytes) -> Sheetful:
    """The answers of an answers.toml; raises nothing, whatever it holds."""
    source = Sheetful(name)
    text, remark = decode(data)
    if remark:
        source.note("", remark)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if text.count("\n") > LINES:
        source.note("", f"has more than {LINES:,} lines; the rest was not read")
        text = "\n".join(text.split("\n", LINES)[:LINES])
    try:
        tables = tomllib.loads(text) if len(text) <= LONG else None
    except (ValueError, RecursionError) as error:
        source.note(_place(error), "this is not TOML; every line was read on its own")
        tables = None
    if tables is None:
        salvage.read_lines(text, source)
    else:
        _take(tables, source)
    return source


def _take(tables: dict[str, Any], source: Sheetful) -> None:
    for question, table in tables.items():
        if question == VERSION and isinstance(table, str):
            source.version = encodable(table).strip()
        elif not isinstance(table, dict):
            source.note(
                question, f"stands outside of a table and was not read; write it below [question], as {question} = ..."
            )
        else:
            for part, raw in table.items():
                source.put(question, part, restored(raw))


def _place(error: Exception) -> str:
    """From tomllib's "... (at line 3, column 5)" the "line 3"."""
    _, at, place = str(error).rpartition("(at ")
    return place.partition(",")[0].rstrip(")") if at else ""
