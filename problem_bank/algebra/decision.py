"""What a decision says: yes, no or a person should look, on which basis, and how the text was read."""

from __future__ import annotations

from dataclasses import dataclass

UNDECIDED = "undecided"


@dataclass(frozen=True)
class Judgement:
    """`equal` is None where this could not be decided; `basis` says how it was, `reason` why for the student."""

    equal: bool | None
    basis: str
    reason: str = ""


@dataclass(frozen=True)
class Reading:
    """How a text was understood: as text that reads back, and as LaTeX."""

    text: str
    tex: str


@dataclass(frozen=True)
class Decision:
    """Is the student's answer equal to the key? None: a person should look.

    `basis` says how this was decided (exact, probabilistic with its bound, numeric with its
    digits, undecided), `reason` what to tell the student. `form` is a sentence where the answer is
    not in the form that was asked for; it does not touch `equal`.
    """

    equal: bool | None
    basis: str
    reading: Reading
    reason: str = ""
    form: str = ""
