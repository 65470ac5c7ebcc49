"""Are the labels of the corpus right? Values of both sides at many points of the declared domains say so."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any

from benchmarks.corpus import Pair
from benchmarks.plain import SAME, Point, Text, TooLarge, Undefined, mp, real

POINTS = 24  # random points at which both sides of an identity must have a value, and the same
TRIES = 400
_SPECIAL = (*map(Fraction, (0, 1, -1, 2, -2, 3)), Fraction(1, 2))
_COMBINATIONS = 60
_GAP = 12  # numbers beside a whole number at which only one side has a value


class Reference:
    """What the values of both sides of a pair say about its label."""

    def __init__(self, pair: Pair) -> None:
        self.pair, self.sides = pair, (Text(pair.plain), Text(pair.key))
        used = self.sides[0].names | self.sides[1].names
        self.symbols = {name: domain for name, domain in pair.symbols.items() if name in used}
        self.random = random.Random(str(pair))

    def trouble(self) -> str:
        """Why the label is wrong; "" if it is right."""
        agreed, wanted = 0, POINTS if self.symbols else 1
        for point, (first, second) in self._valued(itertools.islice(self._random_points(), TRIES)):
            if (first is None) != (second is None) and self._is_gap(point):
                continue
            if (first is None) != (second is None) or _apart(first, second):
                return self._found(point)
            agreed += first is not None
            if agreed == wanted:
                break
        for point, values in self._valued(itertools.chain(self._witness(), self._special_points())):
            if _apart(*values):
                return self._found(point)
        if not self.pair.equal:
            return "no point was found where they differ"
        return "" if agreed == wanted else f"only {agreed} points were found where both have a value"

    def _is_gap(self, point: Point) -> bool:
        """Have both sides values, or none, at the numbers that follow this one along some whole letter?"""
        whole = [name for name, domain in self.symbols.items() if domain in ("integer", "natural")]
        return any(self._is_gap_along(name, point) for name in whole)

    def _is_gap_along(self, name: str, point: Point) -> bool:
        following = ({**point, name: point[name] + step} for step in range(1, _GAP + 1))
        return all((first is None) == (second is None) for _, (first, second) in self._valued(following))

    def _found(self, point: Point) -> str:
        shown = ", ".join(f"{name} = {value}" for name, value in point.items()) or "all points"
        return f"not equal at {shown}" if self.pair.equal else ""

    def _random_points(self) -> Iterator[Point]:
        for scale in itertools.cycle((Fraction(1), Fraction(1, 8), Fraction(12))):
            yield {name: _draw(self.random, domain, scale) for name, domain in self.symbols.items()}

    def _witness(self) -> Iterator[Point]:
        """The point that the pair names; its other symbols are drawn."""
        if self.pair.witness:
            given = {name: Fraction(value) for name, value in self.pair.witness.items() if name in self.symbols}
            assert all(_inside(value, self.symbols[name]) for name, value in given.items()), self.pair
            yield {**next(self._random_points()), **given}

    def _special_points(self) -> Iterator[Point]:
        """All combinations of a few special values for up to two symbols, some for more."""
        allowed = [[v for v in _SPECIAL if _inside(v, domain)] for domain in self.symbols.values()]
        every = itertools.product(*allowed)
        drawn = (map(self.random.choice, allowed) for _ in range(_COMBINATIONS))
        for values in every if len(allowed) <= 2 else drawn:
            yield dict(zip(self.symbols, values, strict=True))

    def _valued(self, points: Iterable[Point]) -> Iterator[tuple[Point, tuple[Any, Any]]]:
        """The points with both values, None where there is none."""
        for point in points:
            with suppress(TooLarge):
                yield point, (_value_or_none(self.sides[0], point), _value_or_none(self.sides[1], point))


def _apart(first: Any, second: Any) -> bool:
    """Different values. A side without one leaves a gap that the other may fill."""
    if first is None or second is None:
        return False
    first, second = real(first), real(second)
    return bool(abs(first - second) > SAME * max(1, abs(first), abs(second)))


def _value_or_none(text: Text, point: Point) -> Any:
    try:
        value = text.value(point)
        return value if isinstance(value, Fraction) or mp.isfinite(value) else None
    except (Undefined, ZeroDivisionError):
        return None


def _inside(value: Fraction, domain: str) -> bool:
    whole = value.denominator == 1
    return {
        "real": True, "positive": value > 0, "nonzero": value != 0, "integer": whole, "natural": whole and value > 0,
        "unit": 0 < value < 1,
    }[domain]  # fmt: skip


def _draw(dice: random.Random, domain: str, scale: Fraction) -> Fraction:
    if domain == "unit":
        return Fraction(dice.randint(1, 1008), 1009)
    if domain in ("integer", "natural"):
        return Fraction(dice.randint(1 if domain == "natural" else -20, 20))
    value = Fraction(dice.randint(1, 3000), 1013) * scale
    return value if domain == "positive" or dice.random() < 0.5 else -value
