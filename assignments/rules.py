"""The rules of an assignment: when it is due, how choices count, what an exam's total becomes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

GradeName = Annotated[str, StringConstraints(min_length=1, max_length=16)]
Finding = tuple[str, str]
"""A place in the file, such as rules.grades, and what is wrong there."""


class Strict(BaseModel):
    """A table of the assignment file: nothing but what is named here may stand in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ChoiceRules(Strict):
    """How choices count. No question counts less than 0, whatever its parts say."""

    wrong: Annotated[float, Field(ge=0, le=1)] | Literal["fair"] = Field(
        default=0.0,
        description="Share of a part's points that a wrong option costs; fair is 1 / (options - 1), so that "
        "guessing gains nothing on average. No answer costs nothing.",
    )
    several: Literal["all_or_nothing", "per_option", "negative"] = Field(
        default="all_or_nothing",
        description="Where any number of options may be right: only the exact answer counts; or each option that "
        "is judged rightly; or these less the ones that are judged wrongly.",
    )

    def costs(self, options: int) -> Fraction:
        """The share that a wrong one of so many options costs."""
        return Fraction(1, max(1, options - 1)) if self.wrong == "fair" else Fraction(str(self.wrong))


class Rules(Strict):
    """When it is due and what lateness costs; how choices count; what the total becomes."""

    due: datetime | None = Field(default=None, description="Local time, or with an offset.")
    late_per_day: float = Field(
        default=0, ge=0, le=1, description="Share of the score lost per day begun after the due time."
    )
    attempts: int = Field(default=1, ge=1, description="How often a student may hand in; each attempt is drawn afresh.")
    choice: ChoiceRules = Field(default_factory=ChoiceRules)
    nullified: dict[str, Literal["full", "drop"]] = Field(
        default_factory=dict,
        description="Questions that turned out to be unfit: full gives their points to all, drop takes them out.",
    )
    round: float = Field(default=0, ge=0, le=100, description="The total goes to the nearest multiple; halves go up.")
    grades: dict[GradeName, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict, description="The least share of the points for each grade, such as A = 0.9."
    )

    def rounded(self, total: Fraction) -> Fraction:
        """The total as it counts."""
        if not self.round:
            return total
        step = Fraction(str(self.round))
        return floor(total / step + Fraction(1, 2)) * step

    def grade(self, share: Fraction) -> str:
        """The best grade that this share of the points reaches; empty below all of them."""
        reached = [(least, name) for name, least in self.grades.items() if Fraction(str(least)) <= share]
        return max(reached)[1] if reached else ""

    @property
    def marking(self) -> dict[str, object]:
        """The settings that change marks and are not the defaults; results depend on them."""
        return self.model_dump(exclude_defaults=True, exclude={"due", "late_per_day", "attempts"})


def findings(rules: Rules, questions: list[str]) -> Iterator[Finding]:
    """What the form of the file cannot tell: names of no question, and grades that nobody could tell apart."""
    for name in rules.nullified:
        if name not in questions:
            yield f"rules.nullified.{name}", f"is no question; there are {', '.join(questions)}"
    if rules.nullified and all(rules.nullified.get(name) == "drop" for name in questions):
        yield "rules.nullified", "drops every question, so no point is left; drop fewer, or give some in full"
    least = list(rules.grades.values())
    for name, value in rules.grades.items():
        if least.count(value) > 1:
            yield f"rules.grades.{name}", f"begins at {value:g} as another grade does; give each its own boundary"
