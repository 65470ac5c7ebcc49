"""The command line, as an instructor and a student use it, from an empty folder."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from markscheme.cli import COMMANDS, main
from problem_bank import bank

ASSIGNMENT = """
title = "Week 2"

[rules]
attempts = 2

[[questions]]
id = "q1"
family = "convolution.hand"
points = 4

[[questions]]
id = "q2"
family = "networks.forward"
points = 7
"""


def invoke(*arguments: object, code: int = 0) -> Result:
    """Run the command in this process; anything but the expected exit status fails with its output."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output + result.stderr + repr(result.exception)
    return result


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course made by `init`, with an assignment of two numeric questions; also the current folder."""
    folder = tmp_path / "course"
    invoke("init", folder, "--name", 'Deep "learning"')
    week = folder / "assignments" / "week-2"
    week.mkdir()
    (week / "assignment.toml").write_text(ASSIGNMENT)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(bank, "_folders", list(bank._folders))  # the course's families end with the test
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    """--help works for all, and the one-line text of the list is how the command's own begins."""
    shown = " ".join(invoke(command, "--help").output.split())
    assert "Usage" in shown


def test_an_unknown_command_names_the_nearest() -> None:
    """A slip of the pen costs no search."""
    assert "Did you mean generate?" in invoke("genrate", code=2).stderr


def test_init_leaves_what_is_there(course: Path) -> None:
    """A second init changes nothing; the secret is its owner's alone."""
    before = {file: file.read_bytes() for file in course.rglob("*") if file.is_file()}
    assert "nothing was changed" in invoke("init", course).output
    assert before == {file: file.read_bytes() for file in course.rglob("*") if file.is_file()}
    assert (course / "secret.key").stat().st_mode & 0o077 == 0
    assert tomllib.loads((course / "course.toml").read_text())["name"] == 'Deep "learning"'


def test_from_drawing_to_marks(course: Path) -> None:
    """Generate, answer with the key (one step wrong), grade: the marks are what the key says they are."""
    invoke("generate", "week-2", "--out", "handout", "--formats", "notebook,html,markdown", "--jobs", 1)
    assert {file.name for file in (course / "handout" / "ada").iterdir()} == {
        "week-2.ipynb", "week-2.html", "week-2.md", "answers.toml", "sheet.json",
    }  # fmt: skip
    key = json.loads(invoke("key", "week-2", "ada", "--json").output)["questions"]
    place = course / "submissions" / "week-2" / "ada"
    place.mkdir(parents=True)
    q1, q2 = key["q1"]["key"], key["q2"]["key"]
    lines = ["[q1]", *(f'{name} = "{value}"' for name, value in q1.items())]
    lines += ["[q2]", f'a1 = "{q2["a1"]}"', 'y = "12345"']
    (place / "answers.toml").write_text("\n".join(lines))
    invoke("grade", "week-2", "submissions/week-2", "--out", "grades/week-2", "--jobs", 1)
    results = json.loads((course / "grades/week-2/results/ada.json").read_text())
    status = {test["name"]: test["extra_data"]["status"] for test in results["tests"]}
    assert status == {
        "q1.size": "right", "q1.Y": "right", "q2.a1": "right", "q2.h1": "missing", "q2.y": "wrong",
    }  # fmt: skip
    lines = (course / "grades/week-2/gradebook.csv").read_text("utf-8-sig").splitlines()
    rows = {row["student"]: row for row in csv.DictReader(lines)}
    assert float(rows["ada"]["total"]) == pytest.approx(7)
    assert "alan" in rows
    assert (course / "grades/week-2/feedback/ada.html").is_file()
    assert (course / "grades/week-2/report.html").is_file()


def test_grading_continues_and_overwrites_nothing(course: Path) -> None:
    """A second run marks nothing anew; what has changed is left alone until --update, which keeps the old result."""
    place = course / "submissions" / "week-2" / "ada"
    place.mkdir(parents=True)
    (place / "answers.toml").write_text('[q1]\nsize = "3 x 3"\n')
    grade = ("grade", "week-2", "submissions/week-2", "--out", "g", "--jobs", 1)
    invoke(*grade)
    first = (course / "g/results/ada.json").read_bytes()
    assert "unchanged" in invoke(*grade).output
    (place / "answers.toml").write_text('[q1]\nsize = "9 x 9"\n')
    assert "Use --update" in invoke(*grade, code=1).stderr
    assert (course / "g/results/ada.json").read_bytes() == first
    invoke(*grade, "--update")
    assert (course / "g/results/ada.json").read_bytes() != first
    assert [file.read_bytes() for file in (course / "g/previous").rglob("ada.json")] == [first]


def test_generate_refuses_to_overwrite(course: Path) -> None:
    """A file that someone has changed stays, is named, and only --overwrite replaces it."""
    generate = ("generate", "week-2", "--out", "handout", "--jobs", 1)
    invoke(*generate)
    invoke(*generate)
    changed = course / "handout" / "ada" / "week-2.html"
    changed.write_text("mine")
    assert "--overwrite" in invoke(*generate, code=1).stderr
    assert changed.read_text() == "mine"
    invoke(*generate, "--overwrite")
    assert changed.read_text() != "mine"


