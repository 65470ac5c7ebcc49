"""Marks on paper: plain functions that return a frozen `Mark`, its SVG element with the room that it takes.

Lengths are in pixels, y grows downwards. Everything is drawn in the colour of the text around it, so that a picture is
readable on light and dark pages and in print; what stands out does so by width, tint, dashes or shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple, TypeAlias

from problem_bank.figures.words import text_width

SIZE = 15  # of letters
Point: TypeAlias = tuple[float, float]


class Box(NamedTuple):
    """A rectangle along the axes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Do the two have more than an edge in common?"""
        return (self.left < other.right and other.left < self.right) and (
            self.top < other.bottom and other.top < self.bottom
        )

    def grown(self, by: float) -> Box:
        """The rectangle with a margin."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def clipped(self, start: Point, end: Point) -> tuple[Point, Point] | None:
        """The part of a straight line inside it (Liang and Barsky); None where the line misses it."""
        low, high = 0.0, 1.0
        for i in (0, 1):
            way, first, last = end[i] - start[i], self[i] - start[i], self[i + 2] - start[i]
            if way:
                entry, exit = (first / way, last / way) if way > 0 else (last / way, first / way)
                low, high = max(low, entry), min(high, exit)
            elif not first < 0 < last:
                return None
        if low >= high:
            return None
        dx, dy = end[0] - start[0], end[1] - start[1]
        return (start[0] + low * dx, start[1] + low * dy), (start[0] + high * dx, start[1] + high * dy)


@dataclass(frozen=True)
class Mark:
    """One SVG element, the room it takes, the text that it shows, and the points that its line runs through."""

    element: str
    box: Box
    text: str = ""
    path: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """Marks, the first one at the bottom."""

    marks: tuple[Mark, ...]

    @property
    def box(self) -> Box:
        """The room of all marks, with a margin."""
        left, top, right, bottom = zip(*(mark.box for mark in self.marks), strict=True)
        return Box(min(left), min(top), max(right), max(bottom)).grown(4)


def label(text: str, at: Point, *, size: float = SIZE, anchor: str = "middle", bold: bool = False) -> Mark:
    """A text, vertically centred; `anchor` says whether it starts, ends or is centred at the point."""
    width = text_width(text, size) * (1.08 if bold else 1)
    left = at[0] - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    box = Box(left, at[1] - 0.42 * size, left + width, at[1] + 0.42 * size)
    options = _options(
        text_anchor=anchor if anchor != "middle" else None,
        font_size=short(size) if size != SIZE else None,
        font_weight="bold" if bold else None,
    )
    where = f'x="{short(at[0])}" y="{short(at[1] + 0.35 * size)}"'
    return Mark(f'<text {where} fill="currentColor" stroke="none"{options}>{escape(text)}</text>', box, text)


def line(
    points: Sequence[Point], *, width: float = 1.2, dashed: bool = False, closed: bool = False, tint: float = 0
) -> Mark:
    """Straight lines from point to point; `closed` ones may be filled with a `tint` from 0 to 1."""
    name, places = "polygon" if closed else "polyline", " ".join(f"{short(x)},{short(y)}" for x, y in points)
    whole = (*points, points[0]) if closed else tuple(points)
    return Mark(f'<{name} points="{places}"{_stroke(width, dashed, tint)}/>', _around(points), path=whole)


def curve(start: Point, end: Point, *, width: float = 1.2) -> Mark:
    """A curve that leaves and arrives upright."""
    middle = (start[1] + end[1]) / 2
    ways = " ".join(f"{short(x)},{short(y)}" for x, y in ((start[0], middle), (end[0], middle), end))
    element = f'<path d="M{short(start[0])},{short(start[1])} C{ways}"{_stroke(width, False, 0)}/>'
    return Mark(element, _around((start, end)), path=tuple(_bezier(start, end, t / 8) for t in range(9)))


def circle(at: Point, radius: float, *, width: float = 1.2, dashed: bool = False, tint: float = 0) -> Mark:
    """A circle around a point."""
    where = f'cx="{short(at[0])}" cy="{short(at[1])}" r="{short(radius)}"'
    return Mark(f"<circle {where}{_stroke(width, dashed, tint)}/>", Box(*at, *at).grown(radius))


def rectangle(box: Box, *, width: float = 1.2, dashed: bool = False, tint: float = 0, round: float = 0) -> Mark:
    """A rectangle; `round` is the radius of its corners."""
    where = f'x="{short(box.left)}" y="{short(box.top)}"'
    sides = f'width="{short(box.right - box.left)}" height="{short(box.bottom - box.top)}"'
    corners = f' rx="{short(round)}"' if round else ""
    return Mark(f"<rect {where} {sides}{corners}{_stroke(width, dashed, tint)}/>", box)


def arrow_head(tip: Point, towards: Point = (0, 1)) -> Mark:
    """A filled triangle at the end of a line that runs in this direction (of length 1)."""
    (x, y), (dx, dy) = tip, towards
    back = (x - 8 * dx, y - 8 * dy)
    sides = [(back[0] + 3.5 * dy, back[1] - 3.5 * dx), (back[0] - 3.5 * dy, back[1] + 3.5 * dx)]
    return Mark(line([tip, *sides], width=0, closed=True, tint=1).element, _around([tip, *sides]))


def short(length: float) -> str:
    """A length to a tenth of a pixel, the same on every machine."""
    return f"{round(length, 1) + 0.0:g}"


def _stroke(width: float, dashed: bool, tint: float) -> str:
    filled = {"fill": "currentColor", "fill_opacity": None if tint == 1 else f"{tint:g}"} if tint else {}
    lines = {"stroke": "none"} if not width else {"stroke_width": short(width) if width != 1.2 else None}
    return _options(**lines, stroke_dasharray="4 3" if dashed else None, **filled)


def _options(**options: str | None) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in options.items() if value is not None)


def _around(points: Iterable[Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _bezier(start: Point, end: Point, t: float) -> Point:
    middle = (start[1] + end[1]) / 2
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    ways = (start, (start[0], middle), (end[0], middle), end)
    return (sum(w * p[0] for w, p in zip(weights, ways, strict=True)),
            sum(w * p[1] for w, p in zip(weights, ways, strict=True)))  # fmt: skip
