"""Marking the versions of an exam: which version a student had, and its sheet."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assignments.errors import Problem, SetupError
from assignments.sheet import Sheet
from assignments.versions import ExamSheets
from grader.grade import grade_submission, inputs
from grader.note import Note
from grader.report.report import Report
from grader.submission import ANSWERS, Submission


@dataclass(frozen=True)
class VersionMarker:
    """Marks by the sheet of the version that a student had: by the roster, or else by what their answers say.

    Where nobody knows a version, a student's own sheet serves, if one was handed out.
    """

    sheets: ExamSheets
    student: str
    allow_unsafe: bool = False

    def inputs(self, submission: Submission) -> str:
        """The hash of the version's sheet, the rules and the submission."""
        return inputs(self._sheet(submission.version), submission)

    def mark(self, submission: Submission, name: str) -> Report:
        """The report on every part of the version. Raises SetupError where no version is known."""
        sheet = self._sheet(submission.version)
        report = grade_submission(sheet, submission, name=name, allow_unsafe=self.allow_unsafe)
        said = submission.version
        if said and said.upper() != sheet.version.upper():
            used = f"version {sheet.version} of the roster" if sheet.version else "this student's own sheet"
            note = Note(ANSWERS, "version", f"says {said[:32]!r}; {used} was marked")
            report = replace(report, notes=(*report.notes, note))
        return report

    def page(self, report: Report) -> str:
        """The page with the version's questions."""
        from grader.report.feedback import feedback_page

        return feedback_page(report, self._sheet(report.version))

    def _sheet(self, said: str) -> Sheet:
        version = self.sheets.of(self.student, said)
        if version:
            return self.sheets.version(version)
        if self.sheets.own(self.student):
            return self.sheets.source(self.student)
        remedy = f'which version they had is not known; add it to the roster or write version = "A" into {ANSWERS}'
        raise SetupError(Problem(f"student {self.student}", "version", remedy))
