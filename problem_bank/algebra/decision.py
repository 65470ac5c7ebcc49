"""What a decision says: yes, no or a person should look, on which basis, and how the text was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

UNDECIDED = "undecided"


@dataclass(frozen=True)
class Judgement:
    """`equal` is None where this could not be decided; `basis` says how it was, `reason` why for the student."""

    equal: bool | None
    basis: str
    reason: str = ""


@dataclass(frozen=True)
class Reading:
    """How a text was understood: as text that reads back, and as LaTeX; each is made when it is asked for."""

    show: Callable[[], str]
    typeset: Callable[[], str]

    @cached_property
    def text(self) -> str:
        """Text that reads back."""
        return self.show()

    @cached_property
    def tex(self) -> str:
        """LaTeX, without dollars."""
        return self.typeset()


@dataclass(frozen=True)
class Decision:
    """Is the student's answer equal to the key? None: a person should look.

    `basis` says how this was decided (exact, probabilistic with its bound, numeric with its
    digits, undecided). `form` is a sentence where the answer is not in the form that was asked for;
    it does not touch `equal`. `remark` looks for something to say where the decision `said` nothing.
    """

    equal: bool | None
    basis: str
    reading: Reading
    said: str = ""
    form: str = ""
    remark: Callable[[], str] = str

    @cached_property
    def reason(self) -> str:
        """What to tell the student; looked for when it is asked for."""
        return self.said or self.remark()
