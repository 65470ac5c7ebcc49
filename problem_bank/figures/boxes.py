"""Boxes in the plane, told apart by their outlines, with what two of them share tinted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from problem_bank.figures.axes import Axes, frame
from problem_bank.figures.drawing import Box, Drawing, Mark, label, line, rectangle
from problem_bank.figures.figure import Figure
from problem_bank.figures.words import listed
from problem_bank.values import Vector

SIDE, SMALL, TINT = 320.0, 13.0, 0.22
OUTLINES = ((2.4, False, "thick"), (1.4, True, "dashed"), (0.8, False, "thin"))  # width, dashed, in words


@dataclass(frozen=True)
class Area:
    """A box by its corners: left, bottom, right, top."""

    name: str
    corners: Vector


@dataclass(frozen=True)
class Boxes(Figure):
    """Three boxes at most. What the first one shares with each of the others is tinted."""

    areas: tuple[Area, ...]

    @property
    def description(self) -> str:
        """Every box with its outline and corners, and every overlap."""
        lines = [f"{area.name} ({said}): from ({listed(area.corners[:2])}) to ({listed(area.corners[2:])})."
                 for area, (_, _, said) in zip(self.areas, OUTLINES, strict=False)]  # fmt: skip
        shared = [(area.name, both) for area in self.areas[1:] if (both := self._shared(area))]
        lines += [f"Tinted, shared by {self.areas[0].name} and {name}: from ({listed(both[:2])}) to "
                  f"({listed(both[2:])})." for name, both in shared]  # fmt: skip
        return " ".join(lines)

    def drawing(self) -> Drawing:
        """Axes, overlaps, boxes, and what the outlines stand for."""
        corners = [list(map(float, area.corners)) for area in self.areas]
        x, y = frame([v for c in corners for v in c[::2]], [v for c in corners for v in c[1::2]], 0.5)
        unit = SIDE / max(x[1] - x[0], y[1] - y[0])
        axes = Axes(x, y, unit * (x[1] - x[0]), unit * (y[1] - y[0]))
        marks = list(axes.marks(("x", "y")))
        shared = filter(None, map(self._shared, self.areas[1:]))
        marks += [rectangle(_pixels(axes, both), width=0, tint=TINT) for both in shared]
        for area, (width, dashed, _) in zip(self.areas, OUTLINES, strict=False):
            marks.append(rectangle(_pixels(axes, area.corners), width=width, dashed=dashed))
        return Drawing((*marks, *self._legend(axes)))

    def _shared(self, area: Area) -> Vector:
        """The corners of what a box shares with the first one; empty where it is nothing."""
        p, q = self.areas[0].corners, area.corners
        left, bottom, right, top = max(p[0], q[0]), max(p[1], q[1]), min(p[2], q[2]), min(p[3], q[3])
        return (left, bottom, right, top) if left < right and bottom < top else ()

    def _legend(self, axes: Axes) -> Iterator[Mark]:
        for i, (area, (width, dashed, _)) in enumerate(zip(self.areas, OUTLINES, strict=False)):
            y = axes.height + 28 + 20 * i
            yield line([(0, y), (34, y)], width=width, dashed=dashed)
            yield label(area.name, (44, y), size=SMALL, anchor="start")


def _pixels(axes: Axes, corners: Vector) -> Box:
    left, bottom, right, top = map(float, corners)
    return Box(*axes.at(left, top), *axes.at(right, bottom))
