"""python -m benchmarks.fuzz [--texts N] [--seconds S] [--seed K]: damaged texts, to be read or refused.

Every text is one of the corpus (or a hostile one), changed by a few random edits of its characters,
its tokens or its bytes, and compared with a key of the corpus. Told are all exceptions but
Unreadable, decisions that the second evaluator contradicts (all acceptances and some refusals are
shown to it, as they were read), the slowest text and the memory.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
import traceback
from array import array
from collections import Counter
from dataclasses import dataclass, field, replace

from benchmarks.corpus import Pair, pairs
from benchmarks.mutate import mutated, sources
from benchmarks.reference import Reference
from problem_bank.algebra import decide
from problem_bank.errors import Unreadable

SHOWN = 20  # doubts
CHECKED = 20  # every so many refusals are checked


@dataclass
class Findings:
    """What a run has found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    troubles: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    seconds: array[float] = field(default_factory=lambda: array("d"))
    slowest: tuple[float, str, str] = (0.0, "", "")
    checked: int = 0

    def judge(self, text: str, pair: Pair) -> None:
        """Decide one text, and note how that went."""
        try:
            outcome = self._outcome(text, pair)
        except Exception as error:  # every kind is a finding
            where = traceback.extract_tb(error.__traceback__)[-1]
            outcome = f"{type(error).__name__} in {where.name}"
            self.troubles.setdefault(outcome, f"{text!r} against {pair.key!r}: {error}")
        self.outcomes[outcome] += 1

    def _outcome(self, text: str, pair: Pair) -> str:
        started = time.process_time()
        try:
            decision = decide(text, pair.key, symbols=pair.symbols)
            outcome = {True: "equal", False: "different", None: "undecided"}[decision.equal]
        except Unreadable as error:
            str(error).encode("utf-8")
            outcome = "unreadable"
        self._timed(time.process_time() - started, text, pair)
        if outcome == "equal" or (outcome == "different" and self.outcomes[outcome] % CHECKED == 0):
            self.check(replace(pair, student=text, means=decision.reading.text, equal=outcome == "equal"))
        return outcome

    def _timed(self, seconds: float, text: str, pair: Pair) -> None:
        self.seconds.append(seconds)
        self.slowest = max(self.slowest, (seconds, text, pair.key))

    def check(self, claim: Pair) -> None:
        """Ask the second evaluator. A refusal is only doubted: a difference may be where it does not look."""
        self.checked += 1
        trouble = Reference(claim).trouble()
        if not trouble or trouble.startswith("only"):
            return
        example = f"{claim.student!r}, read as {claim.means!r}, against {claim.key!r}: {trouble}"
        if claim.equal:
            self.troubles[f"accepted wrongly, {len(self.troubles) + 1}"] = example
        else:
            self.doubts.append(example)


def fuzz(texts: int, seconds: float, seed: int) -> Findings:
    """Judge so many damaged texts, or as many as the time allows."""
    dice, found, deadline = random.Random(seed), Findings(), time.monotonic() + seconds
    for done in range(texts):
        if time.monotonic() > deadline:
            break
        pair = dice.choice(pairs())
        near = pair.student, pair.key, pair.key, pair.plain
        found.judge(mutated(dice.choice((*near, dice.choice(sources()))), dice), pair)
        if done % 50_000 == 49_999:
            print(f"{done + 1:,} texts, {dict(found.outcomes)}, {_memory():.0f} MB", file=sys.stderr, flush=True)
    return found


def _memory() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Run, and tell what was found; 1 if there was trouble."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("--texts", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    arguments = parser.parse_args()
    fuzz(100, 60, 0)  # what is loaded once
    before, started = _memory(), time.monotonic()
    found = fuzz(arguments.texts, arguments.seconds, arguments.seed)
    times = sorted(found.seconds)
    print(f"seed {arguments.seed}: {len(times):,} texts in {time.monotonic() - started:.0f} s")
    print("  " + ", ".join(f"{name} {count:,}" for name, count in found.outcomes.most_common()))
    print(f"  {found.checked:,} decisions checked by the second evaluator")
    for share in (0.5, 0.99, 0.9999):
        print(f"  {100 * share:g} % took at most {1000 * times[int(share * (len(times) - 1))]:.2f} ms")
    seconds, text, key = found.slowest
    print(f"  slowest: {1000 * seconds:.0f} ms, {text!r} against {key!r}")
    print(f"  memory: {_memory():.0f} MB at most, {before:.0f} MB at the start")
    for example in found.doubts[:SHOWN]:
        print(f"  refused, perhaps wrongly: {example}")
    for kind, example in found.troubles.items():
        print(f"  TROUBLE {kind}: {example}")
    return 1 if found.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
