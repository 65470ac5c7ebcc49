"""The parts of grading by otter's tests: points, doctests judged from afar, test functions one at a time, totals."""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import traceback
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.otter import canary, doctests
from grader.otter.handed_in import HandedIn, Unfit, handed_in
from grader.otter.scoring import natural
from grader.otter.testfile import BadTests, QuestionTests, read_tests, shared, without

POINTS: list[tuple[list[Any], Any, list[Any]]] = [
    ([None, None], None, ["1/2", "1/2"]),
    ([None, None], 3, ["3/2", "3/2"]),
    ([None, None, None], [1, 2, 0], [1, 2, 0]),
    ([1, None], None, [1, 0]),
    ([1, None], 3, [1, 2]),
    ([1, 2], 5, [1, 2]),
    ([0, None], None, [0, 1]),
    ([0, 0], None, [0, 0]),
    ([None], 0, [0]),
    ([0.1, 0.2], None, ["1/10", "1/5"]),
    ([None, None], {"each": 2}, [2, 2]),
    ([None, None], {"total": 3}, ["3/2", "3/2"]),
    ([5, None], [None, 2], [0, 2]),
    ([], None, []),
]


@pytest.mark.parametrize(("cases", "points", "expected"), POINTS)
def test_points_are_shared_as_in_otter(cases: list[Any], points: Any, expected: list[Any]) -> None:
    """What the cases do not name is shared evenly; without any points a question is worth one."""
    assert shared(cases, points) == [Fraction(p) for p in expected]


@pytest.mark.parametrize(
    ("cases", "points"), [([None], [1, 2]), ([3], 2), ([True], None), (["1"], None), ([-1], None), ([None], "3")]
)
def test_impossible_points_are_refused(cases: list[Any], points: Any) -> None:
    """Lists of another length, more points than there are, and what is no number."""
    with pytest.raises(BadTests):
        shared(cases, points)


@given(st.lists(st.none() | st.integers(0, 5), min_size=1), st.none() | st.integers(0, 50))
def test_no_point_is_lost(cases: list[int | None], points: int | None) -> None:
    """If any case is open, the cases have the question's points in all."""
    named = sum(p for p in cases if p is not None)
    if points is not None and named > points:
        with pytest.raises(BadTests):
            shared(cases, points)
    elif points is not None and None in cases:
        assert sum(shared(cases, points)) == points


def in_ok_format(*codes: str, **more: Any) -> QuestionTests:
    """A question with these doctests."""
    test = {"name": "q1", "suites": [{"cases": [{"code": code} for code in codes]}], **more}
    return read_tests("q1", "", {"OK_FORMAT": True, "test": test})


def test_all_or_nothing() -> None:
    """One case that fails costs all points there, and its own points elsewhere."""
    codes = (">>> 1\n1\n", ">>> 2\n2\n")
    assert in_ok_format(*codes, points=4).earned([True, False]) == [2, 0]
    assert in_ok_format(*codes, points=4, all_or_nothing=True).earned([True, False]) == [0, 0]
    assert in_ok_format(*codes, points=4, all_or_nothing=True).earned([True, True]) == [2, 2]


def test_doctests_are_hidden_and_functions_public_by_default() -> None:
    """As otter has it where a case does not say."""
    assert in_ok_format(">>> 1\n1\n").cases[0].hidden
    found = {"OK_FORMAT": False, "name": "q", "cases": [{"function": "t", "hidden": False, "points": None}]}
    assert not read_tests("q", "def t(): pass", found).cases[0].hidden


BROKEN = [
    {"suites": []},
    {"name": "q", "suites": []},
    {"name": "q", "suites": [{"cases": []}, {"cases": []}]},
    {"name": "q", "suites": [{"cases": [{"code": ">>>1"}]}]},
    {"name": "q", "suites": [{"cases": [{}]}]},
    {"name": "q", "suites": [{"cases": [], "type": "concept"}]},
    {"name": "q", "suites": [{"cases": [], "setup": ">>> x = 1"}]},
    "test",
    None,
]


