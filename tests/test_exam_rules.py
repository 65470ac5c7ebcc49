# ruff: noqa: E501  # tables of cases, one per line
"""The rules by which exams are marked: choices, bonus, questions taken out, rounding and grades; the mark scheme."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assignments.documents.contents import contents
from assignments.documents.mark_scheme import render_mark_scheme
from assignments.rules import ChoiceRules, Rules
from assignments.sheet import Sheet, draw_sheet
from assignments.spec import load_assignment
from assignments.versions import draw_version
from grader.grade import inputs
from grader.report.report import MarkedQuestion
from grader.report.results import to_results
from grader.submission import Submission
from problem_bank.answers import Selection
from tests.exams import (
    POOLED,
    SECRET,
    assignment,
    course_folder,
    exam,
    gradebook,
    hand_in,
    invoke,
    keys,
    report_on,
)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with the pooled exam; also the current folder."""
    return course_folder(tmp_path, monkeypatch)


def wrong_statements(sheet: Sheet, count: int) -> dict[str, dict[str, Any]]:
    """Right answers, but for so many wrong statements of q1."""
    answers = keys(sheet)
    for part in list(answers["q1"])[:count]:
        answers["q1"][part] = "false" if answers["q1"][part] == "true" else "true"
    return answers


@pytest.mark.parametrize(
    ("wrong", "faults", "score"),
    [("0", 1, "3"), ("0.25", 1, "11/4"), ("0.25", 3, "1/4"), ("1", 1, "2"), ("1", 3, "0"), ('"fair"', 2, "0"), ("0", 4, "0")],
)  # fmt: skip
def test_wrong_choices_cost_what_the_rule_says(tmp_path: Path, wrong: str, faults: int, score: str) -> None:
    """Each wrong one of four statements costs this share of its point; the question never less than 0."""
    sheet = draw_sheet(exam(tmp_path, f"[rules.choice]\nwrong = {wrong}"), "ada", SECRET)
    report = report_on(sheet, wrong_statements(sheet, faults))
    assert report.questions[0].score == Fraction(score)
    assert report.score == Fraction(score) + 6


def test_no_answer_costs_nothing(tmp_path: Path) -> None:
    """Under negative marking a statement that is left out, or cannot be read, counts 0."""
    sheet = draw_sheet(exam(tmp_path, "[rules.choice]\nwrong = 1"), "ada", SECRET)
    answers = keys(sheet)
    first, second, *_ = answers["q1"]
    answers["q1"] |= {first: "", second: "perhaps"}
    assert report_on(sheet, answers).questions[0].score == 2


@pytest.mark.parametrize(
    ("rule", "shares"),
    [("all_or_nothing", ["1", "0", "0", "0"]), ("per_option", ["1", "3/4", "1/2", "0"]), ("negative", ["1", "1/2", "0", "0"])],
)  # fmt: skip
def test_several_right_options_count_by_the_rule(tmp_path: Path, rule: str, shares: list[str]) -> None:
    """Of four options, 0, 1, 2 and 4 judged wrongly earn what the rule says."""
    sheet = draw_sheet(exam(tmp_path, f'[rules.choice]\nseveral = "{rule}"'), "ada", SECRET)
    answer = sheet.items[1].variant.parts[0].answer
    assert isinstance(answer, Selection)
    for faults, share in zip((0, 1, 2, 4), shares, strict=True):
        value = tuple(sorted(set(range(faults)) ^ set(answer.key)))
        report = report_on(sheet, {"q2": {"selected": answer.show(value)}})
        assert report.questions[1].score == 4 * Fraction(share)


@given(st.sets(st.integers(0, 4)), st.sets(st.integers(0, 4)))
def test_a_selection_reads_what_it_shows(key: set[int], given: set[int]) -> None:
    """Any set of options, none included, is shown, read back, and right exactly if it is the key."""
    answer, value = Selection(tuple(sorted(key)), tuple("ABCDE")), tuple(sorted(given))
    assert answer.parse(answer.show(value)) == value
    assert answer.parse(answer.show(value).replace(", ", "")) == value or not value
    assert answer.compare(value).right is (key == given)
    assert answer.judged_right(value) == 5 - len(key ^ given)


