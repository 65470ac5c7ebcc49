"""Marking like a good examiner: the key, then follow-through, then a named misconception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from problem_bank.answers.answer import UNDECIDED, Answer, Match
from problem_bank.answers.text import Text
from problem_bank.errors import BankError, Unreadable
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.values import entries
from problem_bank.verdict import Status, Verdict

RUN = "run"
"""The basis of a verdict that is made by running what was typed, or waits for that."""


@dataclass
class _Earlier:
    """What is known after the parts so far.

    The keys, the student's own values, which of them are wrong, which of these no method explains,
    and the first bad part.
    """

    keys: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)  # options, whose value is a place in a list and no number
    cause: str = ""

    @property
    def trivial(self) -> bool:
        """Did a wrong value make later steps easier than the right one?"""
        numbers = (name for name in self.wrong if name not in self.chosen)
        return any(_trivial(self.own[name], self.keys[name]) for name in numbers)

    def add(self, part: Part, value: Any, verdict: Verdict) -> None:
        """Take note of a marked part; `value` is None where nothing could be read."""
        status = verdict.status
        self.keys[part.name] = part.answer.key
        if part.answer.kind == "choice":
            self.chosen.append(part.name)
        if value is not None:
            self.own[part.name] = value
        if value is not None and status is not Status.RIGHT:
            self.wrong.append(part.name)
            if status is Status.WRONG and not verdict.misconceptions:
                self.unexplained.append(part.name)
        if not self.cause and status not in (Status.RIGHT, Status.CONSISTENT, Status.UNGRADED):
            self.cause = part.name


def mark(exercise: Exercise, answers: Mapping[str, Any]) -> dict[str, Verdict]:
    """The verdict of every part, by name. Raises nothing, whatever the answers hold."""
    earlier, verdicts = _Earlier(), {}
    for part in exercise.parts:
        value, verdict = _mark_part(part, raw_answer(part.name, part.answer, answers), earlier)
        verdicts[part.name] = verdict
        earlier.add(part, value, verdict)
    return verdicts


def mark_one(exercise: Exercise, name: str, raw: Any) -> Verdict:
    """The verdict of one part whose earlier ones are all answered with the key. Raises nothing but KeyError."""
    earlier = _Earlier()
    for part in exercise.parts:
        if part.name == name:
            return _mark_part(part, raw, earlier)[1]
        earlier.keys[part.name] = earlier.own[part.name] = part.answer.key
    raise KeyError(name)


def raw_answer(name: str, answer: Answer, answers: Mapping[str, Any]) -> Any:
    """What was handed in for a part; one made of named fields may be answered field by field."""
    if name in answers or not answer.fields:
        return answers.get(name)
    return {field: answers[field] for field in answer.fields if field in answers} or None


def blank(raw: Any) -> bool:
    """Was nothing handed in?"""
    if isinstance(raw, dict):
        return all(map(blank, raw.values()))
    return raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []


def _mark_part(part: Part, raw: Any, earlier: _Earlier) -> tuple[Any, Verdict]:
    """The value that was read (or None), and the verdict."""
    if part.answer.kind == "code":
        return None, _verdict(part, Status.UNGRADED, 0, "This part is marked by running the code.")
    if blank(raw):
        return None, _verdict(part, Status.MISSING, 0, "No answer was given.")
    try:
        value = part.answer.parse(raw)
    except Unreadable as error:
        return None, _verdict(part, Status.UNREADABLE, 0, f"This could not be read: {error}.")
    return value, _judge(part, value, earlier)


def _judge(part: Part, value: Any, earlier: _Earlier) -> Verdict:
    if isinstance(part.answer, Text):
        return _waiting(part, part.answer, value)
    if part.answer.runs:
        return _to_run(part, value)
    match, known = part.answer.compare(value), {"reading": part.answer.show(value)}
    if match.right:
        return _verdict(part, Status.RIGHT, 1, match.remark, basis=match.basis, **known)
    if match.basis == UNDECIDED:
        said = f"{match.remark} A person will look at this answer.".strip()
        return _verdict(part, Status.UNGRADED, 0, said, basis=match.basis, **known)
    if _follows(part, value, earlier):
        return _follow_through(part, earlier, known)
    known["cause"] = earlier.cause
    slips = fitting(part, value, earlier.keys, {} if earlier.trivial else earlier.own)
    if slips:
        return _named(part, slips, match, known)
    status = Status.PARTIAL if match.share else Status.WRONG
    return _verdict(part, status, match.share, match.remark, basis=match.basis, **known)


def _to_run(part: Part, value: str) -> Verdict:
    """The key's own text and those of known mistakes are judged as they stand; any other one has to be run."""
    known = {"reading": part.answer.show(value)}
    if part.answer.compare(value).right:
        return _verdict(part, Status.RIGHT, 1, "", basis="text", **known)
    if slips := fitting(part, value, {}, {}):
        return _named(part, slips, Match(0, basis="text"), known)
    return _verdict(part, Status.UNGRADED, 0, "This part is marked by running the program with it.", basis=RUN, **known)


