# ruff: noqa: E501  # tables of cases, one per line
"""Grading a folder: fair to each submission, resumable at any moment, and never a zero that is our fault."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assignments.roster import Student
from assignments.sheet import Sheet, draw_sheet
from assignments.spec import Assignment, Rules, load_assignment
from grader.answers_file import read_answers
from grader.batch import Summary, grade_all
from grader.grade import grade_submission, late_days
from grader.pool import each
from grader.report.report import Report
from grader.store import Store
from grader.submission import Submission
from problem_bank.variant import Variant

ROOT = Path(__file__).parents[1]
DUE = datetime(2026, 3, 1, 12).astimezone()
STUDENTS = [Student("ada", "Ada Lovelace"), Student("alan", "Alan Turing"), Student("grace", "Grace Hopper")]
ASSIGNMENT = """\
title = "Week 1"
[rules]
due = 2026-03-01T12:00:00
late_per_day = 0.2
[[questions]]
id = "q1"
family = "convolution.hand"
level = "easy"
points = 8
[[questions]]
id = "q2"
family = "convolution.hand"
level = "easy"
points = 2
"""


@pytest.fixture
def week(tmp_path: Path) -> Assignment:
    """An assignment of two questions, due on the first of March 2026 at noon."""
    folder = tmp_path / "week-1"
    folder.mkdir()
    (folder / "assignment.toml").write_text(ASSIGNMENT)
    return load_assignment(folder)


def sheet_of(week: Assignment, student: str = "ada") -> Sheet:
    return draw_sheet(week, student, "secret")


def keys(sheet: Sheet) -> dict[str, dict[str, Any]]:
    return {item.id: item.variant.key() for item in sheet.items}


def hand_in(folder: Path, week: Assignment, student: str, *, wrong: str = "") -> Path:
    """Right answers for every question but `wrong`, handed in before the due time."""
    file = folder / student / "answers.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    answers = keys(sheet_of(week, student))
    if wrong:
        answers[wrong] = dict.fromkeys(answers[wrong], "[9]")
    tables = [
        f"[{id}]\n" + "".join(f'{part} = "{raw}"\n' for part, raw in table.items()) for id, table in answers.items()
    ]
    file.write_text("\n".join(tables))
    os.utime(file, (DUE.timestamp() - 60,) * 2)
    return file


def grade(folder: Path, week: Assignment, **options: Any) -> Summary:
    sheet_for = partial(draw_sheet, week, secret="secret")
    return grade_all(week, folder / "in", folder / "out", sheet_for=sheet_for, **{"students": STUDENTS, **options})


def statuses(report: Report) -> dict[str, str]:
    return {f"{question.id}.{part.verdict.part}": part.verdict.status.value for question, part in report.parts()}


# One submission


def test_points_are_those_of_the_assignment(week: Assignment) -> None:
    """A family's points are shared out over the question's, exactly."""
    sheet = sheet_of(week)
    answers = keys(sheet)
    answers["q1"]["size"] = "9 x 9"
    report = grade_submission(sheet, Submission("ada", answers), name="Ada Lovelace")
    assert (report.score, report.points) == (8, 10)
    assert statuses(report) == {"q1.size": "wrong", "q1.Y": "right", "q2.size": "right", "q2.Y": "right"}
    assert (report.student, report.name, report.assignment, report.sheet) == (
        "ada",
        "Ada Lovelace",
        "week-1",
        sheet.fingerprint,
    )


LATE = {
    "early": (-3600, 0), "on the second": (0, 0), "a second late": (1, 1), "a day late": (86400, 1), "more": (86401, 2),
}  # fmt: skip


@pytest.mark.parametrize(("seconds", "days"), LATE.values(), ids=LATE)
def test_days_begun_after_the_due_time_count(week: Assignment, seconds: int, days: int) -> None:
    """Each costs its share of the score, and of nothing else."""
    sheet = sheet_of(week)
    report = grade_submission(sheet, Submission("ada", keys(sheet), submitted=DUE + timedelta(seconds=seconds)))
    assert (report.late_days, report.score) == (days, 10 * (1 - Fraction(days, 5)))
    assert report.questions[0].score == 8


def test_lateness_never_costs_more_than_everything(week: Assignment) -> None:
    """The score stops at zero; unknown times cost nothing."""
    sheet = sheet_of(week)
    assert grade_submission(sheet, Submission("ada", keys(sheet), submitted=DUE + timedelta(days=99))).score == 0
    assert late_days(Rules(), DUE) == late_days(week.spec.rules, None) == 0


def test_an_error_of_ours_is_no_zero(week: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that breaks us is ungraded with the error named; the other one has its marks, and no total goes out."""
    sheet = sheet_of(week)
    honest, broken = Variant.mark, sheet.items[0].variant

    def mark(self: Variant, answers: dict[str, Any]) -> Any:
        if self is broken:
            raise ZeroDivisionError("ours")
        return honest(self, answers)

    monkeypatch.setattr(Variant, "mark", mark)
    report = grade_submission(sheet, Submission("ada", keys(sheet)))
    assert statuses(report) == {"q1.size": "ungraded", "q1.Y": "ungraded", "q2.size": "right", "q2.Y": "right"}
    assert "ZeroDivisionError: ours" in report.questions[0].parts[0].verdict.feedback
    assert (report.score, report.graded, report.questions[1].score) == (None, False, 2)


