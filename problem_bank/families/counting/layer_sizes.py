"""Goodfellow et al., Deep Learning, sections 9.1, 9.2 and 9.5: sizes and weights, layer by layer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from problem_bank.answers import Integer, Shape
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Rule
from problem_bank.families.counting._laid_windows import by_laying_windows
from problem_bank.families.counting._layer_sizes_texts import (
    CUT,
    DESCRIBED,
    FEATURES,
    PROMPT,
    SAID,
    SIDE,
    SOLUTION,
    STRIDED,
    UNCUT,
    VALID,
)
from problem_bank.families.counting._sized_layers import WINDOWS, Layer, Size
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import entries

FILTERS = (4, 5, 6, 8, 10, 12, 16, 20, 24)
SIDES = {2: range(20, 41), 3: range(17, 31)}


@family(
    topic="counting",
    source="Goodfellow 9.2, 9.5",
    minutes=9,
    levels={
        "easy": {"kinds": ("valid", "pooling", "pointwise")},
        "medium": {},
        "hard": {"kinds": ("padded", "pooling", "local", "transposed"), "axes": 3},
    },
)
def layer_sizes(
    rng: Rng, *, kinds: tuple[str, ...] = ("same", "pooling", "pointwise", "transposed"), axes: int = 2,
    biases: bool = False, channels_last: bool = False, flattened: bool = False,
) -> Exercise:  # fmt: skip
    """Follow an image through the layers, and count their weights."""
    if axes not in SIDES or not set(kinds) <= set(WINDOWS):
        raise BadGiven(f"kinds, axes: {kinds}, {axes}; write some of {', '.join(WINDOWS)}, and 2 or 3 axes")
    channels, sides = rng.choice("channels", (1, 2, 3)), rng.sample("sides", SIDES[axes], axes)
    windows = rng.each("windows", [WINDOWS[kind] for kind in kinds])
    filters = rng.sample("filters", FILTERS, len(kinds))
    if any(v < 0 or v % 1 for v in entries((channels, sides, windows, filters))):
        raise BadGiven("channels, sides, windows, filters: give whole numbers")
    layers: list[Layer] = []
    for kind, window, count in zip(kinds, windows, filters, strict=True):
        k, s, p = window
        layers.append(Layer(kind, k, s, p, layers[-1].outputs if layers else channels, count, axes, biases))
    steps, before, lines = Steps(SAID), (channels, *sides), []
    order = Order(channels_last)
    for i, layer in enumerate(layers, 1):
        before = _ask(steps, i, layer, before, order)
        lines.append(_line(layer, before, order))
    rng.require(all(v > 1 for name, size in steps.keys.items() if "size" in name for v in size), "every window fits")
    summed = _total(steps, layers, order)
    if flattened:
        _ask_features(steps, len(layers), order)
    knobs = {"biases": biases, "channels_last": channels_last, "flattened": flattened}
    return Exercise(
        given={**rng.drawn, "kinds": kinds, "axes": axes, **knobs},
        shown={
            "described": [_named(DESCRIBED[layer.kind], layer) for layer in layers],
            "lines": lines,
            "summed": summed,
            "features": steps.keys.get("features"),
        },
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(steps.parts)),
    )


@dataclass(frozen=True)
class Order:
    """Where the channels stand in a size: first, or last. Rules work on sizes with the channels first."""

    last: bool

    def told(self, size: Size) -> Size:
        """A size as it is asked for."""
        return (*size[1:], size[0]) if self.last else size

    def read(self, size: Size) -> Size:
        """A size that was told, channels first."""
        return (size[-1], *size[:-1]) if self.last else size


def _ask(steps: Steps, i: int, layer: Layer, before: Size, order: Order) -> Size:
    """Ask for the size of a layer's output and for its weights; the size is returned, channels first."""

    def size(rule: Callable[[Size], Size]) -> Rule:
        """A rule on the own size of the layer before."""
        return lambda e: order.told(rule(order.read(e[f"size{i - 1}"]) if f"size{i - 1}" in e else before))

    def sides(side: Callable[[int], int]) -> Rule:
        return size(lambda b: (layer.outputs, *map(side, b[1:])))

    right = size(layer.size)
    wrong = {name: _unless(sides(side), right) for name, side in layer.wrong_sides().items()}
    wrong["channels_kept"] = _unless(size(lambda b: (layer.channels, *layer.size(b)[1:])), right)
    after: Size = steps.ask(f"size{i}", f"Layer {i}: the size of its output.", right, wrong,
                            kind=lambda key: Shape(key, strict=True))  # fmt: skip
    if layer.kind == "pooling":
        return order.read(after)

    def count(rule: Callable[[Size], int]) -> Rule:
        return lambda e: rule(order.read(e[f"size{i}"]))

    learned = count(layer.learned)
    mistakes = {name: _unless(count(rule), learned) for name, rule in layer.wrong_weights().items()}
    steps.ask(f"weights{i}", f"Layer {i}: how many {_counted(layer.biased)} has it?", learned, mistakes, kind=Integer)
    return order.read(after)


