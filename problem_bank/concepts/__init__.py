"""Concept items: choices and sets of statements, one TOML file for each topic.

Every wrong option carries the misconception that leads to it and what to tell the student. All
files are checked together, and every mistake is reported with its place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path

from pydantic import ValidationError

from problem_bank.concepts.items import Choice, File, Statement, StatementSet, alike
from problem_bank.errors import BankError

__all__ = ["FOLDER", "Choice", "ConceptError", "Statement", "StatementSet", "check", "choices", "sets"]

FOLDER = Path(__file__).parent


class ConceptError(BankError):
    """Concept files with mistakes; the message has one line for each."""


@cache
def choices() -> dict[str, Choice]:
    """All choice items by id. Raises ConceptError."""
    return {item.id: item for file in _files().values() for item in file.choice}


@cache
def sets() -> dict[str, StatementSet]:
    """All statement sets by id. Raises ConceptError."""
    return {item.id: item for file in _files().values() for item in file.statements}


@cache
def _files() -> dict[str, File]:
    files, mistakes = _read(FOLDER)
    if mistakes:
        raise ConceptError("\n".join(mistakes))
    return files


def check(folder: Path = FOLDER) -> list[str]:
    """Every mistake in the concept files of this folder, as "file: place: what is wrong"; empty where there is none."""
    files, mistakes = _read(folder)
    return [*mistakes, *_reworded(files)]


def _read(folder: Path) -> tuple[dict[str, File], list[str]]:
    files: dict[str, File] = {}
    mistakes: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            files[path.stem] = File.model_validate({**tomllib.loads(path.read_text("utf-8")), "topic": path.stem})
        except tomllib.TOMLDecodeError as error:
            mistakes.append(f"{path.name}: {error}")
        except ValidationError as error:
            mistakes += [
                f"{path.name}: {_place(problem['loc'])}: {_said(problem['msg'])}" for problem in error.errors()
            ]
    return files, [*mistakes, *_twice(files)]


def _place(where: tuple[int | str, ...]) -> str:
    """A TOML place such as choice[3].wrong[0].feedback, counted from 1."""
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in where)
    return "".join(steps).lstrip(".") or "file"


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _twice(files: dict[str, File]) -> Iterator[str]:
    """Ids that occur more than once."""
    seen: dict[str, str] = {}
    for name, file in files.items():
        for item in (*file.choice, *file.statements):
            if item.id in seen:
                yield f"{name}.toml: {item.id}: this id is already taken in {seen[item.id]}.toml; give it another"
            seen.setdefault(item.id, name)


def _reworded(files: dict[str, File]) -> Iterator[str]:
    """Questions that say nearly the same."""
    asked = [(f"{name}.toml: {item.id}", item.question) for name, file in files.items() for item in file.choice]
    asked += [(f"{name}.toml: {found.id}.{statement.name}", statement.question)
              for name, file in files.items() for found in file.statements for statement in found.items]  # fmt: skip
    for (place, one), (other_place, other) in combinations(asked, 2):
        if alike(one, other):
            yield f"{other_place}: this is nearly the question of {place}; drop or reword one"
