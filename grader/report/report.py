"""Everything that was found about one submission, with who and what graded it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from grader.note import Note
from problem_bank.verdict import Verdict


@dataclass(frozen=True)
class MarkedPart:
    """A verdict in points of the assignment, and what the student typed (shortened).

    A `hidden` part counts, but Gradescope shows it to instructors only.
    """

    verdict: Verdict
    typed: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class MarkedQuestion:
    """One question of the sheet, marked."""

    id: str
    title: str
    points: Fraction
    parts: tuple[MarkedPart, ...]

    @property
    def graded(self) -> bool:
        """Is every part graded?"""
        return all(part.verdict.graded for part in self.parts)

    @property
    def score(self) -> Fraction:
        """The points earned, before any deduction."""
        return sum((part.verdict.score for part in self.parts), Fraction(0))


@dataclass(frozen=True)
class Run:
    """How the code of one question ran.

    `level` is the sandbox's, `confinement` says it in words, `unsafe` is true where less than grading
    needs was allowed; `flags` deserve a person's look. `cpu_seconds` are those of all its processes,
    `peak_mib` is the memory of the largest.
    """

    question: str
    level: int
    confinement: str
    unsafe: bool
    seconds: float
    stdout: str = ""
    stderr: str = ""
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    cpu_seconds: float = 0.0
    peak_mib: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Report:
    """The marking of one submission.

    `sheet` is the content hash of what was asked, `inputs` of everything the marking depended on.
    `late_days` are days begun after the due time; `kept` is the share of the score that they leave.
    """

    student: str
    name: str
    assignment: str
    title: str
    sheet: str
    inputs: str
    tool: str
    graded_at: datetime
    seconds: float
    questions: tuple[MarkedQuestion, ...]
    submitted: datetime | None = None
    late_days: int = 0
    kept: Fraction = Fraction(1)
    notes: tuple[Note, ...] = ()
    runs: tuple[Run, ...] = ()
    keys_shown: bool = False

    @property
    def points(self) -> Fraction:
        """What could be reached."""
        return sum((question.points for question in self.questions), Fraction(0))

    @property
    def graded(self) -> bool:
        """False where we, not the student, owe something: then no score may be released."""
        return all(question.graded for question in self.questions)

    @property
    def score(self) -> Fraction | None:
        """The points earned after the deduction for lateness; None while a part is ungraded."""
        if not self.graded:
            return None
        return self.kept * sum((question.score for question in self.questions), Fraction(0))

    @property
    def share(self) -> float | None:
        """The part of the points that was earned; None while a part is ungraded, and where there are no points."""
        return float(self.score / self.points) if self.score is not None and self.points else None

    @property
    def level(self) -> int | None:
        """The sandbox level that all code ran under; None where no code ran."""
        return min((run.level for run in self.runs), default=None)

    def parts(self) -> Iterator[tuple[MarkedQuestion, MarkedPart]]:
        """Every part with its question, in order."""
        return ((question, part) for question in self.questions for part in question.parts)
