"""Deciding whether two expressions are equal: right or wrong, how soon, and side by side with other ways.

All times are processor time, for others use the machine too. A class answers one key: so a decision is
timed with a key that was met before, as it is for all but the first, and with a new one. Every other
way gets the same benefit: what it takes to read its key counts for new keys only.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import mean, median, quantiles

from benchmarks.corpus import Pair, pairs
from benchmarks.figure import Figure
from benchmarks.rivals import LIMIT, METHODS, Answer, Rival, installed
from problem_bank.algebra import decide, floats, modular, numeric, reading
from problem_bank.errors import Unreadable

ROUNDS = 5  # each decision draws points at random: the worst of so many counts
SAMPLE = 120  # pairs that all ways are shown, for some take seconds
READABLE = (True, False, None)
# What is remembered of a question, and within one decision.
KEYS = reading._vocabulary, reading._key_text, modular._known, floats._point, floats._known
ANSWERS = numeric.extent, numeric.depth


def figures() -> Iterator[Figure]:
    """Accuracy and time on the whole corpus; then the comparison."""
    decide("sin(x)^2", "1 - cos(x)^2", symbols=["x"])  # what is loaded once
    rounds = [[_twice(pair) for pair in pairs()] for _ in range(ROUNDS)]
    yield from _accuracy([[equal for run in runs for equal, _ in run] for runs in zip(*rounds, strict=True)])
    for run, name in enumerate(("new key", "known key")):
        seconds = [runs[run][1] for answers in rounds for runs in answers]
        yield Figure(f"one decision, {name}: median", 1000 * median(seconds), "ms", at_most=1)
        yield Figure(f"one decision, {name}: 99 of 100 below", 1000 * quantiles(seconds, n=100)[98], "ms", at_most=20)
    yield from _comparison()


def _twice(pair: Pair) -> tuple[tuple[object, float], tuple[object, float]]:
    """With a new key, and with a known one."""
    for kept in KEYS:
        kept.cache_clear()
    return _ours(pair), _ours(pair)


def _ours(pair: Pair) -> tuple[object, float]:
    """The decision, or what could not be read; and the seconds it took."""
    for kept in ANSWERS:
        kept.cache_clear()
    started = time.process_time()
    try:
        equal: object = decide(pair.student, pair.key, symbols=pair.symbols).equal
    except Unreadable as error:
        equal = str(error)
    return equal, time.process_time() - started


def _accuracy(answers: Sequence[Sequence[object]]) -> Iterator[Figure]:
    """False acceptances; and what is missed, each kind apart."""
    found: dict[str, list[Pair]] = {"accepted": [], "rejected": [], "undecided": [], "unreadable": []}
    for pair, given in zip(pairs(), answers, strict=True):
        for kind, wrong in {
            "accepted": not pair.equal and True in given,
            "rejected": pair.equal and False in given,
            "undecided": None in given,
            "unreadable": any(answer not in READABLE for answer in given),
        }.items():
            found[kind] += [pair] * wrong
    equal, total = sum(pair.equal for pair in pairs()), len(pairs())
    note = f"of {total - equal:,} different pairs, each decided {2 * ROUNDS} times"
    yield Figure(
        "pairs accepted wrongly", len(found["accepted"]), "", at_most=0, note=_first(found["accepted"]) or note
    )
    missed = {str(pair) for kind in ("rejected", "undecided", "unreadable") for pair in found[kind]}
    note = ", ".join(f"{len(found[kind])} {kind}" for kind in ("rejected", "undecided", "unreadable"))
    yield Figure(
        "pairs missed", 100 * len(missed) / total, "%", at_most=2, note=f"{note}, of {total:,}, {equal:,} equal"
    )


def _first(wrong: Sequence[Pair]) -> str:
    return "; ".join(map(str, wrong[:3]))


def _comparison() -> Iterator[Figure]:
    """The same pairs by each way that is installed, and by ours in turn with it: so both meet the same machine."""
    sample = random.Random(0).sample([pair for pair in pairs() if _ours(pair)[0] in READABLE], SAMPLE)
    yield from _column("Markscheme", sample, list(map(_answer, sample)))
    for name in METHODS:
        if not installed(name):
            print(f"  {name} is left out: install it with pip install 'markscheme[compare]'", file=sys.stderr)
            continue
        with Rival(name) as rival:
            both = [(rival.decide(pair), _answer(pair)) for pair in sample]
        theirs, ours = [their for their, _ in both], [our for _, our in both]
        yield from _column(name, sample, theirs)
        for keys in ("known", "new"):
            ratio = _median(theirs, keys) / _median(ours, keys)
            target = 100 if (name, keys) == ("simplify", "known") else None
            note = f"ours {1000 * _median(ours, keys):.3f} ms"
            yield Figure(f"{name}: median time / ours, {keys} keys", ratio, "x", at_least=target, note=note)


def _median(answers: Sequence[Answer], keys: str) -> float:
    return median(answer.seconds + (answer.key if keys == "new" else 0) for answer in answers)


def _answer(pair: Pair) -> Answer:
    """Ours, the median of some rounds; `key` is what a new key takes more."""
    rounds = [_twice(pair) for _ in range(ROUNDS)]
    new, known = (median(runs[run][1] for runs in rounds) for run in (0, 1))
    equal = rounds[0][1][0]
    return Answer(equal if isinstance(equal, bool) else None, known, new - known)


def _column(name: str, sample: Sequence[Pair], answers: Sequence[Answer]) -> Iterator[Figure]:
    count = Counter(_outcome(pair, answer) for pair, answer in zip(sample, answers, strict=True))
    note = ", ".join(
        f"{count[kind]} {kind}" for kind in ("accepted wrongly", "rejected wrongly", "no answer", "killed")
    )
    share = 100 * count["right"] / len(sample)
    yield Figure(f"{name}: decided rightly", share, "%", note=f"{note}; {len(sample)} pairs drawn of {len(pairs()):,}")
    times = [answer.seconds for answer in answers]
    note = f"mean {1000 * mean(times):,.3g} ms, slowest {1000 * max(times):,.0f} ms; killed after {LIMIT:.0f} s"
    yield Figure(f"{name}: median", 1000 * median(times), "ms", note=note)


def _outcome(pair: Pair, answer: Answer) -> str:
    if answer.equal is None:
        return "killed" if answer.seconds >= LIMIT else "no answer"
    if answer.equal is pair.equal:
        return "right"
    return "accepted wrongly" if answer.equal else "rejected wrongly"
