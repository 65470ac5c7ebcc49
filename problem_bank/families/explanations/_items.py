"""The questions to explain something, one TOML file for each topic.

Each has key points and wrong claims, with the word patterns that find them (see answers/phrases.py).
"""

from __future__ import annotations

import tomllib
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from problem_bank.answers.text import Claim, KeyPoint, Rubric
from problem_bank.concepts.items import Tag, Text
from problem_bank.errors import BankError

FOLDER = Path(__file__).parent
Patterns = Annotated[tuple[Annotated[str, Field(pattern=r"^[^\s].*$")], ...], Field(min_length=1, strict=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Point(_Strict):
    """Something that a good answer says, in a sentence of the model answer, and what finds it."""

    name: Tag
    says: Text
    any: Patterns
    weight: int = Field(default=1, ge=1, le=5)


class WrongClaim(_Strict):
    """A sentence that shows a misconception, what finds it, what to tell the student, and its share of the points."""

    name: Tag
    says: Text
    any: Patterns
    feedback: Text
    costs: float = Field(default=0.25, gt=0, le=1)


class Item(_Strict):
    """A question, and what its answer is read for. `limit` is the number of sentences that count."""

    id: Tag
    source: Annotated[str, Field(pattern=r"^[A-Z].* \d+(\.\d+)*(, \d+(\.\d+)*)*$")]
    question: Text
    points: Annotated[tuple[Point, ...], Field(min_length=2, strict=False)]
    claims: Annotated[tuple[WrongClaim, ...], Field(min_length=1, strict=False)]
    limit: int = Field(default=8, ge=1, le=30)

    @property
    def rubric(self) -> Rubric:
        """The key of the question."""
        points = tuple(KeyPoint(point.name, point.says, point.any, point.weight) for point in self.points)
        claims = tuple(Claim(c.name, c.says, c.any, Fraction(str(c.costs))) for c in self.claims)
        return Rubric(points, claims)


class File(_Strict):
    """One topic."""

    item: Annotated[tuple[Item, ...], Field(min_length=1, strict=False)]


@cache
def items() -> dict[str, Item]:
    """All questions by id. Raises BankError with the file and the place of what is wrong."""
    found: dict[str, Item] = {}
    for topic in topics():
        for item in _read(FOLDER / f"{topic}.toml").item:
            if item.id in found:
                raise BankError(f"{topic}.toml: {item.id}: this id is taken by an earlier item; give it another")
            found[item.id] = item
    return found


@cache
def topics() -> dict[str, tuple[str, ...]]:
    """The ids of each topic, in the order of its file."""
    return {file.stem: tuple(item.id for item in _read(file).item) for file in sorted(FOLDER.glob("*.toml"))}


def raw() -> dict[str, dict[str, Any]]:
    """The items as they stand in the files, past the schema."""
    read = (tomllib.loads(file.read_text("utf-8")) for file in FOLDER.glob("*.toml"))
    return {item["id"]: item for file in read for item in file["item"]}


def _read(file: Path) -> File:
    try:
        return File.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise BankError(f"{file.name}: {error}") from None
