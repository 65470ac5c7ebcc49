"""Everything that was found about one submission, with who and what graded it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from assignments.rules import Rules
from grader.note import Note
from problem_bank.verdict import Verdict


@dataclass(frozen=True)
class MarkedPart:
    """A verdict in points of the assignment, and what the student typed (shortened).

    A `hidden` part counts, but what was seen there is for instructors only, on Gradescope the whole part.
    """

    verdict: Verdict
    typed: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class MarkedQuestion:
    """One question of the sheet, marked.

    The points of a `bonus` question come on top. One that was `nullified` gives all its points to
    everybody ("full") or does not count ("drop").
    """

    id: str
    title: str
    points: Fraction
    parts: tuple[MarkedPart, ...]
    bonus: bool = False
    nullified: str = ""

    @property
    def graded(self) -> bool:
        """Is every part graded, or does none of them count?"""
        return bool(self.nullified) or all(part.verdict.graded for part in self.parts)

    @property
    def earned(self) -> Fraction:
        """The points of the answers, at least zero, before any deduction."""
        return max(Fraction(0), sum((part.verdict.score for part in self.parts), Fraction(0)))

    @property
    def score(self) -> Fraction:
        """The points that count, before any deduction."""
        return {"full": self.points, "drop": Fraction(0)}.get(self.nullified, self.earned)

    @property
    def reachable(self) -> Fraction:
        """What it adds to the points of the whole."""
        return Fraction(0) if self.bonus or self.nullified == "drop" else self.points


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
    `version` is the version of an exam, `rules` are those by which the total becomes a grade.
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
    version: str = ""
    rules: Rules = field(default_factory=Rules)

    @property
    def points(self) -> Fraction:
        """What could be reached, without bonus questions."""
        return sum((question.reachable for question in self.questions), Fraction(0))

    @property
    def graded(self) -> bool:
        """False where we, not the student, owe something: then no score may be released."""
        return all(question.graded for question in self.questions)

    @property
    def settled(self) -> bool:
        """Is every part graded, or a text that waits for a person? Then marking again would find nothing new."""
        return all(part.verdict.graded or part.verdict.waiting for _, part in self.parts())

    @property
    def score(self) -> Fraction | None:
        """The points earned after the deduction for lateness, rounded; None while a part is ungraded."""
        if not self.graded:
            return None
        return self.rules.rounded(self.kept * sum((question.score for question in self.questions), Fraction(0)))

    @property
    def grade(self) -> str:
        """The grade; empty while a part is ungraded, and where there are no grades or none is reached."""
        if self.score is None or not self.points:
            return ""
        return self.rules.grade(self.score / self.points)

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
