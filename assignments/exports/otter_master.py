"""The master notebook for `otter assign`: questions with their solutions and tests between raw cells. It holds keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assignments.documents import markdown, notebook
from assignments.documents.contents import Question, contents
from assignments.sheet import Item, Sheet


def master(sheet: Sheet, cases: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The notebook as JSON; `cases` are the hidden doctests of each question."""
    page = contents(sheet)
    cells = [_cell("raw", f"# ASSIGNMENT CONFIG\nname: {json.dumps(page.assignment)}\ninit_cell: true"),
             _cell("markdown", markdown.head(page))]  # fmt: skip
    for question, item in zip(page.questions, sheet.items, strict=True):
        cells += _question(question, item, cases[question.id])
    numbered = [{**cell, "id": f"master-{i}"} for i, cell in enumerate(cells)]
    head = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    whole = {"cells": numbered, "metadata": head, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _question(question: Question, item: Item, cases: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    yield _cell("raw", f"# BEGIN QUESTION\nname: {question.id}\npoints: {float(item.points):g}")
    yield _cell("markdown", markdown.question(question))
    if not all(part.is_code for part in question.parts):
        yield _cell("raw", "# BEGIN SOLUTION")
        yield _cell("code", _solution(question, item))
        yield _cell("raw", "# END SOLUTION")
    if cases:
        yield _cell("raw", "# BEGIN TESTS")
        yield from (_cell("code", _test(case)) for case in cases)
        yield _cell("raw", "# END TESTS")
    yield _cell("raw", "# END QUESTION")


def _solution(question: Question, item: Item) -> str:
    """The answer cell as students get it, and the right answers in its place."""
    key = {name: text for name, text in item.variant.key().items() if not _is_code(item, name)}
    prompt = f'""" # BEGIN PROMPT\n{notebook.answer_cell(question)}\n"""; # END PROMPT'
    return f"{prompt}\n{question.id} = {key!r}  # SOLUTION NO PROMPT"


def _is_code(item: Item, name: str) -> bool:
    return any(part.name == name and part.answer.kind == "code" for part in item.variant.parts)


def _test(case: Mapping[str, Any]) -> str:
    """A doctest as a test cell: statements, and below them what otter compares."""
    lines = [line[4:] for line in case["code"].splitlines() if line.startswith((">>> ", "... "))]
    config = f'""" # BEGIN TEST CONFIG\npoints: {case["points"]:g}\nhidden: true\n""" # END TEST CONFIG'
    return "\n".join([config, *lines])


def _cell(kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source.splitlines(True)}
    return cell if kind != "code" else {**cell, "execution_count": None, "outputs": _outputs(source)}


def _outputs(source: str) -> list[dict[str, Any]]:
    """What a test cell shows: otter takes the output of the master as the one that is right."""
    if "BEGIN TEST CONFIG" not in source:
        return []
    return [{"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": {"text/plain": "True"}}]
