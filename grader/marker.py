"""What marks a submission: a student's sheet, or anything else that reports in the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from assignments.sheet import Sheet
from grader.grade import grade_submission, inputs
from grader.report.report import Report
from grader.submission import Submission


class Marker(Protocol):
    """Marks submissions of one student, or of all alike."""

    def inputs(self, submission: Submission) -> str:
        """The hash of all that a report on this submission depends on."""
        ...

    def mark(self, submission: Submission, name: str) -> Report:
        """The report; `name` is the student's."""
        ...

    def page(self, report: Report) -> str:
        """The feedback page of a report."""
        ...


MarkerFor: TypeAlias = Callable[[str], Marker]
"""The marker for a student, by id. With several processes it must be picklable."""


@dataclass(frozen=True)
class SheetMarker:
    """Marks by the sheet of a student."""

    sheet: Sheet
    allow_unsafe: bool = False

    def inputs(self, submission: Submission) -> str:
        """The hash of the sheet, the rules and the submission."""
        return inputs(self.sheet, submission)

    def mark(self, submission: Submission, name: str) -> Report:
        """The report on every part of the sheet."""
        return grade_submission(self.sheet, submission, name=name, allow_unsafe=self.allow_unsafe)

    def page(self, report: Report) -> str:
        """The page with the sheet's questions."""
        from grader.report.feedback import feedback_page

        return feedback_page(report, self.sheet)
