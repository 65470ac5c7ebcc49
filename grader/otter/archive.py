"""An autograder.zip of otter-grader: its settings, the tests of every question, and the files beside the notebook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assignments.errors import Problem, SetupError
from grader.archive import ArchiveError, read_zip
from grader.contents import Contents, unwrapped
from grader.folder import changed, read_folder
from grader.note import Note
from grader.otter import in_notebook
from grader.otter.in_notebook import CONFIG, TESTS
from grader.otter.testfile import BadTests, QuestionTests, read_tests
from grader.sandbox.frames import Garbled
from grader.sandbox.level import ENOUGH, level
from grader.sandbox.process import Died, Limits
from grader.sandbox.session import Broken, Session
from problem_bank.checks import StudentError

FILES = "files/"
_SECONDS = 20.0  # for one test file to be read


class Settings(BaseModel):
    """What otter_config.json says that bears on the marks; the rest concerns Gradescope and PDFs."""

    model_config = ConfigDict(extra="allow", frozen=True)

    assignment_name: str | None = None
    seed: Annotated[int, Field(ge=0, lt=1 << 32)] | None = None
    seed_variable: str | None = None
    show_hidden: bool = False
    points_possible: float | None = None
    score_threshold: float | None = None
    lang: Literal["python"] = "python"
    grade_from_log: Literal[False] = False
    plugins: list[Any] = []


@dataclass(frozen=True)
class Autograder:
    """One otter assignment. `files` lie beside the notebook; `notes` say what of the archive is not used."""

    name: str
    settings: Settings
    tests: tuple[QuestionTests, ...]
    files: Mapping[str, bytes]
    notes: tuple[Note, ...]
    fingerprint: str

    @property
    def keys(self) -> list[str]:
        """The names by which a notebook may ask for tests."""
        return [test.key for test in self.tests]

    @property
    def points(self) -> Fraction:
        """What can be earned, as the tests say it."""
        return sum((test.points for test in self.tests), Fraction(0))

    @property
    def named(self) -> dict[str, QuestionTests]:
        """The tests by the name of their results."""
        return {test.name: test for test in self.tests}


def read_autograder(place: Path) -> Autograder:
    """The assignment in a zip, in a folder with the same contents, or in the metadata of a notebook.

    Raises SetupError with every problem.
    """
    contents = _contents(place)
    files = contents.files
    if not any(name.startswith(TESTS) for name in files):
        files = unwrapped(files)  # zipped anew, with a folder around it all
    settings = _settings(place, files.get(CONFIG, b"{}"))
    sources = {name[len(TESTS) : -len(".py")]: data for name, data in sorted(files.items())
               if name.startswith(TESTS) and name.endswith(".py") and name.count("/") == 1}  # fmt: skip
    if not sources:
        raise SetupError(Problem(place, TESTS, "there are no tests in it; give the autograder.zip that otter wrote"))
    notes = list(contents.notes)
    if settings.plugins:
        notes.append(Note(CONFIG, "plugins", "are not run: they would run beside student code"))
    return Autograder(
        name=settings.assignment_name or place.stem,
        settings=settings,
        tests=_tests(place, sources),
        files={name[len(FILES) :]: data for name, data in files.items() if name.startswith(FILES)},
        notes=tuple(notes),
        fingerprint=_fingerprint(files),
    )


def opened(place: Path) -> Autograder:
    """`read_autograder`, once for each state of the files. Raises OSError where there are none."""
    return _opened(place, changed(place))


@lru_cache(maxsize=2)
def _opened(place: Path, _: float) -> Autograder:
    return read_autograder(place)


def _contents(place: Path) -> Contents:
    try:
        if place.suffix == ".ipynb":
            return in_notebook.contents(place)
        return read_folder(place) if place.is_dir() else read_zip(place)
    except ArchiveError as error:
        raise SetupError(Problem(place, "", str(error))) from None
    except OSError as error:
        raise SetupError(Problem(place, "", f"cannot be read: {error.strerror or error}")) from None


def _settings(place: Path, data: bytes) -> Settings:
    try:
        return Settings.model_validate(json.loads(data))
    except ValidationError as error:
        raise SetupError(
            [Problem(place, f"{CONFIG}: {'.'.join(map(str, e['loc']))}", f"{e['msg']}, not {e['input']!r}")
             for e in error.errors()]
        ) from None  # fmt: skip
    except ValueError as error:
        raise SetupError(Problem(place, CONFIG, f"is not JSON: {error}")) from None


def _tests(place: Path, sources: Mapping[str, bytes]) -> tuple[QuestionTests, ...]:
    """Test files are programs: they are run by themselves in a confined child, before any student code."""
    found, problems = [], []
    for key, data in sources.items():
        try:
            source = data.decode("utf-8-sig")
            found.append(read_tests(key, source, _run(source)))
        except (BadTests, StudentError, Died, Garbled, UnicodeDecodeError, SyntaxError) as error:
            problems.append(Problem(place, f"{TESTS}{key}.py", str(error)))
        except Broken as error:
            raise SetupError(Problem(place, f"{TESTS}{key}.py", f"could not be run: {error}")) from None
    names = [test.name for test in found]
    problems += [Problem(place, f"{TESTS}{test.key}.py", f"has the name {test.name!r} of another test file; rename one")
                 for test in found if names.count(test.name) > 1]  # fmt: skip
    if problems:
        raise SetupError(problems)
    return tuple(found)


def _run(source: str) -> Mapping[str, Any]:
    """What running a test file leaves behind."""
    confined = level().number >= ENOUGH
    with Session({}, limits=Limits(wall=_SECONDS), seed=0, confined=confined) as session:
        session.begin()
        found = session.plain("examples", step="read", source=source)
    return dict(found)


def _fingerprint(files: Mapping[str, bytes]) -> str:
    """Changes with all that bears on the marks."""
    content = hashlib.sha256()
    for name in sorted(files):
        if name == CONFIG or name.startswith((TESTS, FILES)):
            content.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return content.hexdigest()[:16]
