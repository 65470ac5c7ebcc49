"""The assignment file: what an instructor writes, checked as a whole."""

from __future__ import annotations

import keyword
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

import problem_bank
from assignments import blueprint, rules
from assignments.blueprint import Blueprint
from assignments.errors import Problem, SetupError
from assignments.question import Alternative, Id, Question
from assignments.rules import Rules, Strict
from problem_bank.errors import BankError

__all__ = ["FILE", "SHIPPED", "Assignment", "Question", "Rules", "Spec", "load_assignment", "shipped"]

SHIPPED = Path(__file__).parent / "coursework"
FILE = "assignment.toml"


class Spec(Strict):
    """One assignment file."""

    title: str = Field(min_length=1)
    source: str = Field(default="", description="The chapters that it follows.")
    instructions: str = Field(default="", description="Markdown at the top of every document.")
    rules: Rules = Field(default_factory=Rules)
    versions: list[Id] = Field(
        default_factory=list, description="Names of an exam's versions; by default A, B, C and so on."
    )
    blueprint: Blueprint | None = Field(default=None, description="What every sheet has to be made of.")
    files: list[str] = Field(default_factory=list, description="Files to hand out, relative to the assignment.")
    questions: list[Question] = Field(min_length=1)


class Assignment:
    """An assignment file that holds: its name, its folder, and what it says."""

    def __init__(self, name: str, folder: Path, spec: Spec) -> None:
        self.name, self.folder, self.spec = name, folder, spec

    @property
    def files(self) -> dict[str, Path]:
        """The files to hand out, by the name they have for the student."""
        return {Path(file).name: self.folder / file for file in self.spec.files}


def load_assignment(reference: str | Path, course_folder: Path | None = None) -> Assignment:
    """The assignment in this folder, or of this name in the course or among the shipped ones.

    Raises SetupError with every problem of the file, each with its path inside it.
    """
    folder = _find(str(reference), course_folder)
    file = folder / FILE
    spec = _read(file)
    problems = [*_question_problems(file, spec), *_file_problems(file, spec), *_plan_problems(file, spec)]
    if problems:
        raise SetupError(problems)
    return Assignment(folder.resolve().name, folder, spec)


def shipped() -> list[str]:
    """The names of the assignments that come with Markscheme."""
    return sorted(file.parent.name for file in SHIPPED.glob(f"*/{FILE}"))


def _find(reference: str, course_folder: Path | None) -> Path:
    places = [Path(reference), SHIPPED / reference]
    if course_folder:
        places.insert(1, course_folder / "assignments" / reference)
    for place in places:
        if place.name == FILE and place.is_file():
            return place.parent
        if (place / FILE).is_file():
            return place
    known = ", ".join(shipped())
    raise SetupError(
        Problem(reference, "", f"no folder with an {FILE}, and no shipped assignment; shipped are {known}")
    )


def _read(file: Path) -> Spec:
    try:
        return Spec.model_validate(tomllib.loads(file.read_text("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise SetupError(Problem(file, f"byte {error.start}", "is not UTF-8; save the file as UTF-8")) from None
    except tomllib.TOMLDecodeError as error:
        said, _, place = str(error).rpartition(" (at ")
        raise SetupError(Problem(file, place.rstrip(")"), f"is not TOML: {said}")) from None
    except ValidationError as error:
        raise SetupError([Problem(file, _path(e["loc"]), _message(dict(e))) for e in error.errors()]) from None


def _path(location: tuple[int | str, ...]) -> str:
    """("questions", 2, "points") as questions[2].points"""
    return "".join(f"[{bit}]" if isinstance(bit, int) else f".{bit}" for bit in location).lstrip(".")


def _message(error: dict[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "is no setting of an assignment; check its spelling or remove it"
    if error["type"] == "missing":
        return "is missing; add it"
    given = "" if isinstance(error.get("input"), dict | list) else f", not {error.get('input')!r}"
    return re.sub(r"^(Input|String|Value) ", "", error["msg"]).replace("Input ", "") + given


def _question_problems(file: Path, spec: Spec) -> list[Problem]:
    problems, seen = [], set()
    for i, question in enumerate(spec.questions):
        place = f"questions[{i}] ({question.id})"
        if question.id.lower() in seen:
            problems.append(Problem(file, f"{place}.id", "is taken by an earlier question; rename one"))
        seen.add(question.id.lower())
        if keyword.iskeyword(question.id):
            problems.append(
                Problem(file, f"{place}.id", "is a word of Python, which a notebook cannot assign to; rename it")
            )
        for n, alternative in enumerate(question.alternatives):
            try:
                _try(alternative)
            except BankError as error:
                problems.append(Problem(file, f"{place}.pool[{n}]" if question.pool else place, str(error)))
    return problems


def _try(asked: Alternative) -> None:
    """Draw the question once each way, so that what does not fit shows before any student is served."""
    family = problem_bank.load(asked.family)
    family.draw("trial", level=asked.level, given=asked.knobs)
    if asked.given:
        family.draw("trial", level=asked.level, given={**asked.knobs, **asked.given})


def _plan_problems(file: Path, spec: Spec) -> Iterator[Problem]:
    """What rules, versions and blueprint say of questions, topics and kinds that are not there."""
    found = list(rules.findings(spec.rules, [question.id for question in spec.questions]))
    if spec.blueprint:
        own = [one.topic for question in spec.questions for one in question.alternatives if one.topic]
        found += blueprint.findings(spec.blueprint, own)
    for i, name in enumerate(spec.versions):
        if name.lower() in [other.lower() for other in spec.versions[:i]]:
            found.append((f"versions[{i}]", f"{name} is there twice; give each version its own name"))
    if all(question.bonus for question in spec.questions):
        found.append(("questions", "are all bonus, so the total has no points; let one of them count"))
    return (Problem(file, place, message) for place, message in found)


def _file_problems(file: Path, spec: Spec) -> list[Problem]:
    folder = file.parent.resolve()
    problems = []
    for i, name in enumerate(spec.files):
        inside = (folder / name).resolve().is_relative_to(folder)
        if not (inside and (folder / name).is_file()):
            problems.append(Problem(file, f"files[{i}]", f"there is no file {name!r} in the assignment's folder"))
        if Path(name).name in [Path(other).name for other in spec.files[:i]]:
            problems.append(
                Problem(file, f"files[{i}]", "has the name of an earlier file; students get both in one folder")
            )
    return problems
