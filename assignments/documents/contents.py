"""What a sheet says to its student, in order: the one source of all documents.

Nothing here depends on a key, so no document can give one away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from assignments.sheet import Item, Sheet
from assignments.spec import Rules
from problem_bank.answers.choice import LETTERS
from problem_bank.exercise import Part


@dataclass(frozen=True)
class Asked:
    """One part. `prompt` and `options` (letter, text) are Markdown; `file` names the file of a code part."""

    name: str
    number: str
    prompt: str
    hint: str
    points: str
    kind: str
    options: tuple[tuple[str, str], ...]
    fields: tuple[str, ...]
    file: str

    @property
    def is_code(self) -> bool:
        """Is it answered by a file of code?"""
        return self.kind == "code"


@dataclass(frozen=True)
class Question:
    """One question. `text` and `prompt` are Markdown."""

    id: str
    number: int
    title: str
    text: str
    prompt: str
    points: str
    parts: tuple[Asked, ...]


@dataclass(frozen=True)
class Contents:
    """A whole sheet. A pinned one names no student: the same pages serve everybody."""

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

    @property
    def facts(self) -> list[str]:
        """What the head of a document says after the student's name."""
        return [fact for fact in (self.points, self.due and f"due {self.due}", self.late, self.source) if fact]

    @property
    def who(self) -> str:
        """Name and id, as far as they are known."""
        return f"{self.name} ({self.student})" if self.name and self.student else self.name or self.student


def contents(sheet: Sheet, *, name: str = "", course: str = "") -> Contents:
    """What this sheet says; `name` and `course` are for its head."""
    spec = sheet.assignment.spec
    return Contents(
        assignment=sheet.assignment.name,
        title=one_line(spec.title),
        source=one_line(spec.source),
        course=one_line(course),
        student="" if sheet.pinned else one_line(sheet.student),
        name="" if sheet.pinned or name == sheet.student else one_line(name),
        due=_due(spec.rules.due),
        late=_late(spec.rules),
        points=points(sheet.points),
        instructions=spec.instructions.strip(),
        questions=tuple(_question(number, item) for number, item in enumerate(sheet.items, 1)),
    )


def points(value: Fraction) -> str:
    """Points in words: 1 point, 2.5 points, 1.33 points."""
    return f"{count(value)} {'point' if value == 1 else 'points'}"


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
        points=points(item.points),
        parts=tuple(parts),
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
        options=_options(public, prompt),
        fields=tuple(part.answer.fields),
        file=one_line(str(public.get("file", ""))),
    )


def _options(public: dict[str, Any], prompt: str) -> tuple[tuple[str, str], ...]:
    """The options by letter, unless the prompt lists them itself, each on a line after its letter."""
    options = tuple(zip(LETTERS, map(str, public.get("options", ())), strict=False))
    listed = all(re.search(rf"(?m)^\s*(?:[-*]\s+)?\(?{letter}[.)]\s", prompt) for letter, _ in options)
    return () if listed else options


def _due(due: datetime | None) -> str:
    """Monday, 3 November 2025, 23:59 UTC+01:00"""
    return f"{due:%A}, {due.day} {due:%B %Y, %H:%M} {due.tzname() or ''}".rstrip() if due else ""


def _late(rules: Rules) -> str:
    share = f"{rules.late_per_day:.1%}".replace(".0%", "%")
    return f"−{share} per day late" if rules.due and rules.late_per_day else ""
