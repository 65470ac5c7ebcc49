"""The checks of one file, run one after the other in a confined child."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from grader import remote
from grader.outcome import Outcome, ours, outcome
from grader.sandbox.process import Limits
from grader.sandbox.session import Broken, Session
from problem_bank.checks import Check
from problem_bank.verdict import Status

_TRIES = 2  # of starting a child: failing to start is our own fault
_DEATHS = 3  # children that one file may bring down before the rest is not run any more


@dataclass
class Job:
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
        self._session.begin(check.seconds)
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
