"""Answers in one's own words: how they are matched, how they wait for a person, and what becomes of the marks."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import problem_bank
from assignments.roster import Student
from assignments.sheet import Sheet, draw_sheet
from assignments.spec import Assignment, load_assignment
from grader.batch import Summary, grade_all
from grader.queue import Queue, Unusable
from grader.report.report import Report
from grader.store import Store
from problem_bank.answers import Claim, KeyPoint, Rubric, Text
from problem_bank.answers.phrases import says, sentences, stem
from problem_bank.errors import Unreadable
from problem_bank.families.explanations._items import items
from problem_bank.verdict import Status

# pattern, texts that say it, texts that do not
SAID: list[tuple[str, list[str], list[str]]] = [
    ("gradient vanish", ["The gradients vanish.", "A vanishing gradient!", "Gradient: it vanishes"],
     ["The gradient does not vanish.", "It vanishes. So does the gradient of b.", "No gradient vanishes here."]),
    ("scale !test", ["It scales, but not at test time.", "Scaling is never needed in testing"],
     ["It scales at test time.", "It does not scale at test time."]),
    ("initialis* zero|0", ["Initialised with zeros", "initialization at 0", "We initialize weights to zero."],
     ["Initialised at random", "not initialised with zeros"]),
    ("epsilon", ["a step of ε", r"a step of \epsilon", "Epsilon."], ["a step", "no epsilon"]),
    ("overfit*", ["less overfitting", "It overfits", "over-fit, or: overfit"], ["a fit over all data"]),
    ("momentum smooth", ["Momentum isn't exact and smooths noise", "e.g. momentum smooths"],
     ["Momentum doesn't smooth.", "SGD rather than momentum smooths"]),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "right", "wrong"), SAID, ids=[case[0] for case in SAID])
def test_patterns_find_other_forms_and_mind_negation(pattern: str, right: list[str], wrong: list[str]) -> None:
    """All terms in one sentence, in any form and order, negated only where the pattern wants it."""
    assert [text for text in right if not says(sentences(text), [pattern])] == []
    assert [text for text in wrong if says(sentences(text), [pattern])] == []


FORMS = [("scale", "scales", "scaled", "scaling"), ("memory", "memories"), ("drop", "dropped", "dropping"),
         ("loss", "losses"), ("bias", "biases"), ("complete", "completely"), ("network", "networks")]  # fmt: skip


@pytest.mark.parametrize("forms", FORMS, ids=lambda forms: forms[0])
def test_forms_of_a_word_share_their_stem(forms: tuple[str, ...]) -> None:
    """Rough, but the same for all forms."""
    assert len(set(map(stem, forms))) == 1


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Reading raises nothing but Unreadable, what is read survives being shown, and a suggestion is a share."""
    answer = Text(Rubric((KeyPoint("p", "P.", ("a|the b*",)),), (Claim("c", "C.", ("!is",)),)), 3)
    try:
        value = answer.parse(text)
    except Unreadable:
        return
    assert answer.parse(answer.show(value)) == value
    assert 0 <= answer.suggest(value).share <= 1


def test_long_texts_are_matched_quickly_or_refused() -> None:
    """Neither length nor repetition costs more than a moment."""
    answer = Text(items()["bias_correction"].rubric)
    answer.suggest(answer.parse("not " * 1_900))
    answer.suggest(answer.parse("." * 7_000 + "ab"))
    with pytest.raises(Unreadable, match="characters"):
        answer.parse("a " * 10_000)


RUBRIC = Rubric(
    (KeyPoint("one", "The sun is hot.", ("sun hot",), 2), KeyPoint("two", "Ice is cold.", ("ice cold",))),
    (Claim("moon", "The moon is cheese.", ("moon cheese",), Fraction(1, 3)),),
)
SUGGESTED: list[tuple[str, Fraction, tuple[str, ...], tuple[str, ...], str]] = [
    ("The sun is hot. Ice is cold.", Fraction(1), ("one", "two"), (), ""),
    ("A hot sun.", Fraction(2, 3), ("one",), (), ""),
    ("A hot sun. The moon is cheese.", Fraction(1, 3), ("one",), ("moon",), ""),
    ("The moon is cheese.", Fraction(0), (), ("moon",), ""),
    ("So. Well. Ice is cold.", Fraction(0), (), (), "3 sentences where 2 were allowed"),
]


