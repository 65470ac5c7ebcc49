"""The blueprint of an exam: how many points by topic and by kind of answer, and how many minutes.

It is a table of the assignment file. A sheet that misses it is not handed out, and every miss is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, model_validator

from assignments.rules import Finding, Strict
from problem_bank.bank import ids

if TYPE_CHECKING:
    from assignments.sheet import Item, Sheet

Amount = Annotated[float, Field(ge=0, le=10_000)]
Range = Amount | tuple[Amount, Amount]
"""One number, or the least and the greatest."""

CLOSE = 0.005  # points; shares of points are thirds and sevenths


class Blueprint(Strict):
    """What an exam shall be made of; what is not named is free."""

    minutes: Range | None = Field(default=None, description="In all: at most so many, or a range.")
    part_minutes: Range | None = Field(default=None, description="For each part: at most so many, or a range.")
    topics: dict[str, Range] = Field(default_factory=dict, description="Points by topic: exactly, or a range.")
    kinds: dict[str, Range] = Field(default_factory=dict, description="Points by kind of answer: exactly, or a range.")

    @model_validator(mode="before")
    @classmethod
    def _ordered(cls, table: Any) -> Any:
        for name, value in _ranges(table):
            if isinstance(value, list | tuple) and len(value) == 2 and value[0] > value[1]:
                raise ValueError(f"{name} goes from {value[0]:g} down to {value[1]:g}; write the smaller one first")
        return table

    def misses(self, sheet: Sheet) -> Iterator[Finding]:
        """Where this sheet is not as planned, with what it is. Bonus questions cost time and give no points."""
        parts = [(item, part, minutes) for item in sheet.items for part, minutes in part_minutes(item).items()]
        if self.minutes is not None:
            yield from _miss("blueprint.minutes", sum(minutes for *_, minutes in parts), self.minutes, "minutes", True)
        for item, part, minutes in parts if self.part_minutes is not None else ():
            place = f"blueprint.part_minutes ({item.id}.{part})"
            yield from _miss(place, minutes, self.part_minutes, "minutes", True)
        for name, found in (("topics", by_topic(sheet)), ("kinds", by_kind(sheet))):
            for key, wanted in getattr(self, name).items():
                yield from _miss(f"blueprint.{name}.{key}", float(found[key]), wanted, "points")


def findings(blueprint: Blueprint, topics: list[str]) -> Iterator[Finding]:
    """Names that no sheet can meet. `topics` are those that the assignment names itself."""
    known = {*topics, *all_topics()}
    for topic in blueprint.topics:
        if topic not in known:
            yield f"blueprint.topics.{topic}", f"is no topic; there are {', '.join(sorted(known))}"
    kinds = all_kinds()
    for kind in blueprint.kinds:
        if kind not in kinds:
            yield f"blueprint.kinds.{kind}", f"is no kind of answer; there are {', '.join(sorted(kinds))}"


def by_topic(sheet: Sheet) -> dict[str, Fraction]:
    """Points by topic, without bonus questions."""
    found: dict[str, Fraction] = defaultdict(Fraction)
    for item in sheet.items:
        found[item.topic] += 0 if item.bonus else item.points
    return found


def by_kind(sheet: Sheet) -> dict[str, Fraction]:
    """Points by kind of answer, without bonus questions."""
    found: dict[str, Fraction] = defaultdict(Fraction)
    for item in sheet.items:
        for part in item.variant.parts:
            found[part.answer.kind] += 0 if item.bonus else Fraction(part.points) * item.scale
    return found


def part_minutes(item: Item) -> dict[str, float]:
    """The time of a question, shared out over its parts as its points are."""
    total = sum(Fraction(part.points) for part in item.variant.parts)
    return {part.name: item.minutes * float(Fraction(part.points) / total) for part in item.variant.parts}


def all_topics() -> set[str]:
    """The topics of the bank: those of its families, and of its concept items."""
    from problem_bank import concepts

    items = (*concepts.choices().values(), *concepts.sets().values())
    return {id.partition(".")[0] for id in ids()} | {item.topic for item in items}


def all_kinds() -> set[str]:
    """The kinds of answer."""
    from problem_bank import answers

    return {kind for name in answers.__all__ if (kind := getattr(getattr(answers, name), "kind", ""))}


def _ranges(table: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(table, dict):
        for name, value in table.items():
            yield from _ranges(value) if isinstance(value, dict) else [(name, value)]


def _miss(place: str, found: float, wanted: Any, unit: str, most: bool = False) -> Iterator[Finding]:
    """A finding where the amount is off; one number is the only one allowed, or the `most`."""
    low, high = wanted if isinstance(wanted, tuple) else (0 if most else wanted, wanted)
    if not low - CLOSE <= found <= high + CLOSE:
        meant = f"at most {high:g}" if most and not low else f"{low:g}" if low == high else f"{low:g} to {high:g}"
        yield place, f"{round(found, 2):g} {unit}, where {meant} are planned"
