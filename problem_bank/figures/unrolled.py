"""A recurrent network unrolled over time: a state for each step, from left to right, an input under each."""

from __future__ import annotations

from dataclasses import dataclass

from problem_bank.figures.drawing import SIZE, Box, Drawing, Mark, Point, arrow_head, label, line, rectangle
from problem_bank.figures.figure import Figure
from problem_bank.figures.words import indexed, listed, number, text_width
from problem_bank.values import Vector

STEP, DOWN, HALF = 92.0, 74.0, 15.0  # from state to state, from state to input, and half the height of a box
SMALL = 13.0


@dataclass(frozen=True)
class Unrolled(Figure):
    """The inputs x₁, x₂, ... and the names of the weights: from state to state, from input to state, to the output."""

    inputs: Vector
    weights: tuple[str, str, str] = ("W", "U", "v")

    @property
    def description(self) -> str:
        """Boxes and arrows from left to right."""
        n, (w, u, v) = len(self.inputs), self.weights
        h = [indexed("h", t) for t in range(n + 1)]
        steps = [f"{h[t - 1]} (by {w}) and {indexed('x', t)} = {number(x)} (by {u}) go into {h[t]}."
                 for t, x in enumerate(self.inputs, 1)]  # fmt: skip
        return " ".join(["From left to right:", *steps, f"{h[n]} goes (by {v}) into y."])

    def drawing(self) -> Drawing:
        """States in a row, inputs below, the output above the last state."""
        n, (w, u, v) = len(self.inputs), self.weights
        marks: list[Mark] = []
        for t in range(n + 1):
            at = (t * STEP, 0.0)
            marks += _box(indexed("h", t), at, dashed=t == 0)
            if t:
                below = (t * STEP, DOWN)
                marks += _arrow((at[0] - STEP + 20, 0), (at[0] - 20, 0), w)
                marks += _box(f"{indexed('x', t)} = {listed([self.inputs[t - 1]])}", below, dashed=True)
                marks += _arrow((at[0], DOWN - HALF), (at[0], HALF), u)
        above = (n * STEP, -DOWN)
        return Drawing((*marks, *_arrow((above[0], -HALF), (above[0], HALF - DOWN), v), *_box("y", above)))


def _box(text: str, at: Point, *, dashed: bool = False) -> list[Mark]:
    half = max(20.0, text_width(text, SIZE) / 2 + 7)
    box = Box(at[0] - half, at[1] - HALF, at[0] + half, at[1] + HALF)
    return [rectangle(box, round=3 if dashed else 9, dashed=dashed), label(text, at)]


def _arrow(start: Point, end: Point, weight: str) -> list[Mark]:
    """An arrow with the name of its weight over or beside it."""
    flat = start[1] == end[1]
    towards = (1.0, 0.0) if flat else (0.0, -1.0)
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    beside = (middle[0], middle[1] - 11) if flat else (middle[0] + 11, middle[1])
    shaft = (end[0] - 7 * towards[0], end[1] - 7 * towards[1])
    return [line([start, shaft]), arrow_head(end, towards), label(weight, beside, size=SMALL)]
