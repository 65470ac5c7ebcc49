"""otter-grader's own assignments in our sandbox: the scores that `otter run` gave, question by question."""

from __future__ import annotations

import csv
import json
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assignments.errors import SetupError
from grader.otter import marker as marking
from grader.otter.archive import read_autograder
from grader.otter.marker import OtterMarker
from grader.otter.run import grade_otter
from grader.report.report import Report
from grader.report.results import from_results
from grader.sandbox.level import Level
from grader.submission import Submission, read_submission
from markscheme.cli import main
from problem_bank.verdict import Status

DATA = Path(__file__).parent / "data" / "otter"
SCORES = json.loads((DATA / "scores.json").read_text("utf-8"))
FORGED = ("numpy-patched.ipynb", "tests-overwritten.ipynb")
SCALES = {"hw-exc": Fraction(20) / Fraction("9.5"), "hw-pass": Fraction(0), "hw-edge": Fraction(10, 14)}
HONEST = [(name, file) for name, files in SCORES.items() for file in files if file not in FORGED]


def handed_in(name: str, file: str) -> Submission:
    """A stored submission, as if it had been handed in by itself."""
    source = "hw-exc" if name == "hw-pass" else name
    with zipfile.ZipFile(DATA / f"{source}-submissions.zip") as archive:
        return Submission(Path(file).stem, files={file: archive.read(file)})


def marked(name: str, file: str, seconds: float = 20.0) -> Report:
    """Our report on a stored submission."""
    return OtterMarker(DATA / f"{name}.zip", seconds).mark(handed_in(name, file), "")


def passed(report: Report) -> dict[str, list[bool]]:
    """Which cases passed, by question."""
    return {q.id: [p.verdict.status is Status.RIGHT for p in q.parts] for q in report.questions}


def gradebook(out: Path) -> dict[str, dict[str, str]]:
    """The rows of a gradebook by student."""
    return {row["student"]: row for row in csv.DictReader((out / "gradebook.csv").read_text("utf-8").splitlines())}


def with_files(base: str, folder: Path, **changes: str | None) -> Path:
    """An archive like a stored one, with other contents; __ stands for / and ___ for a dot in the names."""
    changed = {name.replace("___", ".").replace("__", "/"): text for name, text in changes.items()}
    with zipfile.ZipFile(DATA / f"{base}.zip") as old, zipfile.ZipFile(folder / "autograder.zip", "w") as new:
        for name in {*old.namelist(), *changed}:
            text = changed.get(name, "" if name in changed else old.read(name) if name in old.namelist() else "")
            if text is not None:
                new.writestr(name, text)
    return folder / "autograder.zip"


@pytest.mark.parametrize(("name", "file"), HONEST)
def test_scores_are_those_of_otter(name: str, file: str) -> None:
    """Every question has the cases passed, the score and the maximum that `otter run` reports, and so has the total."""
    report, theirs = marked(name, file), SCORES[name][file]
    scale = SCALES.get(name, Fraction(1))
    questions = {q.id: q for q in report.questions}
    assert {id: found for id, found in passed(report).items() if id != "threshold"} == {
        id: cases for id, (_, _, cases) in theirs["questions"].items()
    }
    for id, (score, possible, _) in theirs["questions"].items():
        assert float(questions[id].score) == pytest.approx(score * scale, abs=1e-4), id
        assert float(questions[id].points) == pytest.approx(possible * scale, abs=1e-4), id
    total = theirs["score"] if theirs["score"] is not None else sum(q[0] for q in theirs["questions"].values())
    assert report.score is not None
    assert float(report.score) == pytest.approx(total, abs=1e-4)


def test_enough_is_compared() -> None:
    """The stored scores cover both formats, and questions that are right, wrong and partly right."""
    assert len(HONEST) >= 47
    questions = [question for name, file in HONEST for question in SCORES[name][file]["questions"].values()]
    assert {0.0, 1.0} < {score / possible for score, possible, _ in questions if possible}


