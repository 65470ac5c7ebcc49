"""Everybody who belongs into the gradebook, with what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assignments.roster import Student
from grader.report.report import Report
from grader.store import Store


@dataclass(frozen=True)
class Entry:
    """One student: `listed` on the roster or not, with a report, or a `failure` of the marking, or neither."""

    student: Student
    listed: bool
    report: Report | None
    failure: str = ""

    @property
    def name(self) -> str:
        """The name on the roster, or else on the report."""
        return self.student.name or (self.report.name if self.report else "")


def everyone(store: Store, roster: Sequence[Student], failed: Mapping[str, str]) -> Iterator[Entry]:
    """The roster in its order, then whoever else handed something in; one report in memory at a time.

    Without a roster, nobody is missing from it.
    """
    known = {student.id for student in roster}
    others = sorted({*store.students(), *failed} - known)
    for student in roster:
        yield Entry(student, True, store.report(student.id), failed.get(student.id, ""))
    for other in others:
        yield Entry(Student(other), not roster, store.report(other), failed.get(other, ""))