def test_what_cannot_be_opened_is_unreadable_not_missing(week: Assignment) -> None:
    """The student learns why, in every part."""
    report = grade_submission(sheet_of(week), Submission("ada", trouble="ada.zip is no zip"))
    assert set(statuses(report).values()) == {"unreadable"}
    assert "ada.zip is no zip" in report.questions[0].parts[0].verdict.feedback


NAMES = {
    "case": ({"Q1": {"y": 1}}, ["Q1: was taken for q1", "q1.y: was taken for q1.Y"], {"q1.Y"}),
    "punctuation": ({"q-1": {"Y": 1}}, ["q-1: was taken for q1"], {"q1.Y"}),
    "unknown question": ({"q22": {"Y": 1}}, ["q22: is no question here and was not marked. Did you mean q2?"], set()),
    "nothing near": ({"zebra": {"Y": 1}}, ["zebra: is no question here and was not marked. There are q1, q2."], set()),
    "unknown part": ({"q1": {"sizes": 1}}, ["q1.sizes: is no part here and was not marked. Did you mean size?"], set()),
    "both spellings": ({"q1": {"Y": 1, "y": 2}}, ["q1.y: is no part here and was not marked. There are size, Y."], {"q1.Y"}),
}  # fmt: skip


@pytest.mark.parametrize(("answers", "notes", "marked"), NAMES.values(), ids=NAMES)
def test_names_are_held_against_the_sheet(week: Assignment, answers: Any, notes: list[str], marked: set[str]) -> None:
    """A name that differs only in case or punctuation is taken; any other is named with the nearest known one."""
    report = grade_submission(sheet_of(week), Submission("ada", answers))
    assert [str(note) for note in report.notes] == notes
    assert {name for name, status in statuses(report).items() if status != "missing"} == marked


def test_files_that_nothing_asks_for_are_named(week: Assignment) -> None:
    """They are ignored, and it is said, with the name that was meant if one is near."""
    files = {"plot.png": b"x", "a.ipynb": b"{}", "answer.toml": b"x"}
    report = grade_submission(sheet_of(week), Submission("ada", {"q1": {"size": "2x2"}}, files))
    ignored = "was ignored: nothing here asks for it"
    assert [str(note) for note in report.notes] == [
        f"plot.png: {ignored}", f"answer.toml: {ignored}. Did you mean answers.toml?",
    ]  # fmt: skip


def test_an_empty_submission_is_said_to_be_empty(week: Assignment) -> None:
    """All parts are missing, with one remark."""
    report = grade_submission(sheet_of(week), Submission("ada"))
    assert set(statuses(report).values()) == {"missing"}
    assert "neither answers.toml nor a notebook" in str(report.notes[0])


HUGE = {"text": "x" * 10_000_000, "a number": hex(1 << 20_000), "a list": [1] * 100_000}


@pytest.mark.parametrize("raw", HUGE.values(), ids=HUGE)
def test_a_huge_answer_is_unreadable_and_shortened(week: Assignment, raw: Any) -> None:
    """It costs only itself, and the report keeps the beginning with its size."""
    sheet = sheet_of(week)
    report = grade_submission(sheet, Submission("ada", {**keys(sheet), "q1": {**keys(sheet)["q1"], "Y": raw}}))
    part = report.questions[0].parts[1]
    assert (part.verdict.status.value, len(part.typed) < 3000) == ("unreadable", True)
    assert (report.score, "characters)" in part.typed) == (4, True)


