"""All sheets of a course in one PDF, to be printed in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from assignments.arrangements import arranged, seated
from assignments.documents.mathematics import LintError
from assignments.errors import Problem
from assignments.roster import Student
from assignments.sheet import Sheet
from assignments.writing import Written, write_all


def write_bundle(
    file: Path,
    students: Iterable[Student],
    sheet_for: Callable[[str], Sheet],
    *,
    course: str = "",
    large_print: bool = False,
    overwrite: bool = False,
) -> Written | Problem:
    """Write the sheets of these students to `file`, each beginning on the front of a leaf.

    They lie in the order of the seats, or where nobody has one in that of the students.
    """
    from assignments.documents import pdf

    try:
        sheets = ((arranged(sheet_for(student.id), student), student.name) for student in seated(students))
        data = pdf.bundle(sheets, course=course, large_print=large_print)
    except LintError as error:
        return Problem(file, "", str(error))
    return write_all(file.parent, {file.name: data}, overwrite=overwrite)[0]
