"""Grading a whole folder by an autograder.zip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from assignments.roster import Student
from assignments.spec import Assignment, Question, Spec
from grader.batch import Summary, grade_each
from grader.otter.archive import Autograder, opened
from grader.otter.marker import OtterMarker
from grader.otter.scoring import THRESHOLD, natural

SINGLE = (".ipynb", ".py")  # files that are a submission by themselves


def grade_otter(
    archive: Path,
    submissions: Path,
    out: Path,
    *,
    seconds: float = 30.0,
    students: Sequence[Student] | None = None,
    jobs: int = 1,
    update: bool = False,
    allow_unsafe: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """`grader.batch.grade_all` for an assignment of otter-grader: the same results, gradebook and pages.

    `seconds` is what one cell or one test may take. Raises SetupError for an archive that holds no tests.
    """
    archive = archive.resolve()
    autograder = opened(archive)
    summary = grade_each(
        _assignment(autograder, archive),
        submissions,
        out,
        marker_for=OtterMarker(archive, seconds, allow_unsafe),
        single=SINGLE,
        students=students,
        jobs=jobs,
        update=update,
        progress=progress,
    )
    summary.notes[:0] = autograder.notes
    return summary


def _assignment(autograder: Autograder, archive: Path) -> Assignment:
    """What the gradebook and the class report need: a title and the questions' names."""
    names = sorted(autograder.named, key=natural)
    if autograder.settings.score_threshold is not None:
        names.append(THRESHOLD)
    questions = [Question.model_construct(id=name) for name in names]  # their names need not be Python's
    return Assignment(autograder.name, archive, Spec.model_construct(title=autograder.name, questions=questions))
