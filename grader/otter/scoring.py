"""Points as otter-grader gives them: by case, all or nothing, on another scale, or by a threshold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from grader.otter.archive import Autograder
from grader.otter.testfile import Case, QuestionTests
from grader.outcome import Outcome
from grader.report.report import MarkedPart, MarkedQuestion
from problem_bank.verdict import Status, Verdict

THRESHOLD = "threshold"  # the question that holds the points where the whole is passed or failed


def questions(autograder: Autograder, outcomes: Mapping[str, Sequence[Outcome]]) -> tuple[MarkedQuestion, ...]:
    """Every question with the verdict of each of its cases, in the order of their names."""
    tests = sorted(autograder.tests, key=lambda test: natural(test.name))
    marked = [_question(test, outcomes[test.name], autograder.settings.show_hidden) for test in tests]
    possible, settings = autograder.points, autograder.settings
    wanted = possible if settings.points_possible is None else Fraction(str(settings.points_possible))
    if settings.score_threshold is not None:
        share = sum((q.score for q in marked), Fraction(0)) / possible if possible else Fraction(0)
        return (*(_scaled(q, Fraction(0)) for q in marked), _passed(marked, share, settings.score_threshold, wanted))
    return tuple(_scaled(q, wanted / possible if possible else Fraction(0)) for q in marked)


def natural(name: str) -> list[tuple[int, int | str]]:
    """The order of names in which q2 comes before q10."""
    return [(0, int(bit)) if bit.isdecimal() else (1, bit) for bit in re.split(r"(\d+)", name) if bit]


def _question(test: QuestionTests, outcomes: Sequence[Outcome], show_hidden: bool) -> MarkedQuestion:
    passed = [found.status is Status.RIGHT for found in outcomes]
    whole = test.all_or_nothing and not all(passed)
    parts = []
    for n, (case, found, score) in enumerate(zip(test.cases, outcomes, test.earned(passed), strict=True), 1):
        hidden = case.hidden and not show_hidden
        shown = replace(case, success_message="", failure_message="") if hidden else case
        parts.append(MarkedPart(_verdict(str(n), shown, found, score, whole=whole), hidden=hidden))
    return MarkedQuestion(test.name, test.name, test.points, tuple(parts))


def _verdict(name: str, case: Case, found: Outcome, score: Fraction, *, whole: bool) -> Verdict:
    """The verdict of a case; with `whole`, another case has cost this one its points."""
    right = found.status is Status.RIGHT
    said = [case.success_message] if right else [case.failure_message, found.feedback or "This test did not pass."]
    return Verdict(
        part=name,
        status=found.status,
        score=score,
        points=case.points,
        feedback="\n".join(text for text in said if text),
        remark="It counts only together with the others of this question." if right and whole else "",
        basis="run",
    )


def _scaled(question: MarkedQuestion, scale: Fraction) -> MarkedQuestion:
    parts = tuple(replace(part, verdict=_times(part.verdict, scale)) for part in question.parts)
    return MarkedQuestion(question.id, question.title, question.points * scale, parts)


def _times(verdict: Verdict, scale: Fraction) -> Verdict:
    return replace(verdict, score=verdict.score * scale, points=verdict.points * scale)


def _passed(marked: Sequence[MarkedQuestion], share: Fraction, threshold: float, points: Fraction) -> MarkedQuestion:
    """All points or none, by the share of the points of the tests that was earned."""
    if not all(question.graded for question in marked):
        status = Status.UNGRADED
    else:
        status = Status.RIGHT if share >= Fraction(str(threshold)) else Status.WRONG
    verdict = Verdict(
        part="all",
        status=status,
        score=points if status is Status.RIGHT else Fraction(0),
        points=points,
        feedback=f"The tests give {float(share):.0%} of their points; {threshold:.0%} are needed to pass.",
        basis="threshold",
    )
    return MarkedQuestion(THRESHOLD, "Passed as a whole", points, (MarkedPart(verdict),))
