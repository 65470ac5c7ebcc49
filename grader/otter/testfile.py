"""The tests of one question, in either of otter-grader's formats, with the points of every case."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from textwrap import dedent
from typing import Any

from grader.otter import doctests


class BadTests(ValueError):
    """A test file that says something other than tests; the message says what."""


@dataclass(frozen=True)
class Case:
    """One test case. `body` is a doctest, or the source that holds the function `function` alone."""

    name: str
    body: str
    function: str
    hidden: bool
    points: Fraction
    success_message: str
    failure_message: str


@dataclass(frozen=True)
class QuestionTests:
    """The tests of one question: `key` is the name by which a notebook asks for them, `name` that of the results."""

    key: str
    name: str
    cases: tuple[Case, ...]
    all_or_nothing: bool

    @property
    def points(self) -> Fraction:
        """What can be earned."""
        return sum((case.points for case in self.cases), Fraction(0))

    def earned(self, passed: Sequence[bool]) -> list[Fraction]:
        """The points of each case: its own where it passed, unless all must pass and one did not."""
        kept = all(passed) or not self.all_or_nothing
        return [case.points if ok and kept else Fraction(0) for case, ok in zip(self.cases, passed, strict=True)]


def read_tests(key: str, source: str, found: Mapping[str, Any]) -> QuestionTests:
    """The tests in a file, from its text and from what running it left behind. Raises BadTests."""
    if "OK_FORMAT" not in found:
        raise BadTests("does not define OK_FORMAT")
    return _ok_format(key, found.get("test")) if found["OK_FORMAT"] else _functions(key, source, found)


def _ok_format(key: str, test: Any) -> QuestionTests:
    """A dictionary `test` with one suite of doctests."""
    try:
        name, (suite,) = str(test["name"]), test["suites"]
        raw = [{"hidden": True, **case, "body": dedent(case["code"])} for case in suite["cases"]]
        for case in raw:
            doctests.examples(case["body"])
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise BadTests(f"is no test in the OK format with one suite ({type(error).__name__}: {error})") from None
    if suite.get("type", "doctest") != "doctest" or suite.get("setup") or suite.get("teardown"):
        raise BadTests("holds a suite other than doctests, or one with a setup or teardown, which otter does not run")
    return _file(key, name, raw, test.get("points"), test.get("all_or_nothing"))


def _functions(key: str, source: str, found: Mapping[str, Any]) -> QuestionTests:
    """Functions decorated with @test_case."""
    if "name" not in found:
        raise BadTests("does not define a name")
    names = {case["function"] for case in found["cases"]}
    raw = [{**case, "body": without(source, names - {case["function"]})} for case in found["cases"]]
    return _file(key, str(found["name"]), raw, found.get("points"), found.get("all_or_nothing"))


def without(source: str, functions: set[str]) -> str:
    """The source with these functions blanked out; every other line keeps its number."""
    lines = source.split("\n")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in functions:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            lines[first - 1 : node.end_lineno] = [""] * ((node.end_lineno or first) - first + 1)
    return "\n".join(lines)


def _file(key: str, name: str, raw: Sequence[Mapping[str, Any]], points: Any, all_or_nothing: Any) -> QuestionTests:
    worth = shared([case.get("points") for case in raw], points)
    cases = tuple(_case(name, n, case, own) for n, (case, own) in enumerate(zip(raw, worth, strict=True), 1))
    return QuestionTests(key, name, cases, bool(all_or_nothing))


def _case(name: str, number: int, raw: Mapping[str, Any], points: Fraction) -> Case:
    return Case(
        name=str(raw.get("name") or f"{name} - {number}"),
        body=str(raw["body"]),
        function=str(raw.get("function", "")),
        hidden=bool(raw["hidden"]),
        points=points,
        success_message=str(raw.get("success_message") or ""),
        failure_message=str(raw.get("failure_message") or ""),
    )


def shared(cases: Sequence[Any], points: Any) -> list[Fraction]:
    """The points of every case, from those that it names (or None) and those of the question.

    What is left of the question's points is shared evenly by the cases that name none. A question
    without any points is worth 1; next to cases with points, the others are worth 0. `points` may also
    be a list, one for each case, or {"each": 1} or {"total": 3}. Raises BadTests.
    """
    if isinstance(points, Mapping):
        points = [points["each"]] * len(cases) if "each" in points else points.get("total")
    if isinstance(points, list | tuple):
        if len(points) != len(cases):
            raise BadTests(f"names {len(points)} points for {len(cases)} cases")
        cases, points = points, None
    own = [None if p is None else _number(p) for p in cases]
    named = sum((p for p in own if p is not None), Fraction(0))
    total = _number(points) if points is not None else Fraction(0 if named else 1)
    if points is not None and named > total:
        raise BadTests(f"names {float(named):g} points in its cases, but {float(total):g} in all")
    share = max(total - named, Fraction(0)) / (own.count(None) or 1)
    return [share if p is None else p for p in own]


def _number(points: Any) -> Fraction:
    if isinstance(points, bool) or not isinstance(points, int | float) or points < 0:
        raise BadTests(f"names {points!r} as points; they are numbers from 0")
    return Fraction(str(points))
