"""Marking code: run the hidden checks of each part against the submission, and say what was seen.

Whatever the submission does, every part gets a verdict: wrong with a reason in plain words,
missing where nothing was written, and ungraded only where this side failed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.outcome import Outcome
from grader.sandbox.level import ENOUGH, level
from grader.sandbox.process import Limits
from grader.sources import sources
from grader.spent import Spent
from grader.trial import Trial
from problem_bank.answers.code import Code
from problem_bank.checks import Check
from problem_bank.exercise import Part
from problem_bank.verdict import Status, Verdict

DEFAULTS = Limits()


@dataclass(frozen=True)
class CodeRun:
    """How the code of one submission was run.

    `level` is the confinement that was found by trying (see grader/sandbox/level.py); `unsafe` is
    true where a lower level than grading needs was allowed. `stdout` and `stderr` are the end of
    what was printed. `notes` say what was left out; `flags` ask a person to look. `cpu_seconds` are
    those of all its processes, `peak_mib` is the memory of the largest, libraries included.
    """

    level: int
    confinement: str
    unsafe: bool
    seconds: float
    stdout: str
    stderr: str
    notes: tuple[str, ...]
    flags: tuple[str, ...]
    cpu_seconds: float = 0.0
    peak_mib: float = 0.0


def mark_code(
    parts: Iterable[Part],
    files: Mapping[str, bytes],
    *,
    seed: object,
    limits: Limits = DEFAULTS,
    allow_unsafe: bool = False,
) -> tuple[dict[str, Verdict], CodeRun]:
    """The verdict of every part whose answer is Code, by name, and how the code was run.

    `files` are those of the submission by relative path; nothing in them is trusted. `seed` names
    the hidden inputs: anything with a fixed text. Raises nothing, whatever the files hold.
    """
    started, held = time.monotonic(), level()
    parts = tuple(parts)
    kept, notes = sources(files, (part.answer.file for part in parts if isinstance(part.answer, Code)))
    unsafe = held.number < ENOUGH
    closed = f"Not run: this machine does not confine student code ({held})." if unsafe and not allow_unsafe else ""
    verdicts: dict[str, Verdict] = {}
    trials, spent = [], Spent(time.monotonic() + limits.total)
    for group in _together(parts):
        trial = Trial(group[0][1], kept, str(seed), limits, confined=not unsafe, spent=spent)
        outcomes = trial.run([check for _, answer in group for check in answer.key], closed)
        verdicts |= {part.name: _verdict(part, answer.key, outcomes) for part, answer in group}
        trials.append(trial)
    run = CodeRun(
        level=held.number,
        confinement=str(held),
        unsafe=unsafe and allow_unsafe,
        seconds=time.monotonic() - started,
        stdout="".join(trial.stdout for trial in trials)[-limits.output :],
        stderr="".join(trial.stderr for trial in trials)[-limits.output :],
        notes=(*notes, *(note for trial in trials for note in trial.notes)),
        flags=tuple(dict.fromkeys(flag for trial in trials for flag in trial.flags)),
        cpu_seconds=spent.cpu,
        peak_mib=spent.peak / (1 << 20),
    )
    return verdicts, run


def _together(parts: Iterable[Part]) -> Iterable[list[tuple[Part, Code]]]:
    """The code parts, those that run in the same surroundings together."""
    groups: dict[object, list[tuple[Part, Code]]] = {}
    for part in parts:
        answer = part.answer
        if isinstance(answer, Code):
            surroundings = (answer.file, answer.profile, answer.without, answer.provided, answer.standins)
            groups.setdefault(surroundings, []).append((part, answer))
    return groups.values()


def _verdict(part: Part, checks: Sequence[Check], outcomes: Mapping[str, Outcome]) -> Verdict:
    """The verdict of a part from the outcomes of its checks, by their points."""
    own = [outcomes[check.name] for check in checks]
    failed = [(check, found) for check, found in zip(checks, own, strict=True) if found.status is not Status.RIGHT]
    total = sum(check.points for check in checks)
    earned = total - sum(check.points for check, _ in failed)
    statuses = {found.status for _, found in failed}
    if Status.UNGRADED in statuses or not checks:
        status, earned = Status.UNGRADED, 0
    elif not failed:
        status = Status.RIGHT
    elif earned:
        status = Status.PARTIAL
    else:
        status = Status.MISSING if statuses == {Status.MISSING} else Status.WRONG
    points = Fraction(part.points)
    return Verdict(
        part=part.name,
        status=status,
        score=points * Fraction(earned, total) if total else Fraction(0),
        points=points,
        feedback="\n".join(
            found.feedback if len(checks) == 1 else f"{c.sentence} {found.feedback}" for c, found in failed
        ),
        misconceptions=tuple(name for _, found in failed for name in found.misconceptions),
        basis="run",
        cause=next((found.cause for _, found in failed if found.cause), ""),
    )
