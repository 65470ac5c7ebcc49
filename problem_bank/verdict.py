"""What the marking says of one part."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Status(StrEnum):
    """The seven outcomes. UNGRADED is our fault: it blocks release and is never a zero."""

    RIGHT = "right"
    PARTIAL = "partial"
    CONSISTENT = "consistent"
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    UNGRADED = "ungraded"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What a program makes of a text that a person marks: for that person, and never a mark by itself.

    `share` is the share of the points; `found` and `missing` name key points, `claims` wrong statements;
    `said` is what to tell the student about these.
    """

    share: Fraction
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    remark: str = ""
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The outcome of one part of one exercise.

    `feedback` speaks to the student; `remark` adds what this very answer shows (the first input on
    which a network fails, how many entries are right).

    `misconceptions` names the wrong rules that lead to exactly this answer: none, one, or several
    where they coincide. `basis` says how the decision was reached (exact, tolerance, follow-through,
    run on all inputs, ...). `reading` is the answer as it was understood. `cause` is the earlier
    part where things first went wrong, when that was not this one. A text that a person has to mark
    comes with a `suggestion`; it stays ungraded until they have.
    """

    part: str
    status: Status
    score: Fraction
    points: Fraction
    feedback: str = ""
    remark: str = ""
    misconceptions: tuple[str, ...] = ()
    basis: str = ""
    reading: str = ""
    cause: str = ""
    suggestion: Suggestion | None = None

    @property
    def graded(self) -> bool:
        """False where we, not the student, owe something."""
        return self.status is not Status.UNGRADED

    @property
    def waiting(self) -> bool:
        """Is this a text that nobody has marked yet?"""
        return self.suggestion is not None and not self.graded
