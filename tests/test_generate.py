"""Generating: every student served, nothing lost, nothing told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assignments import generate as generating
from assignments.documents import FORMATS
from assignments.errors import Problem, SetupError
from assignments.generate import Summary, generate, write_sheet
from assignments.roster import Student
from assignments.sheet import Sheet, draw_sheet, restore_sheet
from assignments.spec import Assignment, load_assignment
from assignments.writing import Written, write_all
from problem_bank import bank
from problem_bank.errors import DrawFailed

SECRET = "secret-canary-8d1f3a"
ADA, ALAN = Student("ada", "Ada Lovelace"), Student("alan", "Alan Turing")
ASSIGNMENT = """
title = "Week 1"
files = ["starter/data.csv"]
[[questions]]
id = "q1"
family = "convolution.hand"
level = "easy"
[questions.given]
sides = [3, 3]
x = [[1, 2, 0], [0, 1, 3], [2, 2, 1]]
w = [[1, -1], [0, 1]]
"""
# A family whose every secret is a canary; `hidden` is drawn but never shown.
CANARY_FAMILY = '''
from problem_bank.answers import Integer
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family

@family(topic="canary", source="none", minutes=1, levels={"easy": {}})
def bird(rng):
    """Guess a number."""
    hidden = rng.int("hidden", 7_000_000, 8_999_999)
    return Exercise(
        given={"hidden": hidden},
        prompt="Guess the number.",
        parts=[Part("n", "n?", Integer(hidden), misconceptions=[Slip("other", hidden + 1, "feedback-canary")])],
        solution="solution-canary {{ hidden }}",
    )

@bird.oracle
def again(hidden):
    return {"n": hidden, "n.other": hidden + 1}
'''


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    """An assignment on disk, with one file to hand out."""
    folder = tmp_path / "week-1"
    (folder / "starter").mkdir(parents=True)
    (folder / "starter" / "data.csv").write_bytes(b"1,2\r\n")
    (folder / "assignment.toml").write_text(ASSIGNMENT)
    return load_assignment(folder)


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assignment]:
    """An assignment on a family of the course's own."""
    (tmp_path / "families" / "canary").mkdir(parents=True)
    (tmp_path / "families" / "canary" / "bird.py").write_text(CANARY_FAMILY)
    (tmp_path / "birds").mkdir()
    (tmp_path / "birds" / "assignment.toml").write_text(
        'title = "B"\n[[questions]]\nid = "q1"\nfamily = "canary.bird"\n'
    )
    monkeypatch.setattr(bank, "_folders", list(bank._folders))
    bank.add_folder(tmp_path / "families")
    yield load_assignment(tmp_path / "birds")
    bank.load.cache_clear()


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder, by path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_a_folder_for_every_student(assignment: Assignment, tmp_path: Path) -> None:
    """Each student's folder has the documents, the form, sheet.json and the files of the assignment, unchanged."""
    summary = generate(assignment, [ADA, ALAN], SECRET, tmp_path / "out", formats=tuple(FORMATS))
    names = {"answers.toml", "data.csv", "sheet.json", "week-1.html", "week-1.ipynb", "week-1.md", "week-1.pdf"}
    assert set(contents(tmp_path / "out")) == {f"{id}/{name}" for id in ("ada", "alan") for name in names}
    assert (tmp_path / "out" / "ada" / "data.csv").read_bytes() == b"1,2\r\n"
    assert summary == Summary(students=2, written=14)


def test_everyone_has_other_numbers(assignment: Assignment, tmp_path: Path) -> None:
    """Two students' notebooks differ; with --pinned they are one and the same, and no name is in them."""
    generate(assignment, [ADA, ALAN], SECRET, tmp_path / "drawn")
    generate(assignment, [ADA, ALAN], SECRET, tmp_path / "pinned", pinned=True)
    drawn, pinned = contents(tmp_path / "drawn"), contents(tmp_path / "pinned")
    assert drawn["ada/sheet.json"] != drawn["alan/sheet.json"]
    assert [pinned[f"ada/{name}"] for name in ("week-1.ipynb", "week-1.html", "sheet.json", "answers.toml")] == [
        pinned[f"alan/{name}"] for name in ("week-1.ipynb", "week-1.html", "sheet.json", "answers.toml")
    ]
    assert not [name for name, data in pinned.items() if b"Lovelace" in data]


def test_again_changes_nothing(assignment: Assignment, tmp_path: Path) -> None:
    """A second run finds everything in place and touches no file."""
    generate(assignment, [ADA], SECRET, tmp_path / "out", records=tmp_path / "records")
    times = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file()}
    summary = generate(assignment, [ADA], SECRET, tmp_path / "out", records=tmp_path / "records")
    assert summary == Summary(students=1, written=0, unchanged=6)
    assert times == {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file()}