def test_attempts_are_drawn_afresh_up_to_the_rule(course: Path) -> None:
    """Attempt 2 has other numbers; attempt 3 is refused by the assignment."""
    one = json.loads(invoke("key", "week-2", "ada", "--json").output)
    two = json.loads(invoke("key", "week-2", "ada", "--attempt", 2, "--json").output)
    assert one["fingerprint"] != two["fingerprint"]
    assert "allows 2" in invoke("key", "week-2", "ada", "--attempt", 3, code=1).stderr


def test_a_sheet_outlives_the_secret(course: Path) -> None:
    """What was handed out is rebuilt from its record, even with another secret."""
    invoke("generate", "week-2", "--out", "handout", "--jobs", 1)
    before = invoke("key", "week-2", "ada").output
    (course / "secret.key").write_text("another")
    assert invoke("key", "week-2", "ada").output == before
    assert invoke("key", "week-2", "nobody-yet").output != before


def test_a_student_checks_what_can_be_read(course: Path) -> None:
    """`check` shows readings and names what is unreadable, without knowing the key."""
    invoke("generate", "week-2", "--out", "handout", "--jobs", 1)
    place = course / "handout" / "ada"
    (place / "answers.toml").write_text('[q1]\nsize = "3 by 4"\nY = "about 3"\n')
    result = invoke("check", place, code=1)
    assert "3 x 4" in result.output
    assert "1 read, 3 empty, 1 unreadable" in result.output
    readings = json.loads(invoke("check", place, "--json", code=1).output)
    assert {reading["status"] for reading in readings} == {"read", "missing", "unreadable"}


def test_pinned_needs_no_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The printed numbers can be handed out from anywhere; drawn ones ask for a course."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roster.csv").write_text("student\nada\n")
    invoke("generate", "tutorial-3a", "--roster", "roster.csv", "--out", "out", "--pinned", "--jobs", 1)
    assert (tmp_path / "out/ada/tutorial-3a.html").is_file()
    drawn = ("generate", "tutorial-3a", "--roster", "roster.csv", "--out", "o2")
    assert "markscheme init" in invoke(*drawn, code=1).stderr


def test_preview_and_families_speak_json(course: Path) -> None:
    """Programs get the same facts as people."""
    listed = json.loads(invoke("families", "--json").output)
    assert "convolution.hand" in {family["id"] for family in listed}
    shown = json.loads(invoke("preview", "convolution.hand", "--level", "hard", "--json").output)
    assert set(shown["misconceptions"]["Y"]) >= {"flipped", "transposed"}
    assert "flipped" in invoke("preview", "convolution.hand").output


def test_an_unknown_family_level_or_assignment_is_explained(course: Path) -> None:
    """The nearest names, and where to look."""
    assert "Did you mean convolution.hand" in invoke("preview", "convolution.hnd", code=1).stderr
    assert "easy, medium, hard" in invoke("preview", "convolution.hand", "--level", "expert", code=1).stderr
    assert "shipped are" in invoke("key", "tutorial-9z", "ada", code=1).stderr
    assert (
        "there is no topic 'convlution'; there are activations"
        in invoke("families", "--topic", "convlution", code=1).stderr
    )


def test_a_key_for_somebody_unknown_is_remarked(course: Path) -> None:
    """A mistyped id has a key as well; that it is on no roster is said, and nothing is said of one that is."""
    assert "adda is not in the roster" in invoke("key", "week-1", "adda").stderr
    assert not invoke("key", "week-1", "ada").stderr


def test_audit_fails_on_a_broken_family_of_the_course(course: Path) -> None:
    """A course's own family is found, audited, and its mistake is named with the line."""
    folder = course / "families" / "mine"
    folder.mkdir(parents=True)
    (folder / "broken.py").write_text("import nothing_of_this_name\n")
    result = invoke("audit", "mine.broken", "-n", 5, "--jobs", 1, code=1)
    assert "nothing_of_this_name" in result.stderr


def test_the_demo_ends_with_the_main_job_done(tmp_path: Path) -> None:
    """Class and real sheets are graded, every trouble shows, and a second run asks before it replaces anything."""
    folder = tmp_path / "demo"
    shown = invoke("demo", folder).output
    assert "flipped" in shown
    assert "unreadable" in shown
    assert (folder / "grades/tutorial-3a/report.html").is_file()
    results = {p.stem: json.loads(p.read_text()) for p in (folder / "grades/first-layer/results").glob("*.json")}
    best = results["ada"]["extra_data"]["max_score"]
    assert results["ada"]["score"] == best
    assert all(result["score"] < best for student, result in results.items() if student != "ada")
    real = json.loads((folder / "real/tutorial-3a/grades/results/real-student.json").read_text())
    answered = [test["extra_data"]["status"] for test in real["tests"] if test["extra_data"]["status"] != "missing"]
    assert answered == ["right"] * len(answered)
    assert "--force" in invoke("demo", folder, code=1).stderr
