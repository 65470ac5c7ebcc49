"""Drawing, proving and marking, on one core."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import problem_bank
from benchmarks.figure import Figure, rate
from problem_bank.variant import Variant

SYMBOLIC = {"expression"}
APART = {"code"}  # run, not read: measured with the sandbox


def figures() -> Iterator[Figure]:
    """Proven variants per second, median over the families; answers marked per second."""
    drawn = {id: _draws_per_second(id) for id in problem_bank.ids()}
    numeric = {id: speed for id, speed in drawn.items() if not _kinds(id) & SYMBOLIC}
    slowest = min(numeric, key=lambda id: numeric[id])
    note = f"slowest {slowest}: {numeric[slowest]:,.0f}"
    yield Figure("proven numeric variants", median(numeric.values()), "/s/core", at_least=1000, note=note)
    symbolic = {id: speed for id, speed in drawn.items() if id not in numeric}
    yield Figure(
        "proven symbolic variants", median(symbolic.values()), "/s/core", at_least=200, note=", ".join(symbolic)
    )
    marked = [_answers_per_second(id) for id in numeric if not _kinds(id) & APART]
    yield Figure("numeric answers marked, right", median(r for r, _ in marked), "/s/core", at_least=5000)
    yield Figure("numeric answers marked, wrong", median(w for _, w in marked), "/s/core", at_least=5000)


def _draws_per_second(id: str) -> float:
    family = problem_bank.load(id)
    levels = list(family.levels)
    return rate(lambda i: family.draw(("bench", i), level=levels[i % len(levels)]))


def _kinds(id: str) -> set[str]:
    return {part.answer.kind for part in problem_bank.load(id).draw("kinds").parts}


def _answers_per_second(id: str) -> tuple[float, float]:
    """Marking the key, and marking answers that are wrong everywhere, read from text."""
    variant = problem_bank.load(id).draw("bench")
    right, wrong = variant.key(), _wrong(variant)
    n = len(variant.parts)
    return n * rate(lambda _: variant.mark(right), 0.3), n * rate(lambda _: variant.mark(wrong), 0.3)


def _wrong(variant: Variant) -> dict[str, object]:
    samples = {part.name: part.answer.samples() for part in variant.parts}
    return {name: (kind.wrong or kind.malformed)[0] for name, kind in samples.items()}
