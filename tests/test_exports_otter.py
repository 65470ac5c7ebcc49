"""Otter's files: hidden tests give our marks, the students' side knows no key."""

from __future__ import annotations

import doctest
import io
import json
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import problem_bank
from assignments.exports import otter
from assignments.exports.otter_hidden import HiddenCase, hidden_case
from assignments.sheet import Item, Sheet
from assignments.spec import Assignment, Question, Spec
from grader.otter import own_tests
from grader.otter.marker import OtterMarker
from grader.otter.testfile import read_tests
from grader.report.report import Report
from grader.submission import Submission
from problem_bank.answers import Integer
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.variant import Variant
from problem_bank.verdict import Status

CANARY = 7349151


def sheet_of(variant: Variant) -> Sheet:
    """A sheet with one question q1, worth 4 points."""
    spec = Spec(title="Week 1", questions=[Question(id="q1", family=variant.family)])
    return Sheet(Assignment("week-1", Path(), spec), "ada", 1, False, (Item("q1", "One", "", Fraction(4), variant),))


def archive(data: bytes) -> dict[str, bytes]:
    """The files of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def hidden(sheet: Sheet) -> list[dict[str, Any]]:
    """The hidden cases of q1, as they stand in the zip."""
    names: dict[str, Any] = {}
    exec(archive(otter.export(sheet)["autograder.zip"])["tests/q1.py"], names)  # our own file, as otter runs it
    cases: list[dict[str, Any]] = names["test"]["suites"][0]["cases"]
    assert all(case["points"] == 0 for case in cases if not case["hidden"])
    return [case for case in cases if case["hidden"]]


def score(sheet: Sheet, answers: dict[str, Any]) -> float:
    """The points of the cases that pass, by Python's own doctest."""
    total = 0.0
    for case in hidden(sheet):
        examples = doctest.DocTestParser().get_examples(case["code"])
        test = doctest.DocTest(examples, {"q1": answers}, "q1", None, None, case["code"])
        failed = doctest.DocTestRunner(verbose=False).run(test, out=lambda _: None).failed
        total += 0 if failed else case["points"]
    return total


@pytest.mark.parametrize(
    "id", ["convolution.hand", "activations.dead_units", "concepts.choice", "optimisation.l2_update"]
)
def test_hidden_tests_give_our_marks(id: str) -> None:
    """The key earns all; nothing earns nothing; a mix earns what `mark` gives, down to a quarter of each part."""
    variant = problem_bank.load(id).draw("otter-export")
    sheet = sheet_of(variant)
    (item,) = sheet.items
    key = variant.key()
    assert score(sheet, key) == pytest.approx(4)
    assert score(sheet, {}) == 0
    mixed: dict[str, Any] = {**key, variant.parts[0].name: variant.parts[0].answer.samples().wrong[0]}
    verdicts = variant.mark(mixed)
    expected = sum((verdicts[p.name].score * 4 // p.points) * p.points * item.scale / 4 for p in variant.parts)
    assert score(sheet, mixed) == pytest.approx(float(expected))


def test_our_reader_takes_the_zip() -> None:
    """`markscheme grade --otter` understands the test files: the points add up to the question's."""
    sheet = sheet_of(problem_bank.load("convolution.hand").draw("otter-export"))
    files = archive(otter.export(sheet)["autograder.zip"])
    assert json.loads(files["otter_config.json"])["assignment_name"] == "week-1"
    assert b"markscheme" in files["requirements.txt"]
    names: dict[str, Any] = {}
    exec(files["tests/q1.py"], names)
    tests = read_tests("q1", files["tests/q1.py"].decode(), names)
    assert tests.points == 4
    assert [case.hidden for case in tests.cases] == [False] * 2 + [True] * 8


def test_students_get_no_key() -> None:
    """Neither key nor misconception nor solution stands in anything of student.zip; the autograder has the numbers."""
    slips = [Slip("off", CANARY + 1, "CANARY-FEEDBACK")]
    part = Part("n", "How many?", Integer(CANARY), misconceptions=slips)
    exercise = Exercise(given={"seed": CANARY + 2}, prompt="Count.", parts=[part], solution="CANARY-SOLUTION")
    sheet = sheet_of(Variant("convolution.hand", 1, "easy", {"seed": CANARY + 2}, exercise))
    files = otter.export(sheet)
    for name, data in archive(files["student.zip"]).items():
        for canary in (str(CANARY), str(CANARY + 1), str(CANARY + 2), "CANARY"):
            assert canary not in data.decode(), name
    assert str(CANARY) in files["master.ipynb"].decode()
    assert str(CANARY + 2).encode() in archive(files["autograder.zip"])["tests/q1.py"]


def test_code_is_named_as_not_marked() -> None:
    """Parts of code carry no points in these tests, and the export says which they are."""
    id = next(id for id in problem_bank.ids() if id.startswith("code."))
    sheet = sheet_of(problem_bank.load(id).draw("otter-export"))
    assert otter.ungraded(sheet) == [f"q1.{part.name}" for part in sheet.items[0].variant.parts]
    assert hidden(sheet) == []


def test_the_master_notebook_is_well_formed() -> None:
    """Every BEGIN has its END, in the order that otter assign reads; the solution is marked as one."""
    sheet = sheet_of(problem_bank.load("convolution.hand").draw("otter-export"))
    notebook = json.loads(otter.export(sheet)["master.ipynb"])
    raw = ["".join(cell["source"]).splitlines()[0] for cell in notebook["cells"] if cell["cell_type"] == "raw"]
    assert raw == [
        "# ASSIGNMENT CONFIG", "# BEGIN QUESTION", "# BEGIN SOLUTION", "# END SOLUTION", "# BEGIN TESTS", "# END TESTS",
        "# END QUESTION",
    ]  # fmt: skip
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert "# SOLUTION" in code[0] and "BEGIN PROMPT" in code[0]
    names: dict[str, Any] = {}
    for source in code:  # the solution passes its tests: their last lines are what otter compares with True
        *body, last = source.splitlines()
        exec("\n".join(body if "TEST CONFIG" in source else [*body, last]), names)
        assert "TEST CONFIG" not in source or eval(last, names) is True
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])