def test_existing_work_is_kept(assignment: Assignment, tmp_path: Path) -> None:
    """A file that differs stops its student's folder as a whole, is named with the remedy, and costs nobody else."""
    out = tmp_path / "out"
    generate(assignment, [ADA], SECRET, out)
    (out / "ada" / "answers.toml").write_text("[q1]\nsize = '2x2'\n")
    before = contents(out / "ada")
    summary = generate(
        assignment, [ADA, ALAN], "another secret", out, formats=("markdown",), records=tmp_path / "records"
    )
    assert [(p.file, "--overwrite" in p.message) for p in summary.problems] == [
        (out / "ada" / "answers.toml", True),
        (out / "ada" / "sheet.json", True),
    ]
    assert contents(out / "ada") == before
    assert summary.students == 1
    assert list(contents(tmp_path / "records")) == ["alan.json"]


def test_overwrite_replaces(assignment: Assignment, tmp_path: Path) -> None:
    """With overwrite, what differs is replaced."""
    generate(assignment, [ADA], SECRET, tmp_path / "out")
    (tmp_path / "out" / "ada" / "answers.toml").write_text("")
    summary = generate(assignment, [ADA], SECRET, tmp_path / "out", overwrite=True)
    assert summary == Summary(students=1, written=1, unchanged=4)
    assert "[q1]" in (tmp_path / "out" / "ada" / "answers.toml").read_text()


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_attempt_is_drawn_afresh(assignment: Assignment, tmp_path: Path, jobs: int) -> None:
    """A second attempt has other numbers, and its record says which attempt it is."""
    for attempt in (1, 2):
        place = tmp_path / str(attempt)
        generate(assignment, [ADA], SECRET, place / "out", attempt=attempt, records=place / "records", jobs=jobs)
    first, second = (json.loads((tmp_path / n / "records" / "ada.json").read_text()) for n in "12")
    assert (first["attempt"], second["attempt"]) == (1, 2)
    assert first["items"] != second["items"]


def test_records_rebuild_the_sheet(assignment: Assignment, tmp_path: Path) -> None:
    """The record draws the same sheet again under another secret, and holds none."""
    generate(assignment, [ADA], SECRET, tmp_path / "out", records=tmp_path / "records")
    text = (tmp_path / "records" / "ada.json").read_text()
    sheet = draw_sheet(assignment, "ada", SECRET)
    assert restore_sheet(assignment, json.loads(text)).fingerprint == sheet.fingerprint
    assert SECRET not in text
    assert not list((tmp_path / "out").rglob("ada.json"))


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_secret_leaves(canary: Assignment, tmp_path: Path, jobs: int) -> None:
    """No student file, in any format, holds key, solution, feedback, hidden parameter, fingerprint or secret."""
    out = tmp_path / "out"
    summary = generate(canary, [ADA], SECRET, out, formats=tuple(FORMATS), records=tmp_path / "records", jobs=jobs)
    assert not summary.problems
    record = json.loads((tmp_path / "records" / "ada.json").read_text())
    hidden = record["items"]["q1"]["drawn"]["hidden"]
    variant = draw_sheet(canary, "ada", SECRET).items[0].variant
    assert variant.exercise.keys() == {"n": hidden}
    secrets = [
        SECRET,
        "canary-",
        "feedback",
        str(hidden),
        f"{hidden:,}",
        record["fingerprint"],
        variant.fingerprint,
        "records",
    ]
    files = contents(out)
    assert len(files) == 6
    for name, data in files.items():
        assert not [secret for secret in secrets if secret.encode() in data], name


def test_two_processes_write_what_one_writes(assignment: Assignment, tmp_path: Path) -> None:
    """The number of processes changes no byte and no order."""
    students = [Student(f"s{i}", f"Student {i}") for i in range(20)]
    seen: list[str] = []
    one = generate(assignment, students, SECRET, tmp_path / "one")
    two = generate(assignment, students, SECRET, tmp_path / "two", jobs=2, progress=lambda s, _: seen.append(s.id))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert one == two
    assert seen == [student.id for student in students]


@pytest.mark.parametrize("jobs", [1, 2])
def test_students_are_taken_as_they_come(assignment: Assignment, tmp_path: Path, jobs: int) -> None:
    """Only a few students are underway at any time, so a course of any size fits in memory."""
    taken, ahead = 0, []

    def roster() -> Iterator[Student]:
        nonlocal taken
        for i in range(40):
            taken += 1
            yield Student(f"s{i}")

    done = iter(range(1, 41))
    generate(assignment, roster(), SECRET, tmp_path, jobs=jobs, progress=lambda *_: ahead.append(taken - next(done)))
    assert len(ahead) == 40
    assert max(ahead) <= 8 * jobs


