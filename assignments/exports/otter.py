"""Otter, for one variant: an autograder.zip, the notebook for students, and a master notebook for `otter assign`.

Hidden tests ask Markscheme for the marks, so they give what `markscheme grade` gives, down to quarters of a part.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from assignments.documents import form, otter_tests, render
from assignments.exports.otter_hidden import QUARTERS, HiddenCase
from assignments.exports.otter_master import master
from assignments.exports.zipped import zipped
from assignments.handouts import handouts
from assignments.sheet import Item, Sheet
from problem_bank.exercise import Part
from problem_bank.values import plain

REQUIREMENTS = "markscheme\notter-grader[grading]>=7,<8\n"


def export(sheet: Sheet) -> dict[str, bytes]:
    """The files by name. Only student.zip may leave before the deadline."""
    return {
        "autograder.zip": zipped(autograder(sheet)),
        "student.zip": zipped(student_files(sheet)),
        "master.ipynb": master(sheet, {item.id: hidden_cases(item) for item in sheet.items}).encode(),
    }


def autograder(sheet: Sheet) -> dict[str, bytes]:
    """The public tests, worth nothing, and the hidden ones, worth the points."""
    files = otter_tests.files(sheet)
    for item in sheet.items:
        test = otter_tests.tests(sheet)[item.id]
        public = [{**case, "points": 0} for case in test["suites"][0]["cases"]]
        test["suites"][0]["cases"] = [*public, *hidden_cases(item)]
        files[f"tests/{item.id}.py"] = f"OK_FORMAT = True\n\ntest = {test!r}\n".encode()
    return {**files, "requirements.txt": REQUIREMENTS.encode()}


def student_files(sheet: Sheet) -> dict[str, bytes]:
    """The notebook with its public tests, the form, and the files to hand out."""
    name = sheet.assignment.name
    documents = {f"{name}.ipynb": render("notebook", sheet), form.FILE: form.render(sheet)}
    return {**handouts(sheet), **{name: text.encode() for name, text in documents.items()}}


def ungraded(sheet: Sheet) -> list[str]:
    """The parts that these tests cannot mark: what is run is marked by `markscheme grade` only."""
    return [f"{item.id}.{part.name}" for item in sheet.items for part in item.variant.parts if not _asked(part)]


def hidden_cases(item: Item) -> list[dict[str, Any]]:
    """A test for each quarter of each part's points."""
    return [_case(item, part, k) for part in item.variant.parts if _asked(part) for k in range(1, QUARTERS + 1)]


def _asked(part: Part) -> bool:
    return not part.answer.runs


def _case(item: Item, part: Part, quarter: int) -> dict[str, Any]:
    variant = item.variant
    given = json.loads(json.dumps({name: plain(value) for name, value in variant.drawn.items()}))
    asked = HiddenCase(variant.family, variant.level, given, item.id, part.name, quarter)
    points = Fraction(part.points) * item.scale / QUARTERS
    return {"code": asked.code, "hidden": True, "locked": False, "points": float(points)}