@pytest.mark.parametrize("test", BROKEN)
def test_broken_tests_are_refused(test: Any) -> None:
    """No name, no suite, two suites, a malformed doctest, another kind of suite."""
    with pytest.raises(BadTests):
        read_tests("q", "", {"OK_FORMAT": True, "test": test})


def run_here(source: str, namespace: dict[str, Any]) -> tuple[str, str | None]:
    """A statement run as the child runs it."""
    printed, raised = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(source, "<test>", "single"), namespace)  # the doctests of this file
        except Exception as error:
            raised = "".join(traceback.format_exception_only(type(error), error))
    return printed.getvalue(), raised


DOCTESTS = [
    ">>> 1 + 1\n2\n",
    ">>> 1 + 1\n3\n",
    ">>> x = 3\n>>> x\n3\n",
    ">>> print('a\\n\\nb')\na\n<BLANKLINE>\nb\n",
    ">>> print('a\\n\\nb')\na\n\nb\n",
    ">>> [1,\n...  2]\n[1, 2]\n",
    ">>> [1,  2]  # doctest: +NORMALIZE_WHITESPACE\n[1,\n 2]\n",
    ">>> list(range(20))  # doctest: +ELLIPSIS\n[0, 1, ..., 19]\n",
    ">>> list(range(20))\n[0, 1, ..., 19]\n",
    ">>> 1 / 0\nTraceback (most recent call last):\n  ...\nZeroDivisionError: division by zero\n",
    ">>> 1 / 0\nTraceback (most recent call last):\nZeroDivisionError: other words\n",
    ">>> 1 / 0  # doctest: +IGNORE_EXCEPTION_DETAIL\nTraceback (most recent call last):\nZeroDivisionError: other\n",
    ">>> 1 / 0  # doctest: +IGNORE_EXCEPTION_DETAIL\nTraceback (most recent call last):\na.b.ZeroDivisionError: o\n",
    ">>> 1 / 0  # doctest: +IGNORE_EXCEPTION_DETAIL\nTraceback (most recent call last):\nValueError: other\n",
    ">>> 1 / 0\n",
    ">>> 1\nTraceback (most recent call last):\nValueError: x\n",
    ">>> 1 / 0  # doctest: +SKIP\n5\n",
    ">>> print(1) or 1 / 0\n1\n",
    ">>> None\n",
    ">>> True\n1\n",
    ">>> for i in range(2):\n...     print(i)\n0\n1\n",
    ">>> print(1, end='')\n1\n",
    "Some words.\n\n>>> 2\n2\n\nMore words.\n\n>>> 3\n4\n",
    ">>> nothing_of_this_name\n",
    ">>> raise KeyError('a')\nTraceback (most recent call last):\nKeyError: 'a'\n",
    ">>> 0.1 + 0.2\n0.3\n",
]


@pytest.mark.parametrize("body", DOCTESTS)
def test_doctests_are_judged_as_python_does(body: str) -> None:
    """Statement by statement from afar, a case passes exactly when Python's doctest passes it."""
    test = doctest.DocTest(doctests.examples(body), {}, "name", None, None, body)
    with contextlib.redirect_stdout(io.StringIO()):
        failed = doctest.DocTestRunner(verbose=False).run(test).failed
    namespace: dict[str, Any] = {}
    found = doctests.judge(body, lambda source, fresh: run_here(source, namespace))
    assert (found is None) == (failed == 0)


def test_only_statements_leave() -> None:
    """What is run elsewhere holds no expected output; each case begins afresh."""
    sent: list[tuple[str, bool]] = []

    def run(source: str, fresh: bool) -> tuple[str, str | None]:
        sent.append((source, fresh))
        return "2\n", None

    found = doctests.judge(">>> 1 + 1\n2\n>>> secret()  # doctest: +SKIP\n4\n>>> 2 + 2\n4567\n", run)
    assert sent == [("1 + 1\n", True), ("2 + 2\n", False)]
    assert found
    assert (found.statement, found.expected, found.got) == ("2 + 2\n", "4567\n", "2\n")
    assert "4567" in found.told(whole=False) and "It gave" not in found.told(whole=False)


FUNCTIONS = """\
from otter.test_files import test_case
name = "q1"
LIMIT = 3

@test_case(points=1,
           hidden=True)
def test_a(f):
    assert f(1) == LIMIT

def helper():
    return 2

@test_case(points=2)
def test_b(f, env):
    assert f(helper()) == 4
"""


