"""Papers of an exam: the order of the seats, room for a name, what is arranged for single students."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from assignments.arrangements import arranged, seated
from assignments.documents import render
from assignments.errors import SetupError
from assignments.roster import Student
from assignments.sheet import draw_sheet
from assignments.spec import Assignment, Question, Spec
from grader.notebook import read_notebook
from markscheme.cli import main

EXAM = """\
title = "Exam"
[blueprint]
minutes = 75
[[questions]]
id = "q1"
family = "networks.forward"
points = 4
"""
ROSTER = """\
student,name,version,seat,large_print,extra_time
ada,Ada,A,10,,
alan,Alan,B,2,yes,25%
eve,Eve,A,,no,
grace,Grace,A,B1,,12.5 %
"""


def invoke(*arguments: object, code: int = 0) -> Result:
    """Run the command; anything but the expected exit status fails with its output."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one exam and seats; also the current folder."""
    invoke("init", tmp_path / "course")
    (tmp_path / "course" / "assignments" / "exam").mkdir()
    (tmp_path / "course" / "assignments" / "exam" / "assignment.toml").write_text(EXAM)
    (tmp_path / "course" / "roster.csv").write_text(ROSTER)
    monkeypatch.chdir(tmp_path / "course")
    return tmp_path / "course"


def pages(file: Path) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(file.read_bytes())).pages)


def sizes(page: pypdf.PageObject) -> set[int]:
    """The sizes of type on a page, in points."""
    found: set[int] = set()
    page.extract_text(visitor_text=lambda text, cm, tm, font, size: found.add(round(abs(tm[0]) * size)))
    return found


def test_papers_lie_in_the_order_of_the_seats(course: Path) -> None:
    """Seat 2 before seat 10, seats with letters after them, who has none at the end; heads say seat and time."""
    invoke("generate", "exam", "--out", "out", "--formats", "html,pdf", "--bundle", "all.pdf", "--jobs", "1")
    fronts = [page for page in pages(course / "all.pdf") if "Page 1 of" in page.extract_text()]
    heads = [" ".join(page.extract_text().split()) for page in fronts]
    assert [re.findall(r"\((\w+)\)", head)[0] for head in heads] == ["alan", "ada", "grace", "eve"]
    assert [re.findall(r"seat (\w+)", head) for head in heads] == [["2"], ["10"], ["B1"], []]
    assert [re.findall(r"\d+ minutes(?: \([\d.]+ % more\))?", head)[0] for head in heads] == [
        "94 minutes (25 % more)", "75 minutes", "85 minutes (12.5 % more)", "75 minutes"]  # fmt: skip
    assert [18 in sizes(front) for front in fronts] == [True, False, False, False]
    assert [18 in sizes(pages(course / "out" / id / "exam.pdf")[0]) for id in ("alan", "ada")] == [True, False]
    assert "94 minutes (25 % more)" in (course / "out" / "alan" / "exam.html").read_text()


def test_a_paper_asks_the_same_whatever_is_arranged(course: Path) -> None:
    """Seat, type and time change no number: the record is that of a student without any."""
    invoke("generate", "exam", "--out", "out", "--formats", "markdown", "--jobs", "1")
    records = course / "sheets" / "exam" / "attempt-1"
    before = (records / "alan.json").read_bytes()
    (course / "roster.csv").write_text("student,name\nalan,Alan\n")
    invoke("generate", "exam", "--out", "again", "--formats", "markdown")
    assert (records / "alan.json").read_bytes() == before
    texts = [(course / folder / "alan" / "exam.md").read_text() for folder in ("out", "again")]
    assert texts[0].replace("seat 2 · ", "").replace("94 minutes (25 % more)", "75 minutes") == texts[1]


@pytest.mark.parametrize(("column", "said"), [("extra_time", "a bit"), ("extra_time", "-5%"), ("large_print", "20 pt")])
def test_an_arrangement_that_is_unclear_is_named(course: Path, column: str, said: str) -> None:
    """That student gets no paper, the others do; the error names student and column, and no bundle is written."""
    (course / "roster.csv").write_text(f"student,{column}\nada,\nalan,{said}\n")
    result = invoke("generate", "exam", "--out", "out", "--formats", "pdf", "--bundle", "all.pdf", code=1)
    assert f"student alan: roster column {column}" in result.output
    assert {file.name for file in (course / "out").iterdir()} == {"ada"}
    assert not (course / "all.pdf").exists()


