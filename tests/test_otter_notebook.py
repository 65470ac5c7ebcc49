"""The public tests that a generated notebook carries for otter: about the form of the answers, never about the key."""

from __future__ import annotations

import doctest
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import problem_bank
from assignments.documents import otter_tests, render
from assignments.sheet import Item, Sheet
from assignments.spec import Assignment, Question, Spec
from grader.otter.marker import OtterMarker
from grader.otter.testfile import read_tests
from grader.submission import Submission
from problem_bank.answers import Integer
from problem_bank.answers.code import Code
from problem_bank.checks import Check
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.variant import Variant


def sheet_of(variant: Variant) -> Sheet:
    """A sheet with one question q1."""
    spec = Spec(title="Week 1", questions=[Question(id="q1", family=variant.family)])
    return Sheet(Assignment("week-1", Path(), spec), "ada", 1, False, (Item("q1", "One", "", Fraction(3), variant),))


def made(*parts: Part) -> Variant:
    """A variant of these parts."""
    return Variant("trial.trial", 1, "easy", {}, Exercise(given={}, prompt="?", parts=parts, solution="7"))


def failed(sheet: Sheet, answers: dict[str, Any]) -> list[int]:
    """The cases of q1, from 1, that fail on these answers: by Python's own doctest, as otter runs them."""
    cases = otter_tests.tests(sheet)["q1"]["suites"][0]["cases"]
    wrong = []
    for number, case in enumerate(cases, 1):
        examples = doctest.DocTestParser().get_examples(case["code"])
        test = doctest.DocTest(examples, {"q1": answers}, "q1", None, None, case["code"])
        if doctest.DocTestRunner(verbose=False).run(test, out=lambda _: None).failed:
            wrong.append(number)
    return wrong


@pytest.mark.parametrize("id", problem_bank.ids())
def test_right_answers_have_the_right_form(id: str) -> None:
    """Whatever the family, its own right answers pass all public tests, and the untouched form passes none."""
    variant = problem_bank.load(id).draw("otter")
    asked = [part.name for part in variant.parts if part.answer.kind != "code"]
    sheet = sheet_of(variant)
    if asked == [part.name for part in variant.parts]:
        assert failed(sheet, variant.key()) == []
        assert failed(sheet, dict.fromkeys(asked, "")) == list(range(1, len(asked) + 1))


def test_what_cannot_be_read_fails() -> None:
    """A text that the grader could not read fails its case and no other; a wrong answer of the right form passes."""
    sheet = sheet_of(made(Part("n", "?", Integer(7)), Part("m", "?", Integer(8))))
    assert failed(sheet, {"n": "a dozen", "m": 5}) == [1]
    assert failed(sheet, {"n": ..., "m": None}) == [1, 2]
    assert failed(sheet, {"n": "7"}) == [2]


def test_public_tests_know_no_key() -> None:
    """Two exercises that differ in their keys, misconceptions and solution only have the same tests."""
    one = made(Part("n", "?", Integer(7), misconceptions=[Slip("off", 6, "One less.")]))
    other = made(Part("n", "?", Integer(-123)))
    assert otter_tests.tests(sheet_of(one)) == otter_tests.tests(sheet_of(other))
    assert render("notebook", sheet_of(one)) == render("notebook", sheet_of(other))


def test_code_is_looked_for_and_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A code exercise asks whether the file can be read and defines what its starter does."""
    monkeypatch.chdir(tmp_path)
    started = (family for family in map(problem_bank.load, problem_bank.ids()) if family.starters)
    variant = next(v for v in (family.draw("otter") for family in started) if v.parts[0].answer.kind == "code")
    file = variant.parts[0].answer.public()["file"]
    sheet = sheet_of(variant)
    assert 1 in failed(sheet, {})
    (tmp_path / file).write_bytes(problem_bank.load(variant.family).starters[file].read_bytes())
    assert 1 not in failed(sheet, {})
    (tmp_path / file).write_text("def broken(:")
    assert 1 in failed(sheet, {})
    hidden = made(Part("code", "?", Code((Check("secret_check", "It works.", lambda student, rng: None),), "work.py")))
    assert "secret_check" not in json.dumps(otter_tests.tests(sheet_of(hidden)))


def test_the_notebook_carries_them() -> None:
    """Metadata as otter reads them, one cell to begin with and one for each question; files for `otter run` agree."""
    variant = problem_bank.load("convolution.hand").draw("otter")
    sheet = sheet_of(variant)
    notebook = json.loads(render("notebook", sheet))
    carried = notebook["metadata"]["otter"]
    assert (carried["OK_FORMAT"], carried["assignment_name"]) == (True, "week-1")
    checks = ["".join(c["source"]) for c in notebook["cells"] if "check" in c["metadata"].get("tags", [])]
    assert 'otter.Notebook("week-1.ipynb")' in checks[0]
    assert checks[1:] == ['grader and grader.check("q1")']
    tests = read_tests("q1", "", {"OK_FORMAT": True, "test": carried["tests"]["q1"]})
    assert not any(case.hidden for case in tests.cases) and len(tests.cases) == len(variant.parts)
    names: dict[str, Any] = {}
    exec(otter_tests.files(sheet)["tests/q1.py"], names)  # ours, in this test
    assert names["test"] == carried["tests"]["q1"]


def test_without_otter_the_cells_do_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where otter is not installed, every code cell of an untouched notebook runs without an error or a word."""
    monkeypatch.setitem(__import__("sys").modules, "otter", None)
    names: dict[str, Any] = {}
    for cell in json.loads(render("notebook", sheet_of(problem_bank.load("convolution.hand").draw("otter"))))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # ours, in this test
    assert names["grader"] is None


def test_our_notebooks_go_through_our_own_otter(tmp_path: Path) -> None:
    """The generated notebook, filled in, is right by its own public tests when graded as an otter assignment."""
    variant = problem_bank.load("convolution.hand").draw("otter")
    sheet = sheet_of(variant)
    for name, data in otter_tests.files(sheet).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    text = render("notebook", sheet)
    marker = OtterMarker(tmp_path, 20.0)
    assert marker.mark(Submission("ada", files={"week-1.ipynb": text.encode()}), "").score == 0
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if "answer" in cell["metadata"].get("tags", []):
            cell["source"] = f"q1 = {variant.key()!r}"
    report = marker.mark(Submission("ada", files={"week-1.ipynb": json.dumps(notebook).encode()}), "")
    assert report.score == report.points == 1
