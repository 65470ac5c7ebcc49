"""A course of 300: drawing and writing their sheets, then grading what they hand in."""

from __future__ import annotations

import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from assignments.generate import generate
from assignments.roster import Student
from assignments.sheet import SheetSource
from assignments.spec import Assignment, load_assignment
from benchmarks.figure import Figure
from grader.batch import grade_all

STUDENTS = 300
FAMILIES = (
    "convolution.hand", "networks.forward", "dropout.forward", "counting.parameters", "jacobians.shapes",
    "optimisation.momentum_steps", "optimisation.adam_steps", "backpropagation.graph", "convolution.output_size",
    "networks.boolean",
)  # fmt: skip


def figures() -> Iterator[Figure]:
    """Ten questions each, on two processes; what is handed in is the key, with every third answer wrong."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        assignment = _assignment(root)
        _generate(assignment, root / "few", 20)
        memory = _peak()
        everyone, seconds = _generate(assignment, root / "out", STUDENTS)
        yield Figure(f"{STUDENTS} students x 10 questions, notebook and HTML", seconds, "s", at_most=60)
        yield Figure("memory after 300 students / after 20", _peak() / memory, "x", at_most=1.2)
        source = SheetSource(assignment, "secret")
        for student in everyone:
            _hand_in(source, student.id, root / "submissions")
        began = time.perf_counter()
        summary = grade_all(
            assignment,
            root / "submissions",
            root / "grades",
            sheet_for=source,
            students=everyone,
            jobs=2,
            show_keys=True,
        )
        assert len(summary.graded) == STUDENTS
        note = "results, feedback pages, gradebook, report"
        yield Figure(f"{STUDENTS} answer sheets graded", time.perf_counter() - began, "s", at_most=20, note=note)


def _assignment(root: Path) -> Assignment:
    lines = ['title = "Benchmark"']
    for i, family in enumerate(FAMILIES, 1):
        lines += ["[[questions]]", f'id = "q{i}"', f'family = "{family}"', "points = 3"]
    (root / "benchmark").mkdir()
    (root / "benchmark" / "assignment.toml").write_text("\n".join(lines))
    return load_assignment(root / "benchmark")


def _generate(assignment: Assignment, out: Path, count: int) -> tuple[list[Student], float]:
    students = [Student(f"s{i:03d}", f"Student {i}") for i in range(count)]
    began = time.perf_counter()
    summary = generate(
        assignment, students, "secret", out, formats=("notebook", "html"), jobs=min(2, os.cpu_count() or 1)
    )
    assert not summary.problems, summary.problems
    return students, time.perf_counter() - began


def _peak() -> float:
    """The most memory that this process and its finished children have held, in MiB."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def _hand_in(source: SheetSource, student: str, folder: Path) -> None:
    place = folder / student
    place.mkdir(parents=True)
    lines = []
    for item in source(student).items:
        lines.append(f"[{item.id}]")
        for i, (name, value) in enumerate(item.variant.key().items()):
            lines.append(f"{name} = {json.dumps(value if i % 3 else '7')}")
    (place / "answers.toml").write_text("\n".join(lines))