@pytest.mark.parametrize("error", [DrawFailed("no draw met every condition"), ZeroDivisionError("in the family")])
def test_one_students_trouble_costs_nobody_else(
    assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A draw that fails is a problem that names the student; the others are served."""

    def draw(assignment: Assignment, student: str, secret: str, **rest: Any) -> Sheet:
        if student == "ada":
            raise error
        return draw_sheet(assignment, student, secret, **rest)

    monkeypatch.setattr(generating, "draw_sheet", draw)
    summary = generate(assignment, [ADA, ALAN], SECRET, tmp_path / "out")
    assert [str(problem) for problem in summary.problems] == [f"student ada: {type(error).__name__}: {error}"]
    assert summary.students == 1
    assert [folder.name for folder in (tmp_path / "out").iterdir()] == ["alan"]


@pytest.mark.parametrize("id", ["../ada", "", "a/b", "nul", "..", "/etc", "a\\b"])
def test_unsafe_ids_write_nothing(assignment: Assignment, tmp_path: Path, id: str) -> None:
    """Whoever calls: an id that is more than a name never becomes a path."""
    before = contents(tmp_path)
    outcome = write_sheet(
        draw_sheet(assignment, id, SECRET), Student(id), tmp_path / "out", ["html"], records=tmp_path / "r"
    )
    assert [type(entry) for entry in outcome] == [Problem]
    assert contents(tmp_path) == before


def test_links_are_not_followed(assignment: Assignment, tmp_path: Path) -> None:
    """A link planted where a folder or a file goes is named and left alone, with overwrite too."""
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("mine")
    (out / "alan").mkdir(parents=True)
    (out / "ada").symlink_to(elsewhere)
    (out / "alan" / "sheet.json").symlink_to(elsewhere / "precious")
    summary = generate(assignment, [ADA, ALAN], SECRET, out, overwrite=True)
    assert {problem.file for problem in summary.problems} == {out / "ada", out / "alan" / "sheet.json"}
    assert contents(elsewhere) == {"precious": b"mine"}
    assert list(contents(out / "alan")) == ["sheet.json"]


def test_out_itself_may_lie_behind_a_link(assignment: Assignment, tmp_path: Path) -> None:
    """Only links inside the folder are refused; where it lies is the instructor's choice."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    assert not generate(assignment, [ADA], SECRET, tmp_path / "out").problems
    assert "ada/sheet.json" in contents(tmp_path / "disk")


def test_a_full_disk_leaves_no_halves(assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails midway, the old file is whole, no draft is left behind, and the problem says so."""
    generate(assignment, [ADA], SECRET, tmp_path / "out")
    before = contents(tmp_path / "out")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    summary = generate(assignment, [ADA], "another secret", tmp_path / "out", overwrite=True)
    assert "No space left" in summary.problems[0].message
    assert contents(tmp_path / "out") == before


def test_a_folder_in_the_way_is_a_problem(tmp_path: Path) -> None:
    """A folder where a file goes is named; nothing is written."""
    (tmp_path / "b").mkdir()
    outcome = write_all(tmp_path, {"a": b"1", "b": b"2"}, overwrite=True)
    assert [entry.file for entry in outcome] == [tmp_path / "b"]
    assert not (tmp_path / "a").exists()
    assert write_all(tmp_path, {"a": b"1"}) == [Written(tmp_path / "a", fresh=True)]


def test_handouts_may_not_take_a_documents_name(assignment: Assignment, tmp_path: Path) -> None:
    """An assignment file called like a generated one is a problem, not a silent loss."""
    (assignment.folder / "answers.toml").write_text("")
    clashing = Assignment("week-1", assignment.folder, assignment.spec.model_copy(update={"files": ["answers.toml"]}))
    [problem] = write_sheet(draw_sheet(clashing, "ada", SECRET), ADA, tmp_path / "out", ["html"])
    assert "answers.toml" in str(problem)
    assert not (tmp_path / "out").exists()


def test_unknown_formats_are_refused_at_once(assignment: Assignment, tmp_path: Path) -> None:
    """A format that does not exist is named with those that do, before anything is drawn."""
    with pytest.raises(SetupError, match=r"docx.*notebook, html, markdown"):
        generate(assignment, [ADA], SECRET, tmp_path / "out", formats=("html", "docx"))
    assert not (tmp_path / "out").exists()
