"""Reading answers out of a file that is not TOML as a whole: statement by statement.

A line such as `update = (1 - 2*lambda)*theta` (no quotes) is read as the text after the `=`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.tables import VERSION, Sheetful
from grader.text import clip, encodable, restored

STATEMENTS = 5_000
LONG = 20_000  # characters of one statement that TOML is asked to read; a longer one is taken as it stands
_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z_\"'][\w.\"' -]*?)\s*(\]\]?)?\s*(?:#.*)?$")  # "[q2" too
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*[=:]\s*(.*)$", re.DOTALL)
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_TYPOGRAPHIC = str.maketrans("“”„‟«»‘’‚‛", '""""""\'\'\'\'')


@dataclass(frozen=True)
class _Statement:
    """One `key = value`, with the table it stands in and the line it begins on."""

    table: str
    line: int
    key: str
    text: str


def read_lines(text: str, source: Sheetful) -> None:
    """Put every answer that can be made out into `source`, with a note for each that needed help."""
    for count, statement in enumerate(_statements(text, source)):
        if count == STATEMENTS:
            source.note(f"line {statement.line}", f"more than {STATEMENTS:,} lines of answers; the rest was not read")
            return
        path = [bit.strip("\"' ") for bit in f"{statement.table}.{statement.key}".split(".")]
        path = [bit for bit in path if bit]
        if path == [VERSION]:
            source.version = encodable(str(_value(statement, source))).strip()
            continue
        if len(path) < 2:
            source.note(
                f"line {statement.line}", f"{clip(statement.key)} stands outside of a table; write it below [question]"
            )
            continue
        raw = _value(statement, source)
        for name in reversed(path[2:]):
            raw = {name: raw}
        source.put(path[0], path[1], raw, f"line {statement.line}")


def _statements(text: str, source: Sheetful) -> Iterator[_Statement]:
    lines = text.split("\n")
    table, at = "", 0
    while at < len(lines):
        line, number = lines[at], at + 1
        header, key = _HEADER.match(line[:200]), _KEY.match(line)
        at += 1
        if header and len(line) <= 200:
            table = header[1]
            if not header[2]:
                source.note(f"line {number}", f"{clip(line)} lacks its closing bracket; read as [{table}]")
        elif key:
            end = _end(lines, at - 1, key[2])
            yield _Statement(table, number, key[1], "\n".join([key[2], *lines[at:end]]))
            at = end
        elif line.strip() and not line.lstrip().startswith("#"):
            source.note(f"line {number}", f'{clip(line)} was not understood; write part = "answer"')


def _end(lines: list[str], first: int, value: str) -> int:
    """The index after a value's last line: brackets and triple quotes may go over several lines."""
    for quotes in ('"""', "'''"):
        if value.startswith(quotes):
            return _closing(lines, first, value, quotes)
    depth, at = _depth(value), first + 1
    while depth > 0 and at < len(lines) and not _HEADER.match(lines[at][:200]) and not _KEY.match(lines[at]):
        depth += _depth(lines[at])
        at += 1
    return at


def _closing(lines: list[str], first: int, value: str, quotes: str) -> int:
    if quotes in value[3:]:
        return first + 1
    for at in range(first + 1, len(lines)):
        if _HEADER.match(lines[at][:200]):
            break
        if quotes in lines[at]:
            return at + 1
    return first + 1


def _depth(line: str) -> int:
    if len(line) > LONG:
        return 0
    bare = _QUOTED.sub("", line).partition("#")[0]
    return sum(map(bare.count, "[{(")) - sum(map(bare.count, "]})"))


def _value(statement: _Statement, source: Sheetful) -> Any:
    place = f"line {statement.line}"
    if len(statement.text) > LONG:
        return statement.text
    for text in (statement.text, statement.text.translate(_TYPOGRAPHIC)):
        try:
            raw = restored(tomllib.loads(f"value = {text}")["value"])
        except (ValueError, RecursionError, KeyError):
            continue
        if text is not statement.text:
            source.note(place, "the quotation marks are typographic (“ ”); read as plain ones")
        return raw
    raw = _bare(statement.text.translate(_TYPOGRAPHIC))
    if raw:
        source.note(place, f"{statement.key} is not TOML; read as the text {clip(raw)}. Put it in single quotes")
    return raw


def _bare(text: str) -> str:
    """The text that a broken value stands for: without its outer quotes and its comment."""
    tidy = text.strip()
    for quote in ('"""', "'''", '"', "'"):
        if tidy.startswith(quote):
            inner = tidy[len(quote) :]
            return inner.rpartition(quote)[0] if quote in inner else inner
    return tidy.partition(" #")[0].strip()
