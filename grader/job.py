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
from grader.spent import Spent
from problem_bank.checks import Check
from problem_bank.verdict import Status

_TRIES = 2  # of starting a child: failing to start is our own fault
_DEATHS = 3  # children that one file may bring down before the rest is not run any more


@dataclass
class Job:
    """The checks of one file. A child serves them one after the other; one that dies is replaced.

    `trouble` is what keeps every check from being run, once that is known; `empty` says that nothing was written.
    """

    file: str
    files: Mapping[str, bytes]
    seed: str
    limits: Limits
    confined: bool
    profile: str = "numpy"
    empty: bool = False
    trouble: Outcome | None = None
    stdout: str = ""
    stderr: str = ""
    flags: list[str] = field(default_factory=list)
    spent: Spent = field(default_factory=Spent)
    _session: Session | None = None
    _student: remote.Remote | None = None
    _deaths: int = 0

    def run(
        self, checks: Sequence[Check], without: Sequence[str], known: Mapping[str, Outcome] | None = None
    ) -> dict[str, Outcome]:
        """The outcome of every check, by name; those that are known are not run again."""
        outcomes: dict[str, Outcome] = dict(known or {})
        try:
            for check in checks:
                if check.name in outcomes:
                    continue
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

    def _one(self, check: Check, without: Sequence[str], again: bool = False) -> Outcome:
        if self.spent.over:
            said = f"Not run: all checks together may take {self.limits.total:.0f} seconds, and those before took them."
            return Outcome(Status.WRONG, said)
        if self._session is None:
            self.trouble = self._begin(without)
            if self.trouble:
                return self.trouble
        found = outcome(lambda: self._try(check))
        if found.dead and found.status is Status.UNGRADED and not again:  # ours: once more, with a new child
            self._end()
            return self._one(check, without, again=True)
        if found.dead:
            self._end()
            self._deaths += 1
            if self._deaths == _DEATHS:
                self.trouble = Outcome(Status.WRONG, f"Not run: your code had to be stopped {_DEATHS} times before.")
        return found

    def _try(self, check: Check) -> None:
        assert self._session
        self._session.begin(check.seconds, self.spent.until)
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
            found = outcome(lambda: self._load(without))
            if found.status is not Status.RIGHT:
                found = replace(found, feedback=f"{self.file} could not be imported. {found.feedback}")
        return self.trouble or (None if found.status is Status.RIGHT else found)

    def _start(self) -> Session:
        for last in (*[False] * (_TRIES - 1), True):
            try:
                return Session(
                    self.files,
                    limits=self.limits,
                    seed=_number(self.seed),
                    confined=self.confined,
                    profile=self.profile,
                )
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
            self.empty = True
            self.trouble = Outcome(Status.MISSING, f"Nothing was submitted: no function in {self.file} has a body.")
        self.flags += [f"{self.file} imports {name}, which this exercise is to be solved without"
                       for name in seen["imports"] if name in without]  # fmt: skip

    def _load(self, without: Sequence[str]) -> None:
        assert self._session
        self._session.begin()
        self._student = remote.load(self._session, self.file, without)

    def _end(self) -> None:
        if self._session:
            self._session.close()
            self.spent.add(self._session.usage)
            self.stdout += self._session.output["stdout"]
            self.stderr += self._session.output["stderr"]
            self._session = None


def _number(*key: str) -> int:
    """A 63-bit number that this key stands for."""
    return int.from_bytes(hashlib.sha256("\0".join(key).encode()).digest()[:8], "little") >> 1
