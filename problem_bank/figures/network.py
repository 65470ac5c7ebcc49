"""A dense network: a column of units for each layer, a weight on each line, a bias under each unit, dropped units
crossed out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import dist

from problem_bank.figures.drawing import Box, Drawing, Mark, Point, circle, label, line
from problem_bank.figures.figure import Figure
from problem_bank.figures.words import counted, indexed, listed, number, text_width
from problem_bank.values import Matrix, Number, Vector, entries

RADIUS, ROW, BELOW, SMALL = 13.0, 66.0, 23.0, 13.0
COLUMNS = (124.0, 150.0)  # from layer to layer: the first one at which all weights find a place
SHARES = (0.25, 0.3, 0.75, 0.35, 0.7, 0.22, 0.78, 0.4, 0.5, 0.6)  # of the way along a line, the best first
TALL = 0.42 * SMALL  # half the height of a number
ROOMY = 4.0  # so much room between a weight and what is beside it is enough
LEGEND = "On the lines: weights. Below the units: biases."


@dataclass(frozen=True)
class Layer:
    """A name, the weights from the layer before (rows are units), the biases, and a mask if dropout has one."""

    name: str
    weights: Matrix
    biases: Vector
    mask: Vector = ()


@dataclass(frozen=True)
class Network(Figure):
    """The inputs with their values and a mask if there is one, and the layers after them."""

    inputs: Vector
    layers: tuple[Layer, ...]
    mask: Vector = field(default=())

    @property
    def description(self) -> str:
        """Every unit with its weights and its bias, layer by layer."""
        lines = [f"From left to right. Inputs: {listed(f'x{i} = {number(v)}' for i, v in enumerate(self.inputs, 1))}."]
        lines += [_said("input", self.mask)] if 0 in self.mask else []
        for layer in self.layers:
            units = enumerate(zip(layer.weights, layer.biases, strict=True), 1)
            lines += [f"Layer {layer.name}:", "; ".join(_unit(i, row, bias) for i, (row, bias) in units) + "."]
            lines += [_said(f"layer {layer.name}", layer.mask)] if 0 in layer.mask else []
        return " ".join(lines)

    def drawing(self) -> Drawing:
        """Lines, then units with their biases, then names."""
        for column in COLUMNS:
            layout = _Layout(self, column)
            weights = layout.weights()
            if weights:
                break
        return Drawing((*layout.lines(weights), *layout.units(), *layout.names(bool(weights))))


class _Layout:
    """Places of the units, `column` apart from layer to layer."""

    def __init__(self, network: Network, column: float) -> None:
        self.network, self.column = network, column
        widths = [len(network.inputs), *(len(layer.biases) for layer in network.layers)]
        self.bottom = (max(widths) - 1) * ROW / 2
        self.places = [[(i * column, (j - (n - 1) / 2) * ROW) for j in range(n)] for i, n in enumerate(widths)]
        self.masks = [network.mask, *(layer.mask for layer in network.layers)]

    def weights(self) -> list[list[Mark]] | None:
        """For each layer a mark on every line into it, clear of the other lines; None where there is no room."""
        found = [self._weights(i, layer.weights) for i, layer in enumerate(self.network.layers)]
        return [marks for marks in found if marks] if all(found) else None

    def _ways(self, i: int) -> Iterator[tuple[Point, Point]]:
        """From centre to centre, all lines into one layer, as its weights are read."""
        return ((start, end) for end in self.places[i + 1] for start in self.places[i])

    def _weights(self, i: int, rows: Matrix) -> list[Mark] | None:
        marks: list[Mark] = []
        taken = [mark.box.grown(5) for layer in (i, i + 1) for mark in self._biases(layer)]
        ways = list(self._ways(i))
        slopes = [(start[1], (end[1] - start[1]) / self.column) for start, end in ways]
        for n, ((start, end), weight) in enumerate(zip(ways, entries(rows), strict=True)):
            others, half = slopes[:n] + slopes[n + 1 :], text_width(number(weight), SMALL) / 2 + 2
            best, most = 0.0, 0.0
            for share in SHARES:
                room = _room(share * self.column, _along(start, end, share), half, others, taken)
                if room > most:
                    best, most = share, room
                if room >= ROOMY:
                    break
            if not best:
                return None
            marks.append(label(number(weight), _along(start, end, best), size=SMALL))
            taken.append(marks[-1].box)
        return marks

    def _biases(self, i: int) -> Iterator[Mark]:
        """Below the units of one layer; there is nothing below the inputs."""
        biases = self.network.layers[i - 1].biases if i else ()
        return (label(_signed(bias), (x, y + BELOW), size=SMALL)
                for (x, y), bias in zip(self.places[i], biases, strict=False))  # fmt: skip

    def lines(self, labels: list[list[Mark]] | None) -> Iterator[Mark]:
        """Every line, open where its weight stands; dashed where it carries nothing."""
        for i, mask in enumerate(self.masks[:-1]):
            for n, (start, end) in enumerate(self._ways(i)):
                dropped = bool(mask) and not mask[n % len(mask)]
                ends = RADIUS / dist(start, end)
                stops = [ends, 1 - ends]
                if labels:
                    mark = labels[i][n]
                    stops[1:1] = _gap(start, end, mark.box)
                    yield mark
                for first, last in zip(stops[::2], stops[1::2], strict=True):
                    yield line([_along(start, end, first), _along(start, end, last)], width=0.9, dashed=dropped)

    def units(self) -> Iterator[Mark]:
        """Circles with what belongs to them; dropped ones dashed and crossed out."""
        for layer, (places, mask) in enumerate(zip(self.places, self.masks, strict=True)):
            yield from self._biases(layer)
            for i, (x, y) in enumerate(places):
                dropped = bool(mask) and not mask[i]
                yield circle((x, y), RADIUS, width=1.5, dashed=dropped)
                if dropped:
                    reach = RADIUS * 0.95
                    yield line([(x - reach, y - reach), (x + reach, y + reach)], width=2)
                    yield line([(x - reach, y + reach), (x + reach, y - reach)], width=2)
        for i, (x, y) in enumerate(self.places[0], 1):
            value = number(self.network.inputs[i - 1])
            yield label(f"{indexed('x', i)} = {value}", (x - RADIUS - 7, y), anchor="end")

    def names(self, weighted: bool) -> Iterator[Mark]:
        """The layers' names above them, and how to read the numbers below."""
        for places, layer in zip(self.places[1:], self.network.layers, strict=True):
            yield label(layer.name, (places[0][0], -self.bottom - 34), bold=True)
        middle = (self.places[-1][0][0] - 40) / 2
        yield label(LEGEND if weighted else LEGEND.partition(". ")[2], (middle, self.bottom + 50), size=SMALL)


