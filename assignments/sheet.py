"""One student's assignment: the variants in order, drawn or rebuilt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import problem_bank
from assignments.errors import Problem, SetupError
from assignments.spec import Assignment, Question
from problem_bank import bank
from problem_bank.values import plain
from problem_bank.variant import Variant

DRAWS = 20  # tries for a question that the sheet does not hold yet
PINNED = "pinned"  # the key of what a pinned assignment still draws: the same for everyone


@dataclass(frozen=True)
class Item:
    """One question of a sheet. Part scores times `scale` are points of the assignment."""

    id: str
    title: str
    text: str
    points: Fraction
    variant: Variant

    @cached_property
    def scale(self) -> Fraction:
        """Points of the assignment per point of the family."""
        return self.points / sum(Fraction(part.points) for part in self.variant.parts)


@dataclass(frozen=True)
class Sheet:
    """One student's assignment."""

    assignment: Assignment
    student: str
    attempt: int
    pinned: bool
    items: tuple[Item, ...]

    @property
    def points(self) -> Fraction:
        """What can be reached."""
        return sum((item.points for item in self.items), Fraction(0))

    @cached_property
    def fingerprint(self) -> str:
        """The content hash: changes with any question, family version or parameter."""
        content = [f"{item.id}:{item.points}:{item.variant.fingerprint}" for item in self.items]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]

    def stored(self) -> dict[str, Any]:
        """What rebuilds the sheet later, as JSON: the parameters, never the secret."""
        items = {
            item.id: {
                "family": item.variant.family,
                "version": item.variant.version,
                "level": item.variant.level,
                "drawn": {name: plain(value) for name, value in item.variant.drawn.items()},
            }
            for item in self.items
        }
        return {
            "assignment": self.assignment.name,
            "student": self.student,
            "attempt": self.attempt,
            "pinned": self.pinned,
            "fingerprint": self.fingerprint,
            "items": items,
        }


def draw_sheet(assignment: Assignment, student: str, secret: str, *, pinned: bool = False, attempt: int = 1) -> Sheet:
    """The sheet of this student: the same for the same secret, assignment, student and attempt.

    A pinned sheet takes the given values of every question and is the same for all students.
    """
    items: list[Item] = []
    for question in assignment.spec.questions:
        key = (PINNED, assignment.name) if pinned else (secret, assignment.name, student)
        taken = {item.variant.identity for item in items}
        items.append(_item(question, _draw(question, (*key, question.id, str(attempt)), taken, pinned)))
    return Sheet(assignment, student, attempt, pinned, tuple(items))


def _draw(question: Question, key: tuple[str, ...], taken: Collection[object], pinned: bool) -> Variant:
    """A variant that no earlier question of the sheet is; the last one drawn, where there are no others."""
    family = problem_bank.load(question.family)
    given = {**question.knobs, **(question.given if pinned else {})}
    for again in range(DRAWS):
        variant = family.draw((*key, *("again",) * again), level=question.level, given=given)
        if pinned or variant.identity not in taken:
            break
    return variant


def restore_sheet(assignment: Assignment, stored: Mapping[str, Any]) -> Sheet:
    """The sheet rebuilt from `Sheet.stored`, whatever the secret has become since."""
    items = []
    for question in assignment.spec.questions:
        entry = stored["items"][question.id]
        variant = problem_bank.load(entry["family"]).draw("", level=entry["level"], given=entry["drawn"])
        items.append(_item(question, variant))
    return Sheet(assignment, stored["student"], stored["attempt"], stored["pinned"], tuple(items))


@dataclass(frozen=True)
class SheetSource:
    """From a student's id to the sheet: rebuilt from `records`/<student>.json where that is, else drawn."""

    assignment: Assignment
    secret: str = field(repr=False)
    pinned: bool = False
    attempt: int = 1
    records: Path | None = None
    families: tuple[Path, ...] = field(default_factory=lambda: tuple(bank.added_folders()))

    def __call__(self, student: str) -> Sheet:
        """Raises SetupError when the record does not fit the assignment any more."""
        for folder in self.families:  # another process does not know the course's own families yet
            bank.add_folder(folder)
        file = self.records / f"{student}.json" if self.records else None
        if file is None or not file.is_file():
            return draw_sheet(self.assignment, student, self.secret, pinned=self.pinned, attempt=self.attempt)
        stored = json.loads(file.read_text("utf-8"))
        questions = [question.id for question in self.assignment.spec.questions]
        if list(stored["items"]) != questions:
            remedy = f"holds the questions {', '.join(stored['items'])}, the assignment {', '.join(questions)}; "
            raise SetupError(Problem(file, "items", remedy + "put the assignment back, or generate anew"))
        return restore_sheet(self.assignment, stored)


def _item(question: Question, variant: Variant) -> Item:
    title = question.title or problem_bank.load(question.family).title.rstrip(".")
    return Item(question.id, title, question.text, Fraction(str(question.points)), variant)
