"""Writing questions for learning platforms, without drawing them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from assignments.exports import FORMATS, export
from assignments.sheet import Sheet, draw_sheet
from assignments.spec import load_assignment
from benchmarks.figure import Figure, quick

QUESTIONS = 500
ASSIGNMENT = "tutorial-2a"


def figures() -> Iterator[Figure]:
    """Seconds for 500 questions in each format."""
    sheets = _sheets(QUESTIONS // 10 if quick() else QUESTIONS)
    count = sum(len(sheet.items) for sheet in sheets)
    for format in FORMATS:
        began = time.perf_counter()
        size = len(export(format, sheets))
        seconds = (time.perf_counter() - began) * QUESTIONS / count
        note = f"{count} of {ASSIGNMENT}, {size / 1e6:.1f} MB"
        yield Figure(f"{QUESTIONS} questions for {format}", seconds, "s", at_most=10, note=note)


def _sheets(questions: int) -> list[Sheet]:
    """Sheets with so many questions, or a few more."""
    assignment = load_assignment(ASSIGNMENT)
    several = -(-questions // len(assignment.spec.questions))
    return [draw_sheet(assignment, f"variant-{number}", "benchmark") for number in range(several)]
