"""Graphs from top to bottom: what is computed from what, in layers, with curved arrows that pass between the nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise, permutations

from problem_bank.figures.drawing import SIZE, Box, Drawing, Mark, Point, arrow_head, curve, label, line, rectangle
from problem_bank.figures.figure import Figure
from problem_bank.figures.words import counted, text_width

HEIGHT, LAYER, GAP = 28.0, 66.0, 22.0  # of a node, from layer to layer, and between nodes
BEND = "\0"  # begins the names of the places where an edge passes a layer
ROUNDS = 3  # times that nodes are moved towards their neighbours
SWEEPS, MANY = 2, 5  # rounds in which layers are put in order, and of how many nodes at most


@dataclass(frozen=True)
class Node:
    """What stands in a node, and the names of the nodes that it is computed from; without them it is a leaf."""

    name: str
    text: str
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph(Figure):
    """Nodes, each after its inputs."""

    nodes: tuple[Node, ...]

    @property
    def description(self) -> str:
        """Every node with what goes into it, from the leaves to the end."""
        leaves = [node.text for node in self.nodes if not node.inputs]
        lines = [f"{counted(node.inputs)} {'go' if len(node.inputs) > 1 else 'goes'} into {node.text}."
                 for node in self.nodes if node.inputs]  # fmt: skip
        return " ".join([f"At the top, {counted(leaves)}.", "Arrows lead down:", *lines])

    def drawing(self) -> Drawing:
        """Arrows, then nodes."""
        layout = _Layout(self.nodes)
        return Drawing((*layout.arrows(), *(mark for node in self.nodes for mark in layout.node(node))))


class _Layout:
    """Where nodes and bends are: layers by the longest way, an order with few crossings, each layer centred."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = {node.name: node for node in nodes}
        self.layers = _layers(nodes)
        self.pieces = list(self._pieces())
        rows: dict[int, list[str]] = {}
        for name, layer in self.layers.items():
            rows.setdefault(layer, []).append(name)
        self.rows = _ordered([rows[layer] for layer in sorted(rows)], self.pieces)

    def _pieces(self) -> Iterator[tuple[str, str]]:
        """Every edge, cut where it passes a layer; the bends join the layers."""
        for node in self.nodes.values():
            for source in dict.fromkeys(node.inputs):
                before = source
                for layer in range(self.layers[source] + 1, self.layers[node.name]):
                    bend = f"{BEND}{source} {node.name} {layer}"
                    self.layers[bend] = layer
                    yield before, bend
                    before = bend
                yield before, node.name

    @cached_property
    def places(self) -> dict[str, Point]:
        """The centre of every node and bend."""
        across: dict[str, float] = {}
        for row in self.rows:
            self._set(row, dict.fromkeys(row, 0.0), across)
        for rows in (self.rows, self.rows[::-1]) * ROUNDS:
            for row in rows:
                self._set(row, {name: self._wanted(name, across) for name in row}, across)
        return {name: (across[name], layer * LAYER) for layer, row in enumerate(self.rows) for name in row}

    def _wanted(self, name: str, across: Mapping[str, float]) -> float:
        """The middle of the nodes that it is joined to."""
        joined = [across[b if a == name else a] for a, b in self.pieces if name in (a, b)]
        return _mean(joined) if joined else 0.0

    def _set(self, row: Sequence[str], wanted: Mapping[str, float], across: dict[str, float]) -> None:
        """Side by side in their order, as near to the wanted places as the gaps let them."""
        ways = [0.0]
        for before, after in pairwise(row):
            ways.append(ways[-1] + (self._width(before) + self._width(after)) / 2 + GAP)
        free = [wanted[name] - way for name, way in zip(row, ways, strict=True)]
        for name, shift, way in zip(row, _rising(free), ways, strict=True):
            across[name] = shift + way

    def _width(self, name: str) -> float:
        return text_width(self.nodes[name].text, SIZE) + SIZE if name in self.nodes else 0.0

    def node(self, node: Node) -> Iterator[Mark]:
        """A box around the text; that of a leaf is dashed."""
        (x, y), half = self.places[node.name], self._width(node.name) / 2
        box = Box(x - half, y - HEIGHT / 2, x + half, y + HEIGHT / 2)
        yield rectangle(box, round=HEIGHT / 2 if node.inputs else 3, dashed=not node.inputs)
        yield label(node.text, (x, y))

    def arrows(self) -> Iterator[Mark]:
        """The pieces, curved; those that arrive at a node have a head."""
        for start, end in self.pieces:
            (x0, y0), (x1, y1) = self._port(start, end, out=True), self._port(end, start, out=False)
            arrives = end in self.nodes
            yield curve((x0, y0), (x1, y1 - 7 * arrives))
            if arrives:
                yield arrow_head((x1, y1))
            else:
                yield line([(x1, y1), (x1, y1 + HEIGHT)])

    def _port(self, name: str, other: str, *, out: bool) -> Point:
        """Where an edge leaves or arrives: side by side, in the order of the other ends."""
        x, y = self.places[name]
        if name not in self.nodes:
            return x, y + (HEIGHT / 2 if out else -HEIGHT / 2)
        others = [b if out else a for a, b in self.pieces if (a if out else b) == name]
        others.sort(key=lambda each: self.places[each][0])
        share = (others.index(other) + 1) / (len(others) + 1) - 0.5
        room = min(self._width(name) - HEIGHT / 2, 18.0 * (len(others) + 1))
        return x + share * room, y + (HEIGHT / 2 if out else -HEIGHT / 2)


def _layers(nodes: Sequence[Node]) -> dict[str, int]:
    """Each node below all that it needs; a leaf just above its first use."""
    depth: dict[str, int] = {}
    for node in nodes:
        depth[node.name] = 1 + max((depth[name] for name in node.inputs), default=-1)
    for node in nodes:
        if not node.inputs:
            depth[node.name] = min((depth[n.name] - 1 for n in nodes if node.name in n.inputs), default=0)
    return depth


def _rising(values: Sequence[float]) -> list[float]:
    """The nearest values that never fall: neighbours in the wrong order share their mean."""
    pools: list[list[float]] = []
    for value in values:
        pools.append([value])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    return [middle for pool in pools for middle in [_mean(pool)] * len(pool)]


def _ordered(rows: list[list[str]], pieces: list[tuple[str, str]]) -> list[list[str]]:
    """The layers with few crossings and short ways: each in its best order, its neighbours fixed, up and down."""
    for i in [*range(len(rows)), *reversed(range(len(rows)))] * SWEEPS:
        row = set(rows[i])
        near = [piece for piece in pieces if row.intersection(piece)]
        if 1 < len(row) <= MANY:
            fixed = _places(rows)
            orders = map(list, permutations(rows[i]))
            rows[i] = min(orders, key=lambda order: _cost({**fixed, **_places([order])}, near, row))
    return rows


def _places(rows: Sequence[Sequence[str]]) -> dict[str, float]:
    """How far left or right of the middle of its layer a node is, in nodes."""
    return {name: j - (len(row) - 1) / 2 for row in rows for j, name in enumerate(row)}


def _cost(places: Mapping[str, float], pieces: Sequence[tuple[str, str]], row: set[str]) -> tuple[int, float]:
    """How many of the pieces above a layer cross, and of those below it; then how far they run sideways."""
    ends = [(places[a], places[b], a in row) for a, b in pieces]
    crossings = sum((a - c) * (b - d) < 0 for (a, b, below), (c, d, other) in combinations(ends, 2) if below is other)
    return crossings, sum(abs(a - b) for a, b, _ in ends)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
