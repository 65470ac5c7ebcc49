"""A report as results.json in Gradescope's shape, and back.

Scores stand there as decimals for others to read; `extra_data` holds the exact fields, from which
the report is rebuilt. An ungraded part has no score at all: a zero would be released as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from fractions import Fraction
from typing import Any

from assignments.rules import Rules
from grader.note import Note
from grader.report.report import MarkedPart, MarkedQuestion, Report, Run
from problem_bank.verdict import Status, Suggestion, Verdict

FORMAT = 1
NULLIFIED = {"full": "was taken out; everybody has its points.", "drop": "was taken out and does not count."}
"""What became of a question that turned out to be unfit."""

_PASSED = (Status.RIGHT, Status.CONSISTENT)


def to_results(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    results: dict[str, Any] = {
        "output": _summary(report),
        "output_format": "text",
        "visibility": "after_published" if report.graded else "hidden",
        "stdout_visibility": "hidden",
        "execution_time": round(report.seconds, 3),
        "tests": [_test(question, part) for question, part in report.parts()],
        "extra_data": _extra(report),
    }
    return results if report.score is None else {"score": decimal(report.score), **results}


def from_results(results: Mapping[str, Any]) -> Report:
    """The report that `to_results` wrote. Raises ValueError for anything else."""
    try:
        extra = results["extra_data"]
        if extra["format"] != FORMAT:
            raise ValueError(f"results of format {extra['format']}; this version reads {FORMAT}")
        tests = {test["name"]: test["extra_data"] for test in results["tests"]}
        return _report(extra, tests)
    except (LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"no results of ours: {type(error).__name__} {error}") from None


def decimal(value: Fraction) -> float:
    """Points to four decimals."""
    return round(float(value), 4)


def _test(question: MarkedQuestion, part: MarkedPart) -> dict[str, Any]:
    verdict = part.verdict
    test: dict[str, Any] = {
        "name": f"{question.id}.{verdict.part}",
        "max_score": decimal(verdict.points),
        "output": _said(part),
        "output_format": "text",
        "visibility": "after_published" if verdict.graded and not part.hidden else "hidden",
        "extra_data": {**_plain(verdict), "typed": part.typed, **({"hidden": True} if part.hidden else {})},
    }
    if verdict.graded:
        test |= {"score": decimal(verdict.score), "status": "passed" if verdict.status in _PASSED else "failed"}
    return test


def _said(part: MarkedPart) -> str:
    """The verdict in words."""
    verdict = part.verdict
    read = f"Read as: {verdict.reading}" if verdict.reading else ""
    return "\n".join(
        line for line in (verdict.status.value.capitalize(), verdict.feedback, verdict.remark, read) if line
    )


def _summary(report: Report) -> str:
    lines = [] if report.graded else ["A part could not be marked. That is not your fault: a person will look at it."]
    if report.late_days:
        lines.append(f"{report.late_days} days late: {float(report.kept):.0%} of the score is kept.")
    lines += [f"{question.id}: {NULLIFIED[question.nullified]}" for question in report.questions if question.nullified]
    if report.grade:
        lines.append(f"Grade: {report.grade}")
    return "\n".join([*lines, *map(str, report.notes)])


def _extra(report: Report) -> dict[str, Any]:
    nested = ("questions", "runs", "notes", "rules", "version")
    plain = {f.name: getattr(report, f.name) for f in fields(report) if f.name not in nested}
    plain["kept"] = str(report.kept)
    plain["graded_at"] = report.graded_at.isoformat()
    plain["submitted"] = report.submitted.isoformat() if report.submitted else None
    if report.version:
        plain["version"] = report.version
    if report.rules.grades or report.rules.round:
        plain |= {"grade": report.grade, "rules": report.rules.model_dump(include={"grades", "round"})}
    questions = [_plain_question(question) for question in report.questions]
    return {
        "format": FORMAT,
        "release": report.graded,
        "max_score": decimal(report.points),
        **plain,
        "questions": questions,
        "runs": [asdict(run) for run in report.runs],
        "notes": [asdict(note) for note in report.notes],
    }


def _plain_question(question: MarkedQuestion) -> dict[str, Any]:
    plain: dict[str, Any] = {"id": question.id, "title": question.title, "points": str(question.points)}
    plain["parts"] = [part.verdict.part for part in question.parts]
    if question.bonus:
        plain["bonus"] = True
    if question.nullified:
        plain["nullified"] = question.nullified
    return plain


def _plain(verdict: Verdict) -> dict[str, Any]:
    values = {f.name: getattr(verdict, f.name) for f in fields(verdict)}
    return values | {
        "status": verdict.status.value,
        "score": str(verdict.score),
        "points": str(verdict.points),
        "misconceptions": list(verdict.misconceptions),
        "suggestion": verdict.suggestion and {**asdict(verdict.suggestion), "share": str(verdict.suggestion.share)},
    }


def _report(extra: Mapping[str, Any], tests: Mapping[str, Any]) -> Report:
    known = {f.name for f in fields(Report)}
    values = {name: value for name, value in extra.items() if name in known}
    values["kept"] = Fraction(extra["kept"])
    values["graded_at"] = datetime.fromisoformat(extra["graded_at"])
    values["submitted"] = datetime.fromisoformat(extra["submitted"]) if extra["submitted"] else None
    values["questions"] = tuple(_question(question, tests) for question in extra["questions"])
    values["rules"] = Rules(**extra.get("rules", {}))
    values["runs"] = tuple(_run(run) for run in extra["runs"])
    values["notes"] = tuple(Note(**note) for note in extra["notes"])
    return Report(**values)


def _question(question: Mapping[str, Any], tests: Mapping[str, Any]) -> MarkedQuestion:
    parts = tuple(_part(tests[f"{question['id']}.{name}"]) for name in question["parts"])
    return MarkedQuestion(
        question["id"], question["title"], Fraction(question["points"]), parts, question.get("bonus", False),
        question.get("nullified", ""),
    )  # fmt: skip


def _part(plain: Mapping[str, Any]) -> MarkedPart:
    values = {name: value for name, value in plain.items() if name not in ("typed", "hidden")}
    values |= {
        "status": Status(plain["status"]),
        "score": Fraction(plain["score"]),
        "points": Fraction(plain["points"]),
        "misconceptions": tuple(plain["misconceptions"]),
        "suggestion": _suggestion(plain.get("suggestion")),
    }
    return MarkedPart(Verdict(**values), plain["typed"], plain.get("hidden", False))


def _suggestion(plain: Mapping[str, Any] | None) -> Suggestion | None:
    if plain is None:
        return None
    lists = {name: tuple(plain[name]) for name in ("found", "missing", "claims")}
    return Suggestion(**{**plain, **lists, "share": Fraction(plain["share"])})


def _run(plain: Mapping[str, Any]) -> Run:
    return Run(**{**plain, "notes": tuple(plain["notes"]), "flags": tuple(plain["flags"])})