def _waiting(part: Part, answer: Text, value: str) -> Verdict:
    """A text waits for a person, with a suggestion; claims that are misconceptions are named."""
    slips = fitting(part, value, {}, {})
    suggestion = replace(answer.suggest(value), said=" ".join(slip.feedback for slip in slips))
    return _verdict(
        part, Status.UNGRADED, 0, "A person will read this answer.", basis="rubric", reading=answer.show(value),
        misconceptions=tuple(slip.name for slip in slips), suggestion=suggestion,
    )  # fmt: skip


def _follow_through(part: Part, earlier: _Earlier, known: Mapping[str, Any]) -> Verdict:
    """Full marks where the earlier values were right and only rounded; else all but the accuracy mark."""
    if not earlier.wrong:
        said = "Right, from your own rounded values."
        return _verdict(part, Status.RIGHT, 1, said, basis="follow-through", **known)
    said = f"Wrong value, right method: it follows from your answer to {', '.join(earlier.wrong)}."
    return _verdict(part, Status.CONSISTENT, 1 - part.accuracy, said, basis="follow-through", **known)


def _named(part: Part, slips: list[Slip], match: Match, known: Mapping[str, Any]) -> Verdict:
    """The misconception that fits, or all that coincide, and then the least credit among them."""
    together = part.answer.slips_add_up
    credit = Fraction(match.share if together else min(slip.credit for slip in slips))
    said = (" Also: " if together else " Or: ").join(slip.feedback for slip in slips)
    status, names = Status.PARTIAL if credit else Status.WRONG, tuple(slip.name for slip in slips)
    return _verdict(part, status, credit, said, remark=match.remark, basis=match.basis, misconceptions=names, **known)


def fitting(part: Part, value: Any, keys: Mapping[str, Any], own: Mapping[str, Any]) -> list[Slip]:
    """The misconceptions that lead to exactly this value, from the true or else the own earlier values."""
    for earlier in (keys, {**keys, **own}):
        found = [slip for slip in part.misconceptions if _leads_to(part.answer, slip, earlier, value)]
        if found:
            return found
    return []


def _leads_to(answer: Answer, slip: Slip, earlier: Mapping[str, Any], value: Any) -> bool:
    worked = _worked(slip.worked, earlier)
    return worked is not None and _is(answer, worked, value)


def _is(answer: Answer, worked: Any, value: Any) -> bool:
    """Is the value what a rule led to? Not where that is no key at all, such as rows of different length."""
    try:
        return answer.keyed(worked).accepts(value)
    except (BankError, ArithmeticError, ValueError, TypeError, LookupError):
        return False


def _follows(part: Part, value: Any, earlier: _Earlier) -> bool:
    """Is this value what the right method makes of the student's own earlier values?

    Not where a wrong earlier value made the work of this part trivial: one of another shape, one
    that is all zeros or makes the result so, one that is repeated here though the keys differ, or one
    that came from nowhere and is all that was typed so far.
    """
    if part.follow is None or not earlier.own or earlier.trivial:
        return False
    expected = _worked(part.follow, {**earlier.keys, **earlier.own})
    repeated = any(value == earlier.own[n] and part.answer.key != earlier.keys[n] for n in earlier.wrong)
    typed_everywhere = earlier.unexplained and all(value == own for own in earlier.own.values())
    if expected is None or repeated or typed_everywhere or (part.answer.kind != "choice" and _zero(expected)):
        return False
    return _is(part.answer, expected, value)


def _worked(rule: Any, earlier: Mapping[str, Any]) -> Any:
    """A rule applied to earlier values; None where those do not even fit it (another shape, a zero divisor)."""
    try:
        return rule(earlier)
    except (BankError, ArithmeticError, ValueError, TypeError, LookupError):
        return None


def _trivial(own: Any, key: Any) -> bool:
    """Does this wrong value make later steps easier than the right one?"""
    return _zero(own) or (isinstance(key, tuple) and (not isinstance(own, tuple) or len(own) != len(key)))


def _zero(value: Any) -> bool:
    return all(entry == 0 for entry in entries(value))


def _verdict(part: Part, status: Status, share: Fraction | int, feedback: str, **rest: Any) -> Verdict:
    points = Fraction(part.points)
    return Verdict(part=part.name, status=status, score=points * share, points=points, feedback=feedback, **rest)
