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
from assignments.arrangements import Arrangements
from assignments.errors import Problem, SetupError
from assignments.question import Alternative, Question
from assignments.spec import Assignment
from problem_bank import bank
from problem_bank.rng import Rng
from problem_bank.values import plain
from problem_bank.variant import Variant

DRAWS = 20  # tries for a question that the sheet does not hold yet
PINNED = "pinned"  # the key of what a pinned assignment still draws: the same for everyone


@dataclass(frozen=True)
class Item:
    """One question of a sheet. Part scores times `scale` are points of the assignment.

    `alternative` counts within the question's pool, from 0; `minutes` and `topic` are for planning.
    """

    id: str
    title: str
    text: str
    points: Fraction
    variant: Variant
    bonus: bool = False
    alternative: int = 0
    minutes: float = 0.0
    topic: str = ""

    @cached_property
    def scale(self) -> Fraction:
        """Points of the assignment per point of the family."""
        return self.points / sum(Fraction(part.points) for part in self.variant.parts)


@dataclass(frozen=True)
class Sheet:
    """One student's assignment, or one version of an exam, which then stands for the student.

    `arrangements` change how the paper looks, not what it asks.
    """

    assignment: Assignment
    student: str
    attempt: int
    pinned: bool
    items: tuple[Item, ...]
    version: str = ""
    arrangements: Arrangements = field(default_factory=Arrangements)

    @property
    def points(self) -> Fraction:
        """What can be reached, without bonus questions."""
        return sum((item.points for item in self.items if not item.bonus), Fraction(0))

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
                **({"alternative": item.alternative} if item.alternative else {}),
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
            **({"version": self.version} if self.version else {}),
        }


def draw_sheet(
    assignment: Assignment,
    student: str,
    secret: str,
    *,
    pinned: bool = False,
    attempt: int = 1,
    chosen: Mapping[str, int] | None = None,
) -> Sheet:
    """The sheet of this student: the same for the same secret, assignment, student and attempt.

    A pinned sheet takes the given values of every question, and the first of every pool, and is the
    same for all students. `chosen` are the alternatives of pools by question; one that it leaves
    out is drawn for this student alone, so that only on average all are used equally often.
    """
    items: list[Item] = []
    for question in assignment.spec.questions:
        key = (PINNED, assignment.name) if pinned else (secret, assignment.name, student)
        taken = {item.variant.identity for item in items}
        which = 0 if pinned else _alternative(question, (*key, str(attempt)), chosen or {})
        items.append(draw_item(question, which, (*key, question.id, str(attempt)), taken, pinned=pinned))
    return Sheet(assignment, student, attempt, pinned, tuple(items))


def draw_item(
    question: Question, alternative: int, key: tuple[str, ...], taken: Collection[object], *, pinned: bool = False
) -> Item:
    """A question drawn for this key, as a variant whose identity is not taken."""
    return _item(question, alternative, _draw(question.alternatives[alternative], key, taken, pinned))


def _alternative(question: Question, key: tuple[str, ...], chosen: Mapping[str, int]) -> int:
    """The place in the pool."""
    several = len(question.alternatives)
    return chosen.get(question.id, Rng(*key, question.id, "pool").int("alternative", 0, several - 1))


def _draw(asked: Alternative, key: tuple[str, ...], taken: Collection[object], pinned: bool) -> Variant:
    """A variant that no earlier question of the sheet is; the last one drawn, where there are no others."""
    family = problem_bank.load(asked.family)
    given = {**asked.knobs, **(asked.given if pinned else {})}
    for again in range(DRAWS):
        variant = family.draw((*key, *("again",) * again), level=asked.level, given=given)
        if pinned or variant.identity not in taken:
            break
    return variant


def restore_sheet(assignment: Assignment, stored: Mapping[str, Any]) -> Sheet:
    """The sheet rebuilt from `Sheet.stored`, whatever the secret has become since."""
    items = []
    for question in assignment.spec.questions:
        entry = stored["items"][question.id]
        variant = problem_bank.load(entry["family"]).draw("", level=entry["level"], given=entry["drawn"])
        items.append(_item(question, entry.get("alternative", 0), variant))
    version = stored.get("version", "")
    return Sheet(assignment, stored["student"], stored["attempt"], stored["pinned"], tuple(items), version)


def stored_in(file: Path) -> dict[str, Any]:
    """What this record holds. Raises SetupError where it is no record."""
    try:
        stored: dict[str, Any] = json.loads(file.read_text("utf-8"))
        stored["items"]  # its absence is the error below
        return stored
    except (OSError, ValueError, LookupError, TypeError):
        remedy = "is no record of a sheet; restore it, or move it away and generate anew"
        raise SetupError(Problem(file, "", remedy)) from None


def read_record(assignment: Assignment, file: Path) -> Sheet:
    """The sheet that this record rebuilds. Raises SetupError when it does not fit the assignment any more."""
    stored = stored_in(file)
    remedy = "put the assignment back, or generate anew"
    questions = {question.id: question for question in assignment.spec.questions}
    if list(stored["items"]) != list(questions):
        said = f"holds the questions {', '.join(stored['items'])}, the assignment {', '.join(questions)}; {remedy}"
        raise SetupError(Problem(file, "items", said))
    for id, entry in stored["items"].items():
        if entry.get("alternative", 0) >= len(questions[id].alternatives):
            said = f"is of alternative {entry['alternative'] + 1}, which the pool has no more; {remedy}"
            raise SetupError(Problem(file, f"items.{id}", said))
    return restore_sheet(assignment, stored)


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
        self.add_families()
        file = self.records / f"{student}.json" if self.records else None
        if file is None or not file.is_file():
            return draw_sheet(self.assignment, student, self.secret, pinned=self.pinned, attempt=self.attempt)
        return read_record(self.assignment, file)

    def add_families(self) -> None:
        """Make the course's own families known, as another process has to."""
        for folder in self.families:
            bank.add_folder(folder)


def _item(question: Question, alternative: int, variant: Variant) -> Item:
    asked, family = question.alternatives[alternative], problem_bank.load(variant.family)
    return Item(
        id=question.id,
        title=asked.title or family.title.rstrip("."),
        text=asked.text,
        points=Fraction(str(question.points)),
        variant=variant,
        bonus=question.bonus,
        alternative=alternative,
        minutes=asked.minutes or family.minutes,
        topic=asked.topic or variant.topic,
    )