def _room(way: float, at: Point, half: float, lines: list[tuple[float, float]], taken: list[Box]) -> float:
    """How far a text, `half` its width to either side, is from lines above and below it and from what is taken.

    The text stands `way` right of the column where the lines start, each at a height and with a slope.
    """
    x, y = at
    room = 2 * ROOMY + TALL
    for start, slope in lines:
        apart = abs(start + slope * way - y) - abs(slope) * half
        room = min(room, apart)
    room -= TALL
    for box in taken:
        apart = max(box.left - x - half, x - half - box.right, box.top - y - TALL, y - TALL - box.bottom)
        room = min(room, apart)
    return room


def _along(start: Point, end: Point, share: float) -> Point:
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _gap(start: Point, end: Point, box: Box) -> list[float]:
    """Where a line enters and leaves a box around one of its points, as shares of the way."""
    across, down = end[0] - start[0], abs(end[1] - start[1])
    middle = ((box.left + box.right) / 2 - start[0]) / across
    half = (box.right - box.left + 3) / 2 / across
    half = min(half, (box.bottom - box.top + 3) / 2 / down) if down else half
    return [middle - half, middle + half]


def _signed(value: Number) -> str:
    return number(value) if value < 0 else f"+{number(value)}"


def _unit(i: int, row: Vector, bias: Number) -> str:
    return f"unit {i} has weights {listed(row)} and bias {number(bias)}"


def _said(where: str, mask: Vector) -> str:
    dropped = [str(i) for i, kept in enumerate(mask, 1) if not kept]
    return f"Crossed out in the {where}: {counted(dropped)}; the lines from there are dashed."
