"""An exercise for one key: what the student sees, how it is marked, how it is stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from problem_bank import marking
from problem_bank.exercise import Exercise, Part
from problem_bank.figures.figure import Figure, place, placed
from problem_bank.render import fill
from problem_bank.values import plain
from problem_bank.verdict import Verdict


@dataclass(frozen=True)
class Variant:
    """A proven exercise. `drawn` holds the knobs and parameters that rebuild it exactly:
    `load(variant.family).draw("", level=variant.level, given=variant.drawn)`.
    """

    family: str
    version: int
    level: str
    drawn: Mapping[str, Any]
    exercise: Exercise

    @property
    def parts(self) -> tuple[Part, ...]:
        """What there is to answer, in order."""
        return tuple(self.exercise.parts)

    @cached_property
    def prompt(self) -> str:
        """The question as Markdown with LaTeX."""
        return self.text(self.exercise.prompt)

    @cached_property
    def solution(self) -> str:
        """The worked solution. Not for students before the deadline."""
        return self.text(self.exercise.solution)

    def text(self, template: str) -> str:
        """Any text of the exercise with its values filled in; a figure is an image with its alternative as text."""
        return fill(template, {**self.exercise.shown, **self.exercise.given, "figure": self._place})

    def _place(self, name: str) -> str:
        return place(name, self.exercise.figures[name])

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The figures that the prompts show; those of the solution are not for students before the deadline."""
        prompts = [self.prompt, *(self.text(part.prompt) for part in self.parts if "figure" in part.prompt)]
        return placed("\n".join(prompts), self.exercise.figures)

    def public(self) -> dict[str, Any]:
        """All that may leave before the deadline: texts, points and how each answer is read."""
        parts = [
            {"name": p.name, "prompt": self.text(p.prompt), "points": plain(p.points), "hint": p.answer.hint,
             "answer": plain_options(p.answer.public())}
            for p in self.parts
        ]  # fmt: skip
        return {"family": self.family, "prompt": self.prompt, "parts": parts}

    def key(self) -> dict[str, str]:
        """The right answers as a student would type them, by part."""
        return shown_key(self.exercise)

    def mark(self, answers: Mapping[str, Any]) -> dict[str, Verdict]:
        """The verdict of every part, by name, for raw answers by part name."""
        return marking.mark(self.exercise, answers)

    @property
    def topic(self) -> str:
        """What it is about: the family's topic, unless the draw has one of its own."""
        return self.exercise.topic or self.family.partition(".")[0]

    @property
    def identity(self) -> tuple[str, str]:
        """What no other question of the same sheet may have."""
        own = self.exercise.given if self.exercise.identity is None else self.exercise.identity
        return self.family, repr(own)

    @cached_property
    def fingerprint(self) -> str:
        """Changes when the family, its version or a parameter changes."""
        stored = [self.family, self.version, self.level, {k: plain(v) for k, v in self.drawn.items()}]
        return hashlib.sha256(json.dumps(stored, sort_keys=True, default=str).encode()).hexdigest()[:16]


def shown_key(exercise: Exercise) -> dict[str, str]:
    """The right answers of an exercise as a student would type them, by part."""
    return {part.name: part.answer.show(part.answer.key) for part in exercise.parts}


def plain_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Reading options in their JSON form."""
    return {name: plain(value) for name, value in options.items()}
