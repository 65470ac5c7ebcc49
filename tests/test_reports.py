# ruff: noqa: E501  # tables of cases, one per line
"""What is said about marked submissions: exact, escaped everywhere, and rebuilt from the results alone."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assignments.roster import Student
from assignments.sheet import Sheet, draw_sheet
from assignments.spec import Assignment, load_assignment
from grader.batch import grade_all
from grader.grade import grade_submission
from grader.note import Note
from grader.overview import write_overview
from grader.report.feedback import feedback_page
from grader.report.gradebook import safe
from grader.report.report import MarkedPart, MarkedQuestion, Report, Run
from grader.report.results import from_results, to_results
from grader.report.statistics import ClassStatistics
from grader.store import Store
from grader.submission import Submission
from problem_bank.verdict import Status, Verdict

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """An assignment of one question in two parts."""
    folder = tmp_path_factory.mktemp("week")
    text = 'title = "Week $x^2$"\n[[questions]]\nid = "q1"\nfamily = "convolution.hand"\nlevel = "easy"\npoints = 4\n'
    (folder / "assignment.toml").write_text(text)
    return load_assignment(folder)


@pytest.fixture(scope="module")
def sheet(week: Assignment) -> Sheet:
    return draw_sheet(week, "ada", "secret")


def marked(*verdicts: Verdict) -> Report:
    """A report with these verdicts as the parts of one question."""
    points = sum((verdict.points for verdict in verdicts), Fraction(0))
    parts = tuple(MarkedPart(verdict, "typed") for verdict in verdicts)
    return Report(
        student="ada", name="Ada", assignment="week", title="Week", sheet="s", inputs="i", tool="1",
        graded_at=datetime(2026, 3, 1, tzinfo=UTC), seconds=0.01,
        questions=(MarkedQuestion("q1", "Title", points, parts),),
    )  # fmt: skip


def verdict(
    status: Status, score: Fraction | int = 0, points: Fraction | int = 1, part: str = "a", **rest: Any
) -> Verdict:
    return Verdict(part=part, status=status, score=Fraction(score), points=Fraction(points), **rest)


class Page(HTMLParser):
    """The tags, the text and the ids of a page; balanced, or an error."""

    VOID = ("meta", "line", "br", "img", "link", "mspace")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


# Results


FRACTIONS = st.fractions(min_value=0, max_value=9, max_denominator=60)
VERDICTS = st.builds(
    Verdict, part=st.sampled_from(["a", "b c", "ü"]), status=st.sampled_from(Status), score=FRACTIONS, points=FRACTIONS,
    feedback=st.text(max_size=20), misconceptions=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    basis=st.text(max_size=5), reading=st.text(max_size=20), cause=st.text(max_size=5),
)  # fmt: skip
NOTES = st.lists(st.builds(Note, st.text(max_size=9), st.text(max_size=9), st.text(max_size=9)), max_size=2).map(tuple)
RUNS = st.lists(
    st.builds(Run, st.just("q1"), st.integers(0, 3), st.text(max_size=5), st.booleans(), st.just(0.5), st.text(max_size=9),
              flags=st.just(("look",))), max_size=2,
).map(tuple)  # fmt: skip


@given(st.lists(VERDICTS, min_size=1, max_size=3, unique_by=lambda v: v.part), NOTES, RUNS, FRACTIONS, st.booleans())
def test_a_report_survives_its_results(
    verdicts: list[Verdict], notes: Any, runs: Any, kept: Fraction, shown: bool
) -> None:
    """results.json holds all of it, exactly."""
    report = replace(marked(*verdicts), notes=notes, runs=runs, kept=kept, keys_shown=shown, late_days=2)
    report = replace(report, submitted=datetime(2026, 1, 1, tzinfo=UTC))
    assert from_results(json.loads(json.dumps(to_results(report)))) == report


def test_results_have_the_shape_that_gradescope_reads(sheet: Sheet) -> None:
    """Scores, names, statuses and visibilities, as its documentation names them."""
    key = sheet.items[0].variant.key()
    results = to_results(grade_submission(sheet, Submission("ada", {"q1": {"size": key["size"], "Y": "?"}})))
    assert (results["score"], results["visibility"], results["extra_data"]["release"]) == (1, "after_published", True)
    right, unreadable = results["tests"]
    assert [test["name"] for test in results["tests"]] == ["q1.size", "q1.Y"]
    assert (right["score"], right["max_score"], right["status"]) == (1, 1, "passed")
    assert (unreadable["score"], unreadable["max_score"], unreadable["status"]) == (0, 3, "failed")
    assert unreadable["output"].startswith("Unreadable\nThis could not be read")
    assert unreadable["extra_data"]["status"] == "unreadable"
    known = {"score", "max_score", "status", "name", "output", "output_format", "visibility", "extra_data"}
    assert set(right) | set(unreadable) <= known


def test_an_ungraded_part_releases_no_score() -> None:
    """Neither the part nor the whole has one; nothing is visible, and a person is announced."""
    results = to_results(marked(verdict(Status.RIGHT, 1), verdict(Status.UNGRADED, part="b")))
    assert "score" not in results
    assert (results["visibility"], results["extra_data"]["release"]) == ("hidden", False)
    assert "not your fault" in results["output"]
    right, waiting = results["tests"]
    assert right["score"] == 1
    assert "score" not in waiting
    assert "status" not in waiting


@pytest.mark.parametrize("broken", [{}, [], {"tests": []}, {"extra_data": {"format": 99}, "tests": []}, None, 3, "x"])
def test_other_json_is_no_report(broken: Any) -> None:
    """Anything else is refused with a ValueError."""
    with pytest.raises(ValueError):
        from_results(broken)


@given(st.recursive(st.none() | st.text(max_size=3) | st.integers(), lambda v: st.lists(v, max_size=3)), st.data())
def test_tampered_results_are_refused_or_read(value: Any, data: st.DataObject) -> None:
    """Any field of any type gives a report or a ValueError."""
    results = json.loads(json.dumps(to_results(marked(verdict(Status.RIGHT, 1)))))
    place = data.draw(
        st.sampled_from([results, results["extra_data"], results["tests"][0], results["tests"][0]["extra_data"]])
    )
    place[data.draw(st.sampled_from(sorted(place)))] = value
    try:
        assert isinstance(from_results(results), Report)
    except ValueError:
        return


# Feedback pages


def page_of(sheet: Sheet, answers: dict[str, Any], **changes: Any) -> str:
    report = grade_submission(sheet, Submission("ada", {"q1": answers}), name=EVIL)
    return feedback_page(replace(report, **changes), sheet)


def test_whatever_a_student_typed_is_escaped(sheet: Sheet) -> None:
    """Names, answers, file names, printed text and flags cannot become markup, script or a picture."""
    run = Run("q1", 2, EVIL, False, 0.1, EVIL, EVIL, (EVIL,), (EVIL,))
    html = page_of(
        sheet,
        {"size": EVIL, "Y": f"![x](https://example.org/x.png) {EVIL}"},
        notes=(Note(EVIL, EVIL, EVIL),),
        runs=(run,),
    )
    page = Page(html)
    assert not {"script", "img", "iframe", "link"} & set(page.tags)
    assert all(link.startswith("#") for link in page.links)
    assert "{{7*7}}" in page.text
    assert "default-src 'none'" in html


def test_a_page_says_all_that_was_found(sheet: Sheet) -> None:
    """Total, each part with its status in words, the misconception's lesson, and the answer as it was read."""
    variant = sheet.items[0].variant
    slip = variant.parts[1].misconceptions[0]
    answers = {"size": "", "Y": variant.parts[1].answer.show(slip.worked(variant.exercise.keys()))}
    page = Page(page_of(sheet, answers))
    assert re.search(r"0\s+of 4 points, 0 %", page.text)
    assert "No answer" in page.text
    assert slip.feedback in page.text
    assert "mtable" in page.tags


