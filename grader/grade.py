"""Marking one submission against its sheet."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from assignments.rules import Rules
from assignments.sheet import Item, Sheet
from grader.fit import fit
from grader.note import Note
from grader.report.report import MarkedPart, MarkedQuestion, Report, Run
from grader.scoring import scored
from grader.submission import Submission
from problem_bank.answers.code import Code
from problem_bank.marking import raw_answer
from problem_bank.verdict import Status, Verdict

if TYPE_CHECKING:
    from grader.code import CodeRun

TYPED = 2_000  # characters of an answer that a report keeps
DAY = 24 * 60 * 60


def grade_submission(sheet: Sheet, submission: Submission, *, name: str = "", allow_unsafe: bool = False) -> Report:
    """The report on one submission. `name` is the student's; `allow_unsafe` runs code outside of a full sandbox.

    An error of ours in one question leaves that question ungraded and costs no other.
    """
    began = time.perf_counter()
    rules = sheet.assignment.spec.rules
    late = late_days(rules, submission.submitted)
    answers, notes = fit(sheet, submission)
    marked = [_question(item, answers.get(item.id, {}), submission, rules, allow_unsafe) for item in sheet.items]
    return Report(
        student=submission.student,
        name=name,
        assignment=sheet.assignment.name,
        title=sheet.assignment.spec.title,
        sheet=sheet.fingerprint,
        inputs=inputs(sheet, submission),
        tool=tool(),
        graded_at=datetime.now().astimezone(),
        seconds=round(time.perf_counter() - began, 4),
        questions=tuple(question for question, _ in marked),
        submitted=submission.submitted,
        late_days=late,
        kept=max(Fraction(0), 1 - late * Fraction(str(rules.late_per_day))),
        notes=(*_trouble(submission), *submission.notes, *notes),
        runs=tuple(run for _, runs in marked for run in runs),
        version=sheet.version,
        rules=rules,
    )


def inputs(sheet: Sheet, submission: Submission) -> str:
    """The hash of all that a report depends on: what was asked, what was handed in, the rules, this version."""
    rules = sheet.assignment.spec.rules
    late = late_days(rules, submission.submitted)
    content = [tool(), sheet.fingerprint, submission.fingerprint, late, rules.late_per_day, submission.notes]
    marking = [rules.marking, [item.id for item in sheet.items if item.bonus]]
    content += [marking] if any(marking) else []
    return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def tool() -> str:
    """The version of Markscheme that is running."""
    try:
        return version("markscheme")
    except PackageNotFoundError:
        return "uninstalled"


def late_days(rules: Rules, submitted: datetime | None) -> int:
    """Days begun after the due time; 0 where either time is unknown. Times without an offset are local."""
    if rules.due is None or submitted is None:
        return 0
    return max(0, math.ceil((submitted.astimezone() - rules.due.astimezone()).total_seconds() / DAY))


def _trouble(submission: Submission) -> tuple[Note, ...]:
    if submission.trouble:
        return (Note("", "", submission.trouble),)
    if not submission.answers and not submission.files:
        return (Note("", "", "nothing was found in the submission: neither answers.toml nor a notebook"),)
    return ()


def _question(
    item: Item, answers: Mapping[str, Any], submission: Submission, rules: Rules, allow_unsafe: bool
) -> tuple[MarkedQuestion, list[Run]]:
    runs: list[Run] = []
    try:
        verdicts = item.variant.mark(answers)
        if any(part.answer.runs for part in item.variant.parts):
            verdicts |= _run(item, submission, verdicts, allow_unsafe, runs)
        verdicts = scored(item.variant, verdicts, rules.choice)
    except Exception as error:  # whatever broke is ours: the question waits for us, and the others go on
        verdicts = {part.name: _ungraded(part.name, Fraction(part.points), error) for part in item.variant.parts}
    if submission.trouble:
        verdicts = {name: _unopened(verdict, submission.trouble) for name, verdict in verdicts.items()}
    parts = tuple(_part(item, verdict, answers) for verdict in verdicts.values())
    nullified = rules.nullified.get(item.id, "")
    return MarkedQuestion(item.id, item.title, item.points, parts, item.bonus, nullified), runs


def _run(
    item: Item, submission: Submission, verdicts: Mapping[str, Verdict], allow_unsafe: bool, runs: list[Run]
) -> Mapping[str, Verdict]:
    """The verdicts of a question's parts that are marked by running them: files of code, expressions in a program.

    The hidden inputs depend on the submission itself, so that none can be written to fit them.
    """
    from grader.blanks import mark_blanks
    from grader.code import mark_code

    parts, seed = item.variant.parts, f"{item.variant.fingerprint} {submission.fingerprint}"
    marked, ran = mark_blanks(parts, verdicts, seed=seed, allow_unsafe=allow_unsafe)
    if any(part.answer.kind == "code" for part in parts):
        of_files, run = mark_code(parts, submission.files, seed=seed, allow_unsafe=allow_unsafe)
        marked, ran = marked | of_files, [*ran, run]
    runs += [_noted(item, run) for run in ran]
    return marked


def _noted(item: Item, run: CodeRun) -> Run:
    """How code was run, for the report."""
    return Run(
        question=item.id,
        level=run.level,
        confinement=run.confinement,
        unsafe=run.unsafe,
        seconds=round(run.seconds, 3),
        stdout=run.stdout,
        stderr=run.stderr,
        notes=run.notes,
        flags=run.flags,
        cpu_seconds=round(run.cpu_seconds, 3),
        peak_mib=round(run.peak_mib, 1),
    )


def _ungraded(part: str, points: Fraction, error: Exception) -> Verdict:
    said = (
        f"This could not be marked; that is our fault, and a person will look at it. ({type(error).__name__}: {error})"
    )
    return Verdict(part=part, status=Status.UNGRADED, score=Fraction(0), points=points, feedback=said[:TYPED])


def _unopened(verdict: Verdict, trouble: str) -> Verdict:
    return replace(verdict, status=Status.UNREADABLE, feedback=f"Nothing could be read: {trouble}.", cause="")


def _part(item: Item, verdict: Verdict, answers: Mapping[str, Any]) -> MarkedPart:
    scaled = replace(verdict, score=verdict.score * item.scale, points=verdict.points * item.scale)
    answer = next(part.answer for part in item.variant.parts if part.name == verdict.part)
    hidden = isinstance(answer, Code) and all(check.hidden for check in answer.key)
    return MarkedPart(scaled, typed(raw_answer(verdict.part, answer, answers)), hidden)


def typed(raw: Any) -> str:
    """A raw answer as text, shortened."""
    if raw is None:
        return ""
    if isinstance(raw, dict):
        return "\n".join(f"{name} = {typed(value)}" for name, value in raw.items())[:TYPED]
    text = raw if isinstance(raw, str) else str(raw)
    return text if len(text) <= TYPED else f"{text[:TYPED]}… ({len(text):,} characters)"
