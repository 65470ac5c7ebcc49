"""What one draw says: an exercise, its parts, and the wrong rules that students really use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from problem_bank.answers.answer import Answer
from problem_bank.figures.figure import Figure

Earlier: TypeAlias = Mapping[str, Any]
"""Values of the parts before this one, by name: the keys, or the student's own."""

Rule: TypeAlias = Callable[[Earlier], Any]


@dataclass(frozen=True)
class Slip:
    """A misconception: a wrong procedure, and the answer it leads to.

    `value` is that answer, or a rule that computes it from the earlier parts, or None where the
    procedure does not apply to this draw. `feedback` speaks to the student. `credit` is the share
    of the points that the answer still deserves.
    """

    name: str
    value: Any
    feedback: str
    credit: Fraction | int = 0

    def worked(self, earlier: Earlier) -> Any:
        """The answer this procedure gives after these earlier values."""
        return self.value(earlier) if callable(self.value) else self.value


@dataclass(frozen=True)
class Part:
    """One thing to answer.

    `follow` recomputes the key from earlier values, so that an early mistake is paid for once.
    `accuracy` is the share of the points that follow-through does not earn.
    """

    name: str
    prompt: str
    answer: Answer
    points: Fraction | int = 1
    misconceptions: Sequence[Slip] = ()
    follow: Rule | None = None
    accuracy: Fraction = Fraction(1, 4)


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """Everything one draw says.

    `given` holds the parameters that rebuild the draw, by the names of their streams and knobs;
    the oracle gets them by name. `shown` holds further values for the texts. `prompt`, part
    prompts and `solution` are Markdown with LaTeX between dollars, and Jinja places that show a
    value of `given` or `shown` as LaTeX; `{{ figure("name") }}` is the place of one of the `figures`.
    What stands in a prompt shows nothing that has to be found. `work` estimates the effort by hand
    (operations, digits): draws of one question are held within a narrow band of it. `identity` is what two questions of
    one sheet may not share; by default all that is given. `topic` is what the draw is about, where
    that is not the family's.
    """

    given: Mapping[str, Any]
    prompt: str
    parts: Sequence[Part]
    solution: str
    work: float = 1.0
    shown: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    identity: object = None
    topic: str = ""

    def keys(self) -> dict[str, Any]:
        """The true value of every part, by name."""
        return {part.name: part.answer.key for part in self.parts}
