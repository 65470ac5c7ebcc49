"""Exams as the tests set them: with pools and with choices, drawn, handed in and marked."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assignments.errors import SetupError
from assignments.sheet import Sheet
from assignments.spec import Assignment, load_assignment
from grader.grade import grade_submission
from grader.report.report import Report
from grader.report.results import from_results, to_results
from grader.submission import Submission
from markscheme.cli import main

SECRET = "secret"
POOLED = """
title = "Exam"
[[questions]]
id = "q1"
points = 4
[[questions.pool]]
family = "convolution.hand"
level = "easy"
[[questions.pool]]
family = "convolution.pooling"
level = "easy"
[[questions.pool]]
family = "convolution.output_size"
minutes = 6
[[questions]]
id = "q2"
points = 6
family = "networks.forward"
"""
CHOICES = """
title = "Exam"
{rules}
[[questions]]
id = "q1"
family = "concepts.statements"
points = 4
knobs = {{ item = "attention_facts" }}
[[questions]]
id = "q2"
family = "concepts.select"
points = 4
knobs = {{ item = "metric_facts" }}
[[questions]]
id = "q3"
family = "convolution.hand"
points = 2
{extra}
"""


def assignment(tmp_path: Path, content: str) -> Assignment:
    """This assignment, on disk."""
    folder = tmp_path / "exam"
    folder.mkdir(exist_ok=True)
    (folder / "assignment.toml").write_text(content)
    return load_assignment(folder)


def exam(tmp_path: Path, rules: str = "", extra: str = "") -> Assignment:
    """Statements, a selection and a calculation, under these rules; `extra` are settings of the last question."""
    return assignment(tmp_path, CHOICES.format(rules=rules, extra=extra))


def problems(tmp_path: Path, content: str) -> list[str]:
    """What loading this assignment says."""
    with pytest.raises(SetupError) as caught:
        assignment(tmp_path, content)
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


def keys(sheet: Sheet) -> dict[str, dict[str, Any]]:
    return {item.id: dict(item.variant.key()) for item in sheet.items}


def report_on(sheet: Sheet, answers: dict[str, dict[str, Any]]) -> Report:
    """The report on these answers, written as results and read again."""
    report = grade_submission(sheet, Submission("ada", answers))
    again = from_results(json.loads(json.dumps(to_results(report))))
    assert (again.score, again.points, again.grade, again.version) == (
        report.score, report.points, report.grade, report.version
    )  # fmt: skip
    return again


def invoke(*arguments: object, code: int = 0) -> Result:
    """Run the command; anything but the expected exit status fails with its output."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output + result.stderr + repr(result.exception)
    return result


def course_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with the pooled exam; also the current folder."""
    folder = tmp_path / "course"
    invoke("init", folder, "--name", "Deep learning")
    (folder / "assignments" / "exam").mkdir()
    (folder / "assignments" / "exam" / "assignment.toml").write_text(POOLED)
    monkeypatch.chdir(folder)
    return folder


def hand_in(course: Path, student: str, version: str, said: str = "") -> None:
    """The key of a version, handed in by a student, whose form says this version."""
    key = json.loads(invoke("key", "exam", version, "--json").output)["questions"]
    lines = [f'version = "{said}"'] if said else []
    for id, entry in key.items():
        lines += [f"[{id}]", *(f"{part} = {json.dumps(raw)}" for part, raw in entry["key"].items())]
    (course / "in" / student).mkdir(parents=True)
    (course / "in" / student / "answers.toml").write_text("\n".join(lines))


def gradebook(course: Path) -> dict[str, dict[str, str]]:
    with (course / "out" / "gradebook.csv").open() as file:
        return {row["student"]: row for row in csv.DictReader(file)}
