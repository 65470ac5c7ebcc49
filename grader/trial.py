"""The checks of one file: first as it was handed in, then, where it fails, on top of right modules.

A broken layer makes the network that is built of it fail as well. So the checks that fail are tried
again with our modules in place of the student's, one more at a time. Student code can read those,
so nothing that it says in such a run is shown to anybody, not even the shape of an array: a check that
passes is right, and one that names a misconception is believed, in our words; all else stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.course_files import beside, located
from grader.job import Job
from grader.outcome import Outcome, ours
from grader.sandbox.process import Limits
from grader.spent import Spent
from problem_bank.answers.code import Code
from problem_bank.checks import Check
from problem_bank.verdict import Status


@dataclass
class Trial:
    """One file of a submission under its checks; what was printed, noted and flagged on the way."""

    code: Code
    files: Mapping[str, bytes]
    seed: str
    limits: Limits
    confined: bool
    stdout: str = ""
    stderr: str = ""
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    spent: Spent = field(default_factory=Spent)

    def run(self, checks: Sequence[Check], closed: str = "") -> dict[str, Outcome]:
        """The outcome of every check, by name; `closed` says why nothing may be run."""
        file = located(self.code.file, self.files)
        if closed:
            return {check.name: ours(closed) for check in checks}
        if file is None:
            missing = Outcome(Status.MISSING, f"The file {self.code.file} was not handed in.")
            return {check.name: missing for check in checks}
        job = self._job(file, self.code.provided)
        outcomes = job.run(checks, self.code.without)
        self.stdout, self.stderr, self.flags = job.stdout, job.stderr, job.flags
        if not job.empty:
            for count in range(1, len(self.code.standins) + 1):
                self._on_ours(file, self.code.standins[:count], checks, outcomes)
        return outcomes

    def _on_ours(
        self, file: str, standins: Sequence[str], checks: Sequence[Check], outcomes: dict[str, Outcome]
    ) -> None:
        """Try the failing checks again on our modules; `outcomes` keeps the better of both."""
        known = {name: found for name, found in outcomes.items() if found.status is Status.RIGHT}
        if len(known) == len(outcomes):
            return
        job = self._job(file, (*self.code.provided, *standins))
        again = job.run(checks, self.code.without, known)
        names = " and ".join(name.rpartition("/")[2] for name in standins)
        adopted = {
            name: _in_our_words(found, names) for name, found in again.items() if name not in known and _believed(found)
        }
        outcomes |= adopted
        if any(found.status is Status.RIGHT for found in adopted.values()):
            self.notes.append(f"{self.code.file} was judged with our {names} in place of the ones handed in")

    def _job(self, file: str, ours: Sequence[str]) -> Job:
        files = beside(file, self.files, ours)
        return Job(file, files, self.seed, self.limits, self.confined, profile=self.code.profile, spent=self.spent)


def _in_our_words(found: Outcome, names: str) -> Outcome:
    """The outcome without anything that the submission made: in that run it could read our modules."""
    if found.status is Status.RIGHT or found.ours:
        return found
    mistakes = " and ".join(name.replace("_", " ") for name in found.misconceptions)
    return replace(found, feedback=f"With our {names} in place of yours it still shows this mistake: {mistakes}.")


def _believed(found: Outcome) -> bool:
    return found.status is Status.RIGHT or (found.status is Status.WRONG and bool(found.misconceptions))