def test_a_bonus_question_comes_on_top(tmp_path: Path) -> None:
    """Its points raise the score and not what can be reached: the share may exceed 1, and the best grade stays."""
    sheet = draw_sheet(exam(tmp_path, "[rules.grades]\nA = 0.9", "bonus = true"), "ada", SECRET)
    report = report_on(sheet, keys(sheet))
    assert (report.score, report.points, report.grade) == (Fraction(10), Fraction(8), "A")
    assert sheet.points == 8
    assert contents(sheet).questions[2].points == "2 bonus points"
    nothing = report_on(sheet, keys(sheet) | {"q3": {}})
    assert (nothing.score, nothing.share) == (Fraction(8), 1.0)


@pytest.mark.parametrize(("how", "score", "points"), [("full", 6, 10), ("drop", 2, 6)])
def test_a_question_is_nullified(tmp_path: Path, how: str, score: int, points: int) -> None:
    """Its points go to everybody, or out of the total; what was answered there stays visible and does not count."""
    sheet = draw_sheet(exam(tmp_path, f'[rules.nullified]\nq2 = "{how}"'), "ada", SECRET)
    report = report_on(sheet, {"q2": {"selected": "none"}, "q3": keys(sheet)["q3"]})
    assert (report.score, report.points) == (Fraction(score), Fraction(points))
    right = report_on(sheet, keys(sheet))
    assert (right.score, right.points) == (Fraction(points), Fraction(points))
    assert "q2: was taken out" in to_results(report)["output"]


def test_a_nullified_question_blocks_no_release(tmp_path: Path) -> None:
    """What could not be marked in a question that does not count keeps nobody waiting."""
    report = report_on(draw_sheet(exam(tmp_path), "ada", SECRET), {})
    question = report.questions[0]
    broken = MarkedQuestion(question.id, question.title, question.points, (), nullified="drop")
    assert broken.graded
    assert broken.score == broken.reachable == 0


@given(st.fractions(0, 100), st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0, 3.0]))
def test_rounding_goes_to_the_nearest_multiple(total: Fraction, step: float) -> None:
    """The rounded total is a multiple of the step, at most half a step away; halves go up; no step, no change."""
    rounded, exact = Rules(round=step).rounded(total), Fraction(str(step))
    if not step:
        assert rounded == total
    else:
        assert (rounded / exact).denominator == 1
        assert -exact / 2 <= total - rounded < exact / 2


@pytest.mark.parametrize(
    ("share", "grade"), [("1", "A"), ("9/10", "A"), ("899/1000", "B"), ("1/2", "B"), ("49/100", ""), ("2", "A")]
)
def test_a_grade_begins_exactly_at_its_boundary(share: str, grade: str) -> None:
    """The boundary belongs to the better grade, exactly; below all there is none; their order does not matter."""
    assert Rules(grades={"B": 0.5, "A": 0.9}).grade(Fraction(share)) == grade


def test_the_rounded_total_decides_the_grade(tmp_path: Path) -> None:
    """The grade is that of the published total, and stands in the results and the gradebook's column."""
    rules = "[rules]\nround = 1\n[rules.grades]\nA = 0.9\nB = 0.5\n[rules.choice]\nwrong = 0.5"
    sheet = draw_sheet(exam(tmp_path, rules), "ada", SECRET)
    report = report_on(sheet, wrong_statements(sheet, 1))
    assert (report.score, report.grade) == (Fraction(9), "A")  # 8.5 points
    assert to_results(report)["extra_data"]["grade"] == "A"


