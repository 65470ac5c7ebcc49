"""Axes with ticks, and room for labels: what plots of functions and of points have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, dist, floor, inf

from problem_bank.figures.drawing import Mark, Point, arrow_head, label, line
from problem_bank.figures.words import number

TICK, ARROW, THIN, SMALL = 4.0, 16.0, 0.8, 12.0
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
COMPASS = ((1, -1), (-1, -1), (1, 1), (-1, 1), (0, -1.3), (0, 1.3), (1.3, 0), (-1.3, 0), (2.4, 0), (-2.4, 0))


@dataclass(frozen=True)
class Axes:
    """From data to pixels: ranges of x and y, and the room they get. Both ranges hold 0 unless ticks are `outside`."""

    x: tuple[float, float]
    y: tuple[float, float]
    width: float = 360.0
    height: float = 240.0
    outside: bool = False

    def at(self, x: float, y: float) -> Point:
        """The pixel of a point."""
        (left, right), (low, high) = self.x, self.y
        return self.width * (x - left) / (right - left), self.height * (high - y) / (high - low)

    @property
    def lines(self) -> list[tuple[Point, Point]]:
        """The axes with their arrows, each where the other one is 0, as far as that is in the picture."""
        (left, right), (low, high) = self.x, self.y
        found = []
        if low <= 0 <= high:
            found.append((self.at(left, 0), (self.width + ARROW, self.at(0, 0)[1])))
        if left <= 0 <= right:
            found.append((self.at(0, low), (self.at(0, 0)[0], -ARROW)))
        return found

    @property
    def ways(self) -> list[tuple[Point, Point]]:
        """All long lines that `marks` draws."""
        corner = (0.0, self.height)
        return [*self.lines, *([((0.0, 0.0), corner), (corner, (self.width, self.height))] if self.outside else [])]

    def marks(self, names: tuple[str, str]) -> Iterator[Mark]:
        """Axes with arrows, ticks and names; or a frame `outside` of everything, with dashed lines at 0."""
        across, up = (self.width, self.at(0, 0)[1]), (self.at(0, 0)[0], 0.0)
        if self.outside:
            yield from (line(way, width=THIN, dashed=True) for way in self.lines)
            yield line([(0, 0), (0, self.height), (self.width, self.height)], width=THIN)
            across, up = (self.width - ARROW, self.height), (0.0, ARROW)
        else:
            for start, end in self.lines:
                yield from (line([start, end], width=THIN), arrow_head(end, (1, 0) if start[1] == end[1] else (0, -1)))
        yield label(names[0], (across[0] + ARROW + 10, across[1]))
        yield label(names[1], (up[0], up[1] - ARROW - 11))
        yield from self._ticks(across[1], up[0])

    def _ticks(self, bottom: float, left: float) -> Iterator[Mark]:
        for v in _round(*self.x, self.width / 30, zero=self.outside):
            x = self.at(v, 0)[0]
            yield line([(x, bottom - TICK), (x, bottom + TICK)], width=THIN)
            yield label(number(v), (x, bottom + 15), size=SMALL)
        for v in _round(*self.y, self.height / 24, zero=self.outside):
            y = self.at(0, v)[1]
            yield line([(left - TICK, y), (left + TICK, y)], width=THIN)
            yield label(number(v), (left - 10, y), size=SMALL, anchor="end")


def beside(
    name: str, at: Point, marks: Iterable[Mark], ways: Sequence[tuple[Point, Point]], others: Sequence[Point] = ()
) -> Mark:
    """A name near a point and not nearer to `others`, clear of the texts of other marks and of straight ways, as far as
    that is possible.
    """
    taken, best, least = [mark.box for mark in marks if mark.text], None, inf
    for far, (dx, dy) in product((12, 17, 23, 30), COMPASS):
        middle = at[0] + far * dx, at[1] + far * dy
        mark = label(name, middle, bold=True)
        box, near = mark.box.grown(1), dist(middle, at)
        trouble = sum(map(box.meets, taken)) + sum(box.clipped(*way) is not None for way in ways)
        trouble += sum(dist(middle, other) < 1.3 * near for other in others)
        if trouble < least:
            best, least = mark, trouble
        if not trouble:
            break
    assert best
    return best


def frame(xs: Iterable[float], ys: Iterable[float], margin: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ranges that hold these values, 0, and a margin."""
    x, y = [0.0, *xs], [0.0, *ys]
    return (min(x) - margin, max(x) + margin), (min(y) - margin, max(y) + margin)


def _round(low: float, high: float, most: float, *, zero: bool) -> list[int]:
    """Round numbers between the ends, so many at most; 0 only where it is asked for."""
    step = next((s for s in STEPS if (high - low) / s <= most), STEPS[-1])
    return [v * step for v in range(ceil(low / step), floor(high / step) + 1) if v or zero]
