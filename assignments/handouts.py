"""The files that come with a sheet: the assignment's own, the starters of its code exercises, and what these build on.

Several exercises may start from one file (`modules.py` holds every layer); their starters become
one text then. A file of the assignment takes the place of a starter of the same name.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from assignments.sheet import Sheet
from problem_bank import bank
from problem_bank.answers.code import Code
from problem_bank.course_files import course_file


def handouts(sheet: Sheet) -> dict[str, bytes]:
    """The files by the name they have for the student."""
    texts: dict[str, list[str]] = {}
    for family in dict.fromkeys(item.variant.family for item in sheet.items):
        for name, file in bank.load(family).starters.items():
            texts.setdefault(name, []).append(file.read_text("utf-8"))
    merged = {name: joined(several).encode() for name, several in texts.items()}
    return _provided(sheet) | merged | {name: file.read_bytes() for name, file in sheet.assignment.files.items()}


def _provided(sheet: Sheet) -> dict[str, bytes]:
    """The course's modules that the code to be written builds on."""
    answers = [part.answer for item in sheet.items for part in item.variant.parts if isinstance(part.answer, Code)]
    names = dict.fromkeys(name for answer in answers for name in answer.provided)
    return {name.rpartition("/")[2]: course_file(name) for name in names}


def joined(texts: Sequence[str]) -> str:
    """Python sources as one: the first one's docstring, everybody's imports once, then the rest in order.

    A definition that an earlier text has already is left out.
    """
    if len(texts) == 1:
        return texts[0]
    docstring, imports, rest = "", dict[str, None](), dict[str, str]()
    for text in texts:
        for node, lines in _statements(text):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                docstring = docstring or lines
            elif isinstance(node, ast.Import | ast.ImportFrom):
                imports[lines.strip()] = None
            else:
                rest.setdefault(getattr(node, "name", lines), lines)
    head = [part for part in (docstring.strip(), "\n".join(sorted(imports))) if part]
    return "\n\n\n".join(["\n\n".join(head), *(lines.strip("\n") for lines in rest.values())]) + "\n"


def _statements(text: str) -> list[tuple[ast.stmt, str]]:
    """The statements of a module, each with its lines and the comments and decorators above it."""
    lines, found, start = text.splitlines(), [], 0
    for node in ast.parse(text).body:
        end = node.end_lineno or node.lineno
        found.append((node, "\n".join(lines[start:end])))
        start = end
    return found