@pytest.mark.parametrize(("text", "share", "found", "claims", "remark"), SUGGESTED, ids=[case[0] for case in SUGGESTED])
def test_a_suggestion_weighs_points_and_claims(
    text: str, share: Fraction, found: tuple[str, ...], claims: tuple[str, ...], remark: str
) -> None:
    """Weights of what is found, less what claims cost, down to zero; key points count within the limit only."""
    told = Text(RUBRIC, 2).suggest(text)
    assert (told.share, told.found, told.claims, told.remark) == (share, found, claims, remark)


@pytest.mark.parametrize("id", items())
def test_every_item_is_proven(id: str) -> None:
    """The model answer earns everything and claims nothing wrong, each point is found in its own sentence alone,
    each wrong claim in its example, and no example earns half of the points."""
    variant = problem_bank.load("explanations.short_answer").draw("", given={"item": id})  # proves model and claims
    (part,), answer = variant.parts, variant.parts[0].answer
    assert isinstance(answer, Text)
    item = items()[id]
    assert len(sentences(item.rubric.model)) <= item.limit
    for point in item.rubric.points:
        assert point.name in answer.suggest(point.says).found
    for claim in item.claims:
        assert answer.suggest(claim.says).share < Fraction(1, 2)
    verdict = variant.mark({part.name: item.claims[0].says})[part.name]
    assert (verdict.status, verdict.score, verdict.misconceptions) == (Status.UNGRADED, 0, (item.claims[0].name,))


def test_other_answers_earn_little() -> None:
    """Whoever answers another question well earns next to nothing here: below a tenth on average."""
    shares = [
        Text(one.rubric).suggest(other.rubric.model).share for one in items().values() for other in items().values()
        if one is not other
    ]  # fmt: skip
    assert sum(shares) / len(shares) < Fraction(1, 10)


# The queue

ASSIGNMENT = """\
title = "Week 2"
[[questions]]
id = "q1"
family = "explanations.short_answer"
points = 6
knobs = { item = "dropout_gradients" }
[[questions]]
id = "q2"
family = "convolution.hand"
level = "easy"
points = 4
"""
STUDENTS = [Student("ada", "Ada Lovelace"), Student("alan", "Alan Turing")]
GOOD = "The weights of a dropped unit get gradient zero."
WRONG = "A dropped unit gets its ordinary gradient, since the mask acts on the forward pass only."


@pytest.fixture
def week(tmp_path: Path) -> Assignment:
    """An assignment with a text and a convolution."""
    (tmp_path / "week-2").mkdir()
    (tmp_path / "week-2" / "assignment.toml").write_text(ASSIGNMENT)
    return load_assignment(tmp_path / "week-2")


def sheet_for(week: Assignment, student: str) -> Sheet:
    return draw_sheet(week, student, "secret")


def hand_in(tmp_path: Path, week: Assignment, student: str, text: str) -> None:
    folder = tmp_path / "submissions" / student
    folder.mkdir(parents=True, exist_ok=True)
    answers = sheet_for(week, student).items[1].variant.key()
    lines = ["[q1]", f"dropout_gradients = {json.dumps(text)}", "[q2]", *(f'{n} = "{v}"' for n, v in answers.items())]
    (folder / "answers.toml").write_text("\n".join(lines), "utf-8")


def grade(tmp_path: Path, week: Assignment, **options: Any) -> Summary:
    place = tmp_path / "submissions"
    return grade_all(week, place, tmp_path / "out", sheet_for=partial(sheet_for, week), students=STUDENTS, **options)


