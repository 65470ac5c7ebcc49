# ruff: noqa: E501  # tables of cases, one per line
"""Exams: pools, versions of equal work, what is refused, blueprints."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from assignments.balance import planned, work
from assignments.documents.contents import contents
from assignments.errors import SetupError
from assignments.generate import generate
from assignments.pools import allocate
from assignments.roster import Student
from assignments.sheet import draw_sheet, read_record, restore_sheet
from assignments.spec import load_assignment
from assignments.versions import draw_version
from grader.submission import read_submission
from tests.exams import (
    POOLED,
    SECRET,
    assignment,
    course_folder,
    exam,
    gradebook,
    hand_in,
    invoke,
    problems,
)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with the pooled exam; also the current folder."""
    return course_folder(tmp_path, monkeypatch)


# Pools


@pytest.mark.parametrize("students", [3, 30, 31, 200])
def test_every_alternative_is_used_equally_often(tmp_path: Path, students: int) -> None:
    """Over a class of any size, the uses of a pool's alternatives differ by one at most."""
    chosen = allocate(assignment(tmp_path, POOLED), [f"s{i}" for i in range(students)], SECRET)
    uses = Counter(places["q1"] for places in chosen.values())
    assert sum(uses.values()) == students
    assert max(uses.values()) - min(uses[place] for place in range(3)) <= 1
    assert all(set(places) == {"q1"} for places in chosen.values())


def test_the_secret_decides_who_gets_what(tmp_path: Path) -> None:
    """The same secret gives the same alternatives in any order of the roster, another secret others."""
    exam, ids = assignment(tmp_path, POOLED), [f"s{i}" for i in range(30)]
    assert allocate(exam, ids, SECRET) == allocate(exam, ids[::-1], SECRET)
    assert allocate(exam, ids, SECRET) != allocate(exam, ids, "another")
    assert allocate(exam, ids, SECRET) != allocate(exam, ids, SECRET, attempt=2)


def test_who_joins_late_moves_nobody(tmp_path: Path) -> None:
    """With a longer roster, a second run leaves all earlier sheets as they are, and stays balanced."""
    exam, class_ = assignment(tmp_path, POOLED), [Student(f"s{i}") for i in range(7)]
    run = partial(generate, exam, secret=SECRET, out=tmp_path / "out", formats=["markdown"], records=tmp_path / "r")
    run(students=class_[:5])
    before = {file: file.read_bytes() for file in (tmp_path / "out").rglob("*.md")}
    summary = run(students=[class_[6], *class_[:6]])
    assert summary.problems == []
    assert all(file.read_bytes() == data for file, data in before.items())
    places = [read_record(exam, file).items[0].alternative for file in (tmp_path / "r").glob("*.json")]
    assert max(Counter(places).values()) - min(Counter(places)[place] for place in range(3)) <= 1


def test_a_sheet_is_rebuilt_with_its_alternative(tmp_path: Path) -> None:
    """What is stored names the alternative, so that title and text come back with the numbers."""
    pooling = 'family = "convolution.pooling"'
    exam = assignment(tmp_path, POOLED.replace(pooling, f'{pooling}\ntitle = "Pooling"'))
    for place in range(3):
        sheet = draw_sheet(exam, "ada", SECRET, chosen={"q1": place})
        again = restore_sheet(exam, json.loads(json.dumps(sheet.stored())))
        assert again.fingerprint == sheet.fingerprint
        assert (again.items[0].title == "Pooling") is (place == 1)


def test_a_record_of_an_alternative_that_is_gone_is_named(tmp_path: Path) -> None:
    """After an alternative was removed, its sheets are refused with the record, the question and what to do."""
    sheet = draw_sheet(assignment(tmp_path, POOLED), "ada", SECRET, chosen={"q1": 2})
    record = tmp_path / "ada.json"
    record.write_text(json.dumps(sheet.stored()))
    shorter = POOLED.replace('[[questions.pool]]\nfamily = "convolution.output_size"\nminutes = 6\n', "")
    with pytest.raises(SetupError, match=r"ada\.json: items\.q1: is of alternative 3.*generate anew"):
        read_record(assignment(tmp_path, shorter), record)


def test_a_broken_record_is_named(tmp_path: Path) -> None:
    """A record that is cut off stops the run with its path: whose sheet it was cannot be guessed."""
    exam, records = assignment(tmp_path, POOLED), tmp_path / "r"
    records.mkdir()
    (records / "ada.json").write_text('{"items": {')
    with pytest.raises(SetupError, match=r"ada\.json: is no record of a sheet"):
        generate(exam, [Student("ada")], SECRET, tmp_path / "out", records=records)


