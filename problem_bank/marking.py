"""Marking like a good examiner: the key, then follow-through, then a named misconception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from problem_bank.answers.answer import Answer
from problem_bank.answers.code import Code
from problem_bank.errors import Unreadable
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.values import entries
from problem_bank.verdict import Status, Verdict


@dataclass
class _Earlier:
    """What is known after the parts so far: the keys, the student's own values, the first bad part."""

    keys: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    cause: str = ""


def mark(exercise: Exercise, answers: Mapping[str, Any]) -> dict[str, Verdict]:
    """The verdict of every part, by name. Raises nothing, whatever the answers hold."""
    earlier, verdicts = _Earlier(), {}
    for part in exercise.parts:
        verdicts[part.name] = verdict = _mark_part(part, _raw(part, answers), earlier)
        earlier.keys[part.name] = part.answer.key
        if not earlier.cause and verdict.status not in (Status.RIGHT, Status.CONSISTENT, Status.UNGRADED):
            earlier.cause = part.name
    return verdicts


def _raw(part: Part, answers: Mapping[str, Any]) -> Any:
    """The raw answer; a part made of named fields may be answered field by field."""
    if part.name in answers or not part.answer.fields:
        return answers.get(part.name)
    return {name: answers[name] for name in part.answer.fields if name in answers} or None


def _mark_part(part: Part, raw: Any, earlier: _Earlier) -> Verdict:
    if isinstance(part.answer, Code):
        return _verdict(part, Status.UNGRADED, 0, "This part is marked by running the code.")
    if _blank(raw):
        return _verdict(part, Status.MISSING, 0, "No answer was given.")
    try:
        value = part.answer.parse(raw)
    except Unreadable as error:
        return _verdict(part, Status.UNREADABLE, 0, f"This could not be read: {error}.")
    earlier_own = dict(earlier.own)
    earlier.own[part.name] = value
    return _judge(part, value, earlier_own, earlier)


def _judge(part: Part, value: Any, own: Mapping[str, Any], earlier: _Earlier) -> Verdict:
    match, reading = part.answer.compare(value), part.answer.show(value)
    if match.right:
        return _verdict(part, Status.RIGHT, 1, match.remark, basis=match.basis, reading=reading)
    if _follows(part, value, own, earlier):
        said = f"Wrong value, right method: it follows from your answer to {_names(own, earlier.keys)}."
        return _verdict(part, Status.CONSISTENT, 1 - part.accuracy, said, basis="follow-through", reading=reading)
    slips = fitting(part, value, earlier.keys, own)
    if slips:
        credit = max(Fraction(min(s.credit for s in slips)), Fraction(0))
        said = " Or: ".join(slip.feedback for slip in slips)
        status = Status.PARTIAL if credit else Status.WRONG
        names = tuple(slip.name for slip in slips)
        return _verdict(part, status, credit, said, basis=match.basis, reading=reading, misconceptions=names, cause=earlier.cause)
    status = Status.PARTIAL if match.share else Status.WRONG
    return _verdict(part, status, match.share, match.remark, basis=match.basis, reading=reading, cause=earlier.cause)


def fitting(part: Part, value: Any, keys: Mapping[str, Any], own: Mapping[str, Any]) -> list[Slip]:
    """The misconceptions that lead to exactly this value, from the true or else the own earlier values."""
    for earlier in (keys, {**keys, **own}):
        found = [slip for slip in part.misconceptions if _leads_to(part.answer, slip, earlier, value)]
        if found:
            return found
    return []


def _leads_to(answer: Answer, slip: Slip, earlier: Mapping[str, Any], value: Any) -> bool:
    worked = _worked(slip.worked, earlier)
    return worked is not None and answer.keyed(worked).compare(value).right


def _follows(part: Part, value: Any, own: Mapping[str, Any], earlier: _Earlier) -> bool:
    """Is this value what the right method makes of the student's own earlier values?

    Not where an earlier wrong value is all zeros, or makes the result so: that would turn the work
    of this part into nothing.
    """
    wrong = [name for name, v in own.items() if v != earlier.keys[name]]
    if part.follow is None or not wrong or any(_trivial(own[name]) for name in wrong):
        return False
    expected = _worked(part.follow, {**earlier.keys, **own})
    return expected is not None and not _trivial(expected) and part.answer.keyed(expected).compare(value).right


def _worked(rule: Any, earlier: Mapping[str, Any]) -> Any:
    """A rule applied to earlier values; None where those do not even fit it (another shape, a zero divisor)."""
    try:
        return rule(earlier)
    except (ArithmeticError, ValueError, TypeError, LookupError):
        return None


def _trivial(value: Any) -> bool:
    return all(entry == 0 for entry in entries(value))


def _blank(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip()) or (isinstance(raw, list | dict) and not raw)


def _names(own: Mapping[str, Any], keys: Mapping[str, Any]) -> str:
    return ", ".join(name for name, value in own.items() if value != keys[name])


def _verdict(part: Part, status: Status, share: Fraction | int, feedback: str, **rest: Any) -> Verdict:
    points = Fraction(part.points)
    return Verdict(part=part.name, status=status, score=points * share, points=points, feedback=feedback, **rest)