def test_the_first_bad_step_is_linked_where_steps_build_on_each_other(tmp_path: Path, sheet: Sheet) -> None:
    """Independent parts have no common cause."""
    text = 'title = "T"\n[[questions]]\nid = "q1"\nfamily = "optimisation.momentum_steps"\n'
    (tmp_path / "assignment.toml").write_text(text)
    steps = draw_sheet(load_assignment(tmp_path), "ada", "secret")
    page = Page(page_of(steps, {"v1": "998", "theta1": "997"}))
    assert "Things first went wrong at v1" in page.text
    assert "#q1.v1" in page.links
    assert "first went wrong" not in page_of(sheet, {"size": "9 x 9", "Y": "[[99]]"})


def test_keys_are_shown_only_where_the_report_says_so(sheet: Sheet) -> None:
    """Right answers and solutions stay out of the page by default."""
    wrong = {"size": "9 x 9", "Y": "[[99]]"}
    hidden, shown = page_of(sheet, wrong), page_of(sheet, wrong, keys_shown=True)
    assert "Right answer" not in Page(hidden).text
    assert "Worked solution" not in Page(hidden).text
    assert Page(shown).text.count("Right answer") == 2
    assert "Worked solution" in Page(shown).text


def test_an_ungraded_page_shows_no_total(sheet: Sheet) -> None:
    """It says whose fault it is, and that the total follows."""
    report = grade_submission(sheet, Submission("ada"))
    (question,) = report.questions
    first = MarkedPart(replace(question.parts[0].verdict, status=Status.UNGRADED))
    page = Page(
        feedback_page(replace(report, questions=(replace(question, parts=(first, *question.parts[1:])),)), sheet)
    )
    assert "not your fault" in page.text
    assert "Not marked yet" in page.text
    assert "of 4 points" not in page.text


