"""The feedback page of an otter assignment: every test, with the text of the public ones."""

from __future__ import annotations

import re

from grader.otter.archive import Autograder
from grader.otter.testfile import QuestionTests
from grader.report.feedback import Row, Section, Shown, page
from grader.report.report import MarkedQuestion, Report


def render(report: Report, autograder: Autograder) -> str:
    """The page as HTML that needs nothing else."""
    tests = autograder.named
    return page(report, [_section(n, q, tests.get(q.id)) for n, q in enumerate(report.questions, 1)])


def _section(number: int, question: MarkedQuestion, test: QuestionTests | None) -> Section:
    rows = tuple(
        Row(
            number=f"{number}.{n}",
            prompt=_prompt(test, n - 1, part.hidden),
            marked=part,
            teaches=False,
            read=Shown(),
            typed="",
            key=Shown(),
            cause="",
        )
        for n, part in enumerate(question.parts, 1)
    )
    return Section(number, question, "", rows, "")


def _prompt(test: QuestionTests | None, number: int, hidden: bool) -> str:
    """The public text of a test as Markdown."""
    if test is None:
        return "All tests together"
    case = test.cases[number]
    if hidden:
        return "A hidden test"
    if case.function:
        return f"Test `{case.function}`"
    fence = "`" * max(3, *(len(ticks) + 1 for ticks in re.findall("`+", case.body)), 3)
    return f"{fence}python\n{case.body.strip()}\n{fence}"
