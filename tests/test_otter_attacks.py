"""Submissions that attack an otter assignment: what they find, what they forge, what they carry out."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.otter.marker import OtterMarker
from grader.submission import Submission

DATA = Path(__file__).parent / "data" / "otter"


def notebook(*cells: str, assignment: str = "hw-ok") -> Submission:
    """A submission of these code cells."""
    content: dict[str, Any] = {
        "cells": [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells],
        "metadata": {"otter": {"assignment_name": assignment}},
    }
    return Submission("ada", files={"hw.ipynb": json.dumps(content).encode()})


def archived(folder: Path, *cases: dict[str, object]) -> Path:
    """An archive, unpacked, with one question of these cases in the OK format."""
    (folder / "ag" / "tests").mkdir(parents=True)
    test = {"name": "q1", "suites": [{"cases": list(cases)}]}
    (folder / "ag" / "tests" / "q1.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n")
    return folder / "ag"


SENTINEL = "expected-only-by-the-grader"
HUNT = f"""
import gc, sys
def f():
    wanted = {SENTINEL[::-1]!r}[::-1]
    frame, seen = sys._getframe(), []
    while frame:
        seen += [*frame.f_locals.values(), *frame.f_code.co_consts]
        frame = frame.f_back
    seen += [text for thing in gc.get_objects() if isinstance(thing, (dict, list, tuple)) for text in
             (list(thing.values()) if isinstance(thing, dict) else thing)]
    found = [text for text in seen if isinstance(text, str) and wanted in text and wanted != text]
    return found[0].strip() if found else "nothing"
"""


def test_expected_outputs_are_not_in_the_child(tmp_path: Path) -> None:
    """What a doctest expects cannot be found in any frame or object of the process that runs the submission."""
    archive = archived(tmp_path, {"code": f">>> print(f())\n{SENTINEL}\n"})
    hunt = notebook(HUNT)
    report = OtterMarker(archive, 20.0).mark(hunt, "")
    assert report.score == 0
    found = notebook(HUNT.replace('else "nothing"', "else wanted"))
    assert OtterMarker(archive, 20.0).mark(found, "").score == 1, "the search itself works"


THIEF = """
import sys
loot = []
def f(x):
    frame = sys._getframe(1)
    loot.append(repr(frame.f_code.co_consts) + repr(sorted(frame.f_locals))[:2000])
    print(loot)
    sys.stderr.write(repr(loot))
    sys.__stdout__.write(repr(loot))
    return 0
class Loud(Exception):
    pass
import otter
grader = otter.Notebook()
grader.check("q1")
print(loot)
kind = type(repr(loot)[:200], (Exception,), {})
"""


WAYS_OUT = (
    "raise Loud(repr(loot))",
    "raise kind(1)",
    'raise ModuleNotFoundError("No module named \'numpy" + repr(loot))',
    "import os; os.write(1, repr(loot).encode()); os._exit(0)",
)


def test_a_hidden_test_cannot_be_carried_out(tmp_path: Path) -> None:
    """A submission that reads hidden statements while they run finds no way to show them to the student."""
    secret = 987_654_321
    hidden = {"code": f">>> f({secret})\n1\n", "hidden": True}
    archive = archived(tmp_path, hidden, {"code": ">>> f(5)\n1\n", "hidden": False})
    marker = OtterMarker(archive, 20.0)
    for last in WAYS_OUT:
        report = marker.mark(notebook(THIEF, last, 'grader.check("q1")'), "")
        told = marker.page(report) + str(report)
        assert str(secret) not in told, last
        assert "f(5)" in told
    (archive / "otter_config.json").write_text('{"show_hidden": true}')
    assert str(secret) in str(marker.mark(notebook(THIEF), "")), "the theft itself works"


FORGE = """
import os
for descriptor in range(3, 64):
    try:
        os.write(descriptor, b"MKS1" + bytes(8))
    except OSError:
        pass
"""


def test_forged_replies_cost_the_submission(tmp_path: Path) -> None:
    """A submission that answers in our place is stopped and flagged, and later submissions are graded as ever."""
    report = OtterMarker(DATA / "hw-ok.zip", 20.0).mark(notebook(FORGE), "")
    assert report.score == 0
    assert any("to the grader" in flag for run in report.runs for flag in run.flags)
    with zipfile.ZipFile(DATA / "hw-ok-submissions.zip") as archive:
        right = Submission("grace", files={"right.ipynb": archive.read("right.ipynb")})
    assert OtterMarker(DATA / "hw-ok.zip", 20.0).mark(right, "").score == 12


LIAR = """
import sys
child = sys.modules["_markscheme.examples"].Examiner
child.do_example = lambda self, source, fresh: {answer}
"""


PUPPET = """
import sys
book = sys.modules["_markscheme.cells"].Book
book.{method} = lambda self, *args, **kwargs: {answer}
"""
PUPPETS = [
    ("do_run", "1 / 0"),
    ("do_run", "7"),
    ("do_run", "{'left': [7], 'asked': [], 'more': False, 'error': None}"),
    ("do_run", "{'left': [], 'asked': ['q1'] * 9, 'more': True, 'error': {'type': [1]}}"),
    ("do_run", "{'left': ['not in the cell'], 'asked': ['q77'], 'more': True, 'error': None}"),
    ("do_seed", "{}['x']"),
]


@pytest.mark.parametrize(("method", "answer"), PUPPETS)
def test_forged_answers_about_cells_break_nothing(method: str, answer: str) -> None:
    """Whatever the child says of a cell, the submission is marked, in time, and nothing it made up is told."""
    puppet = PUPPET.format(method=method, answer=answer)
    report = OtterMarker(DATA / "hw-ok.zip", 20.0).mark(notebook(puppet, "survey = 'done'", "x = 1"), "")
    assert report.score is not None and report.score <= 1
    assert "not in the cell" not in str(report)


@pytest.mark.parametrize(
    "answer", ['{"got": "True\\n", "raised": None}', "7", '{"got": 1, "raised": None}', "None", '{"got": [[]]}']
)
def test_a_replaced_examiner_is_not_believed(answer: str) -> None:
    """A submission that rewrites our side of the child is caught by comparisons whose outcome is known."""
    report = OtterMarker(DATA / "hw-ok.zip", 20.0).mark(notebook(LIAR.format(answer=answer)), "")
    assert report.score == 0
    assert [flag for run in report.runs for flag in run.flags]
