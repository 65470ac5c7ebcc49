"""What a sheet says to its student, in order: the one source of all documents.

Nothing here depends on a key, so no document can give one away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Any

from assignments.rules import Rules
from assignments.sheet import Item, Sheet
from assignments.spec import Spec
from problem_bank.answers.answer import Answer
from problem_bank.answers.choice import LETTERS, Choice
from problem_bank.answers.selection import Selection
from problem_bank.exercise import Part
from problem_bank.figures.figure import Figure

SEVERAL = {
    "all_or_nothing": "Where several options may be right, only the exact answer counts.",
    "per_option": "Where several options may be right, each one that is judged rightly counts.",
    "negative": "Where several options may be right, each one that is judged rightly counts, less each other one.",
}


@dataclass(frozen=True)
class Asked:
    """One part. `prompt` and `options` (letter, text) are Markdown; `file` names the file of a code part.

    `choices` is what can be chosen, as it is answered: letters, or words such as true and false. A table has
    `columns`, and so many `rows`.
    """

    name: str
    number: str
    prompt: str
    hint: str
    points: str
    kind: str
    options: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]
    fields: tuple[str, ...]
    file: str
    columns: tuple[str, ...] = ()
    rows: int = 0

    @property
    def is_code(self) -> bool:
        """Is it answered by a file of code?"""
        return self.kind == "code"


@dataclass(frozen=True)
class Question:
    """One question. `text` and `prompt` are Markdown; `figures` are those that prompts have places for."""

    id: str
    number: int
    title: str
    text: str
    prompt: str
    points: str
    parts: tuple[Asked, ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class Contents:
    """A whole sheet. A pinned one and a version name no student: the same pages serve everybody."""

    assignment: str
    title: str
    source: str
    course: str
    student: str
    name: str
    due: str
    late: str
    points: str
    instructions: str
    questions: tuple[Question, ...]
    version: str = ""
    minutes: str = ""
    seat: str = ""

    @property
    def facts(self) -> list[str]:
        """What the head of a document says after the student's name."""
        version, due = self.version and f"version {self.version}", self.due and f"due {self.due}"
        seat = self.seat and f"seat {self.seat}"
        facts = (seat, version, self.points, self.minutes, due, self.late, self.source)
        return [fact for fact in facts if fact]

    @property
    def who(self) -> str:
        """Name and id, as far as they are known."""
        return f"{self.name} ({self.student})" if self.name and self.student else self.name or self.student


def contents(sheet: Sheet, *, name: str = "", course: str = "") -> Contents:
    """What this sheet says; `name` and `course` are for its head."""
    spec, shared = sheet.assignment.spec, sheet.pinned or bool(sheet.version)
    return Contents(
        assignment=sheet.assignment.name,
        title=one_line(spec.title),
        source=one_line(spec.source),
        course=one_line(course),
        student="" if shared else one_line(sheet.student),
        name="" if shared or name == sheet.student else one_line(name),
        due=_due(spec.rules.due),
        late=_late(spec.rules),
        points=points(sheet.points),
        instructions="\n\n".join(filter(None, [spec.instructions.strip(), _choice(sheet)])),
        questions=tuple(_question(number, item) for number, item in enumerate(sheet.items, 1)),
        version=one_line(sheet.version),
        minutes=_minutes(spec, sheet.arrangements.extra_time),
        seat=one_line(sheet.arrangements.seat),
    )


def points(value: Fraction, kind: str = "") -> str:
    """Points in words: 1 point, 2.5 points, 1.33 points, 2 bonus points."""
    return f"{count(value)} {kind}{'point' if value == 1 else 'points'}"


def count(value: Fraction) -> str:
    """A number of points, to two decimals at most."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def one_line(text: str) -> str:
    """A text for a heading or a comment: no line breaks, no control or direction marks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _question(number: int, item: Item) -> Question:
    parts = [_asked(f"{number}.{i}", part, item) for i, part in enumerate(item.variant.parts, 1)]
    return Question(
        id=item.id,
        number=number,
        title=one_line(item.title),
        text=item.text.strip(),
        prompt=item.variant.prompt.strip(),
        points=points(item.points, "bonus " if item.bonus else ""),
        parts=tuple(parts),
        figures=item.variant.figures,
    )


def _asked(number: str, part: Part, item: Item) -> Asked:
    public, prompt = part.answer.public(), item.variant.text(part.prompt).strip()
    return Asked(
        name=part.name,
        number=number,
        prompt=prompt,
        hint=one_line(part.answer.hint),
        points=points(Fraction(part.points) * item.scale),
        kind=part.answer.kind,
        options=_options(public, f"{item.variant.prompt}\n\n{prompt}"),
        choices=_choices(part.answer),
        fields=tuple(part.answer.fields),
        file=one_line(str(public.get("file", ""))),
        columns=tuple(public.get("columns", ())),
        rows=public.get("rows", 0),
    )


def _options(public: dict[str, Any], prompt: str) -> tuple[tuple[str, str], ...]:
    """The options by letter, unless the prompts list them themselves, each on a line after its letter."""
    options = tuple(zip(LETTERS, map(str, public.get("options", ())), strict=False))
    listed = all(re.search(rf"(?m)^\s*(?:[-*]\s+)?\(?{letter}[.)]\s", prompt) for letter, _ in options)
    return () if listed else options


def _choices(answer: Answer) -> tuple[str, ...]:
    """Letters or, where all options are plain words, these."""
    if not isinstance(answer, Choice | Selection):
        return ()
    plain = isinstance(answer, Choice) and answer.plain
    return answer.options if plain else tuple(LETTERS[: len(answer.options)])


def _due(due: datetime | None) -> str:
    """Monday, 3 November 2025, 23:59 UTC+01:00"""
    return f"{due:%A}, {due.day} {due:%B %Y, %H:%M} {due.tzname() or ''}".rstrip() if due else ""


def _minutes(spec: Spec, extra: Fraction) -> str:
    """The time of an exam: what the blueprint plans at most, and what a student has on top of it."""
    more = f"{count(100 * extra)} % more" if extra else ""
    planned = spec.blueprint.minutes if spec.blueprint else None
    most = planned[1] if isinstance(planned, tuple) else planned
    if not most:
        return more and f"{more} time"
    minutes = ceil(Fraction(str(most)) * (1 + extra)) if extra else most
    return f"{minutes:g} minutes" + (more and f" ({more})")


def _choice(sheet: Sheet) -> str:
    """What a student has to know before they guess."""
    rules = sheet.assignment.spec.rules.choice
    kinds = {part.answer.kind for item in sheet.items for part in item.variant.parts}
    said = []
    if rules.wrong and "choice" in kinds:
        cost = "1 / (options − 1)" if rules.wrong == "fair" else count(Fraction(str(rules.wrong)))
        said.append(f"A wrong choice costs {cost} of its points; no answer costs nothing.")
    if "selection" in kinds:
        said.append(SEVERAL[rules.several])
    said += ["No question counts less than 0."] if rules.wrong or rules.several == "negative" else []
    return " ".join(said)


def _late(rules: Rules) -> str:
    share = f"{rules.late_per_day:.1%}".replace(".0%", "%")
    return f"−{share} per day late" if rules.due and rules.late_per_day else ""