def test_lateness_is_explained(sheet: Sheet) -> None:
    """With the share that is kept."""
    text = Page(page_of(sheet, {}, late_days=2, kept=Fraction(4, 5))).text
    assert "2 days late" in text
    assert "80 % of the points count" in text


# Gradebook


FORMULAS = {
    "=1+1": "'=1+1", "+49 89": "'+49 89", "-x": "'-x", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "plain": "plain",
    "a=b": "a=b", "": "",
}  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), FORMULAS.items())
def test_no_cell_is_a_formula(cell: str, expected: str) -> None:
    """A leading =, +, -, @ or tab is defused; numbers stay numbers."""
    assert safe(cell) == expected
    assert safe(-1.5) == -1.5


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "gradebook.csv").read_text())))


def test_the_gradebook_keeps_the_rosters_columns(tmp_path: Path, week: Assignment) -> None:
    """Extra ones too, unless they would take the place of a mark; every text is defused."""
    store = Store(tmp_path)
    store.write(replace(marked(verdict(Status.RIGHT, 1), verdict(Status.PARTIAL, Fraction(1, 3), 3, "b")), late_days=1, kept=Fraction(1, 2)), "page")  # fmt: skip
    roster = [
        Student("ada", "=cmd()", "ada@example.org", "A", {"seat": "@7", "total": "99", "q1": "99"}),
        Student("alan"),
    ]
    write_overview(store, week, roster)
    ada, alan = rows(tmp_path)
    assert list(ada) == [
        "student",
        "name",
        "email",
        "section",
        "seat",
        "q1",
        "late_days",
        "total",
        "out_of",
        "percent",
        "status",
        "notes",
    ]
    assert (ada["name"], ada["seat"], ada["q1"], ada["total"], ada["percent"]) == (
        "'=cmd()",
        "'@7",
        "1.3333",
        "0.6667",
        "16.67",
    )
    assert (alan["status"], alan["q1"], alan["total"]) == ("missing", "", "")


