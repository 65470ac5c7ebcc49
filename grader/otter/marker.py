"""Marks the submissions to one otter assignment, and reports as on any other."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.grade import tool
from grader.otter import page, scoring
from grader.otter.archive import Autograder, opened
from grader.otter.child import Child, Seed
from grader.otter.handed_in import HandedIn, Unfit, handed_in
from grader.otter.sitting import Sitting
from grader.outcome import Outcome, ours
from grader.report.report import Report, Run
from grader.sandbox.level import ENOUGH, Level, level
from grader.sandbox.process import Limits
from grader.sandbox.session import Broken
from grader.sources import sources
from grader.spent import Spent
from grader.submission import Submission
from problem_bank import bank
from problem_bank.verdict import Status

_FRAMEWORK = re.compile(rb"\b(?:torch|torchvision|torchaudio|tensorflow|keras|jax|flax|autograd)\b")
_OTTERS = (".OTTER_LOG", "__zip_filename__")
_MIB = 1 << 20


@dataclass(frozen=True)
class OtterMarker:
    """The marker of an archive; `seconds` is what one cell or one test may take."""

    archive: Path
    seconds: float
    allow_unsafe: bool = False
    families: tuple[Path, ...] = field(default_factory=lambda: tuple(bank.added_folders()))

    def __call__(self, student: str) -> OtterMarker:
        """The same for every student."""
        return self

    def inputs(self, submission: Submission) -> str:
        """The hash of the archive, the submission and this version."""
        content = [tool(), opened(self.archive).fingerprint, submission.fingerprint, self.seconds]
        return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def mark(self, submission: Submission, name: str) -> Report:
        """The report on every question with tests."""
        began, autograder = time.perf_counter(), opened(self.archive)
        for folder in self.families:  # tests of our own export may be about them
            bank.add_folder(folder)
        seen = self._seen(autograder, submission)
        return Report(
            student=submission.student,
            name=name,
            assignment=autograder.name,
            title=autograder.name,
            sheet=autograder.fingerprint,
            inputs=self.inputs(submission),
            tool=tool(),
            graded_at=datetime.now().astimezone(),
            seconds=round(time.perf_counter() - began, 4),
            questions=scoring.questions(autograder, seen.outcomes),
            submitted=submission.submitted,
            notes=submission.notes,
            runs=seen.runs,
        )

    def page(self, report: Report) -> str:
        """The page with the public tests."""
        return page.render(report, opened(self.archive))

    def _seen(self, autograder: Autograder, submission: Submission) -> _Seen:
        """Run the submission, or say why it cannot be run."""
        held = level()
        if submission.trouble:
            return _all(autograder, Outcome(Status.UNREADABLE, f"Nothing could be read: {submission.trouble}."))
        try:
            work = handed_in(submission.files, autograder.files, autograder.settings.assignment_name)
        except Unfit as unfit:
            status = Status.UNREADABLE if submission.files else Status.MISSING
            return _all(autograder, Outcome(status, f"Nothing could be run: {unfit}."))
        if held.number < ENOUGH and not self.allow_unsafe:
            return _all(autograder, ours(f"Not run: this machine does not confine student code ({held})."))
        try:
            return self._sat(autograder, submission, work, held)
        except Broken as broken:
            return _all(autograder, ours(f"The grader could not run the code ({broken})."))

    def _sat(self, autograder: Autograder, submission: Submission, work: HandedIn, held: Level) -> _Seen:
        began, settings = time.monotonic(), autograder.settings
        kept, left = sources(_own(submission.files))
        files = {**kept, **autograder.files}
        limits = _limits(self.seconds, files)
        child = Child(
            files=files,
            questions=autograder.keys,
            limits=limits,
            confined=held.number >= ENOUGH,
            profile=_profile(autograder, work),
            seed=Seed(settings.seed, settings.seed_variable),
            spent=Spent(began + limits.total),
        )
        sitting = Sitting(work.steps, autograder.tests, child, settings.show_hidden)
        outcomes = sitting.run()
        manual = [f"“{question}” is not graded automatically; a person marks it" for question in work.manual]
        run = Run(
            question=work.file,
            level=held.number,
            confinement=str(held),
            unsafe=held.number < ENOUGH,
            seconds=round(time.monotonic() - began, 3),
            stdout=child.stdout,
            stderr=child.stderr,
            notes=(*left, *sitting.notes, *manual),
            flags=tuple(dict.fromkeys(sitting.flags)),
            cpu_seconds=round(child.spent.cpu, 3),
            peak_mib=round(child.spent.peak / _MIB, 1),
        )
        return _Seen(outcomes, (run,))


@dataclass(frozen=True)
class _Seen:
    """The outcome of every case by question, and how the code ran."""

    outcomes: Mapping[str, list[Outcome]]
    runs: tuple[Run, ...] = field(default=())


def _all(autograder: Autograder, same: Outcome) -> _Seen:
    return _Seen({name: [same] * len(test.cases) for name, test in autograder.named.items()})


def _own(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files without what otter itself puts into an export, and without tests: those are the archive's."""
    return {name: data for name, data in files.items() if name not in _OTTERS and not name.startswith("tests/")}


def _limits(seconds: float, files: Mapping[str, bytes]) -> Limits:
    """Room for the files that lie there already; time for a notebook rather than for one check."""
    plain, size = Limits(), sum(map(len, files.values()))
    return Limits(
        wall=seconds,
        longest=seconds,
        total=20 * seconds,
        cpu=10 * seconds,
        scratch=plain.scratch + size,
        entries=plain.entries + len(files),
    )


def _profile(autograder: Autograder, work: HandedIn) -> str:
    """With PyTorch only where it is mentioned, and is there."""
    texts = [*(step.source for step in work.steps), *(case.body for test in autograder.tests for case in test.cases)]
    mentioned = any(_FRAMEWORK.search(text.encode("utf-8", "replace")) for text in texts)
    return "torch" if mentioned and importlib.util.find_spec("torch") else "numpy"