def test_grades_reach_gradebook_and_class_report(course: Path) -> None:
    """A column `grade`, the grade on the feedback page, and how often each was given."""
    file = course / "assignments" / "exam" / "assignment.toml"
    file.write_text(
        POOLED.replace('title = "Exam"', 'title = "Exam"\nversions = ["A"]\n[rules.grades]\nA = 0.9\nF = 0')
    )
    (course / "roster.csv").write_text("student,version\nada,A\nalan,A\n")
    hand_in(course, "ada", "A")
    (course / "in" / "alan").mkdir()
    (course / "in" / "alan" / "answers.toml").write_text('[q2]\ny = "no idea"\n')
    invoke("grade", "exam", "in", "--out", "out")
    assert {student: (row["grade"], row["version"]) for student, row in gradebook(course).items()} == {
        "ada": ("A", "A"),
        "alan": ("F", "A"),
    }
    assert "Grades: A 1×, F 1×" in (course / "out" / "report.html").read_text()
    assert "grade A" in (course / "out" / "feedback" / "ada.html").read_text()


def test_results_depend_on_the_rules(tmp_path: Path) -> None:
    """A changed rule is a reason to grade again; due and attempts that stay the same are none."""
    hashes = set()
    for rules in ("", "[rules]\nround = 0.5", '[rules.nullified]\nq1 = "full"', "[rules.choice]\nwrong = 0.25"):
        hashes.add(inputs(draw_sheet(exam(tmp_path, rules), "ada", SECRET), Submission("ada")))
    hashes.add(inputs(draw_sheet(exam(tmp_path, extra="bonus = true"), "ada", SECRET), Submission("ada")))
    assert len(hashes) == 5


def test_students_are_told_before_they_guess(tmp_path: Path) -> None:
    """What wrong choices cost and how several right options count stands at the head of the sheet."""
    rules = '[rules.choice]\nwrong = 0.25\nseveral = "negative"'
    told = contents(draw_sheet(exam(tmp_path, rules), "ada", SECRET)).instructions
    assert "A wrong choice costs 0.25 of its points; no answer costs nothing." in told
    assert "No question counts less than 0." in told
    assert ChoiceRules(wrong="fair").costs(5) == Fraction(1, 4)


# The mark scheme


def test_a_mark_scheme_says_what_an_examiner_needs(tmp_path: Path) -> None:
    """Points, other forms, marks by entries, what mistakes earn or cost, follow-through, rounding and grades."""
    rules = '[rules]\nround = 0.5\n[rules.grades]\nA = 0.9\n[rules.choice]\nwrong = 0.5\nseveral = "per_option"'
    sheet = draw_sheet(exam(tmp_path, rules), "ada", SECRET)
    said = render_mark_scheme(sheet, "markdown")
    for needed in ("Grade A: from 9 of 10 points (90%)", "nearest multiple of 0.5", "earns −0.5", "**Also accepted** `",
                   "each option judged rightly, named or left out, 1", "by right entries: ", "**Mistake** `flipped`"):  # fmt: skip
        assert needed in said, needed
    follow = render_mark_scheme(draw_sheet(assignment(tmp_path, POOLED), "ada", SECRET), "markdown")
    assert "**Follow-through** worked rightly from own wrong earlier values" in follow


def test_what_the_scheme_says_is_what_the_grader_does() -> None:
    """Every form that a scheme calls accepted earns full marks in every version of the sample exam."""
    from assignments.documents.mark_scheme import _forms

    for version in "ABCD":
        for item in draw_version(load_assignment("sample-exam"), version, SECRET).items:
            for part in item.variant.parts:
                for form in _forms(part.answer):
                    assert item.variant.mark({part.name: form.strip("`")})[part.name].score == part.points, form


def test_a_mark_scheme_is_a_page_too(course: Path) -> None:
    """--mark-scheme --html writes one self-contained page with the formulas typeset."""
    invoke("generate", "exam", "--versions", "A", "--out", "exams")
    invoke("key", "exam", "A", "--mark-scheme", "--html", "scheme.html")
    page = (course / "scheme.html").read_text()
    assert "Mark scheme" in page
    assert "<math" in page
    assert "script" not in page
    assert "Follow-through" in invoke("key", "exam", "A", "--mark-scheme").output