def test_overwritten_tests_earn_nothing() -> None:
    """A notebook that writes tests of its own forges 700 points in otter; here it earns what its answers deserve."""
    theirs = SCORES["hw-ok"]["tests-overwritten.ipynb"]["questions"]
    assert sum(score for score, _, _ in theirs.values()) == 700
    report = marked("hw-ok", "tests-overwritten.ipynb")
    assert report.score == report.points == 12


def test_patched_comparisons_are_found() -> None:
    """A submission that replaces numpy.allclose earns nothing, and a person is asked to look."""
    report = marked("hw-ok", "numpy-patched.ipynb")
    assert report.score == 0
    assert [flag for run in report.runs for flag in run.flags] == [
        "changes how tests are evaluated: numpy.allclose was replaced"
    ]


@pytest.mark.parametrize(("file", "lost"), [("endless-cell.ipynb", set()), ("endless-function.ipynb", {"q3"})])
def test_an_endless_loop_costs_what_depends_on_it(file: str, lost: set[str]) -> None:
    """A cell that never ends is left behind; a function that never returns costs its own question, no later one."""
    report = marked("hw-ok", file, seconds=1.0)
    assert {q.id for q in report.questions if q.points and q.score < q.points} == lost
    said = [*(note for run in report.runs for note in run.notes), *(p.verdict.feedback for _, p in report.parts())]
    assert any("endless loop" in text for text in said)


def test_scripts_beside_support_files_are_graded() -> None:
    """A .py submission is one cell: an error in it costs what comes after. The files of the archive are no rivals."""
    assert marked("hw-ok", "script.py").score == 12
    assert passed(marked("hw-ok", "script-crash.py")) == passed(marked("hw-ok", "script.py")) | {
        "q3": [False] * 3, "q5": [False] * 2, "q6": [False], "q7": [False] * 4, "q8": [False] * 3,
    }  # fmt: skip


def test_what_is_not_run_is_named() -> None:
    """Magics, the cell that failed, and questions for a person stand in the report."""
    notes = marked("hw-ok", "magics.ipynb").runs[0].notes
    for line in ("%matplotlib inline", "!echo hello", "%timeit 1 + 1", "!ls", "np.maximum?", "%%bash"):
        assert any(f"“{line}”" in note for note in notes), (line, notes)
    assert "“Question 4. explain” is not graded automatically; a person marks it" in notes
    notes = marked("hw-ok", "crash.ipynb").runs[0].notes
    assert any("cell 11, line 1 raised ZeroDivisionError" in note for note in notes), notes


def test_hidden_tests_stay_hidden() -> None:
    """A hidden case shows neither its text nor what it expects, and Gradescope keeps it from students."""
    report = marked("hw-ok", "starter.ipynb")
    page = OtterMarker(DATA / "hw-ok.zip", 20.0).page(report)
    told = page + str([p.verdict for _, p in report.parts()])
    for text in ("square(-3)", "np.allclose", "0.4967", "half(10)", "Use np.random.normal once"):
        assert text not in told, text
    assert "square(2)" in page
    hidden = {q.id: [p.hidden for p in q.parts] for q in report.questions}
    assert hidden["q1"] == [False, True, True]
    shown = marked("hw-exc", "starter.ipynb")
    assert not any(p.hidden for _, p in shown.parts()), "show_hidden"


def test_messages_of_the_tests_are_shown() -> None:
    """success_message and failure_message of a public case reach the student."""
    feedback = {f"{q.id}.{p.verdict.part}": p.verdict.feedback for q, p in marked("hw-exc", "other-seed.ipynb").parts()}
    assert "shape is right" in feedback["q2.1"]
    feedback = {
        f"{q.id}.{p.verdict.part}": p.verdict.feedback for q, p in marked("hw-exc", "wrong-shape.ipynb").parts()
    }
    assert "look at size" in feedback["q2.1"]


def test_public_differences_are_told() -> None:
    """A public doctest that fails shows the statement, what it should give, and what it gave."""
    (first, *_) = marked("hw-ok", "public-case.ipynb").questions[0].parts
    assert first.verdict.feedback == "square(2)\nshould give:\n4\nIt gave:\n8"


