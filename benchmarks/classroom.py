"""A course of 300: drawing and writing their sheets, then grading what they hand in."""

from __future__ import annotations

import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
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
        few, _ = _apart(root, "few", 20)
        many, seconds = _apart(root, "out", STUDENTS)
        yield Figure(f"{STUDENTS} students x 10 questions, notebook and HTML", seconds, "s", at_most=60)
        note = f"{many:.0f} MiB against {few:.0f} MiB"
        yield Figure("memory for 300 students / for 20", many / few, "x", at_most=1.2, note=note)
        everyone = _students(STUDENTS)
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


def _apart(root: Path, out: str, count: int) -> tuple[float, float]:
    """Peak memory (MiB) and seconds of serving so many students, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_generate, root, out, count).result()


def _generate(root: Path, out: str, count: int) -> tuple[float, float]:
    assignment, began = load_assignment(root / "benchmark"), time.perf_counter()
    jobs = min(2, os.cpu_count() or 1)
    summary = generate(assignment, _students(count), "secret", root / out, formats=("notebook", "html"), jobs=jobs)
    assert not summary.problems, summary.problems
    seconds = time.perf_counter() - began
    held = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return held / 1024, seconds


def _students(count: int) -> list[Student]:
    return [Student(f"s{i:03d}", f"Student {i}") for i in range(count)]


def _hand_in(source: SheetSource, student: str, folder: Path) -> None:
    place = folder / student
    place.mkdir(parents=True)
    lines = []
    for item in source(student).items:
        lines.append(f"[{item.id}]")
        for i, (name, value) in enumerate(item.variant.key().items()):
            lines.append(f"{name} = {json.dumps(value if i % 3 else '7')}")
    (place / "answers.toml").write_text("\n".join(lines))
