"""Networks that are nearly right: they fail on exactly one input."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import permutations, product
from typing import TypeAlias

from problem_bank.answers import Network, TwoLayer
from problem_bank.errors import BadGiven
from problem_bank.exact import scale
from problem_bank.values import Matrix, Number, Vector, whole

Parameters: TypeAlias = tuple[Matrix, Vector, Vector, Number]
CHANGES = (-2, -1, 1, 2)


@cache
def nearly(answer: Network, right: TwoLayer) -> tuple[Parameters, ...]:
    """W1, b1, W2, b2 like those of the right network, one or two entries changed, that fail on exactly one input.

    Raises BadGiven where there are none.
    """
    entries = 2 if len(right.b1) < 3 else 1  # wide networks have many entries, and so candidates enough
    flats = dict.fromkeys(flat for net in _alike(right, answer.activation) for flat in _changed(_flat(net), entries))
    nets = (_unflat(flat, answer.inputs) for flat in flats if all(-4 <= entry <= 4 for entry in flat))
    alive = (net for net in nets if all(net.W2) and all(map(any, net.W1)))
    found = tuple((net.W1, net.b1, net.W2, net.b2) for net in alive if len(_failing(answer, net)) == 1)
    if not found:
        raise BadGiven(f"no first try with {answer.activation} fails on one input alone; pin repair = false")
    return found


@cache
def first_tries(answer: Network, outputs: tuple[int, int]) -> tuple[Parameters, ...]:
    """Those of the network for the outputs 0 and 1, its last layer changed to these outputs in place of them."""
    low, step = outputs[0], outputs[1] - outputs[0]
    found = nearly(answer, answer.examples[0])
    return tuple((w1, b1, tuple(step * v for v in w2), low + step * b2) for w1, b1, w2, b2 in found)


def _failing(answer: Network, net: TwoLayer) -> list[int]:
    """The places in the grid where this network misses the target; stops after two."""
    found: list[int] = []
    for i, (x, wanted) in enumerate(zip(answer.grid, answer.key, strict=True)):
        if answer.decide(net.output(x, answer.activation)) != wanted:
            found.append(i)
        if len(found) > 1:
            break
    return found


def _alike(net: TwoLayer, activation: str) -> Iterator[TwoLayer]:
    """The same function: hidden units in any order, ReLU units of even output weight perhaps doubled, it halved."""
    units = list(zip(net.W1, net.b1, net.W2, strict=True))
    doubled = [(scale(2, row), 2 * b, whole(Fraction(w) / 2)) for row, b, w in units]
    forms = [
        (unit, other) if activation == "relu" and unit[2] % 2 == 0 else (unit,)
        for unit, other in zip(units, doubled, strict=True)
    ]
    for chosen in product(*forms):
        for order in permutations(chosen):
            w1, b1, w2 = zip(*order, strict=True)
            yield TwoLayer(w1, b1, w2, net.b2)


def _changed(flat: Vector, entries: int) -> Iterator[Vector]:
    for i, change in product(range(len(flat)), CHANGES):
        once = (*flat[:i], flat[i] + change, *flat[i + 1 :])
        yield once
        if entries > 1:
            yield from _changed(once, entries - 1)


def _flat(net: TwoLayer) -> Vector:
    return (*(entry for row in net.W1 for entry in row), *net.b1, *net.W2, net.b2)


def _unflat(flat: Vector, inputs: int) -> TwoLayer:
    width = (len(flat) - 1) // (inputs + 2)
    rows, rest = flat[: width * inputs], flat[width * inputs :]
    w1 = tuple(rows[i * inputs : (i + 1) * inputs] for i in range(width))
    return TwoLayer(w1, rest[:width], rest[width : 2 * width], rest[-1])