def test_functions_are_sent_one_at_a_time() -> None:
    """What goes out with one test function is the rest of the file without the others, on the same lines."""
    cases = [{"function": name, "hidden": False, "points": 1} for name in ("test_a", "test_b")]
    found = read_tests("q1", FUNCTIONS, {"OK_FORMAT": False, "name": "q1", "cases": cases})
    first, second = (case.body for case in found.cases)
    assert "test_b" not in first and "== 4" not in first and "helper" in first
    assert "test_a" not in second and "LIMIT\n" not in second and "hidden=True" not in second
    assert first.count("\n") == second.count("\n") == FUNCTIONS.count("\n")
    assert FUNCTIONS.split("\n").index("def test_b(f, env):") == second.split("\n").index("def test_b(f, env):")
    assert without("x = 1", {"f"}) == "x = 1"


def test_numbers_in_names_are_ordered_as_numbers() -> None:
    """q2 stands before q10, and q2a behind q2."""
    assert sorted(["q10", "q2", "q2a", "q1.2", "q1.10", "a"], key=natural) == ["a", "q1.2", "q1.10", "q2", "q2a", "q10"]


def test_the_canary_sings() -> None:
    """Honest processes are believed; one in which a comparison always holds is not."""
    assert canary.forged(lambda source, fresh: run_here(source, {})) == ""
    always = canary.forged(lambda source, fresh: ("True\n", None))
    assert always == "a comparison of two numbers was replaced"
    numpy = canary.forged(lambda source, fresh: ("True\n" if "isclose" in source else "False\n", None))
    assert numpy == "numpy.isclose was replaced"


MANUAL = b"""{"cells": [
    {"cell_type": "markdown", "source": ["<!-- BEGIN QUESTION -->\\n", "\\n", "**Question 1.** Explain why."]},
    {"cell_type": "markdown", "source": "because"},
    {"cell_type": "markdown", "source": "<!-- END QUESTION -->\\n<!-- BEGIN QUESTION -->\\n# Question 2"},
    {"cell_type": "code", "source": "grader.check('q2')"},
    {"cell_type": "markdown", "source": "<!-- END QUESTION -->"},
    {"cell_type": "code", "source": 7}, 5, {"cell_type": "code", "metadata": [], "source": "x = 1"},
    {"cell_type": "code", "metadata": {"otter": {"tests": ["q3", 4]}}, "source": "y = 1"},
    {"cell_type": "code", "metadata": {"otter": {"ignore": true}}, "source": "z = 1"},
    {"cell_type": "code", "metadata": {"tags": ["otter_ignore"]}, "source": "z = 2"},
    {"cell_type": "markdown", "source": "<!-- BEGIN QUESTION -->\\nQuestion 4"}
]}"""


def test_cells_become_steps() -> None:
    """Code cells in order, with the tests that their metadata ask for; ignored cells are left out."""
    found = handed_in({"a.ipynb": MANUAL, "sub/b.ipynb": b""}, [], None)
    assert isinstance(found, HandedIn)
    assert [(step.name, step.source, step.checks) for step in found.steps] == [
        ("cell 4", "grader.check('q2')", ()), ("cell 8", "x = 1", ()), ("cell 9", "y = 1", ("q3",)),
    ]  # fmt: skip


def test_manual_questions_are_named() -> None:
    """A question that is marked for export and never checked is one for a person."""
    assert handed_in({"a.ipynb": MANUAL}, [], None).manual == ("Question 1. Explain why.", "Question 4")


WORDS = st.sampled_from(["cells", "metadata", "otter", "source", "tests", "cell_type", "tags", "assignment_name"])
SCALARS = st.none() | st.integers() | st.text(max_size=20)


@given(st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4)))
def test_any_json_is_a_notebook_or_unfit(value: object) -> None:
    """Whatever JSON a notebook holds, it gives steps or a reason."""
    with contextlib.suppress(Unfit):
        assert isinstance(handed_in({"a.ipynb": json.dumps(value).encode()}, [], None), HandedIn)