REAL = """\
# What one student typed; the last line is how another one typed the same.
[q3a]
Y = [[0, 5, 0], [1, -1, 2], [0, 3, 3]]
size = "3x3"
[q3b]
Y = 0 5 0; 1 −1 2; 0 3 3
size = (3×3)
"""
PINNED = """
family = "convolution.hand"
points = 4
[questions.given]
x = [[1, 2, 0, 1], [0, 1, 3, 1], [2, 2, 1, 0], [1, 0, 2, 2]]
w = [[1, -1], [0, 1]]
sides = [4, 4]
large = [4, 4]
"""


def test_real_answers_are_read(tmp_path: Path) -> None:
    """What students really type is read as they meant it, quoted or not."""
    folder = tmp_path / "a"
    folder.mkdir()
    questions = "".join(f'[[questions]]\nid = "{id}"{PINNED}' for id in ("q3a", "q3b"))
    (folder / "assignment.toml").write_text(f'title = "T"\n{questions}')
    sheet = draw_sheet(load_assignment(folder), "ada", "", pinned=True)
    report = grade_submission(sheet, Submission("ada", read_answers("answers.toml", REAL.encode()).answers))
    assert set(statuses(report).values()) == {"right"}
    assert {part.verdict.reading for _, part in report.parts()} == {"3 x 3", "[[0, 5, 0], [1, -1, 2], [0, 3, 3]]"}


def test_code_is_run_and_judged(tmp_path: Path) -> None:
    """A question answered by a file: its verdicts, the sandbox level and what was printed are in the report."""
    (tmp_path / "a").mkdir()
    text = 'title = "Code"\n[[questions]]\nid = "q1"\nfamily = "code.linear_module"\npoints = 10\n'
    (tmp_path / "a" / "assignment.toml").write_text(text)
    sheet = draw_sheet(load_assignment(tmp_path / "a"), "ada", "secret")
    source = (ROOT / "solutions" / "numpy_nn" / "linear.py").read_bytes() + b"\nprint('<b>hello')\n"
    name = sheet.items[0].variant.parts[0].answer.public()["file"]
    report = grade_submission(sheet, Submission("ada", files={name: source}), allow_unsafe=True)
    assert report.score == 10
    assert report.runs[0].question == "q1"
    assert "<b>hello" in report.runs[0].stdout
    assert report.level == report.runs[0].level


# A folder


