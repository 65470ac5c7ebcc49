"""Public tests of the answers for otter-grader, kept in the notebook: is each one there, and can it be read?

They know the form of an answer (see `Answer.public`) and no key. Where Markscheme is installed they read
as the grader reads; elsewhere they see whether something was filled in.
"""

from __future__ import annotations

import ast
import json
from typing import Any

from assignments.sheet import Item, Sheet
from problem_bank import bank
from problem_bank.exercise import Part
from problem_bank.variant import plain_options

INIT = """\
# Optional: with otter-grader, the cells that begin with "grader" tell whether your answers can be read, not whether
# they are right. Without it they do nothing.
try:
    import otter
    grader = otter.Notebook({file})
except ImportError:
    grader = None"""

_ANSWER = """\
>>> answer = {question}[{part}]
>>> values = list(answer.values()) if isinstance(answer, dict) else [answer]
>>> [value for value in values if str(value).strip() in ("", "None", "Ellipsis")]  # not filled in
[]
>>> try:
...     from problem_bank.answers.reader import reader
...     read = reader({public}).parse
... except (ImportError, LookupError):
...     read = str
>>> _ = read(getattr(answer, "tolist", lambda: answer)())
"""

_CODE = """\
>>> import ast, pathlib
>>> file = pathlib.Path({file})
>>> written = ast.parse(file.read_bytes()).body if file.exists() else []
>>> there = {{node.name for node in written if hasattr(node, "name")}} | set(globals())
>>> [name for name in {names} if name not in there]  # not written
[]
"""


def tests(sheet: Sheet) -> dict[str, Any]:
    """The tests of every question by its id, in otter's OK format."""
    return {item.id: _test(item) for item in sheet.items}


def files(sheet: Sheet) -> dict[str, bytes]:
    """The same tests as files, by name: zipped they are an autograder.zip, and `otter check -t tests` reads them."""
    texts = {f"tests/{id}.py": f"OK_FORMAT = True\n\ntest = {test!r}\n" for id, test in tests(sheet).items()}
    texts["otter_config.json"] = json.dumps({"assignment_name": sheet.assignment.name, "lang": "python"}) + "\n"
    return {name: text.encode() for name, text in texts.items()}


def init_cell(sheet: Sheet) -> str:
    """The source of the cell that the others need."""
    return INIT.format(file=json.dumps(f"{sheet.assignment.name}.ipynb"))


def check_cell(question: str) -> str:
    """The source of the cell that runs the tests of a question; it does nothing without otter."""
    return f'grader and grader.check("{question}")'


def _test(item: Item) -> dict[str, Any]:
    cases = [_case(item, part) for part in item.variant.parts]
    return {"name": item.id, "points": None, "suites": [{"cases": cases, "scored": True, "setup": "", "teardown": "",
                                                         "type": "doctest"}]}  # fmt: skip


def _case(item: Item, part: Part) -> dict[str, Any]:
    code = _code(item, part) if part.answer.kind == "code" else _answer(item, part)
    return {"code": code, "hidden": False, "locked": False}


def _answer(item: Item, part: Part) -> str:
    public = json.loads(json.dumps(plain_options(part.answer.public())))  # as it stands in sheet.json
    return _ANSWER.format(question=item.id, part=repr(part.name), public=repr(public))


def _code(item: Item, part: Part) -> str:
    """The file is Python and defines what its starter does, or else the notebook does."""
    file = str(part.answer.public()["file"])
    family = item.variant.family
    starter = bank.load(family).starters.get(file) if family in bank.ids() else None
    return _CODE.format(file=repr(file), names=sorted(_defined(starter.read_text("utf-8"))) if starter else [])


def _defined(source: str) -> set[str]:
    """The functions and classes at the top of a file."""
    return {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
