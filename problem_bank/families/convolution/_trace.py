"""Which inputs does a unit depend on? Every connection of a one-dimensional net, followed back to the input.

A net is a list of layers (kernel size, stride, dilation), the first one first.
"""

from collections import Counter
from collections.abc import Callable, Sequence

Net = Sequence[tuple[int, int, int]]


def each(measure: Callable[[Net], int], net: Net) -> list[int]:
    """A measure of the first layer, the first two, ..."""
    return [measure(net[: n + 1]) for n in range(len(net))]


def reached(net: Net, output: int = 0) -> set[int]:
    """The inputs that this output depends on."""
    found = {output}
    for k, s, d in reversed(net):
        found = {position * s + shift for position in found for shift in range(0, k * d, d)}
    return found


def span(net: Net) -> int:
    """The receptive field: from the first input to the last one."""
    inputs = reached(net)
    return max(inputs) - min(inputs) + 1


def jump(net: Net) -> int:
    """The distance between the first inputs of two neighbouring outputs."""
    return min(reached(net, 1)) - min(reached(net, 0))


def paths(net: Net) -> int:
    """The number of connections from the inputs to one output."""
    found = Counter({0: 1})
    for k, s, d in reversed(net):
        below: Counter[int] = Counter()
        for position, ways in found.items():
            for shift in range(0, k * d, d):
                below[position * s + shift] += ways
        found = below
    return found.total()
