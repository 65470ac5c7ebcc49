"""Prove the bank: draw many variants of a family and check what should hold for every one.

The draw itself proves key = oracle and misconception != key. The audit adds: every text renders,
the shown key is marked right, the misconceptions are named when answered, the stored parameters
rebuild the variant, keys differ between students, the work stays in its band, and answering the
same thing everywhere earns next to nothing beyond guessing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from statistics import pstdev
from typing import Any

from problem_bank import bank
from problem_bank.answers import Answer, Choice, Selection
from problem_bank.errors import BankError
from problem_bank.family import BAND, Family
from problem_bank.marking import mark_one
from problem_bank.variant import Variant, shown_key
from problem_bank.verdict import Status

MISCONCEPTIONS = 3  # at least, in every family
ENOUGH = 20  # problems of one kind are not worth a longer list
FLOOR = 0.02  # share of the points, beyond a guess, that one constant answer may earn
TRIED = 150  # variants that a constant answer is tried on, at most
LUCK = 3  # standard deviations of what guessing earns
ENOUGH_TO_TELL = 50  # variants
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
    constant: float = 0.0
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
            "constant": round(self.constant, 4),
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
        examine(bank.load(id), n, result)
    except BankError as error:
        result.problems.append(str(error))
    except Exception as error:  # a family's rules and answer kinds may be anyone's code
        result.problems.append(f"{type(error).__name__}: {error}")
    return result


def examine(family: Family, n: int, result: Audit) -> list[Variant]:
    """The n variants of result.level, with all that was found in `result`. Raises what the family's code raises."""
    variants = list(_draw(family, n, result))
    for variant in variants:
        result.problems.extend(_variant_problems(family, variant, result))
        if len(result.problems) > ENOUGH:
            return variants
    result.distinct = len({repr(variant.exercise.given) for variant in variants[:ENOUGH_TO_TELL]})
    result.constant, result.floor, surely = _floors(variants)
    result.work = (min(v.exercise.work for v in variants), max(v.exercise.work for v in variants))
    result.problems.extend(_family_problems(variants, result, surely))
    return variants


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
    if shown_key(family.rebuilt(variant)) != variant.key():
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


def _family_problems(variants: list[Variant], result: Audit, surely: float) -> Iterable[str]:
    result.listed = {f"{part.name}.{slip.name}" for v in variants for part in v.parts for slip in part.misconceptions}
    low, high = result.work
    if low and high > BAND * low * 1.001:
        yield f"the work varies by a factor {high / low:.2f}; at most {BAND} is fair"
    if len(variants) >= 2 * ENOUGH_TO_TELL and surely > FLOOR:
        yield f"one answer typed everywhere earns {result.floor:.1%} beyond guessing; at most {FLOOR:.0%} is fair"
    if len(variants) >= ENOUGH_TO_TELL and result.distinct < DISTINCT * ENOUGH_TO_TELL:
        yield f"only {result.distinct} of {ENOUGH_TO_TELL} keys give different exercises"


def _floors(variants: list[Variant]) -> tuple[float, float, float]:
    """The best mean share of the points that one constant answer earns: as it is, beyond a guess, and surely so.

    Tried are 0, 1 and the key that is worth most in the first half of the variants; all on the second
    half, since any key is frequent where it was chosen for that.
    """
    half = len(variants) // 2
    worth: Counter[str] = Counter()
    for variant in variants[:half]:
        for part in variant.parts:
            worth[part.answer.show(part.answer.key)] += part.points  # type: ignore[assignment]  # counts in points
    texts = ["0", "1", *(text for text, _ in worth.most_common(1))]
    shares = [_shares(variants[half:][:TRIED], text) for text in texts] if half else [(0.0, 0.0, 0.0)]
    raw, beyond, surely = map(max, zip(*shares, strict=True))
    return raw, beyond, surely


def _shares(variants: list[Variant], text: str) -> tuple[float, float, float]:
    """The mean share of the points that this text earns everywhere: as it is, beyond a guess, and surely so.

    Luck is taken off: LUCK standard deviations of what guessing options earns; and from the last figure twice the
    standard error of the mean, for a key may be frequent among so few variants.
    """
    tried = [_share(variant, text) for variant in variants]
    raw, beyond, luck = (sum(column) / len(tried) for column in zip(*tried, strict=True))
    beyond = max(0.0, beyond - LUCK * sqrt(luck / len(tried)))
    error = pstdev(share for _, share, _ in tried) / sqrt(len(tried))
    return raw, beyond, beyond - 2 * error


def _share(variant: Variant, text: str) -> tuple[float, float, float]:
    """What this text earns as the answer to every part: as it is, beyond a guess, and the variance of guessing.

    Of k options a guess gets 1/k, and a right one of them counts 1 here and a wrong one -1/(k - 1), as
    under the rule `wrong = "fair"`. A text that names no option costs nothing.
    """
    verdicts = variant.mark({part.name: text for part in variant.parts})
    points = scored = beyond = luck = 0.0
    for part in variant.parts:
        worth, score = float(part.points), float(verdicts[part.name].score)
        points, scored, beyond = points + worth, scored + score, beyond + score
        options = _options(part.answer)
        if options and verdicts[part.name].reading:
            beyond -= (worth - score) / (options - 1)
            luck += worth**2 / (options - 1)
    return scored / points, beyond / points, luck / points**2


def _options(answer: Answer) -> int:
    """How many answers there are to guess from, or 0 where they are not listed."""
    if isinstance(answer, Selection):
        return int(2 ** len(answer.options))
    return len(answer.options) if isinstance(answer, Choice) else 0
