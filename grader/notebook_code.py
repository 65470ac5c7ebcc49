"""A notebook where a file of code was asked for: its code cells become that file.

Definitions and imports stay as they are. A cell that also does something (a plot, a run, a test of
one's own) is guarded, so that its failure costs what depends on it and not the definitions below.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from grader.notebook import LONGEST_CELL, code, read_cells
from grader.sandbox import magics
from grader.tables import Sheetful

LONGEST = 4 * LONGEST_CELL  # characters of all cells
_PLAIN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)
_GUARD = "try:\n    pass\nexcept Exception:\n    import traceback\n    traceback.print_exc()"
_UNREAD = (SyntaxError, ValueError, RecursionError, MemoryError)


def stand_in(files: Mapping[str, bytes], asked: Iterable[str]) -> tuple[dict[str, bytes], list[str]]:
    """Files of code that were asked for and not handed in, made of the first notebook that defines anything.

    With a note for each, and for each line or cell that was left out. Nothing is run.
    """
    there = {name.rpartition("/")[2] for name in files}
    absent = [name for name in dict.fromkeys(asked) if name.rpartition("/")[2] not in there]
    for book in sorted((name for name in files if name.lower().endswith(".ipynb")) if absent else ()):
        text, notes = as_module(files[book])
        if text:
            folder = book.rpartition("/")[0]
            made = {f"{folder}/{name}".lstrip("/"): text.encode() for name in absent}
            said = [f"{name} was not handed in; the code cells of {book} were taken for it" for name in absent]
            return made, [*said, *(f"{book}, {note}" for note in notes)]
    return {}, []


def as_module(data: bytes) -> tuple[str, list[str]]:
    """The code cells as the text of a module, and a note for whatever was left out; no text if nothing is defined."""
    texts, notes, defines, size = list[str](), list[str](), False, 0
    future = dict[str, None]()
    for number, cell in enumerate(read_cells(data, Sheetful(""))[1], 1):
        source = code(cell)
        if not source.strip() or _ours(cell):
            continue
        try:
            size += len(source)
            text, left = magics.plain(source if len(source) <= LONGEST_CELL and size <= LONGEST else "(")
            tree = ast.parse(text)
            future.update(dict.fromkeys(_future(tree)))
            texts.append(f"# cell {number}\n{_guarded(text, tree)}")
        except _UNREAD:
            notes.append(f"cell {number} is no Python, or too long, and was left out")
            continue
        notes += [f"cell {number}: “{line}” is for notebooks only and was left out" for line in left]
        defines = defines or any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)
    head = [f"from __future__ import {', '.join(future)}"] if future else []
    return ("\n\n".join([*head, *texts]) + "\n" if defines else ""), notes


def _ours(cell: Mapping[str, Any]) -> bool:
    """Is this a cell that the generated notebook brought along, for answers or for checks of their form?"""
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and ("answer" in tags or "check" in tags)


def _guarded(text: str, tree: ast.Module) -> str:
    """The cell as it is where it only defines and imports, else with its statements in a `try`."""
    body = [node for node in tree.body if not _is_future(node)]
    if all(isinstance(node, _PLAIN) for node in body) and len(body) == len(tree.body):
        return text.rstrip()
    guard = ast.parse(_GUARD)
    assert isinstance(guard.body[0], ast.Try)
    guard.body[0].body = body or [ast.Pass()]
    return ast.unparse(guard)


def _future(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and _is_future(node):
            yield from (alias.name for alias in node.names)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
