"""Marking code: run the hidden checks of each part against the submission, and say what was seen.

Whatever the submission does, every part gets a verdict: wrong with a reason in plain words,
missing where nothing was written, and ungraded only where this side failed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.job import Job
from grader.outcome import Outcome, ours
from grader.sandbox.level import ENOUGH, level
from grader.sandbox.process import Limits
from grader.sources import sources
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
    what was printed. `notes` say what was left out; `flags` ask a person to look.
    """

    level: int
    confinement: str
    unsafe: bool
    seconds: float
    stdout: str
    stderr: str
    notes: tuple[str, ...]
    flags: tuple[str, ...]


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
    kept, notes = sources(files)
    unsafe = held.number < ENOUGH
    verdicts: dict[str, Verdict] = {}
    jobs = []
    for file, group in _by_file(parts).items():
        job = Job(file, kept, str(seed), limits, confined=not unsafe)
        jobs.append(job)
        if unsafe and not allow_unsafe:
            job.trouble = ours(f"Not run: this machine does not confine student code ({held}).")
        elif file not in kept:
            job.trouble = Outcome(Status.MISSING, f"The file {file} was not handed in.")
        outcomes = job.run([check for _, answer in group for check in answer.key], group[0][1].without)
        verdicts |= {part.name: _verdict(part, answer.key, outcomes) for part, answer in group}
    run = CodeRun(
        level=held.number,
        confinement=str(held),
        unsafe=unsafe and allow_unsafe,
        seconds=time.monotonic() - started,
        stdout="".join(job.stdout for job in jobs)[-limits.output :],
        stderr="".join(job.stderr for job in jobs)[-limits.output :],
        notes=tuple(notes),
        flags=tuple(dict.fromkeys(flag for job in jobs for flag in job.flags)),
    )
    return verdicts, run


def _by_file(parts: Iterable[Part]) -> dict[str, list[tuple[Part, Code]]]:
    groups: dict[str, list[tuple[Part, Code]]] = {}
    for part in parts:
        if isinstance(part.answer, Code):
            groups.setdefault(part.answer.file, []).append((part, part.answer))
    return groups


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
