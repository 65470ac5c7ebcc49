"""Answers in a notebook: cells such as `q1 = {"size": "3x3"}`, read as text and never run."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from grader.contents import MIB
from grader.literal import literal
from grader.tables import VERSION, Sheetful
from grader.text import decode, encodable, restored

LARGEST = 16 * MIB
BRACKETS = 1_000_000
LONGEST_CELL = 100_000
_MAGIC = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)
_OPENING = re.compile(r"^[ \t]*(\w+)[ \t]*=[ \t]*(?:\{|dict\()", re.MULTILINE)
_FIELD = re.compile(r"""["'](\w+)["'][ \t]*:""")


def read_notebook(name: str, data: bytes, questions: Collection[str]) -> Sheetful:
    """The answers to these questions in a notebook, and the version of an exam; raises nothing, whatever it holds.

    Other dictionaries are the student's own work and say nothing.
    """
    source = Sheetful(name)
    metadata, cells = read_cells(data, source)
    own = metadata.get("markscheme")
    version = own.get(VERSION) if isinstance(own, dict) else None
    source.version = encodable(version).strip() if isinstance(version, str) else ""
    for number, cell in enumerate(cells, 1):
        _read_cell(f"cell {number}", cell, questions, source)
    return source


def read_cells(data: bytes, source: Sheetful) -> tuple[Mapping[str, Any], list[Any]]:
    """The metadata and the cells of a notebook; none, and a note, where this is no notebook."""
    if len(data) > LARGEST or data.count(b"[") + data.count(b"{") > BRACKETS:
        source.note("", "is too large to be read; clear its outputs, save it and hand in again")
        return {}, []
    text, _ = decode(data)
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        source.note("", "is no notebook (not JSON), or was cut off; save it again in Jupyter, or hand in answers.toml")
        return {}, []
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        source.note("", "holds no cells; save it again in Jupyter's present format, or hand in answers.toml")
        return {}, []
    metadata = notebook.get("metadata")
    return metadata if isinstance(metadata, dict) else {}, cells


def _read_cell(place: str, cell: Any, questions: Collection[str], source: Sheetful) -> None:
    text = code(cell)
    if not any(question.lower() in text.lower() for question in questions):
        return
    if len(text) > LONGEST_CELL:
        source.note(place, f"has {len(text):,} characters and was not read; shorten the answer")
        return
    text = _MAGIC.sub("", text)
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        _rescue(place, text, questions, source)
        return
    for question, part, value in _answers(module):
        if _known(question, questions):
            source.put(question, part, restored(literal(value, text)), place)


def code(cell: Any) -> str:
    """The text of a code cell; empty for any other cell."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return ""
    text = cell.get("source", "")
    if isinstance(text, list):
        text = "".join(line for line in text if isinstance(line, str))
    return encodable(text) if isinstance(text, str) else ""


def _answers(module: ast.Module) -> Iterator[tuple[str, str, ast.expr]]:
    """(question, part, value) of each `q = {...}`, `q = dict(...)` and `q["part"] = ...`."""
    for statement in module.body:
        target, value = _assignment(statement)
        if isinstance(target, ast.Name):
            yield from ((target.id, part, entry) for part, entry in _fields(value))
        elif isinstance(target, ast.Subscript) and value is not None:
            name, part = target.value, target.slice
            if isinstance(name, ast.Name) and isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield name.id, part.value, value


def _assignment(statement: ast.stmt) -> tuple[ast.expr | None, ast.expr | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return statement.targets[0], statement.value
    if isinstance(statement, ast.AnnAssign):
        return statement.target, statement.value
    return None, None


def _fields(value: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(value, ast.Dict):
        for key, entry in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, entry
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict":
        yield from ((keyword.arg, keyword.value) for keyword in value.keywords if keyword.arg)


def _rescue(place: str, text: str, questions: Collection[str], source: Sheetful) -> None:
    """Read a cell that is not Python: the text between one `"part":` and the next is its answer."""
    openings = list(_OPENING.finditer(text))
    ends = [*(opening.start() for opening in openings[1:]), len(text)]
    for opening, end in zip(openings, ends, strict=False):
        if not _known(opening[1], questions):
            continue
        source.note(place, f"{opening[1]} is not Python; each part was read on its own. Put formulas in quotes")
        body = text[opening.end() : end]
        for part, value in _pieces(body):
            source.put(opening[1], part, restored(_piece(value)), place)


def _pieces(body: str) -> Iterator[tuple[str, str]]:
    fields = list(_FIELD.finditer(body))
    ends = [*(field.start() for field in fields[1:]), len(body)]
    for index, (field, end) in enumerate(zip(fields, ends, strict=False)):
        value = body[field.end() : end].strip()
        if index == len(fields) - 1:
            value = value.rpartition("}")[0].strip() or value
        yield field[1], value.rstrip(", \n")


def _piece(text: str) -> Any:
    try:
        return literal(ast.parse(text, mode="eval").body, text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text.partition("\n")[0].strip("\"', ")


def _known(name: str, questions: Collection[str]) -> bool:
    return name.lower() in {question.lower() for question in questions}
