"""Arrays of numbers as squared paper: a window framed, cells shaded, padding dashed; several arrays side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from problem_bank.figures.drawing import SIZE, Box, Drawing, Mark, Point, label, rectangle
from problem_bank.figures.figure import Figure
from problem_bank.figures.words import counted, listed, number, text_width

CELL, GAP, WIDEST = 30.0, 34.0, 460.0  # a cell, the room between arrays, and where a row of them ends
SMALL = 12.0
FRAME, SHADE, HIDDEN = 3.0, 0.22, 0.1


@dataclass(frozen=True)
class Window:
    """A rectangle of cells: its first row and column, counted from 0, and its size."""

    row: int
    column: int
    height: int
    width: int

    def said(self) -> str:
        """rows 1 to 2 of columns 3 to 4"""
        return f"rows {_span(self.row, self.height)} of columns {_span(self.column, self.width)}"


@dataclass(frozen=True)
class Panel:
    """One array: its rows (numbers or short texts), `framed` windows, and places (row, column) that are `shaded`.

    The outer `border` cells are padding. `hidden` places are dashed and say so. `rows` and `columns` name the sides.
    """

    name: str
    values: Sequence[Sequence[Any]]
    framed: tuple[Window, ...] = ()
    shaded: tuple[tuple[int, int], ...] = ()
    border: int = 0
    hidden: tuple[tuple[int, int], ...] = ()
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[int, int]:
        """How many rows and columns."""
        return len(self.values), len(self.values[0])

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        return listed([self.values[row][column]])

    def padded(self, row: int, column: int) -> bool:
        """Is this place padding?"""
        (height, width), edge = self.sides, self.border
        return not (edge <= row < height - edge and edge <= column < width - edge)

    def places(self) -> Iterator[tuple[int, int]]:
        """All places, row by row."""
        return ((i, j) for i in range(self.sides[0]) for j in range(self.sides[1]))


@dataclass(frozen=True)
class Grid(Figure):
    """Arrays side by side. `means` says what frames and shades stand for."""

    panels: tuple[Panel, ...]
    means: str = ""

    @property
    def description(self) -> str:
        """Every array with its rows, frames and shades."""
        return " ".join(filter(None, [*map(_said, self.panels), self.means]))

    def drawing(self) -> Drawing:
        """The arrays in rows, centred."""
        texts = [text_width(p.text(*at), SIZE) + 11 for p in self.panels for at in p.places()]
        cell = max(CELL, *texts, *(text_width(name, SMALL) + 6 for p in self.panels for name in p.columns))
        marks, top = list[Mark](), 0.0
        for row in _rows(self.panels, cell):
            height = max(p.sides[0] for p in row) * cell
            left = -_width(row, cell) / 2
            for panel in row:
                left += _side(panel)
                lower = top + (height - panel.sides[0] * cell) / 2
                marks += _drawn(panel, (left, lower), cell)
                left += panel.sides[1] * cell + GAP
            top += height + GAP + SMALL + (SMALL if any(p.columns for p in row) else 0)
        return Drawing(tuple(marks))


def _rows(panels: Sequence[Panel], cell: float) -> list[list[Panel]]:
    """As many arrays in a row as fit."""
    rows: list[list[Panel]] = [[]]
    for panel in panels:
        if rows[-1] and _width([*rows[-1], panel], cell) > WIDEST:
            rows.append([])
        rows[-1].append(panel)
    return rows


def _side(panel: Panel) -> float:
    """The room for the names of the rows."""
    return max((text_width(name, SMALL) + 8 for name in panel.rows), default=0.0)


def _width(panels: Sequence[Panel], cell: float) -> float:
    return sum(p.sides[1] * cell + _side(p) for p in panels) + GAP * (len(panels) - 1)


def _drawn(panel: Panel, at: Point, cell: float) -> Iterator[Mark]:
    """Cells, then frames over them, then the names around."""
    (left, top), (height, width) = at, panel.sides

    def box(row: int, column: int, rows: int = 1, columns: int = 1) -> Box:
        x, y = left + column * cell, top + row * cell
        return Box(x, y, x + columns * cell, y + rows * cell)

    def middle(row: float, column: float) -> Point:
        return left + (column + 0.5) * cell, top + (row + 0.5) * cell

    hidden, shaded = set(panel.hidden), set(panel.shaded)
    for i, j in panel.places():
        unseen = (i, j) in hidden or panel.padded(i, j)
        tint = SHADE if (i, j) in shaded else HIDDEN if (i, j) in hidden else 0
        yield rectangle(box(i, j), width=0.8, dashed=unseen, tint=tint)
        yield label(panel.text(i, j), middle(i, j), bold=(i, j) in shaded)
    yield rectangle(box(0, 0, height, width), width=1.2)
    for window in panel.framed:
        yield rectangle(box(window.row, window.column, window.height, window.width), width=FRAME)
    for j, name in enumerate(panel.columns):
        yield label(name, (middle(0, j)[0], top - SMALL), size=SMALL)
    for i, name in enumerate(panel.rows):
        yield label(name, (left - 6, middle(i, 0)[1]), size=SMALL, anchor="end")
    over = top - 14 - (SMALL + 4 if panel.columns else 0)
    yield label(panel.name, (left + width * cell / 2, over), bold=True)


def _said(panel: Panel) -> str:
    names = panel.rows or [number(i) for i in range(1, len(panel.values) + 1)]
    heads = f" Columns: {listed(panel.columns)}." if panel.columns else ""
    label = "" if panel.rows else "row "
    rows = "; ".join(f"{label}{name}: {listed(row)}" for name, row in zip(names, panel.values, strict=True))
    frames = [f"Framed: {counted([window.said() for window in panel.framed])}."] if panel.framed else []
    marked = [f"{word}: {_counted_places(places)}." for word, places in
              (("Shaded", panel.shaded), ("Dashed, because hidden", panel.hidden)) if places]  # fmt: skip
    border = [f"The outer {panel.border} rows and columns are padding, dashed."] if panel.border else []
    return " ".join(chain([f"{panel.name}.{heads} {rows[0].upper()}{rows[1:]}."], border, frames, marked))


def _counted_places(places: Sequence[tuple[int, int]]) -> str:
    """row 1, columns 2 and 3; row 2, column 1"""
    by_row: dict[int, list[str]] = {}
    for i, j in places:
        by_row.setdefault(i, []).append(str(j + 1))
    return "; ".join(f"row {i + 1}, column{'s' * (len(js) > 1)} {counted(js)}" for i, js in by_row.items())


def _span(first: int, size: int) -> str:
    return str(first + 1) if size == 1 else f"{first + 1} to {first + size}"