def test_a_whole_folder(tmp_path: Path) -> None:
    """Notebooks, folders and zips are graded in one run, with results, pages, gradebook and report as ever."""
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(DATA / "hw-ok-submissions.zip") as archive:
        right, partly = archive.read("right.ipynb"), archive.read("partly.ipynb")
    (tmp_path / "in" / "ada.ipynb").write_bytes(right)
    (tmp_path / "in" / "alan").mkdir()
    (tmp_path / "in" / "alan" / "hw-ok.ipynb").write_bytes(partly)
    with zipfile.ZipFile(tmp_path / "in" / "grace.zip", "w") as archive:
        archive.writestr("hw-ok.ipynb", right)
        archive.writestr(".OTTER_LOG", b"\x80")
        archive.writestr("__zip_filename__", "grace.zip")
        archive.writestr("table.csv", "name,x\na,9\n")
    (tmp_path / "in" / "mary.py").write_text("square = lambda x: x * x  # and no np\n")
    (tmp_path / "in" / "notes.txt").write_text("hello")
    command = ["grade", "--otter", str(DATA / "hw-ok.zip"), str(tmp_path / "in"), "--out", str(tmp_path / "out"),
               "--course", str(tmp_path), "--jobs", "1"]  # fmt: skip
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert "4 submissions graded" in done.output
    rows = gradebook(tmp_path / "out")
    assert {id: row["total"] for id, row in rows.items()} == {
        "ada": "12.0",
        "alan": "8.0",
        "grace": "12.0",
        "mary": "1.3333",
    }
    assert rows["alan"]["q2"] == "1.0"
    results = json.loads((tmp_path / "out" / "results" / "alan.json").read_text("utf-8"))
    assert {test["name"]: test["visibility"] for test in results["tests"]}["q2.2"] == "hidden"
    assert from_results(results).score == 8
    grace = json.loads((tmp_path / "out" / "results" / "grace.json").read_text("utf-8"))
    assert not any("OTTER_LOG" in str(run["notes"]) for run in grace["extra_data"]["runs"])
    assert "hw-ok" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert (tmp_path / "out" / "feedback" / "mary.html").is_file()
    assert "0 submissions graded" in CliRunner().invoke(main, command).output


def test_several_processes_agree(tmp_path: Path) -> None:
    """Grading in two processes gives what one gives."""
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(DATA / "hw-exc-submissions.zip") as archive:
        for file in ("right.ipynb", "wrong.ipynb", "starter.ipynb"):
            (tmp_path / "in" / file).write_bytes(archive.read(file))
    totals = []
    for jobs in (1, 2):
        summary = grade_otter(DATA / "hw-exc.zip", tmp_path / "in", tmp_path / f"out{jobs}", jobs=jobs)
        assert summary.complete
        totals.append({id: row["total"] for id, row in gradebook(tmp_path / f"out{jobs}").items()})
    assert totals[0] == totals[1] == {"right": "20.0", "starter": "0.0", "wrong": "11.5789"}


