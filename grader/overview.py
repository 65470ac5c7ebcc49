"""gradebook.csv and report.html, rebuilt from the stored results in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assignments.roster import Student
from assignments.spec import Assignment
from grader.note import Note
from grader.report.class_report import ClassReport
from grader.report.entries import everyone
from grader.report.gradebook import Gradebook
from grader.store import Store, replace


def write_overview(
    store: Store,
    assignment: Assignment,
    roster: Sequence[Student],
    failed: Mapping[str, str] | None = None,
    notes: Sequence[Note] = (),
) -> list[str]:
    """Write both files; returns the ids of the students with ungraded parts.

    `failed` are students whose marking broke, with the error; `notes` are about the submissions folder.
    """
    gradebook, class_report, ungraded = Gradebook(assignment, roster), ClassReport(), []
    for entry in everyone(store, roster, failed or {}):
        gradebook.add(entry)
        class_report.add(entry)
        if entry.report and not entry.report.graded:
            ungraded.append(entry.student.id)
    replace(store.folder / "gradebook.csv", gradebook.text)
    replace(store.folder / "report.html", class_report.page(assignment, notes))
    return ungraded
