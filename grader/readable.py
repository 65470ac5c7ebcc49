"""For students: is every answer readable, and how is it read? No key is needed, and none is there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.submission import Submission
from problem_bank.answers.answer import Answer
from problem_bank.answers.reader import reader
from problem_bank.errors import Unreadable
from problem_bank.marking import blank, raw_answer


@dataclass(frozen=True)
class Reading:
    """One part: "read" with the text as it was understood, "missing", or "unreadable" with the reason."""

    question: str
    part: str
    status: str
    text: str


def readings(sheet: Mapping[str, Any], submission: Submission) -> Iterator[Reading]:
    """Every part of a public sheet (sheet.json), in order. Raises LookupError for a sheet of another version."""
    for question, item in sheet["items"].items():
        answers = submission.answers.get(question, {})
        for part in item["parts"]:
            answer = reader(part["answer"])
            status, text = _file(answer, submission) if answer.kind == "code" else _read(answer, part["name"], answers)
            yield Reading(question, part["name"], status, text)


def _read(answer: Answer, name: str, answers: Mapping[str, Any]) -> tuple[str, str]:
    raw = raw_answer(name, answer, answers)
    if blank(raw):
        return "missing", answer.hint
    try:
        return "read", answer.show(answer.parse(raw))
    except Unreadable as error:
        return "unreadable", str(error)


def _file(answer: Any, submission: Submission) -> tuple[str, str]:
    """A code file is there, and Python can read it (it is not run)."""
    data = submission.files.get(answer.file)
    if data is None:
        return "missing", f"there is no {answer.file}"
    try:
        ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        return "unreadable", f"{answer.file}{line}: {getattr(error, 'msg', error)}"
    return "read", answer.file
