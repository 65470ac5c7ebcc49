"""markscheme export: what it writes where, and what it refuses."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from markscheme.cli import main
from tests.readers import moodle, qti12, qti21

ASSIGNMENT = """\
title = "Week 1"
[[questions]]
id = "q1"
family = "convolution.hand"
points = 4
"""
GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (4711)
,,,,,4
Ada,1,,ada@example.org,A,
Eve,2,eve,e,A,1
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one assignment; the working folder is in it."""
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["init", "course"]).exit_code == 0
    file = tmp_path / "course" / "assignments" / "week-1" / "assignment.toml"
    file.write_text(ASSIGNMENT)
    monkeypatch.chdir(tmp_path / "course")
    return tmp_path / "course"


def export(*arguments: str) -> Result:
    """Run the command on week-1."""
    return CliRunner().invoke(main, ["export", "week-1", *arguments])


@pytest.mark.parametrize(("target", "count"), [("moodle", 3), ("qti", 3), ("qti12", 3)])
def test_as_many_variants_as_asked_for(course: Path, target: str, count: int) -> None:
    """--variants 3 is three different draws of each question, drawn from the course's secret."""
    assert export("--to", target, "--variants", "3", "--out", "out").exit_code == 0
    data = (course / "out").read_bytes()
    if target == "moodle":
        (questions,) = moodle.read(data).categories.values()
    elif target == "qti":
        questions = list(qti21.read(data).items.values())
    else:
        questions = qti12.read(data)[0].questions
    assert len(questions) == count
    assert len({question.solution for question in questions}) == count


def test_the_sheets_of_the_roster(course: Path) -> None:
    """--roster exports the students' own sheets: the numbers are those of their key."""
    assert export("--to", "qti", "--roster", "roster.csv", "--out", "out.zip").exit_code == 0
    package = qti21.read((course / "out.zip").read_bytes())
    assert set(package.items) == {"items/q1_ada.xml", "items/q1_alan.xml"}
    done = CliRunner().invoke(main, ["key", "week-1", "ada", "--json"])
    key = json.loads(done.output)["questions"]["q1"]["key"]
    size, *cells = package.items["items/q1_ada.xml"].fields
    assert size.judge(key["size"])[0] == 1
    flat = [number for row in json.loads(key["Y"]) for number in row]
    assert [field.judge(str(number))[0] for field, number in zip(cells, flat, strict=True)] == [1] * len(flat)


def test_pinned_needs_no_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The printed numbers are one variant, from the assignment alone."""
    (tmp_path / "week-1").mkdir()
    (tmp_path / "week-1" / "assignment.toml").write_text(ASSIGNMENT)
    monkeypatch.chdir(tmp_path)
    assert export("--to", "moodle", "--pinned", "--out", "quiz.xml").exit_code == 0
    (questions,) = moodle.read((tmp_path / "quiz.xml").read_bytes()).categories.values()
    assert [question.name for question in questions] == ["q1 pinned"]
    assert export("--to", "moodle", "--out", "other.xml").exit_code == 1


def test_otter_writes_a_folder_for_each_student(course: Path) -> None:
    """Three files for each, and the students' zip is the only one without keys."""
    assert export("--to", "otter", "--out", "otter").exit_code == 0
    files = {file.relative_to(course / "otter").as_posix() for file in (course / "otter").rglob("*") if file.is_file()}
    assert files == {f"{student}/{name}" for student in ("ada", "alan")
                     for name in ("autograder.zip", "student.zip", "master.ipynb")}  # fmt: skip
    secret = (course / "secret.key").read_text().strip()
    with zipfile.ZipFile(course / "otter" / "ada" / "student.zip") as archive:
        assert all(secret not in archive.read(name).decode() for name in archive.namelist())


def test_what_is_there_is_kept(course: Path) -> None:
    """A file with other contents is replaced only with --overwrite."""
    (course / "quiz.xml").write_text("mine")
    done = export("--to", "moodle", "--variants", "1", "--out", "quiz.xml")
    assert done.exit_code == 1
    assert (course / "quiz.xml").read_text() == "mine"
    assert export("--to", "moodle", "--variants", "1", "--out", "quiz.xml", "--overwrite").exit_code == 0
    assert moodle.read((course / "quiz.xml").read_bytes()).categories


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "moodle", "--variants", "2", "--pinned"], "Give one of"),
        (["--to", "blackboard"], "blackboard"),
        (["--to", "gradescope", "--variants", "2"], "not --variants"),
        (["--to", "canvas"], "--gradebook"),
        (["--to", "moodle", "--variants", "0"], "0"),
    ],
)
def test_what_does_not_go_together(course: Path, arguments: list[str], said: str) -> None:
    """Wrong use is said in one line and writes nothing."""
    done = export(*arguments, "--out", "out")
    assert done.exit_code == 2
    assert said in done.output
    assert not (course / "out").exists()


@pytest.mark.parametrize("target", ["gradescope", "otter"])
def test_nobody_is_served_by_an_empty_roster(course: Path, target: str) -> None:
    """No sheets of invented students: the roster is named instead."""
    (course / "roster.csv").write_text("student,name\n")
    done = export("--to", target, "--out", "out")
    assert done.exit_code == 1
    assert "names no student" in done.output
    assert not (course / "out").exists()


def test_scores_go_back_to_canvas(course: Path) -> None:
    """From the key to the gradebook: the score lands in the student's row, and the stranger's row is named."""
    key = json.loads(CliRunner().invoke(main, ["key", "week-1", "ada", "--json"]).output)["questions"]["q1"]["key"]
    (course / "submissions" / "ada").mkdir()
    lines = [f'{name} = "{value}"' for name, value in key.items()]
    (course / "submissions" / "ada" / "answers.toml").write_text("\n".join(["[q1]", *lines]))
    graded = CliRunner().invoke(main, ["grade", "week-1", "submissions", "--out", "D", "--jobs", "1"])
    assert graded.exit_code == 0, graded.output
    (course / "gradebook.csv").write_text(GRADEBOOK)
    done = export("--to", "canvas", "--gradebook", "gradebook.csv", "--results", "D", "--out", "filled.csv")
    assert done.exit_code == 1
    assert "Eve" in done.output
    assert (course / "filled.csv").read_text() == GRADEBOOK.replace("ada@example.org,A,", "ada@example.org,A,4")
