"""Prove the bank: draw many variants of a family and check what should hold for every one.

The draw itself proves key = oracle and misconception != key. The audit adds: every text renders,
the shown key is marked right, the misconceptions are named when answered, the stored parameters
rebuild the variant, keys differ between students, the work stays in its band, and answering the
same thing everywhere earns next to nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from problem_bank import bank
from problem_bank.errors import BankError
from problem_bank.family import BAND, Family
from problem_bank.marking import mark_one
from problem_bank.variant import Variant
from problem_bank.verdict import Status

MISCONCEPTIONS = 3  # at least, in every family
ENOUGH = 20  # problems of one kind are not worth a longer list
FLOOR = 100  # variants that a constant answer is tried on
DISTINCT = 0.9  # share of 50 keys that must give different exercises


@dataclass
class Audit:
    """What the audit found for one family and level."""

    family: str
    level: str
    variants: int = 0
    seconds: float = 0.0
    tries: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    misconceptions: Counter[str] = field(default_factory=Counter)
    listed: set[str] = field(default_factory=set)
    distinct: int = 0
    floor: float = 0.0
    work: tuple[float, float] = (0.0, 0.0)
    problems: list[str] = field(default_factory=list)

    @property
    def acceptance(self) -> float:
        """Accepted draws per draw."""
        return self.variants / self.tries if self.tries else 0.0

    @property
    def milliseconds(self) -> float:
        """Time per proven variant."""
        return 1000 * self.seconds / self.variants if self.variants else 0.0

    def plain(self) -> dict[str, Any]:
        """The figures as JSON."""
        return {
            "family": self.family,
            "level": self.level,
            "variants": self.variants,
            "acceptance": round(self.acceptance, 4),
            "milliseconds": round(self.milliseconds, 3),
            "distinct": self.distinct,
            "floor": round(self.floor, 4),
            "work": [round(w, 2) for w in self.work],
            "misconceptions": dict(self.misconceptions),
            "rejected": dict(self.rejected),
            "problems": self.problems,
        }


def audit(id: str, level: str, n: int) -> Audit:
    """Audit n variants of one family at one level. Problems are collected, never raised."""
    result = Audit(id, level)
    try:
        _inspect(bank.load(id), n, result)
    except BankError as error:
        result.problems.append(str(error))
    except Exception as error:  # a family's rules and answer kinds may be anyone's code
        result.problems.append(f"{type(error).__name__}: {error}")
    return result


def _inspect(family: Family, n: int, result: Audit) -> None:
    variants = list(_draw(family, n, result))
    for variant in variants:
        result.problems.extend(_variant_problems(family, variant, result))
        if len(result.problems) > ENOUGH:
            return
    result.distinct = len({repr(variant.exercise.given) for variant in variants[:50]})
    result.floor = _floor(variants)
    result.work = (min(v.exercise.work for v in variants), max(v.exercise.work for v in variants))
    result.problems.extend(_family_problems(variants, result))


def never_applied(results: Iterable[Audit]) -> list[str]:
    """The misconceptions that are listed, but applied to no part of any variant audited."""
    results = list(results)
    listed = {(result.family, _slip(name)) for result in results for name in result.listed}
    return [f"{family}: {slip} never applies" for family, slip in sorted(listed - verified(results))]


def verified(results: Iterable[Audit]) -> set[tuple[str, str]]:
    """The misconceptions that were found and named, each counted once for its family."""
    return {(result.family, _slip(name)) for result in results for name in result.misconceptions}


def _slip(name: str) -> str:
    """The misconception of "part.misconception"."""
    return name.rpartition(".")[2]


def cases(ids: Iterable[str]) -> list[tuple[str, str]]:
    """Every level of these families. A family that does not load counts once, and fails its audit."""
    found: list[tuple[str, str]] = []
    for id in ids:
        try:
            found.extend((id, level) for level in bank.load(id).levels)
        except BankError:
            found.append((id, "medium"))
    return found


def _draw(family: Family, n: int, result: Audit) -> Iterable[Variant]:
    family.draw(("audit", "warm"), level=result.level)  # measures the work band and fills caches
    started = time.perf_counter()
    for i in range(n):
        yield family.draw(("audit", i), level=result.level, rejected=result.rejected)
        result.variants += 1
    result.seconds = time.perf_counter() - started
    result.tries = n + sum(result.rejected.values())


def _variant_problems(family: Family, variant: Variant, result: Audit) -> Iterable[str]:
    """What does not hold for this variant."""
    if not (variant.prompt and variant.solution and all(variant.text(p.prompt) for p in variant.parts)):
        yield f"{variant.drawn}: an empty text"
    if family.draw("", level=variant.level, given=variant.drawn).key() != variant.key():
        yield f"{variant.drawn}: the stored parameters do not rebuild the key"
    for name, verdict in variant.mark(variant.key()).items():
        if verdict.status is not Status.RIGHT and verdict.graded:
            yield f"{variant.drawn}: the key of {name}, as shown, is marked {verdict.status}"
    yield from _misconception_problems(variant, result)


def _misconception_problems(variant: Variant, result: Audit) -> Iterable[str]:
    """Each misconception, answered with the right earlier values, must be named."""
    keys = variant.exercise.keys()
    for part in variant.parts:
        for slip in part.misconceptions:
            value = slip.worked(keys)
            if value is None:
                continue
            result.misconceptions[f"{part.name}.{slip.name}"] += 1
            verdict = mark_one(variant.exercise, part.name, part.answer.show(value))
            if slip.name not in verdict.misconceptions:
                yield f"{variant.drawn}: {part.name}.{slip.name} is marked {verdict.status} {verdict.misconceptions}"


def _family_problems(variants: list[Variant], result: Audit) -> Iterable[str]:
    result.listed = {f"{part.name}.{slip.name}" for v in variants for part in v.parts for slip in part.misconceptions}
    low, high = result.work
    if low and high > BAND * low * 1.001:
        yield f"the work varies by a factor {high / low:.2f}; at most {BAND} is fair"
    if len(variants) >= 50 and result.distinct < DISTINCT * 50:
        yield f"only {result.distinct} of 50 keys give different exercises"


def _floor(variants: list[Variant]) -> float:
    """The best mean share of the points that one constant answer, given everywhere, earns."""
    frequent = Counter(text for v in variants for text in v.key().values()).most_common(1)
    return max((_share(variants, text) for text in ("0", "1", *(t for t, _ in frequent))), default=0.0)


def _share(variants: list[Variant], text: str) -> float:
    """The mean share of the points that this text earns when it is given everywhere."""
    scores = (verdict for v in variants[:FLOOR] for verdict in v.mark({p.name: text for p in v.parts}).values())
    totals = [(float(s.score), float(s.points)) for s in scores]
    return sum(score for score, _ in totals) / sum(points for _, points in totals)
