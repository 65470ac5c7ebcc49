"""Who gets which alternative of a pool: every one equally often, decided by the secret.

Students who have a sheet already keep their alternative. All others come in an order that only the
secret knows, and take turns among the alternatives that are used least so far.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from assignments.question import Question
from assignments.sheet import stored_in
from assignments.spec import Assignment
from problem_bank.rng import Rng

Chosen = dict[str, int]
"""The place in its pool for every question that has one."""


def allocate(
    assignment: Assignment, students: Iterable[str], secret: str, *, attempt: int = 1, records: Path | None = None
) -> dict[str, Chosen]:
    """The alternatives of every student. `records` holds the sheets that were handed out before."""
    pooled = [question for question in assignment.spec.questions if question.pool]
    if not pooled:
        return {}
    everyone = sorted(set(students))
    before = _recorded(records)
    chosen: dict[str, Chosen] = {student: {} for student in everyone}
    for question in pooled:
        for student, place in _shared_out(question, everyone, before, (secret, assignment.name, str(attempt))).items():
            chosen[student][question.id] = place
    return chosen


def by_rank(question: Question, rank: int, key: tuple[str, ...]) -> int:
    """The alternative of the version with this rank: among as many versions as there are alternatives, each once."""
    several = len(question.alternatives)
    order = Rng(*key, question.id, "pool").shuffle(f"round {rank // several}", several)
    return order[rank % several]


def _shared_out(
    question: Question, students: list[str], before: Mapping[str, Chosen], key: tuple[str, ...]
) -> dict[str, int]:
    several = len(question.alternatives)
    rng = Rng(*key, question.id, "pool")
    kept = {student: places[question.id] for student, places in before.items()
            if question.id in places and places[question.id] < several}  # fmt: skip
    uses, turn = Counter(kept.values()), rng.shuffle("order", several)
    chosen = {student: kept[student] for student in students if student in kept}
    waiting = [student for student in students if student not in kept]
    # An order that nobody can foresee, and that does not follow the alphabet of the roster.
    for student in sorted(waiting, key=lambda one: Rng(*key, question.id, "turn", one).int("turn", 0, 2**62)):
        chosen[student] = min(turn, key=lambda place: (uses[place], turn.index(place)))
        uses[chosen[student]] += 1
    return chosen


def _recorded(records: Path | None) -> dict[str, Chosen]:
    """The alternatives on record, by student."""
    found: dict[str, Chosen] = {}
    for file in sorted(records.glob("*.json")) if records else ():
        entries = stored_in(file)["items"].items()
        found[file.stem] = {id: entry.get("alternative", 0) for id, entry in entries}
    return found