def test_a_folder_is_graded(tmp_path: Path, week: Assignment) -> None:
    """Results, feedback, gradebook and report for everyone; who is missing or on no roster is said."""
    hand_in(tmp_path / "in", week, "ada")
    hand_in(tmp_path / "in", week, "alan", wrong="q1")
    hand_in(tmp_path / "in", week, "eve")
    seen: list[tuple[int, int]] = []
    summary = grade(tmp_path, week, progress=lambda done, total: seen.append((done, total)))
    assert (summary.graded, summary.missing, summary.strangers) == (["ada", "alan", "eve"], ["grace"], ["eve"])
    assert (summary.complete, seen) == (True, [(1, 3), (2, 3), (3, 3)])
    files = {str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*") if file.is_file()}
    pages = {f"{folder}/{student}.{kind}" for student in ("ada", "alan", "eve") for folder, kind in (("results", "json"), ("feedback", "html"))}  # fmt: skip
    assert files == {"gradebook.csv", "report.html", *pages}
    rows = (tmp_path / "out" / "gradebook.csv").read_text().splitlines()
    assert rows == [
        "student,name,email,section,q1,q2,late_days,total,out_of,percent,status,notes",
        "ada,Ada Lovelace,,,8.0,2.0,0,10.0,10.0,100.0,graded,",
        "alan,Alan Turing,,,0.0,2.0,0,2.0,10.0,20.0,graded,",
        "grace,Grace Hopper,,,,,,,,,missing,",
        "eve,,,,8.0,2.0,0,10.0,10.0,100.0,graded,on no roster",
    ]


def test_processes_agree_with_one(tmp_path: Path, week: Assignment) -> None:
    """Two processes write what one writes."""
    for student in STUDENTS:
        hand_in(tmp_path / "in", week, student.id, wrong="q2")
    grade(tmp_path, week)
    alone = (tmp_path / "out" / "gradebook.csv").read_text()
    shutil.rmtree(tmp_path / "out")
    assert sorted(grade(tmp_path, week, jobs=2).graded) == ["ada", "alan", "grace"]
    assert (tmp_path / "out" / "gradebook.csv").read_text() == alone


def test_what_is_graded_is_not_graded_again(tmp_path: Path, week: Assignment) -> None:
    """A second run changes no result; a result that was lost is made anew."""
    for student in ("ada", "alan"):
        hand_in(tmp_path / "in", week, student)
    grade(tmp_path, week)
    results = Store(tmp_path / "out").results("ada")
    before = results.read_bytes()
    Store(tmp_path / "out").results("alan").unlink()
    (tmp_path / "out" / "gradebook.csv").unlink()
    summary = grade(tmp_path, week)
    assert (summary.unchanged, summary.graded) == (["ada"], ["alan"])
    assert results.read_bytes() == before
    assert (tmp_path / "out" / "gradebook.csv").is_file()


def test_a_changed_submission_waits_for_update(tmp_path: Path, week: Assignment) -> None:
    """The older result stays until it is asked for, and is kept afterwards."""
    hand_in(tmp_path / "in", week, "ada", wrong="q1")
    grade(tmp_path, week)
    store = Store(tmp_path / "out")
    before = store.results("ada").read_bytes()
    hand_in(tmp_path / "in", week, "ada")
    summary = grade(tmp_path, week)
    assert (summary.changed, summary.complete, store.results("ada").read_bytes()) == (["ada"], False, before)
    assert grade(tmp_path, week, update=True).graded == ["ada"]
    report = store.report("ada")
    assert report and report.score == 10
    (kept,) = (tmp_path / "out" / "previous").glob("*/results/ada.json")
    assert kept.read_bytes() == before
    assert (kept.parents[1] / "feedback" / "ada.html").is_file()


def _new_due(week: Assignment) -> None:
    rules = week.spec.rules.model_copy(update={"due": DUE - timedelta(days=1)})
    week.spec = week.spec.model_copy(update={"rules": rules})


def _new_points(week: Assignment) -> None:
    first = week.spec.questions[0].model_copy(update={"points": 9})
    week.spec = week.spec.model_copy(update={"questions": [first, *week.spec.questions[1:]]})


@pytest.mark.parametrize("change", [_new_due, _new_points])
def test_a_changed_assignment_is_noticed(
    tmp_path: Path, week: Assignment, change: Callable[[Assignment], None]
) -> None:
    """Rules and points are inputs like the answers are; the older result is kept."""
    hand_in(tmp_path / "in", week, "ada")
    grade(tmp_path, week)
    change(week)
    assert grade(tmp_path, week).changed == ["ada"]
    assert grade(tmp_path, week, update=True).graded == ["ada"]
    assert len(list((tmp_path / "out" / "previous").rglob("ada.json"))) == 1


def test_results_that_are_damaged_are_made_anew(tmp_path: Path, week: Assignment) -> None:
    """Half a file is no result; what was there is kept all the same."""
    hand_in(tmp_path / "in", week, "ada")
    grade(tmp_path, week)
    results = Store(tmp_path / "out").results("ada")
    results.write_text(results.read_text()[:99])
    assert grade(tmp_path, week).graded == ["ada"]
    assert list((tmp_path / "out" / "previous").glob("*/results/ada.json"))


def test_pages_follow_show_keys_without_grading_again(tmp_path: Path, week: Assignment) -> None:
    """Keys appear and disappear; marks and the time of grading stay."""
    hand_in(tmp_path / "in", week, "ada", wrong="q1")
    grade(tmp_path, week)
    store = Store(tmp_path / "out")
    before, first = store.report("ada"), store.feedback("ada").read_text()
    assert grade(tmp_path, week, show_keys=True).unchanged == ["ada"]
    shown, after = store.feedback("ada").read_text(), store.report("ada")
    assert "Worked solution" in shown
    assert "Worked solution" not in first
    assert before and after and (before.graded_at, before.questions) == (after.graded_at, after.questions)
    grade(tmp_path, week)
    assert store.feedback("ada").read_text() == first


def test_one_student_that_breaks_us_costs_nobody_else(tmp_path: Path, week: Assignment) -> None:
    """A sheet that cannot be drawn is a failure with its reason, in the gradebook and in the report."""
    for student in ("ada", "alan"):
        hand_in(tmp_path / "in", week, student)
    summary = grade_all(
        week, tmp_path / "in", tmp_path / "out", sheet_for=partial(_sheet_or_error, week), students=STUDENTS
    )
    assert (summary.graded, summary.failed, summary.complete) == (["alan"], {"ada": "RuntimeError: no sheet"}, False)
    assert "failed,RuntimeError: no sheet" in (tmp_path / "out" / "gradebook.csv").read_text()
    assert "RuntimeError: no sheet" in (tmp_path / "out" / "report.html").read_text()


def _sheet_or_error(week: Assignment, student: str) -> Sheet:
    if student == "ada":
        raise RuntimeError("no sheet")
    return draw_sheet(week, student, "secret")


def test_ungraded_parts_are_tried_again(tmp_path: Path, week: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our fault is mended by the next run, without being asked."""
    hand_in(tmp_path / "in", week, "ada")
    with monkeypatch.context() as patched:
        patched.setattr(Variant, "mark", lambda self, answers: 1 / 0)
        summary = grade(tmp_path, week)
        assert (summary.ungraded, summary.complete) == (["ada"], False)
    assert (
        (tmp_path / "out" / "gradebook.csv")
        .read_text()
        .splitlines()[1]
        .startswith("ada,Ada Lovelace,,,,,0,,10.0,,ungraded,")
    )
    again = grade(tmp_path, week)
    assert (again.graded, again.ungraded) == (["ada"], [])


KILLED = """
import os, sys
from functools import partial
from pathlib import Path
from assignments.sheet import draw_sheet
from assignments.spec import load_assignment
from grader.answers_file import read_answers
from grader.batch import grade_all

week, folder = load_assignment(sys.argv[1]), Path(sys.argv[2])
done = lambda count, total: os.kill(os.getpid(), 9) if count == 2 else None
grade_all(week, folder / "in", folder / "out", sheet_for=partial(draw_sheet, week, secret="secret"), progress=done)
"""


def test_a_killed_run_continues_where_it_stopped(tmp_path: Path, week: Assignment) -> None:
    """Killed after two of three: those two are kept, the third is graded by the next run."""
    for student in STUDENTS:
        hand_in(tmp_path / "in", week, student.id)
    command = [sys.executable, "-c", KILLED, str(week.folder), str(tmp_path)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    summary = grade(tmp_path, week)
    assert (summary.unchanged, summary.graded) == (["ada", "alan"], ["grace"])


# The pool


def _work(item: int) -> int:
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if item == 5:
        raise ValueError("five")
    return item * item


def test_a_process_that_dies_costs_one_item() -> None:
    """Killed, out of memory: that item is an error, raised errors are theirs, and all others are done once."""
    results = list(each(_work, range(12), 2))
    assert sorted(item for item, _ in results) == list(range(12))
    values = dict(results)
    assert isinstance(values[3], RuntimeError)
    assert isinstance(values[5], ValueError)
    assert all(values[i] == i * i for i in range(12) if i not in (3, 5))


def test_a_script_without_a_main_guard_is_served(tmp_path: Path) -> None:
    """Where new processes cannot start, the work is done in this one."""
    script = tmp_path / "script.py"
    script.write_text(
        "from grader.pool import each\nprint(sorted(result for _, result in each(abs, range(-3, 0), 2)))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[1, 2, 3]"


def test_thirty_submissions_take_a_moment(tmp_path: Path, week: Assignment) -> None:
    """At least ten submissions per second with their pages, in one process."""
    students = [Student(f"s{i}") for i in range(30)]
    for student in students:
        hand_in(tmp_path / "in", week, student.id)
    began = time.perf_counter()
    assert len(grade(tmp_path, week, students=students).graded) == 30
    assert time.perf_counter() - began < 3


def test_results_hold_plain_numbers(tmp_path: Path, week: Assignment) -> None:
    """Other programs can read every score, and none is NaN."""
    hand_in(tmp_path / "in", week, "ada")
    grade(tmp_path, week)
    results = json.loads(Store(tmp_path / "out").results("ada").read_text(), parse_constant=pytest.fail)
    assert np.isclose(sum(test["score"] for test in results["tests"]), results["score"])