def graded(folder: Path, sheet: Sheet, source: str) -> Report:
    """What our own grader makes of the exported notebook with this answer cell, by the exported archive."""
    files = otter.export(sheet)
    (folder / "autograder.zip").write_bytes(files["autograder.zip"])
    notebook = json.loads(archive(files["student.zip"])["week-1.ipynb"])
    (cell,) = (cell for cell in notebook["cells"] if "answer" in cell["metadata"].get("tags", ()))
    cell["source"] = source
    submission = Submission("ada", files={"week-1.ipynb": json.dumps(notebook).encode()})
    return OtterMarker(folder / "autograder.zip", 20.0, allow_unsafe=True).mark(submission, "Ada")


def test_our_own_grader_marks_what_we_exported(tmp_path: Path) -> None:
    """`grade --otter` gives the key all points, nothing none, and a mix what the hidden tests give in otter."""
    variant = problem_bank.load("convolution.hand").draw("otter-export")
    sheet, key = sheet_of(variant), variant.key()
    mixed: dict[str, Any] = {**key, variant.parts[0].name: variant.parts[0].answer.samples().wrong[0]}
    for answers in (key, mixed, {}):
        report = graded(tmp_path, sheet, f"q1 = {answers!r}")
        assert report.points == 4
        assert float(report.score or 0) == pytest.approx(score(sheet, answers))
    arrays = "\n".join(["import numpy as np", f"q1 = {key!r}", "q1['Y'] = np.array(__import__('json').loads(q1['Y']))"])
    assert graded(tmp_path, sheet, arrays).score == 4


@pytest.mark.parametrize(
    "cell",
    [
        "q1 = 3", "q1 = {'Y': q1}", "q1 = {}; q1['Y'] = q1", "q1 = {1: 2}", "q1 = '{'", "json = None; q1 = {'Y': 1j}",
        "class Evil(dict):\n    __str__ = None\nq1 = Evil(Y=Evil())", "q1 = {'Y': [10 ** 9] * 10 ** 5}",
        "class Liar:\n    def __eq__(self, other): return True\n    __ge__ = __eq__\nq1 = {'Y': Liar()}",
        "import builtins; builtins.print = lambda *a: None; q1 = {'Y': 1}",
    ],
)  # fmt: skip
def test_strange_answers_earn_nothing(tmp_path: Path, cell: str) -> None:
    """Whatever stands in the place of the answers, it is marked, and earns no point."""
    report = graded(tmp_path, sheet_of(problem_bank.load("convolution.hand").draw("otter-export")), cell)
    assert report.graded
    assert report.score == 0
    assert {part.verdict.status for _, part in report.parts()} <= {Status.WRONG, Status.RIGHT}  # the cells were run


def test_the_students_process_gets_no_number_of_the_draw(tmp_path: Path) -> None:
    """A cell that searches its process for the hidden tests finds neither their text nor the parameters."""
    slips = [Slip("off", CANARY + 1, "CANARY-FEEDBACK")]
    part = Part("n", "How many?", Integer(CANARY), misconceptions=slips)
    exercise = Exercise(given={"seed": CANARY + 2}, prompt="Count.", parts=[part], solution="CANARY-SOLUTION")
    sheet = sheet_of(Variant("convolution.hand", 1, "easy", {"seed": CANARY + 2}, exercise))
    asked = otter.hidden_cases(sheet.items[0])
    sent: list[str] = []

    def run(source: str, fresh: bool) -> tuple[str, str | None]:
        sent.append(source)
        return "{}", None

    case = hidden_case(asked[0]["code"])
    assert case is not None
    assert case.given == {"seed": CANARY + 2}
    with pytest.raises(BadGiven):  # no such draw: only what is sent matters here
        own_tests.passes(case, run)
    assert sent
    assert not [text for text in sent if str(CANARY + 2) in text or "problem_bank" in text]


def test_other_doctests_are_not_taken_for_ours() -> None:
    """Only the very form that we write is read; a test beside it that looks alike runs as it stands."""
    case = HiddenCase("convolution.hand", "easy", {"x": [[1, 2]], "text": "a {b} 'c'\n"}, "q1", "Y", 3)
    assert hidden_case(case.code) == case
    for other in (case.code + ">>> 1\n1\n", case.code.replace("True", "False"), ">>> 1\n1\n",
                  case.code.replace("'q1'", "f()")):  # fmt: skip
        assert hidden_case(other) is None
