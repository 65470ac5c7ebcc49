"""Random sizes for the letters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from random import SystemRandom

_SPARE = 2  # more sizes than letters, so that no sum of letters is the same in all rounds
_random = SystemRandom()


def rounds(letters: tuple[str, ...], least: int, wanted: int, fixed: frozenset[int]) -> Iterator[dict[str, int]]:
    """Sizes from `least` on for the letters, round by round, without end.

    Different letters get different sizes, none of them in `fixed`. Over the first `wanted` rounds no
    letter has the same size twice; later rounds begin anew in another order.
    """
    width = max(len(letters), wanted) + _SPARE
    allowed = (size for size in count(least) if size not in fixed)
    pool = [next(allowed) for _ in range(width)]
    while True:
        _random.shuffle(pool)
        for shift in range(width):
            yield {letter: pool[(i + shift) % width] for i, letter in enumerate(letters)}