def test_blank_versions_have_boxes_for_name_and_number(course: Path) -> None:
    """The front page of a version asks who writes it; a named paper and a key do not."""
    invoke("generate", "exam", "--versions", "A,B", "--out", "exams", "--formats", "pdf,html", "--bundle", "blank.pdf")
    blank = [page.extract_text() for page in pages(course / "blank.pdf") if "Page 1 of" in page.extract_text()]
    assert len(blank) == 2
    assert all(
        "Name" in text and "Number" in text and f"version {v}" in text for v, text in zip("AB", blank, strict=True)
    )
    assert all(text.count("Name") == text.count("Number") == 1 for text in blank)
    assert "Number" in (course / "exams" / "A" / "exam.html").read_text()
    invoke("key", "exam", "A", "--format", "pdf", "--out", "key.pdf")
    invoke("generate", "exam", "--out", "own", "--formats", "pdf", "--jobs", "1")
    for named in (course / "key.pdf", course / "own" / "ada" / "exam.pdf"):
        assert "Number" not in pages(named)[0].extract_text()


def test_a_versions_notebook_says_which_it_is(course: Path) -> None:
    """Handed in alone, it is marked by its version, though neither roster nor answers.toml tell."""
    invoke("generate", "exam", "--versions", "A,B", "--out", "exams", "--formats", "notebook")
    key = json.loads(invoke("key", "exam", "B", "--json").output)["questions"]["q1"]["key"]
    notebook = json.loads((course / "exams" / "B" / "exam.ipynb").read_text())
    (cell,) = (cell for cell in notebook["cells"] if "answer" in cell["metadata"].get("tags", ()))
    cell["source"] = f"q1 = {key!r}"
    (course / "in" / "ada").mkdir(parents=True)
    (course / "in" / "ada" / "exam.ipynb").write_text(json.dumps(notebook))
    (course / "roster.csv").write_text("student\nada\n")
    invoke("grade", "exam", "in", "--out", "grades")
    results = json.loads((course / "grades" / "results" / "ada.json").read_text())
    assert (results["score"], results["extra_data"]["version"]) == (4, "B")


@pytest.mark.parametrize("own", [{"version": 3}, {"version": ["A"]}, "A", None, {}, {"version": "\ud800"}])
def test_a_notebook_with_a_strange_version_is_read(own: object) -> None:
    """Whatever stands in the place of a version, the notebook is read."""
    data = json.dumps({"metadata": {"markscheme": own}, "cells": []}).encode()
    assert isinstance(read_notebook("a.ipynb", data, ["q1"]).version, str)


@given(st.lists(st.tuples(st.integers(0, 999), st.sampled_from(["", "a", "b"]))))
def test_seats_are_ordered_as_people_read_them(seats: list[tuple[int, str]]) -> None:
    """By row, then by number; leading zeros change nothing, and equal seats stay in the roster's order."""
    students = [Student(f"s{i}", extra={"seat": f"{row}{'0' * (i % 3)}{n}"}) for i, (n, row) in enumerate(seats)]
    found = [seats[int(student.id[1:])] for student in seated(students)]
    assert found == sorted(seats, key=lambda seat: (seat[1], seat[0]))


def test_homework_says_more_time_without_minutes() -> None:
    """Where no time is planned, the head still tells what a student has been given."""
    spec = Spec(title="W", questions=[Question(id="q1", family="networks.forward")])
    sheet = draw_sheet(Assignment("w", Path(), spec), "ada", "secret")
    page = render("markdown", arranged(sheet, Student("ada", extra={"extra_time": "50"})))
    assert "50 % more time" in page
    with pytest.raises(SetupError, match="extra_time"):
        arranged(sheet, Student("ada", extra={"extra_time": "half"}))
