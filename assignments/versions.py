"""The versions of an exam: a sheet for each, of equal work, and the sheet that a student had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import ascii_uppercase

from assignments.balance import balanced
from assignments.errors import Problem, SetupError
from assignments.pools import by_rank
from assignments.sheet import Sheet, SheetSource, draw_sheet, read_record
from assignments.spec import Assignment, Spec


def names(spec: Spec) -> list[str]:
    """The versions that an exam may have: those of its file, or else A to Z."""
    return spec.versions or list(ascii_uppercase)


def check_versions(assignment: Assignment, wanted: list[str]) -> None:
    """Raises SetupError for a version that the assignment does not have, and for one named twice."""
    known = names(assignment.spec)
    for name in wanted:
        if name not in known:
            listed = ", ".join(assignment.spec.versions) or "A, B, C ... Z unless the assignment names its `versions`"
            raise SetupError(Problem("versions", name, f"is no version of {assignment.name}; there are {listed}"))
        if wanted.count(name) > 1:
            raise SetupError(Problem("versions", name, "is named twice"))


def draw_version(assignment: Assignment, version: str, secret: str, *, attempt: int = 1) -> Sheet:
    """The sheet of this version: the same for the same secret, whichever other versions there are.

    Its work is close to the planned one, so that any two versions differ by a few percent at most.
    Raises SetupError for an unknown version, and where no draw comes close enough.
    """
    check_versions(assignment, [version])
    # A space: no student's id has one, so that no version is anybody's own sheet.
    key = (secret, assignment.name, f"version {version}")
    rank = names(assignment.spec).index(version)
    pooled = [question for question in assignment.spec.questions if question.pool]
    chosen = {q.id: by_rank(q, rank, (secret, assignment.name, str(attempt))) for q in pooled}
    sheet = draw_sheet(assignment, key[2], secret, attempt=attempt, chosen=chosen)
    return balanced(replace(sheet, student=version, version=version), (*key, str(attempt)))


@dataclass(frozen=True)
class ExamSheets:
    """From a student or a version to the sheet. `roster` says who had which version, as far as it is known.

    `records` holds the versions that were handed out; one that is not there is drawn.
    """

    source: SheetSource
    roster: Mapping[str, str] = field(default_factory=dict)
    records: Path | None = None

    def __call__(self, student: str) -> Sheet:
        """The sheet of a student, or of the version with this name."""
        return self.version(student) if self.has(student) else self.source(student)

    def has(self, version: str) -> bool:
        """Is this a version that was handed out, or that the assignment names?"""
        return version in self.source.assignment.spec.versions or self._recorded(version) is not None

    def version(self, version: str) -> Sheet:
        """The sheet of this version: rebuilt where it was handed out, else drawn."""
        file = self._recorded(version)
        if file:
            self.source.add_families()
            return read_record(self.source.assignment, file)
        return draw_version(self.source.assignment, version, self.source.secret, attempt=self.source.attempt)

    def of(self, student: str, said: str) -> str:
        """The version of a student whose own answers say this; the roster comes first. Empty where nobody knows."""
        known = (self.roster.get(student) or said).strip()
        return next((name for name in (known, known.upper()) if name and self.has(name)), "")

    def own(self, student: str) -> bool:
        """Has this student a sheet of their own on record?"""
        records = self.source.records
        return records is not None and (records / f"{student}.json").is_file()

    def _recorded(self, version: str) -> Path | None:
        # Compared by name with what is there: the name may be what a student typed, and no path.
        found = (file for file in sorted(self.records.glob("*.json")) if file.stem == version) if self.records else ()
        return next(iter(found), None)