def _counted(biased: bool) -> str:
    return "weights and biases" if biased else "weights"


def _ask_features(steps: Steps, i: int, order: Order) -> None:
    """Ask how many values a dense layer after layer i would read."""

    def sides(e: Any) -> Size:
        return order.read(e[f"size{i}"])[1:]

    steps.ask("features", FEATURES, lambda e: prod(e[f"size{i}"]),
              {"one_channel": lambda e: prod(sides(e))}, kind=Integer)  # fmt: skip


def _unless(rule: Rule, right: Rule) -> Rule:
    """A mistaken rule, but None where it leads to the key or to a size that cannot be."""

    def mistaken(e: Any) -> Any:
        value = rule(e)
        return None if value == right(e) or (isinstance(value, tuple) and min(value) < 1) else value

    return mistaken


def _total(steps: Steps, layers: Sequence[Layer], order: Order) -> str:
    """Ask for all that is learned, unless that is one layer's; the line of the solution is returned."""
    learning = [(i, layer) for i, layer in enumerate(layers, 1) if layer.kind != "pooling"]
    if not learning:
        return "0"
    names = [f"weights{i}" for i, _ in learning]
    biased = learning[0][1].biased

    def biases(e: Any) -> int:
        """What the biases change in the count: those that are there, or those that were counted needlessly."""
        return sum(replace(layer, biased=True).biases(order.read(e[f"size{i}"])) for i, layer in learning)

    wrong: dict[str, Rule] = {"last_only": lambda e: e[names[-1]] if len(names) > 1 else None}
    if biased:
        wrong["no_biases"] = lambda e: sum(e[name] for name in names) - biases(e)
    else:
        filters = sum(layer.filters for _, layer in learning)
        wrong["biases"] = lambda e: sum(e[name] for name in names) + filters
    total = steps.ask("total", f"How many {_counted(biased)} have all layers together?",
                      lambda e: sum(e[name] for name in names), wrong, kind=Integer)  # fmt: skip
    return f"${' + '.join(str(steps.keys[name]) for name in names)} = {total}$"


def _named(text: str, layer: Layer) -> str:
    window, border = " × ".join([str(layer.k)] * layer.axes), CUT if layer.p else UNCUT
    values = {"k": layer.k, "s": layer.s, "p": layer.p, "f": layer.filters}
    return text.format(window=window, border=border.format(**values), **values)


def _line(layer: Layer, after: Size, order: Order) -> str:
    """How the size and the weights of a layer come about."""
    rule = _named(SIDE.get(layer.kind, STRIDED if layer.s > 1 else VALID), layer)
    line = rf"A side of $n$ becomes ${rule}$, so the size is {' × '.join(map(str, order.told(after)))}."
    if layer.kind == "pooling":
        return f"{line} There is nothing to learn."
    factors = [str(v) for v in (layer.filters, layer.channels, *[layer.k] * layer.axes)]
    places = list(map(str, after[1:])) if layer.kind == "local" else []
    product = r" \cdot ".join(factors + places)
    if layer.biased:
        return f"{line} Weights and biases: ${product} + {layer.biases(after)} = {layer.learned(after)}$."
    return f"{line} Weights: ${product} = {layer.weights(after)}$."


layer_sizes.oracle(by_laying_windows)
