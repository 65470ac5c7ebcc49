"""One submission: its cells in order, and each question's tests at the place where the notebook asks for them."""

from __future__ import annotations

import builtins
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from assignments.exports.otter_hidden import hidden_case
from grader.otter import canary, doctests, own_tests
from grader.otter.child import Child, Ran
from grader.otter.handed_in import Step
from grader.otter.testfile import Case, QuestionTests
from grader.outcome import Outcome, ours, outcome
from grader.sandbox.frames import Garbled
from grader.sandbox.process import Died
from problem_bank.checks import CheckFailed, StudentError
from problem_bank.verdict import Status

_MODULE = re.compile(r"No module named '\w+'?")
_REMOVED = "what it uses was removed in the NumPy of this machine"
_STOPPED = Outcome(Status.WRONG, "Not run: your code had to be stopped before.")


@dataclass
class Sitting:
    """A submission while it is run. With `show_hidden`, hidden tests are shown like all others."""

    steps: Sequence[Step]
    tests: Sequence[QuestionTests]
    child: Child
    show_hidden: bool = False
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    _lacks: Outcome | None = None  # what this machine lacks, once a cell asked for it

    def run(self) -> dict[str, list[Outcome]]:
        """The outcome of every case, by the name of the results. Raises Broken where the sandbox fails."""
        try:
            for step in self.steps:
                self._step(step)
            for test in sorted(self.tests, key=lambda test: f"{test.key}.py"):
                if test.name not in self.outcomes:
                    self._test(test)
            self._doubt()
        finally:
            self.child.close()
        self.flags += self.child.flags
        return self.outcomes

    def _step(self, step: Step) -> None:
        """Run a cell with all the tests that it and its metadata ask for."""
        asked = {test.key: test for test in self.tests}
        try:
            ran = None if self.child.lost else self.child.run(step)
            for _ in range(step.source.count("\n") + step.source.count(";") + 2):  # it cannot pause more often
                if ran is None:
                    break
                self._remark(step, ran)
                for key in ran.asked:
                    if key in asked:
                        self._test(asked[key])
                ran = self.child.resume() if ran.more and not self.child.lost else None
        except (Died, Garbled) as error:
            self.notes.append(f"{step.name} {error}")
        for key in step.checks:
            if key in asked:
                self._test(asked[key])

    def _test(self, test: QuestionTests) -> None:
        """Run the cases of a question; once one has stopped the child, the others are not run."""
        found: list[Outcome] = []
        for case in test.cases:
            dead = next((one for one in found if one.dead), _STOPPED if self.child.lost else None)
            if dead is None:
                one = outcome(partial(self._case, case))
            else:
                one = dead if dead.status is Status.UNGRADED else _STOPPED
            found.append(self._lacks if self._lacks and one.status is Status.WRONG else one)
        self.outcomes[test.name] = found

    def _case(self, case: Case) -> None:
        """Run one case. Raises CheckFailed with what the student may know, StudentError, Died, Garbled."""
        secret = case.hidden and not self.show_hidden
        own = None if case.function else hidden_case(case.body)
        if own:  # nothing of it gets in there
            if not own_tests.passes(own, self.child.example):
                raise CheckFailed("")
            return
        if secret:
            self.child.keep_secret()
        try:
            if case.function:
                self.child.case(case.body, case.function)
                return
            wrong = doctests.judge(case.body, self.child.example)
        except StudentError as error:
            _environment(error)
            raise CheckFailed("" if secret else f"It raised {self._said(error)}.") from None
        if wrong:
            if wrong.raised:
                type_, _, message = wrong.raised.partition(": ")
                _environment(StudentError(type_.strip(), message.strip()))
            raise CheckFailed("" if secret else wrong.told(whole=not self.child.secret))

    def _remark(self, step: Step, ran: Ran) -> None:
        """Note the lines that were left out, and the error that ended the cell."""
        for line in ran.left:
            if line.rstrip("…") in step.source:
                self.notes.append(f"{step.name}: “{line}” is for notebooks only and was left out")
        if ran.error:
            found = outcome(lambda: _raise(ran.error))
            if found.status is Status.UNGRADED:
                self._lacks = self._lacks or ours(f"This machine lacks what {step.name} needs.")
            known = 0 < ran.error.line <= step.source.count("\n") + 1
            line = f", line {ran.error.line}" if known else ""
            self.notes.append(f"{step.name}{line} raised {self._said(ran.error)}; the rest of the cell was not run")

    def _said(self, error: StudentError) -> str:
        """An error in words: of a child that knows hidden tests, only what cannot hold any of their text."""
        if self.child.secret:
            return error.type if error.type in vars(builtins) else "an error"
        return f"{error.type}: {error.message}" if error.message else error.type

    def _doubt(self) -> None:
        """If plain comparisons mean nothing any more in that process, none of its results does."""
        if self.child.lost:
            return
        try:
            forged = canary.forged(self.child.example)
        except Died as died:  # perhaps its time was up; a person can tell
            self.flags.append(f"{died}, so it could not be seen whether tests mean anything there")
            return
        except (Garbled, StudentError):
            forged = "a plain comparison fails"
        if forged:
            self.flags.append(f"changes how tests are evaluated: {forged}")
            said = f"Your code changes how tests are evaluated ({forged}), so none of their results can be believed."
            self.outcomes = {name: [Outcome(Status.WRONG, said)] * len(cases) for name, cases in self.outcomes.items()}


def _environment(error: StudentError) -> None:
    """Raise the error, without whatever else it says, where the machine and not the submission lacks something."""
    if outcome(lambda: _raise(error)).status is Status.UNGRADED:
        missing = _MODULE.match(error.message)
        raise StudentError(error.type, missing[0] if missing else _REMOVED)


def _raise(error: StudentError | None) -> None:
    if error:
        raise error