def test_ungraded_scores_stay_empty(tmp_path: Path, week: Assignment) -> None:
    """Never a zero; who waits for a person is returned."""
    store = Store(tmp_path)
    store.write(marked(verdict(Status.RIGHT, 1), verdict(Status.UNGRADED, part="b")), "page")
    assert write_overview(store, week, []) == ["ada"]
    (row,) = rows(tmp_path)
    assert (row["q1"], row["total"], row["percent"], row["status"]) == ("", "", "", "ungraded")


# Class report


def test_the_class_report_finds_what_went_wrong(tmp_path: Path, week: Assignment) -> None:
    """Means, misconceptions with counts and lessons, and whom to look at, rebuilt from the results alone."""
    store, said = Store(tmp_path), f"You flipped $x^2$. {EVIL}"
    for i in range(10):
        wrong = verdict(Status.WRONG, feedback=said, misconceptions=("flipped",)) if i < 3 else verdict(Status.RIGHT, 1)
        report = marked(wrong, verdict(Status.RIGHT, int(i > 4), part="b"))
        store.write(replace(report, student=f"s{i}", name=EVIL if i == 9 else "", notes=(Note(EVIL, "", EVIL),) if i == 9 else ()), "page")  # fmt: skip
    store.write(replace(marked(verdict(Status.UNREADABLE)), student="zoe", runs=(Run("q1", 1, "weak", True, 0.1, flags=(EVIL,)),)), "page")  # fmt: skip
    write_overview(store, week, [Student("missing", EVIL)], {"crash": EVIL}, [Note(EVIL, "", EVIL)])
    html = (tmp_path / "report.html").read_text()
    page = Page(html)
    assert not {"script", "img", "iframe", "link"} & set(page.tags)
    assert {"feedback/s9.html", "feedback/zoe.html"} <= set(page.links)
    assert "3× q1.a flipped You flipped" in " ".join(re.sub("(?<=×)|(?=You)", " ", page.text).split())
    assert "The marking failed" in page.text
    assert "confined at level 1" in page.text
    assert "1 ran less confined" in page.text


def test_statistics_are_those_of_the_class() -> None:
    """Mean, median, histogram, share right and discrimination, by hand."""
    gathered = ClassStatistics()
    for i in range(8):
        good = i >= 4
        gathered.add(marked(verdict(Status.RIGHT if good else Status.WRONG, int(good)), verdict(Status.PARTIAL, Fraction(i, 7), 1, "b")))  # fmt: skip
    a, b = gathered.questions["q1"].parts.values()
    assert (a.mean, a.right, b.right) == (0.5, 0.5, 0.0)
    assert b.mean == pytest.approx(0.5)
    assert a.discrimination == pytest.approx(0.8729, abs=1e-4)  # correlation of 0,0,0,0,1,1,1,1 with 0..7
    assert gathered.mean == gathered.median == pytest.approx(0.5)
    assert gathered.histogram() == [2, 1, 1, 0, 0, 0, 0, 1, 1, 2]


def test_an_empty_class_has_a_report(tmp_path: Path, week: Assignment) -> None:
    """Nothing handed in is a report too."""
    (tmp_path / "in").mkdir()
    summary = grade_all(week, tmp_path / "in", tmp_path / "out", sheet_for=partial(draw_sheet, week, secret="s"), students=[Student("ada")])  # fmt: skip
    assert summary.missing == ["ada"]
    assert "Not handed in" in Page((tmp_path / "out" / "report.html").read_text()).text


def test_writing_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash while writing leaves the older result and page as they were."""
    store = Store(tmp_path)
    store.write(marked(verdict(Status.RIGHT, 1)), "old page")
    before = store.results("ada").read_bytes()
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        store.write(marked(verdict(Status.WRONG)), "new page")
    assert (store.results("ada").read_bytes(), store.feedback("ada").read_text()) == (before, "old page")
