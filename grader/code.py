"""Marking code: run the hidden checks of each part against the submission, and say what was seen.

Whatever the submission does, every part gets a verdict: wrong with a reason in plain words,
missing where nothing was written, and ungraded only where this side failed.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from grader import remote
from grader.outcome import Outcome, ours, outcome
from grader.sandbox.level import ENOUGH, level
from grader.sandbox.process import Limits
from grader.sandbox.session import Broken, Session
from grader.sources import sources
from problem_bank.answers.code import Code
from problem_bank.checks import Check
from problem_bank.exercise import Part
from problem_bank.verdict import Status, Verdict

DEFAULTS = Limits()
_TRIES = 2  # of starting a child: failing to start is our own fault
_DEATHS = 3  # children that one file may bring down before the rest is not run any more


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
        job = _Job(file, kept, str(seed), limits, confined=not unsafe)
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


@dataclass
class _Job:
    """The checks of one file. A child serves them one after the other; one that dies is replaced.

    `trouble` is what keeps every check from being run, once that is known.
    """

    file: str
    files: Mapping[str, bytes]
    seed: str
    limits: Limits
    confined: bool
    trouble: Outcome | None = None
    stdout: str = ""
    stderr: str = ""
    flags: list[str] = field(default_factory=list)
    _session: Session | None = None
    _student: remote.Remote | None = None
    _imports: list[str] = field(default_factory=list)
    _deaths: int = 0

    def run(self, checks: Sequence[Check], without: Sequence[str]) -> dict[str, Outcome]:
        """The outcome of every check, by name."""
        outcomes: dict[str, Outcome] = {}
        try:
            for check in checks:
                outcomes[check.name] = found = self._skipped(check, outcomes) or self._one(check, without)
                if found.flag:
                    self.flags.append(f"{self.file} {found.flag}")
        finally:
            self._end()
        return outcomes

    def _skipped(self, check: Check, outcomes: Mapping[str, Outcome]) -> Outcome | None:
        """A check is not run where one that it requires did not pass."""
        if self.trouble:
            return self.trouble
        failed = next((name for name in check.requires if outcomes[name].status is not Status.RIGHT), None)
        if failed is None:
            return None
        return Outcome(outcomes[failed].status, f"Not run: it needs “{failed}”, which did not pass.", cause=failed)

    def _one(self, check: Check, without: Sequence[str]) -> Outcome:
        if self._session is None:
            self.trouble = self._begin(without)
            if self.trouble:
                return self.trouble
        found = outcome(lambda: self._try(check))
        if found.dead:
            self._end()
            self._deaths += 1
            if self._deaths == _DEATHS:
                self.trouble = Outcome(Status.WRONG, f"Not run: your code had to be stopped {_DEATHS} times before.")
        return found

    def _try(self, check: Check) -> None:
        assert self._session
        self._session.begin()
        check(self._student, np.random.default_rng(_number(self.seed, check.name)))
        self._session.plain("ping")  # nothing but replies may be left on the pipe

    def _begin(self, without: Sequence[str]) -> Outcome | None:
        """Start a child, look at the file and import it; what went wrong, if anything did."""
        try:
            self._session = self._start()
        except Broken as broken:
            return ours(f"The grader could not run your code ({broken}).")
        found = outcome(lambda: self._look(without))
        if found.status is Status.RIGHT and self.trouble is None:
            found = outcome(self._load)
            if found.status is not Status.RIGHT:
                found = self._not_imported(found, without)
        return self.trouble or (None if found.status is Status.RIGHT else found)

    def _not_imported(self, found: Outcome, without: Sequence[str]) -> Outcome:
        """A library that the exercise forbids may be missing here with good reason."""
        banned = [name for name in self._imports if name in without]
        if found.status is Status.UNGRADED and banned:
            return Outcome(Status.WRONG, f"{self.file} imports {', '.join(banned)}; solve this exercise without it.")
        return replace(found, feedback=f"{self.file} could not be imported. {found.feedback}")

    def _start(self) -> Session:
        for last in (*[False] * (_TRIES - 1), True):
            try:
                return Session(self.files, limits=self.limits, seed=_number(self.seed), confined=self.confined)
            except Broken:
                if last:
                    raise
        raise AssertionError("unreachable")

    def _look(self, without: Sequence[str]) -> None:
        """Read the file without running it."""
        assert self._session
        self._session.begin()
        seen = self._session.plain("scan", file=self.file)
        if seen["empty"]:
            self.trouble = Outcome(Status.MISSING, f"Nothing was submitted: no function in {self.file} has a body.")
        self._imports = [str(name) for name in seen["imports"]]
        self.flags += [f"{self.file} imports {name}, which this exercise is to be solved without"
                       for name in self._imports if name in without]  # fmt: skip

    def _load(self) -> None:
        assert self._session
        self._session.begin()
        self._student = remote.load(self._session, self.file)

    def _end(self) -> None:
        if self._session:
            self._session.close()
            self.stdout += self._session.output["stdout"]
            self.stderr += self._session.output["stderr"]
            self._session = None


def _number(*key: str) -> int:
    """A 63-bit number that this key stands for."""
    return int.from_bytes(hashlib.sha256("\0".join(key).encode()).digest()[:8], "little") >> 1


def _verdict(part: Part, checks: Sequence[Check], outcomes: Mapping[str, Outcome]) -> Verdict:
    """The verdict of a part from the outcomes of its checks, by their points."""
    own = [outcomes[check.name] for check in checks]
    failed = [(check, found) for check, found in zip(checks, own, strict=True) if found.status is not Status.RIGHT]
    total = sum(check.points for check in checks)
    earned = total - sum(check.points for check, _ in failed)
    statuses = {found.status for _, found in failed}
    if Status.UNGRADED in statuses:
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
