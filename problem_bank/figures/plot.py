"""The graph of a piecewise linear function, or of several, with named points on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from problem_bank.figures.axes import Axes, beside, frame
from problem_bank.figures.drawing import Drawing, Mark, circle, label, line
from problem_bank.figures.figure import Figure
from problem_bank.figures.words import counted, number
from problem_bank.values import Number

Place = tuple[Number, Number]
SMALL = 13.0


@dataclass(frozen=True)
class Curve:
    """A function by the points that straight lines join, in increasing x; `dashed` tells it from another."""

    name: str
    points: tuple[Place, ...]
    dashed: bool = False


@dataclass(frozen=True)
class Plot(Figure):
    """Curves over common axes, and `named` points: A, B, ..."""

    curves: tuple[Curve, ...]
    named: tuple[Place, ...] = ()
    axes: tuple[str, str] = ("x", "f(x)")

    @property
    def description(self) -> str:
        """The corners of each curve, and the named points."""
        lines = [f"{c.name} runs{' (dashed)' * c.dashed} straight from {', to '.join(map(_said, c.points))}."
                 for c in self.curves]  # fmt: skip
        return " ".join([*lines, *([f"Marked: {counted(_names(self.named))}."] if self.named else [])])

    def drawing(self) -> Drawing:
        """Axes, curves, points with their names, and below what the names stand for."""
        xs, ys = zip(*(place for c in self.curves for place in c.points), strict=True)
        x, _ = frame(map(float, xs), (), 0)
        room = 0.12 * float(max(ys) - min(ys)) or 1.0
        axes = Axes(x, (float(min(ys)) - room, float(max(ys)) + room), outside=True)
        marks = list(axes.marks(self.axes))
        ways = []
        for c in self.curves:
            path = [axes.at(float(a), float(b)) for a, b in c.points]
            marks.append(line(path, width=2.2, dashed=c.dashed))
            ways += list(pairwise(path))
        ways += axes.ways
        places = [axes.at(float(a), float(b)) for a, b in self.named]
        marks += [circle(at, 4, width=0, tint=1) for at in places]
        for i, at in enumerate(places):
            marks.append(beside(_letter(i), at, marks, ways, [*places[:i], *places[i + 1 :]]))
        return Drawing((*marks, *self._legend(axes)))

    def _legend(self, axes: Axes) -> Iterator[Mark]:
        """Names of points, two in a line; of curves where there are several."""
        words = _names(self.named) if self.named else []
        words += [f"{'dashed' if c.dashed else 'solid'}: {c.name}" for c in self.curves] if len(self.curves) > 1 else []
        for i, text in enumerate(words):
            at = axes.width * (0.1 + 0.5 * (i % 2)), axes.height + 40 + 20 * (i // 2)
            yield label(text, at, size=SMALL, anchor="start")


def _names(places: Sequence[Place]) -> list[str]:
    return [f"{_letter(i)} {_said(place)}" for i, place in enumerate(places)]


def _letter(i: int) -> str:
    return chr(ord("A") + i)


def _said(place: Place) -> str:
    return f"({number(place[0])}, {number(place[1])})"
