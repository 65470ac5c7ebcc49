"""Points of two classes in the plane, and straight lines between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

from problem_bank.figures.axes import Axes, beside, frame
from problem_bank.figures.drawing import Box, Drawing, Mark, Point, arrow_head, circle, label, line, rectangle
from problem_bank.figures.figure import Figure
from problem_bank.figures.words import counted, indexed, number
from problem_bank.values import Matrix, Number, Vector

RADIUS, UNIT, SIDE, SMALL = 5.0, 62.0, 310.0, 13.0


@dataclass(frozen=True)
class Border:
    """The line w · x + b = 0, and what it is called. An arrow on it points to where w · x + b is positive."""

    name: str
    w: Vector
    b: Number

    def said(self) -> str:
        """2 x₁ − x₂ + 3 = 0"""
        terms = [(self.w[0], "x₁"), (self.w[1], "x₂"), (self.b, "")]
        shown = [f"{'−' if c < 0 else '+'} {_size(c, x)}{x}" for c, x in terms if c]
        return " ".join(shown).removeprefix("+ ").replace("− ", "−", shown[0][0] == "−") + " = 0"


@dataclass(frozen=True)
class Points(Figure):
    """`points` with the labels 1 and −1 (all 1 where there are no classes), and lines where there are any."""

    points: Matrix
    labels: Vector
    borders: tuple[Border, ...] = ()

    @property
    def description(self) -> str:
        """Every point, class by class, and every line."""
        marks = {1: "filled circles", -1: "hollow squares"}
        names = {y: [f"{indexed('p', i)} at ({number(p[0])}, {number(p[1])})"
                     for i, (p, own) in enumerate(zip(self.points, self.labels, strict=True), 1) if own == y]
                 for y in marks}  # fmt: skip
        several = len(set(self.labels)) > 1
        lines = [f"{f'Class {_signed(y)}' if several else 'Points'} ({mark}): {counted(names[y])}."
                 for y, mark in marks.items() if names[y]]  # fmt: skip
        ways = [f"Line{' ' * bool(border.name)}{border.name}: {border.said()}; its arrow points to the positive side."
                for border in self.borders]  # fmt: skip
        return " ".join([*lines, *ways])

    def drawing(self) -> Drawing:
        """Axes, lines, points, names, and what circles and squares stand for."""
        shown = [*((float(p[0]), float(p[1])) for p in self.points), *map(self._nearest, self.borders)]
        x, y = frame([p[0] for p in shown], [p[1] for p in shown], 0.7)
        unit = min(UNIT, SIDE / max(x[1] - x[0], y[1] - y[0]))
        apart = bool(self.borders)  # no line may run through the numbers of an axis
        axes = Axes(x, y, unit * (x[1] - x[0]), unit * (y[1] - y[0]), outside=apart)
        marks = list(axes.marks(("x₁", "x₂")))
        ways = axes.ways
        for border in self.borders:
            ends = Box(0, 0, axes.width, axes.height).clipped(*_long(border, axes))
            if ends:
                arrow = _arrow(border, ends)
                marks += [line(ends, width=2), *arrow]
                ways += [ends, arrow[0].path[:2]]  # type: ignore[list-item]  # an arrow has two ends
        places = [axes.at(float(p[0]), float(p[1])) for p in self.points]
        for at, own in zip(places, self.labels, strict=True):
            box = Box(*at, *at).grown(RADIUS)
            marks.append(circle(at, RADIUS, width=0, tint=1) if own > 0 else rectangle(box, width=2))
        ways += [(box[:2], box[2:]) for at in places for box in [Box(*at, *at).grown(RADIUS)]]
        for i, at in enumerate(places, 1):
            marks.append(beside(indexed("p", i), at, marks, ways))
        if len(self.borders) > 1:
            for border in self.borders:
                marks += self._named(border, axes, marks, ways)
        return Drawing((*marks, *self._legend(axes)))

    def _nearest(self, border: Border) -> Point:
        """Where the line is nearest to the middle of the points, so that it is in the picture."""
        x, y = (float(sum(p[i] for p in self.points)) / len(self.points) for i in (0, 1))
        w1, w2, b = map(float, (*border.w, border.b))
        share = (w1 * x + w2 * y + b) / (w1 * w1 + w2 * w2)
        return x - share * w1, y - share * w2

    def _named(self, border: Border, axes: Axes, marks: list[Mark], ways: list[tuple[Point, Point]]) -> list[Mark]:
        ends = Box(0, 0, axes.width, axes.height).clipped(*_long(border, axes))
        if not ends:
            return []
        (x0, y0), (x1, y1) = ends
        return [beside(border.name, (0.2 * x0 + 0.8 * x1, 0.2 * y0 + 0.8 * y1), marks, ways)]

    def _legend(self, axes: Axes) -> Iterator[Mark]:
        if len(set(self.labels)) < 2:
            return
        y, middle = axes.height + (44 if axes.outside else 30), axes.width / 2
        yield circle((middle - 92, y), RADIUS, width=0, tint=1)
        yield label("class +1", (middle - 80, y), size=SMALL, anchor="start")
        yield rectangle(Box(middle + 18, y, middle + 18, y).grown(RADIUS), width=2)
        yield label("class −1", (middle + 30, y), size=SMALL, anchor="start")


def _long(border: Border, axes: Axes) -> tuple[tuple[float, float], tuple[float, float]]:
    """Two points of the line far outside the picture, in pixels."""
    w1, w2, b = map(float, (*border.w, border.b))
    foot = (-b * w1 / (w1 * w1 + w2 * w2), -b * w2 / (w1 * w1 + w2 * w2))
    ends = [axes.at(foot[0] - t * w2, foot[1] + t * w1) for t in (-100, 100)]
    return ends[0], ends[1]


def _arrow(border: Border, ends: tuple[Point, Point]) -> list[Mark]:
    """From the line towards its positive side."""
    (x0, y0), (x1, y1) = ends
    start = (0.65 * x0 + 0.35 * x1, 0.65 * y0 + 0.35 * y1)  # the name stands at the other end
    size = hypot(*map(float, border.w))
    dx, dy = float(border.w[0]) / size, -float(border.w[1]) / size
    tip = (start[0] + 24 * dx, start[1] + 24 * dy)
    return [line([start, (tip[0] - 7 * dx, tip[1] - 7 * dy)]), arrow_head(tip, (dx, dy))]


def _size(value: Number, name: str) -> str:
    return "" if abs(value) == 1 and name else f"{number(abs(value))}{' ' * bool(name)}"


def _signed(label: Number) -> str:
    return "+1" if label > 0 else "−1"