def test_near_duplicates_are_in_no_sheet(tmp_path: Path) -> None:
    """Of items that give each other away, a sheet has one at most, in any of its pools."""
    pair = ["softmax_shift", "softmax_overflow"]
    asked = "".join(f'[[questions]]\nid = "q{i}"\nfamily = "concepts.choice"\nlevel = "easy"\n' for i in range(25))
    for student in range(6):
        sheet = draw_sheet(assignment(tmp_path, f'title = "E"\n{asked}'), f"s{student}", SECRET)
        drawn = [item.variant.drawn["item"] for item in sheet.items]
        assert sum(name in pair for name in drawn) <= 1
        assert len(set(drawn)) == len(drawn)


# Versions


def test_two_versions_take_equal_work(tmp_path: Path) -> None:
    """Over many secrets, the summed work of any two versions of the sample exam differs by at most 5 %."""
    sample = load_assignment("sample-exam")
    found = [work(draw_version(sample, version, secret)) for secret in ("a", "b", "c") for version in "ABCD"]
    assert max(found) / min(found) <= 1.05
    assert max(found) / 1.05 <= planned(sample) <= 1.05 * min(found)


def test_without_redraws_they_would_not() -> None:
    """Plain draws of the sample exam differ by more than 5 %: the redrawing is what makes them equal."""
    sample = load_assignment("sample-exam")
    found = [work(draw_sheet(sample, f"s{i}", SECRET)) for i in range(20)]
    assert max(found) / min(found) > 1.05


def test_a_version_depends_on_no_other(tmp_path: Path) -> None:
    """Drawn alone or with others, a version is the same; two versions differ; a pool is used evenly."""
    exam = assignment(tmp_path, POOLED)
    sheets = {version: draw_version(exam, version, SECRET) for version in "ABCDEF"}
    assert draw_version(exam, "C", SECRET).fingerprint == sheets["C"].fingerprint
    assert len({sheet.fingerprint for sheet in sheets.values()}) == 6
    assert Counter(sheet.items[0].alternative for sheet in sheets.values()) == {0: 2, 1: 2, 2: 2}
    assert (sheets["C"].student, sheets["C"].version) == ("C", "C")


def test_work_that_cannot_be_equal_names_the_question(tmp_path: Path) -> None:
    """Alternatives of 2 and of 60 minutes: the error says which version, which question, and what to do."""
    uneven = POOLED.replace("minutes = 6", "minutes = 60")
    with pytest.raises(SetupError, match=r"exam: q1: version [A-C] takes [+-]\d+\.\d% .*the same `minutes`"):
        for version in "ABC":
            draw_version(assignment(tmp_path, uneven), version, SECRET)


@pytest.mark.parametrize(
    ("names", "version", "said"),
    [("", "a b", "no version"), ("", "AA", "A, B, C"), ('versions = ["red", "blue"]', "A", "red, blue")],
)
def test_an_unknown_version_is_named(tmp_path: Path, names: str, version: str, said: str) -> None:
    """Versions are A to Z, or those that the assignment names."""
    with pytest.raises(SetupError, match=said):
        draw_version(
            assignment(tmp_path, POOLED.replace('title = "Exam"', f'title = "Exam"\n{names}')), version, SECRET
        )


def test_a_version_names_no_student(tmp_path: Path) -> None:
    """The pages of a version say which it is and leave room for a name; its form carries the version along."""
    page = contents(draw_version(assignment(tmp_path, POOLED), "B", SECRET), name="B")
    assert (page.version, page.student, page.name) == ("B", "", "")
    assert "version B" in page.facts


# The command line


def test_an_exam_from_versions_to_grades(course: Path) -> None:
    """Versions need no roster; each student is marked by the one they had, and by no other."""
    invoke("generate", "exam", "--versions", "A,B", "--out", "exams", "--formats", "markdown")
    assert {file.name for file in (course / "exams").iterdir()} == {"A", "B"}
    assert 'version = "B"' in (course / "exams" / "B" / "answers.toml").read_text()
    (course / "roster.csv").write_text("student,name,version\nada,Ada,A\nalan,Alan,\ngrace,Grace,A\n")
    hand_in(course, "ada", "A")
    hand_in(course, "alan", "B", "b")
    hand_in(course, "grace", "B", "B")  # says B, but the roster knows that it was A
    invoke("grade", "exam", "in", "--out", "out")
    rows = gradebook(course)
    assert {student: row["percent"] for student, row in rows.items() if student != "grace"} == {
        "ada": "100.0",
        "alan": "100.0",
    }
    assert float(rows["grace"]["percent"]) < 60
    assert "says 'B'; version A of the roster was marked" in rows["grace"]["notes"]


