"""A sheet as a Jupyter notebook (nbformat 4.5): the answers are Python literals, read and never run."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from assignments.documents import markdown, otter_tests
from assignments.documents.contents import Asked, Question, contents
from assignments.sheet import Sheet

HOW = """\
**How to answer.** Each question is followed by one cell that names its answers. Put yours between the quotes and
leave the names as they are. Numbers and lists may stand without quotes. A text with a backslash takes an `r` in front
of its quotes, as in `r"\\frac{1}{2}"`. The cells are read, not run; any other cell is yours to compute in.
Save the notebook and hand it in."""

_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def render(sheet: Sheet, *, name: str = "", course: str = "") -> str:
    """The notebook as JSON, byte for byte as nbformat itself would write it."""
    page = contents(sheet, name=name, course=course)
    cells = [
        _markdown(f"{page.assignment}/", f"{markdown.head(page)}\n\n{HOW}"),
        _check(f"{page.assignment}/", otter_tests.init_cell(sheet)),
    ]
    for question in page.questions:
        place = f"{page.assignment}/{question.id}"
        cells.append(_markdown(place, markdown.question(question)))
        if not all(part.is_code for part in question.parts):
            cells.append(_code(place, answer_cell(question)))
        cells.append(_check(place, otter_tests.check_cell(question.id)))
    metadata = {
        **_METADATA,
        "markscheme": {"assignment": page.assignment, "student": page.student, **_version(page.version)},
        "otter": {"OK_FORMAT": True, "assignment_name": page.assignment, "tests": otter_tests.tests(sheet)},
    }
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def answer_cell(question: Question) -> str:
    """The source of a question's answer cell: one literal dictionary named after the question."""
    top = f"# Answers to {question.id}. Fill in the empty texts; numbers, lists and quoted texts are read, never run."
    return "\n".join([top, f"{question.id} = {{", *(_entry(part) for part in question.parts), "}"])


def _version(name: str) -> dict[str, str]:
    """Which version of an exam this is, for the grader to read."""
    return {"version": name} if name else {}


def _entry(part: Asked) -> str:
    if part.is_code:
        return f"    # {part.name}: answered in the file {part.file}"
    if not part.fields:
        return f'    {json.dumps(part.name)}: "",  # {part.hint}'
    fields = "\n".join(f'        {json.dumps(field)}: "",' for field in part.fields)
    return f"    {json.dumps(part.name)}: {{  # {part.hint}\n{fields}\n    }},"


def _markdown(place: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": _id(place, "text"), "metadata": {}, "source": source.splitlines(True)}


def _code(place: str, source: str) -> dict[str, Any]:
    metadata = {"tags": ["answer"], "markscheme": {"question": place.rpartition("/")[2]}}
    return _runnable(_id(place, "answer"), metadata, source)


def _check(place: str, source: str) -> dict[str, Any]:
    return _runnable(_id(place, "check"), {"tags": ["check"], "deletable": False, "editable": False}, source)


def _runnable(id: str, metadata: dict[str, Any], source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": id,
        "metadata": metadata,
        "outputs": [],
        "source": source.splitlines(True),
    }


def _id(place: str, role: str) -> str:
    """A cell id that depends on the question alone, so that two students' notebooks compare cell by cell."""
    return f"{role}-{hashlib.sha256(place.encode()).hexdigest()[:12]}"