def rows(tmp_path: Path) -> dict[str, dict[str, str]]:
    with (tmp_path / "out" / "queue.csv").open(newline="", encoding="utf-8-sig") as stream:
        return {row["student"]: row for row in csv.DictReader(stream)}


def type_in(tmp_path: Path, **marks: dict[str, str]) -> None:
    """What a person does in a spreadsheet: fill in cells, and save in the dialect of their country."""
    table = rows(tmp_path)
    columns = list(dict.fromkeys([*next(iter(table.values())), *(name for cells in marks.values() for name in cells)]))
    with (tmp_path / "out" / "queue.csv").open("w", newline="", encoding="cp1252") as stream:
        writer = csv.DictWriter(stream, columns, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(row | marks.get(student, {}) for student, row in table.items())


def read_rows(tmp_path: Path) -> dict[str, dict[str, str]]:
    """The rows whatever their delimiter."""
    return {row["student"]: row for row in Queue.read(tmp_path / "out" / "queue.csv").rows.values()}


def report(tmp_path: Path, student: str) -> Report:
    found = Store(tmp_path / "out").report(student)
    assert found
    return found


def test_a_text_waits_with_a_suggestion(tmp_path: Path, week: Assignment) -> None:
    """No score is released; the queue says what was found, the student's page does not."""
    hand_in(tmp_path, week, "ada", GOOD)
    hand_in(tmp_path, week, "alan", WRONG)
    summary = grade(tmp_path, week)
    assert (summary.waiting, summary.complete, sorted(summary.ungraded)) == (2, False, ["ada", "alan"])
    ada, alan = rows(tmp_path)["ada"], rows(tmp_path)["alan"]
    assert (ada["points"], ada["suggested"], ada["mark"], ada["found"], ada["state"]) == (
        "6",
        "2.4",
        "",
        "zero",
        "waiting",
    )
    assert (alan["suggested"], alan["claims"]) == ("0", "ordinary_gradient")
    results = json.loads((tmp_path / "out" / "results" / "ada.json").read_text())
    assert "score" not in results
    assert results["tests"][0]["visibility"] == "hidden"
    page = (tmp_path / "out" / "feedback" / "alan.html").read_text()
    assert "A person will read this answer" in page
    assert "ordinary_gradient" not in page
    assert "multiplied by 0" not in page


def test_typed_marks_are_taken_up_by_an_update(tmp_path: Path, week: Assignment) -> None:
    """Fractions and decimal commas count; a comment reaches the student, and without one the claim is explained."""
    hand_in(tmp_path, week, "ada", GOOD)
    hand_in(tmp_path, week, "alan", WRONG)
    grade(tmp_path, week)
    type_in(tmp_path, ada={"mark": "4,5", "comment": "Schön. And the variance?"}, alan={"mark": "0"})
    assert grade(tmp_path, week).waiting == 2  # results change with --update only
    assert read_rows(tmp_path)["ada"]["mark"] == "4,5"
    summary = grade(tmp_path, week, update=True)
    assert (summary.waiting, summary.complete, summary.graded) == (0, True, [])
    assert report(tmp_path, "ada").score == Fraction(17, 2)
    verdicts = [report(tmp_path, student).questions[0].parts[0].verdict for student in ("ada", "alan")]
    assert [verdict.status for verdict in verdicts] == [Status.PARTIAL, Status.WRONG]
    assert "Schön. And the variance?" in (tmp_path / "out" / "feedback" / "ada.html").read_text()
    assert "multiplied by 0" in (tmp_path / "out" / "feedback" / "alan.html").read_text()
    assert list((tmp_path / "out" / "previous").rglob("ada.json"))


def test_nothing_typed_is_ever_lost(tmp_path: Path, week: Assignment) -> None:
    """Marks, comments and added columns survive runs, new submissions, and the loss of all results."""
    hand_in(tmp_path, week, "ada", GOOD)
    hand_in(tmp_path, week, "alan", WRONG)
    grade(tmp_path, week)
    typed = {"mark": "5", "comment": "- good", "checked by": "Grace"}
    type_in(tmp_path, ada=typed, alan={"comment": "ask him"})
    for _ in range(2):
        grade(tmp_path, week, update=True)
        kept = read_rows(tmp_path)
        assert {name: kept["ada"][name] for name in typed} == typed
        assert kept["alan"]["comment"] == "ask him"
    hand_in(tmp_path, week, "ada", GOOD + " More came later.")
    assert grade(tmp_path, week).changed == ["ada"]
    grade(tmp_path, week, update=True)
    both = [row for row in Queue.read(tmp_path / "out" / "queue.csv").rows.values() if row["student"] == "ada"]
    assert [(row["state"], row["mark"]) for row in both] == [("waiting", ""), ("the answer has changed since", "5")]
    hand_in(tmp_path, week, "ada", GOOD)
    grade(tmp_path, week, update=True)
    assert report(tmp_path, "ada").questions[0].score == 5  # the mark belongs to the words, and these are back
    for file in (tmp_path / "out" / "results").glob("*.json"):
        file.unlink()
    grade(tmp_path, week)
    assert report(tmp_path, "ada").questions[0].score == 5
    (tmp_path / "out" / "queue.csv").unlink()
    grade(tmp_path, week)
    assert (read_rows(tmp_path)["ada"]["mark"], read_rows(tmp_path)["ada"]["comment"]) == ("5", "- good")


@pytest.mark.parametrize("mark", ["many", "7", "-1", "1/0", "nan"])
def test_marks_that_are_none_are_named_and_kept(tmp_path: Path, week: Assignment, mark: str) -> None:
    """The text goes on waiting, the remark names the student and the part, and the cell stays as it was typed."""
    hand_in(tmp_path, week, "ada", GOOD)
    grade(tmp_path, week)
    type_in(tmp_path, ada={"mark": mark})
    summary = grade(tmp_path, week, update=True)
    assert any("ada, q1.dropout_gradients" in str(note) for note in summary.notes)
    assert (summary.waiting, read_rows(tmp_path)["ada"]["mark"]) == (1, mark)


def test_another_file_of_this_name_is_left_alone(tmp_path: Path, week: Assignment) -> None:
    """What is no queue is not overwritten; grading goes on and says so."""
    hand_in(tmp_path, week, "ada", GOOD)
    file = tmp_path / "out" / "queue.csv"
    file.parent.mkdir()
    file.write_text("my own list\n1,2\n")
    summary = grade(tmp_path, week)
    assert summary.graded == ["ada"]
    assert any("no columns id, mark and comment" in str(note) for note in summary.notes)
    assert file.read_text() == "my own list\n1,2\n"
    with pytest.raises(Unusable):
        Queue.read(file)


def test_no_answer_is_a_formula(tmp_path: Path, week: Assignment) -> None:
    """A text that a spreadsheet would run stands there as text."""
    hand_in(tmp_path, week, "ada", '=HYPERLINK("http://x";"click") and so on')
    grade(tmp_path, week)
    assert rows(tmp_path)["ada"]["answer"].startswith("'=")


def test_waiting_texts_are_not_marked_again(tmp_path: Path, week: Assignment) -> None:
    """A second run finds nothing to do, so that code beside the text is not run again."""
    hand_in(tmp_path, week, "ada", GOOD)
    grade(tmp_path, week)
    again = grade(tmp_path, week)
    assert (again.unchanged, again.graded, again.waiting) == (["ada"], [], 1)


def test_without_texts_there_is_no_queue(tmp_path: Path, week: Assignment) -> None:
    """An unanswered text is missing: nobody has to mark it."""
    (tmp_path / "submissions" / "ada").mkdir(parents=True)
    (tmp_path / "submissions" / "ada" / "answers.toml").write_text("[q1]\n")
    summary = grade(tmp_path, week)
    assert summary.complete
    assert not (tmp_path / "out" / "queue.csv").exists()
