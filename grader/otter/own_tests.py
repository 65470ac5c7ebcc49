"""Hidden tests of our own export: the child tells its answers, and they are marked out here like any others."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import problem_bank
from assignments.exports.otter_hidden import HiddenCase
from grader.otter.doctests import Run
from problem_bank.variant import Variant

LARGEST = 1_000_000  # characters of all answers to a question
_TELL = """\
print(__import__("json").dumps(globals().get({question!r}), default=lambda of: getattr(of, "tolist", of.__str__)()))
"""


def passes(case: HiddenCase, run: Run) -> bool:
    """Does the student's dictionary of answers earn what the test asks for? Raises what `run` raises."""
    told, raised = run(_TELL.format(question=case.question), True)
    answers = {} if raised else _answers(told)
    verdict = _variant(case.family, case.level, json.dumps(case.given)).mark(answers)[case.part]
    return case.passes(verdict.score, verdict.points)


def _answers(told: str) -> dict[str, Any]:
    """The answers by part; none where this is no dictionary, since a student's own objects print what they like."""
    try:
        found = json.loads(told) if len(told) <= LARGEST else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=64)
def _variant(family: str, level: str, given: str) -> Variant:
    return problem_bank.load(family).draw("", level=level, given=json.loads(given))