def test_a_version_that_nobody_knows_is_no_zero(course: Path) -> None:
    """Without a version the marking fails for this student, with what to do; the others are graded."""
    invoke("generate", "exam", "--versions", "A", "--out", "exams")
    (course / "roster.csv").write_text("student\nada\nalan\n")
    hand_in(course, "ada", "A", "A")
    hand_in(course, "alan", "A", "../A")
    result = invoke("grade", "exam", "in", "--out", "out", code=1)
    assert "which version they had is not known; add it to the roster" in " ".join(result.stderr.split())
    rows = gradebook(course)
    assert (rows["ada"]["status"], rows["alan"]["status"], rows["alan"]["total"]) == ("graded", "failed", "")


def test_a_broken_form_still_tells_its_version(tmp_path: Path) -> None:
    """The version is read where the file is TOML, and where every line has to be read on its own."""
    for rest in ("[q1]\na = 1", "[q1]\na = 1 2 ]["):
        (tmp_path / "answers.toml").write_text(f'version = "C"\n{rest}\n')
        submission = read_submission("ada", tmp_path, ["q1"])
        assert submission.version == "C"
        assert not [note for note in submission.notes if "version" in str(note)]


def test_versions_are_refused_beside_a_roster(course: Path) -> None:
    """--versions and --pinned or --roster contradict each other; an unknown version is named."""
    for option in (["--pinned"], ["--roster", "roster.csv"]):
        assert (
            "leave --pinned and --roster out"
            in invoke("generate", "exam", "--versions", "A", "--out", "o", *option, code=2).stderr
        )
    assert "is named twice" in invoke("generate", "exam", "--versions", "A,A", "--out", "o", code=1).stderr
    assert "no version of exam" in invoke("generate", "exam", "--versions", "../A", "--out", "o", code=1).stderr
    assert not (course / "o").exists()


def test_the_published_versions_are_kept(course: Path) -> None:
    """What was handed out is rebuilt from its record, even after the secret has changed."""
    invoke("generate", "exam", "--versions", "A", "--out", "exams")
    before = invoke("key", "exam", "A", "--json").output
    (course / "secret.key").write_text("another")
    assert invoke("key", "exam", "A", "--json").output == before


def test_a_question_is_taken_out_after_the_exam(course: Path) -> None:
    """A nullified question changes nothing until --update; then everybody has its points, and the older results stay."""
    invoke("generate", "exam", "--versions", "A", "--out", "exams")
    (course / "roster.csv").write_text("student,version\nada,A\n")
    hand_in(course, "ada", "A")
    answers = course / "in" / "ada" / "answers.toml"
    answers.write_text(answers.read_text().split("[q2]")[0])
    invoke("grade", "exam", "in", "--out", "out")
    assert (gradebook(course)["ada"]["total"], gradebook(course)["ada"]["out_of"]) == ("4.0", "10.0")
    file = course / "assignments" / "exam" / "assignment.toml"
    file.write_text(POOLED.replace('title = "Exam"', 'title = "Exam"\n[rules]\nnullified = { q2 = "drop" }'))
    assert "changed since they were graded" in " ".join(
        invoke("grade", "exam", "in", "--out", "out", code=1).stderr.split()
    )
    invoke("grade", "exam", "in", "--out", "out", "--update")
    assert (gradebook(course)["ada"]["total"], gradebook(course)["ada"]["out_of"]) == ("4.0", "4.0")
    assert len(list((course / "out" / "previous").rglob("ada.json"))) == 1
    assert "Grades:" not in (course / "out" / "report.html").read_text()
    assert "was taken out and does not count" in (course / "out" / "feedback" / "ada.html").read_text()