def test_a_changed_archive_is_noticed(tmp_path: Path) -> None:
    """Results know which tests they are from: another test text is another input, another setup.sh is not."""
    submission = handed_in("hw-ok", "right.ipynb")
    same = with_files("hw-ok", tmp_path, setup___sh="# other")
    assert read_autograder(same).fingerprint == read_autograder(DATA / "hw-ok.zip").fingerprint
    other = read_autograder(with_files("hw-ok", tmp_path, tests__q6___py=None))
    assert other.fingerprint != read_autograder(DATA / "hw-ok.zip").fingerprint
    assert OtterMarker(DATA / "hw-ok.zip", 20.0).inputs(submission) != OtterMarker(DATA / "hw-exc.zip", 20.0).inputs(
        submission
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({f"tests__q{n}___py": None for n in (1, 2, 3, 5, 6, 7, 8)}, "there are no tests in it"),
        ({"otter_config___json": '{"lang": "r"}'}, "lang"),
        ({"otter_config___json": '{"seed": "many"}'}, "seed"),
        ({"otter_config___json": '{"grade_from_log": true}'}, "grade_from_log"),
        ({"otter_config___json": "{"}, "is not JSON"),
        ({"tests__q1___py": "test = {}"}, "tests/q1.py: does not define OK_FORMAT"),
        ({"tests__q1___py": "OK_FORMAT = True\ntest = {'name': 'q1', 'suites': []}"}, "with one suite"),
        ({"tests__q1___py": "OK_FORMAT = False"}, "does not define a name"),
        ({"tests__q1___py": "OK_FORMAT = True\ntest = {'name': 'q', 'points': [1, 2], 'suites': [{'cases': []}]}"},
         "names 2 points for 0 cases"),
        ({"tests__q1___py": "OK_FORMAT = True\ntest = {'name': 'q2', 'suites': [{'cases': []}]}"}, "has the name 'q2'"),
        ({"otter_config___json": '{"seed": -1}'}, "seed"),
        ({"tests__q1___py": "raise ValueError('no tests today')"}, "no tests today"),
        ({"tests__q1___py": "OK_FORMAT ="}, "tests/q1.py"),
        ({"tests__q1___py": "while True: pass"}, "endless loop"),
    ],
)  # fmt: skip
def test_archives_that_cannot_be_used_say_why(
    changes: dict[str, str | None], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every problem of an archive is an error that names the file in it; test files are run confined, and stopped."""
    monkeypatch.setattr("grader.otter.archive._SECONDS", 0.5)
    with pytest.raises(SetupError, match=said):
        read_autograder(with_files("hw-ok", tmp_path, **changes))


def test_archives_in_other_forms(tmp_path: Path) -> None:
    """A folder, a zip with a folder around it all, and a notebook with tests in its metadata are archives as well."""
    with zipfile.ZipFile(DATA / "hw-ok.zip") as archive, zipfile.ZipFile(tmp_path / "again.zip", "w") as again:
        archive.extractall(tmp_path / "folder")
        for name in archive.namelist():
            again.writestr(f"autograder/{name}", archive.read(name))
    expected = read_autograder(DATA / "hw-ok.zip")
    for place in (tmp_path / "folder", tmp_path / "again.zip"):
        found = read_autograder(place)
        assert (found.tests, found.files, found.fingerprint) == (expected.tests, expected.files, expected.fingerprint)
    (tmp_path / "hw.ipynb").write_bytes(handed_in("hw-exc", "starter.ipynb").files["starter.ipynb"])
    found = read_autograder(tmp_path / "hw.ipynb")
    assert {test.name: len(test.cases) for test in found.tests} == {"q1": 1, "q2": 1, "q3": 1}
    report = OtterMarker(tmp_path / "hw.ipynb", 20.0).mark(handed_in("hw-exc", "hidden-case.ipynb"), "")
    assert report.score == report.points, "the public tests alone"
    (tmp_path / "hw.ipynb").write_text('{"cells": []}')
    with pytest.raises(SetupError, match="there are no tests in it"):
        read_autograder(tmp_path / "hw.ipynb")


def test_commands_explain_themselves(tmp_path: Path) -> None:
    """A missing archive, a wrong number of arguments and a missing folder are told in a line."""
    for arguments, said in (
        ([str(tmp_path)], "markscheme grade ASSIGNMENT SUBMISSIONS --out D"),
        (["--otter", str(DATA / "hw-ok.zip"), "hw", str(tmp_path)], "--otter autograder.zip SUBMISSIONS"),
        (["--otter", str(tmp_path / "no.zip"), str(tmp_path)], "does not exist"),
        (["--otter", str(DATA / "hw-ok.zip"), str(tmp_path), "--show-keys"], "leave them out with --otter"),
        (["--otter", str(DATA / "scores.json"), str(tmp_path)], "is no zip"),
        (["--otter", str(DATA / "hw-ok.zip"), str(tmp_path / "no")], "there is no such folder"),
    ):
        done = CliRunner().invoke(
            main, ["grade", *arguments, "--out", str(tmp_path / "out"), "--course", str(tmp_path)]
        )
        assert done.exit_code != 0
        assert said in " ".join(done.output.split()), done.output


def test_plugins_are_named_and_not_run(tmp_path: Path) -> None:
    """An archive with plugins is graded without them, and says so."""
    archive = with_files("hw-ok", tmp_path, otter_config___json='{"plugins": ["otter.plugins.builtin.RateLimiting"]}')
    assert [note.place for note in read_autograder(archive).notes] == ["plugins"]


def test_weak_sandboxes_do_not_run_others_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below level 2 nothing is run, every part is ungraded, and no score is given; --allow-unsafe is recorded."""
    monkeypatch.setattr(marking, "level", lambda: Level(1, {"read": False}))
    submission = handed_in("hw-exc", "right.ipynb")
    report = OtterMarker(DATA / "hw-exc.zip", 20.0).mark(submission, "")
    assert {p.verdict.status for _, p in report.parts()} == {Status.UNGRADED}
    assert report.score is None
    report = OtterMarker(DATA / "hw-exc.zip", 20.0, allow_unsafe=True).mark(submission, "")
    assert report.score == 20
    assert report.runs[0].unsafe


NOT_RUN: list[tuple[dict[str, bytes], Status, str]] = [
    ({}, Status.MISSING, "nothing that can be run"),
    ({"a.py": b"", "b.py": b""}, Status.UNREADABLE, "a.py, b.py"),
    ({"a.ipynb": b"{}"}, Status.UNREADABLE, "holds no cells"),
    ({"a.ipynb": b"oops"}, Status.UNREADABLE, "is no notebook"),
    ({"a.ipynb": b'{"cells": []}'}, Status.UNREADABLE, "does not say that it belongs to “hw-ok”"),
    ({"a.ipynb": b'{"cells": [], "metadata": {"otter": {"assignment_name": "hw-1"}}}'}, Status.UNREADABLE, "“hw-1”"),
    (dict.fromkeys(["a.ipynb", "b.ipynb"], b'{"cells": [], "metadata": {"otter": {"assignment_name": "hw-ok"}}}'),
     Status.UNREADABLE, "only one notebook"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "status", "said"), NOT_RUN)
def test_what_cannot_be_run_says_why(files: dict[str, bytes], status: Status, said: str) -> None:
    """Nothing, two scripts, no notebook, another assignment's notebook, two notebooks: each part says so."""
    report = OtterMarker(DATA / "hw-ok.zip", 20.0).mark(Submission("ada", files=files), "")
    assert {p.verdict.status for _, p in report.parts()} == {status}
    assert all(said in p.verdict.feedback for _, p in report.parts())
    assert report.score == 0


def test_the_notebook_of_the_assignment_is_chosen() -> None:
    """Beside a notebook of another assignment, the right one is graded."""
    right = handed_in("hw-ok", "right.ipynb").files["right.ipynb"]
    other = b'{"cells": [], "metadata": {"otter": {"assignment_name": "hw-1"}}}'
    report = OtterMarker(DATA / "hw-ok.zip", 20.0).mark(
        Submission("ada", files={"0.ipynb": other, "z.ipynb": right}), ""
    )
    assert report.score == 12


def test_broken_zips_are_unreadable(tmp_path: Path) -> None:
    """A submission that cannot be opened is unreadable, not wrong."""
    (tmp_path / "ada.zip").write_bytes(b"no zip")
    report = OtterMarker(DATA / "hw-ok.zip", 20.0).mark(read_submission("ada", tmp_path / "ada.zip", ()), "Ada")
    assert {p.verdict.status for _, p in report.parts()} == {Status.UNREADABLE}


def notebook(*cells: str, assignment: str = "hw-ok") -> Submission:
    """A submission of these code cells."""
    content: dict[str, Any] = {
        "cells": [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells],
        "metadata": {"otter": {"assignment_name": assignment}},
    }
    return Submission("ada", files={"hw.ipynb": json.dumps(content).encode()})


def test_what_this_machine_lacks_is_not_wrong() -> None:
    """A notebook that imports a library which is not installed is left to a person."""
    cells = ("import no_such_library_1", "from tensorflow_ import x", "import nltk.no_such_part")
    report = OtterMarker(DATA / "hw-ok.zip", 20.0).mark(notebook(*cells[:2]), "")
    assert report.score == 0, "a module that nobody knows is the student's mistake"
    report = OtterMarker(DATA / "hw-ok.zip", 20.0).mark(notebook(cells[2]), "")
    assert report.score is None
    assert {p.verdict.status for _, p in report.parts()} == {Status.UNGRADED}
