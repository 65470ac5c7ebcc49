"""Reading a table of numbers: a list of rows, a line of text for each, or cells by the names of their columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from problem_bank.answers import reading
from problem_bank.answers.array import CELLS, Array
from problem_bank.errors import Unreadable
from problem_bank.values import Matrix, Vector, entries

_BRACKETS = re.compile(r"[\[\]()]")
_NAMED = re.compile(r"\b[A-Za-z_]\w*\s*[=:]|^\W*(?:step|row)\s*\d+\s*[:.)|,]?", re.IGNORECASE)
_AROUND = re.compile(
    r"`{3}\w*|\b(?:np\.|numpy\.|torch\.)?(?:array|tensor)\b|\\hline|\\(?:begin|end)\{\w+\}(?:\{[clr|]*\})?"
)
_NUMBER = re.compile(r"(?<![\w\\])\d")
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")
_BREAK = re.compile(r"\\\\|;")
_LINE = re.compile(r"<br\s{0,2}/?>")
_LISTS = str.maketrans("()", "[]")
_EMPTY = " \t,[]()"
_DEPTH = 3
_VECTOR = Array((), ndim=1)


def read_rows(raw: Any, columns: Sequence[str]) -> Matrix:
    """The rows, each as long as there are columns; vectors within a row are laid out in its cells.

    Raises Unreadable, which names the row that does not fit.
    """
    found = _of_text(raw, columns) if isinstance(raw, str) else _of_list(raw, columns)
    width = len(columns)
    if sum(map(len, found)) > CELLS:
        raise Unreadable(f"the table holds too many entries; its columns are {', '.join(columns)}")
    if len(found) > 1 and all(len(row) == width + 1 and row[0] == i for i, row in enumerate(found, start=1)):
        found = [row[1:] for row in found]  # the rows are numbered
    if len(found) == 1 and len(found[0]) % width == 0:  # rows that no line break tells apart
        found = [found[0][i : i + width] for i in range(0, len(found[0]), width)]
    for number, row in enumerate(found, start=1):
        if len(row) != width:
            raise Unreadable(
                f"row {number} has {len(row)} entries, but there are {width} columns: {', '.join(columns)}"
            )
    if not found:
        raise Unreadable(f"there is no row to read; the columns are {', '.join(columns)}")
    return tuple(found)


def _of_text(raw: str, columns: Sequence[str]) -> list[Vector]:
    """A row for each line or, in a single line, between semicolons; a head above the first number is skipped."""
    if len(raw) > reading.LONGEST:
        raise Unreadable(f"the answer has {len(raw):,} characters; {reading.LONGEST:,} are read at most")
    text = _LINE.sub("\n", _AROUND.sub(" ", raw)).strip()
    if (lists := _lists(text)) is not None:
        return _of_list(lists, columns)
    lines = text.replace(";", ",").splitlines() if "\n" in text else _BREAK.split(text)
    told = [i for i, line in enumerate(lines) if _NUMBER.search(line)]
    return [_line(line) for line in lines[told[0] : told[-1] + 1] if line.strip(_EMPTY)] if told else []


def _lists(text: str) -> list[Any] | dict[str, Any] | None:
    """What is written with all its brackets as Python or JSON does; None for anything else."""
    try:
        found = json.loads(text.translate(_LISTS), parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    nested = isinstance(found, list) and any(isinstance(row, list | dict) for row in found)
    return found if nested or isinstance(found, dict) else None


def _line(line: str) -> Vector:
    """The numbers of a line such as "1, 0, [1, 2]", "1 | 0 | 1 | 2" or "z = 1, class = 0, w = [1, 2]"."""
    bare = _BRACKETS.sub(" ", _FRACTION.sub(r"\1/\2", _NAMED.sub(" ", line))).replace("|", ",")
    return tuple(entries(_VECTOR.parse(bare)))


def _of_list(raw: Any, columns: Sequence[str]) -> list[Vector]:
    if isinstance(raw, Mapping):
        raw = _by_column(raw)
    if not isinstance(raw, list | tuple) or len(raw) > CELLS:
        raise Unreadable(f"a {reading.kind_of(raw)} stands where a table with a row for each step is expected")
    if not any(isinstance(row, list | tuple | Mapping) for row in raw) and not any(_is_line(row) for row in raw):
        return [_numbers(raw)]
    return [_by_name(row, columns) if isinstance(row, Mapping) else _numbers(row) for row in raw]


def _is_line(row: Any) -> bool:
    """Is this a text of several numbers?"""
    return isinstance(row, str) and len(row) < reading.LONGEST and len(_line(row)) > 1


def _numbers(raw: Any) -> Vector:
    """The numbers of a row: a text, or a nest of lists with texts and numbers in it."""
    if isinstance(raw, list | tuple):
        return tuple(reading.number(cell) for cell in _flat(raw))
    return _line(raw if isinstance(raw, str) else reading.text(raw))


def _flat(raw: Any, depth: int = 0) -> Iterator[Any]:
    """What a nest of lists holds, in reading order."""
    if not isinstance(raw, list | tuple):
        yield raw
    elif depth > _DEPTH or len(raw) > CELLS:
        raise Unreadable("the brackets are too deep or hold too many entries")
    else:
        for entry in raw:
            yield from _flat(entry, depth + 1)


def _by_column(raw: Mapping[Any, Any]) -> Any:
    """Rows of cells by name from columns by name; anything else as it is."""
    columns = list(raw.values())
    if not all(isinstance(column, list | tuple) and len(column) == len(columns[0]) for column in columns):
        return raw
    return [dict(zip(raw, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _by_name(raw: Mapping[Any, Any], columns: Sequence[str]) -> Vector:
    """The cells under their columns, W_1 under w1; the entries of a vector `w` under w1, w2, ..."""
    found: dict[str, Any] = {}
    for name, cells in raw.items():
        same = [c for c in columns if _tidy(c) == _tidy(name)]
        alike = same or [c for c in columns if _tidy(c).rstrip("0123456789") == _tidy(name)]
        values = _numbers(cells)
        if len(alike) != len(values) or not alike:
            raise Unreadable(f"{reading.clip(name)} with {len(values)} numbers fits none of {', '.join(columns)}")
        if found.keys() & {*alike}:
            raise Unreadable(f"{reading.clip(name)} is given twice in one row")
        found |= zip(alike, values, strict=True)
    missing = [column for column in columns if column not in found]
    if missing:
        raise Unreadable(f"{missing[0]} is missing; each row has {', '.join(columns)}")
    return tuple(found[column] for column in columns)


def _tidy(name: Any) -> str:
    return str(name).replace("_", "").strip().lower()
