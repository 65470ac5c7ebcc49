"""Marking expressions that were typed for a program: each is put in its place, and the program is run as a submission.

Each runs in a confined child of its own, in which all other holes hold the right expressions: what one does costs no
other, and an early mistake is paid for once. A child never holds the expression that is asked of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from grader.code import DEFAULTS, CodeRun, mark_code
from grader.sandbox.process import Limits
from problem_bank.answers import python_text
from problem_bank.answers.blank import Blank
from problem_bank.answers.code import Code
from problem_bank.exercise import Part
from problem_bank.marking import RUN
from problem_bank.verdict import Status, Verdict

FILE = "program.py"


def mark_blanks(
    parts: Iterable[Part],
    verdicts: Mapping[str, Verdict],
    *,
    seed: object,
    limits: Limits = DEFAULTS,
    allow_unsafe: bool = False,
) -> tuple[dict[str, Verdict], list[CodeRun]]:
    """The verdicts of those that `variant.mark` left to be run, by name, and how each of them was run.

    `verdicts` are those of `variant.mark`; their readings are what is run. Raises nothing, whatever was typed.
    """
    marked: dict[str, Verdict] = {}
    runs: list[CodeRun] = []
    for part in parts:
        verdict = verdicts[part.name]
        if not isinstance(part.answer, Blank) or verdict.graded or verdict.basis != RUN:
            continue
        source = completed(part.answer, verdict.reading)
        if source is None:
            marked[part.name] = _elsewhere(part, part.answer, verdict)
            continue
        found, run = mark_code(
            [_as_code(part, part.answer)], {FILE: source.encode()}, seed=seed, limits=limits, allow_unsafe=allow_unsafe
        )
        marked[part.name] = replace(found[part.name], reading=verdict.reading)
        runs.append(replace(run, stdout="", stderr=""))  # a warning would show a line with a right expression
    return marked, runs


def completed(answer: Blank, reading: str) -> str | None:
    """The program with what was read in its place; None where that is a line which the program does not have.

    A whole line stands for its own line. Where a bug is to be repaired, that may be another than the one where
    it was planted.
    """
    program, statement = answer.program, python_text.statement_of(reading)
    assert program  # only an answer read without its key has none
    head, typed = python_text.head(statement), python_text.spelled_value(statement)
    planted = {answer.hole: answer.planted} if answer.planted else {}
    holes = [answer.hole, *(program.heads if planted else ())]
    place = answer.hole if not head else next((hole for hole in holes if program.heads[hole] == head), None)
    return None if place is None else program.built({**planted, place: typed})


def _as_code(part: Part, answer: Blank) -> Part:
    """The part as one that is answered by the file that holds the program."""
    from problem_bank.subjects.program_checks import check_of

    return replace(part, answer=Code((check_of(part.name, answer, part.misconceptions),), FILE), misconceptions=())


def _elsewhere(part: Part, answer: Blank, verdict: Verdict) -> Verdict:
    assert answer.program
    said = f"This is another line: what is asked for stands behind `{answer.program.heads[answer.hole]}`."
    if answer.planted:
        said = "No line of the program that could be wrong begins like this."
    return replace(verdict, status=Status.WRONG, score=Fraction(0), feedback=said)