# The file


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("[[questions]]\nid = \"q2\"", "[[questions]]\nid = \"q2\"\npool = [{family = \"convolution.hand\"}]",
         "questions[1].family", "move it into the pool"),
        ('family = "networks.forward"', "", "questions[1].family", "is missing"),
        ('id = "q1"', 'id = "q1"\nknobs = { size = 3 }', "questions[0].knobs", "the pool's alternatives"),
        ("convolution.pooling", "convolution.poling", "questions[0] (q1).pool[1]", "Did you mean convolution.pooling"),
        ('title = "Exam"', 'title = "Exam"\n[rules]\nnullified = { q9 = "full" }', "rules.nullified.q9", "there are q1, q2"),
        ('title = "Exam"', 'title = "Exam"\n[rules]\nnullified = { q1 = "half" }', "rules.nullified.q1", "'full' or 'drop'"),
        ('title = "Exam"', 'title = "Exam"\n[rules]\nnullified = { q1 = "drop", q2 = "drop" }', "rules.nullified", "every question"),
        ('title = "Exam"', 'title = "Exam"\n[rules.grades]\nA = 0.9\nB = 0.9', "rules.grades.A", "its own boundary"),
        ('title = "Exam"', 'title = "Exam"\n[rules.grades]\nA = 90', "rules.grades.A", "less than or equal to 1"),
        ('title = "Exam"', 'title = "Exam"\n[rules]\nround = -1', "rules.round", "greater than or equal to 0"),
        ('title = "Exam"', 'title = "Exam"\n[rules.choice]\nseveral = "some"', "rules.choice.several", "'per_option'"),
        ('title = "Exam"', 'title = "Exam"\nversions = ["A", "a"]', "versions[1]", "there twice"),
        ('title = "Exam"', 'title = "Exam"\n[blueprint.topics]\ncooking = 3', "blueprint.topics.cooking", "is no topic"),
        ('title = "Exam"', 'title = "Exam"\n[blueprint.kinds]\nessay = 3', "blueprint.kinds.essay", "is no kind"),
        ('title = "Exam"', 'title = "Exam"\n[blueprint]\nminutes = [9, 3]', "blueprint", "the smaller one first"),
        ('title = "Exam"', 'title = "Exam"\n[blueprint]\nhours = 3', "blueprint.hours", "is no setting"),
    ],
)  # fmt: skip
def test_every_mistake_names_its_place(tmp_path: Path, old: str, new: str, place: str, said: str) -> None:
    """Pools, rules, versions and blueprints are checked as the file is read."""
    assert old in POOLED
    found = problems(tmp_path, POOLED.replace(old, new, 1))
    assert any(line.partition(": ")[0] == place and said in line for line in found), found


def test_an_exam_of_bonus_questions_alone_is_none(tmp_path: Path) -> None:
    """Without a question that counts there is no total to compare with."""
    content = 'title = "E"\n[[questions]]\nid = "q1"\nfamily = "convolution.hand"\nbonus = true\n'
    assert problems(tmp_path, content) == [
        "questions: are all bonus, so the total has no points; let one of them count"
    ]


# The blueprint


@pytest.mark.parametrize(
    ("blueprint", "place", "said"),
    [
        ("minutes = 5", "blueprint.minutes", "12 minutes, where at most 5 are planned"),
        ("minutes = [20, 30]", "blueprint.minutes", "12 minutes, where 20 to 30 are planned"),
        ("part_minutes = 2.5", "blueprint.part_minutes (q1.", "minutes, where at most 2.5 are planned"),
        ("topics = { networks = 5 }", "blueprint.topics.networks", "6 points, where 5 are planned"),
        ("topics = { convolution = [4, 5], dropout = 2 }", "blueprint.topics.dropout", "0 points, where 2 are planned"),
        ("kinds = { array = [0, 1] }", "blueprint.kinds.array", "points, where 0 to 1 are planned"),
    ],
)
def test_a_draw_that_misses_the_blueprint_is_told(tmp_path: Path, blueprint: str, place: str, said: str) -> None:
    """The place in the plan, what the sheet has and what was planned; and the sheet is not handed out."""
    exam = assignment(tmp_path, POOLED.replace('title = "Exam"', f'title = "Exam"\n[blueprint]\n{blueprint}'))
    summary = generate(exam, [Student("ada")], SECRET, tmp_path / "out")
    assert [p.file for p in summary.problems] == ["student ada"] * len(summary.problems)
    assert any(p.place.startswith(place) and said in p.message for p in summary.problems), summary.problems
    assert not (tmp_path / "out").exists()


def test_a_draw_that_meets_the_blueprint_is_served(tmp_path: Path) -> None:
    """Points by topic count the topic of an item, or the one that the question names, and no bonus."""
    plan = "[blueprint]\nminutes = [10, 20]\ntopics = { attention = 4, evaluation = 4, images = 0 }\n"
    served = exam(tmp_path, plan + "kinds = { choice = 4, selection = 4 }", 'bonus = true\ntopic = "images"')
    assert generate(served, [Student("ada")], SECRET, tmp_path / "out").problems == []


def test_the_sample_exam_is_as_planned() -> None:
    """90 minutes at most, 60 points, 10 to 12 questions, all kinds of answers, and every draw meets the blueprint."""
    sample = load_assignment("sample-exam")
    assert 10 <= len(sample.spec.questions) <= 12
    assert sample.spec.blueprint
    kinds = set()
    for i in range(8):
        sheet = draw_version(sample, "ABCD"[i % 4], f"secret {i}")
        assert list(sample.spec.blueprint.misses(sheet)) == []
        assert sheet.points == 60
        kinds |= {part.answer.kind for item in sheet.items for part in item.variant.parts}
    assert kinds >= {
        "choice",
        "selection",
        "integer",
        "rational",
        "array",
        "shape",
        "matrix expression",
        "ordering",
        "network",
    }
