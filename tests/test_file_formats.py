"""The page on file formats shows one small course; here it is built from the page, drawn, graded and compared."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assignments.course import find_course
from assignments.roster import read_roster
from assignments.sheet import draw_sheet
from assignments.spec import load_assignment
from markscheme.cli import main

PAGE = Path(__file__).parents[1] / "docs" / "file-formats.md"
SHOWN = dict(re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```$', PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL))
WRITTEN = ("handout/", "grades/")  # by Markscheme; the others are written by people


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course of the page, with week 3 handed out and graded."""
    folder = tmp_path_factory.mktemp("course")
    for name, text in SHOWN.items():
        if not name.startswith(WRITTEN):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
    (folder / "secret.key").write_text("any text\n", "utf-8")
    common = ["week-3", "--pinned", "--course", str(folder)]
    for command in (
        ["generate", *common, "--out", str(folder / "handout"), "--jobs", "1"],
        ["grade", *common, str(folder / "submissions/week-3"), "--out", str(folder / "grades/week-3"), "--jobs", "1"],
    ):
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0, done.output
    return folder


def test_course_and_roster_are_read(course: Path) -> None:
    """Name, secret and both students, with the columns that the table describes."""
    found = find_course(course)
    assert found
    assert (found.name, found.secret) == ("Deep Learning 1", "any text")
    roster = read_roster(course / "roster.csv")
    assert not roster.problems
    assert [student.id for student in roster.students] == ["ada", "alan"]
    assert roster.students[0].extra["programme"] == "MSc AI"


def test_the_full_assignment_shows_every_setting(course: Path) -> None:
    """It can be drawn, pinned or not, and no setting of the schema is missing from it."""
    assignment = load_assignment("midterm", course)
    for pinned in (True, False):
        assert len(draw_sheet(assignment, "ada", "secret", pinned=pinned).items) == 3
    schema = json.loads((PAGE.parent / "schema" / "assignment.schema.json").read_text("utf-8"))
    names = {name for table in (schema, *schema["$defs"].values()) for name in table.get("properties", {})}
    shown = set(_keys(tomllib.loads(SHOWN["assignments/midterm/assignment.toml"])))
    assert names <= shown, names - shown


@pytest.mark.parametrize("name", [name for name in SHOWN if name.endswith(".json")])
def test_what_is_shown_of_a_json_file_is_in_it(course: Path, name: str) -> None:
    """Every field on the page stands in the file that was written, with that value."""
    assert not list(_differences(json.loads(SHOWN[name]), json.loads((course / name).read_text("utf-8"))))


def test_the_gradebook_is_the_one_shown(course: Path) -> None:
    """Cell by cell."""
    name = "grades/week-3/gradebook.csv"
    assert list(csv.reader((course / name).read_text("utf-8-sig").splitlines())) == list(
        csv.reader(SHOWN[name].splitlines())
    )


def _keys(value: Any) -> Iterator[str]:
    """The names of all settings, at any depth."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _keys(one)


def _differences(shown: Any, written: Any, place: str = "") -> Iterator[str]:
    """Where the file does not hold what is shown; it may hold more fields, and lists of named things in any order."""
    if isinstance(shown, dict) and isinstance(written, dict):
        for key, value in shown.items():
            yield from _differences(value, written.get(key), f"{place}.{key}")
    elif isinstance(shown, list) and isinstance(written, list) and shown and isinstance(shown[0], dict):
        named = {one["name"]: one for one in written}
        for one in shown:
            yield from _differences(one, named.get(one["name"]), f"{place}[{one['name']}]")
    elif shown != written:
        yield f"{place}: {shown!r} is shown, {written!r} written"
