"""Goodfellow et al., Deep Learning, section 9.2: how many pixels can a unit see, layer after layer?"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import prod
from operator import mul
from typing import Any

from problem_bank.algebra import Node, number, symbol
from problem_bank.answers import Array, Expression
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Vector

K, L = symbol("k"), symbol("L")

PROMPT = r"""
A network applies these layers one after another (each square, so that one direction is enough):

| layer | operation | kernel | stride | dilation |
|---|---|---|---|---|
{% for row in table %}
| {{ loop.index }} | {{ row.operation }} | {{ row.k }} | {{ row.s }} | {{ row.d }} |
{% endfor %}

The **jump** after a layer is the distance, in pixels of the input, between two neighbouring outputs of that layer. Its
**receptive field** is the number of pixels from the first to the last one that an output can depend on.
""".strip()

SOLUTION = r"""
The input itself has jump 1 and field 1. A layer multiplies the jump by its own stride; before that, it widens the field by
$d (k - 1)$ times the jump **of its inputs**.
{% for row in table %}
Layer {{ loop.index }}: field ${{ row.before }} + {{ row.d }} \cdot ({{ row.k }} - 1) \cdot {{ row.step }} = {{ row.field }}$,
jump ${{ row.step }} \cdot {{ row.s }} = {{ row.jump }}$.

{% endfor %}
""".strip()

LETTER_PROMPT = r"""
Layers of $k \times k$ convolutions with stride 1
{% if d > 1 %}and dilation {{ d }} (neighbouring weights look at pixels that are {{ d }} apart){% else %}and no dilation{% endif +%}
are stacked. Give the side length of the square of input pixels that one unit of the last layer can depend on, by the letters
`k` and `L`.
""".strip()

LETTER_SOLUTION = r"""
One unit of the first layer sees the pixels from its first to its last weight, ${{ one }}$ of them. Moving by one unit in a
layer moves the window below by one pixel, because the stride is 1; a further layer therefore adds
{% if d > 1 %}$({{ d }}) (k - 1)${% else %}$k - 1${% endif %} pixels, not $k$: the windows overlap.
Two layers see ${{ two }}$, and $L$ layers ${{ many }}$ pixels.
The field grows with every layer, so depth widens the context without larger kernels.
""".strip()


@dataclass(frozen=True)
class Layer:
    """One layer: convolution or pooling; kernel size, stride, dilation."""

    operation: str
    k: int
    s: int
    d: int


@family(
    topic="convolution",
    source="Goodfellow 9.2",
    minutes=6,
    levels={"easy": {"dilations": (1,)}, "medium": {}, "hard": {"layers": 4}},
)
def receptive_field(
    rng: Rng, *, layers: int = 3, dilations: tuple[int, ...] = (1, 2), letters: bool = False
) -> Exercise:
    """Follow the field of view from the last layer back to the image."""
    if letters:
        return _in_letters(rng.choice("dilation", dilations))
    pool = rng.int("pool", 2, layers)
    kinds = ["pooling" if i == pool else "convolution" for i in range(1, layers + 1)]
    kernels = rng.each("kernels", [(2, 3) if kind == "pooling" else (2, 3, 4, 5, 7) for kind in kinds])
    strides = rng.each("strides", [(2, 3) if kind == "pooling" else (1, 1, 2) for kind in kinds])
    dilation = rng.each("dilation", [(1,) if kind == "pooling" else dilations for kind in kinds])
    net = tuple(map(Layer, kinds, kernels, strides, dilation))
    rng.require(len(dilations) == 1 or 2 in dilation, "some layer is dilated")
    rng.require(set(strides) > {1} and set(strides[:-1]) != {1}, "some layers are strided, and it matters")
    fields = _fields(net, _jumps(net))
    rng.require(fields[-1] <= 80, "the field stays small")
    return Exercise(
        given={"pool": pool, "kernels": kernels, "strides": strides, "dilation": dilation, "letters": False},
        shown={"table": _table(net)},
        prompt=PROMPT,
        parts=[
            Part("jumps", "Give the jumps after all layers, in order.", Array(_jumps(net)), misconceptions=_jump_slips(net)),
            Part("fields", "Give the receptive fields of all layers, in order.", Array(fields), points=2,
                 misconceptions=_field_slips(net), follow=lambda e: _fields(net, e["jumps"])),
        ],
        solution=SOLUTION,
        work=float(6 * layers + sum(layer.s > 1 for layer in net) + sum(layer.d > 1 for layer in net)),
    )  # fmt: skip


def _jumps(net: Sequence[Layer]) -> Vector:
    return tuple(accumulate((layer.s for layer in net), mul))


def _fields(net: Sequence[Layer], jumps: Vector) -> Vector:
    """The field after each layer, from the jumps after each layer; a wrong number of jumps raises ValueError."""
    widened = [layer.d * (layer.k - 1) * jump for layer, jump in zip(net, (1, *jumps[:-1]), strict=True)]
    return tuple(accumulate(widened, initial=1))[1:]


def _jump_slips(net: Sequence[Layer]) -> list[Slip]:
    strides = tuple(layer.s for layer in net)
    sums = tuple(accumulate(strides))
    wrong = {
        "strides_added": (sums, "Strides multiply: a step of the second layer is a step of steps."),
        "own_stride_only": (strides, "This is each layer's stride; the jump is counted in pixels of the input."),
        "before_the_layer": (
            (1, *_jumps(net)[:-1]),
            "This is the jump of each layer's inputs; include its own stride.",
        ),
    }
    right = _jumps(net)
    return [Slip(name, value if value != right else None, text) for name, (value, text) in wrong.items()]


def _field_slips(net: Sequence[Layer]) -> list[Slip]:
    right = _fields(net, _jumps(net))
    plain = [Layer(a.operation, a.k, 1, a.d) for a in net]
    tight = [Layer(a.operation, a.k, a.s, 1) for a in net]
    seen = [Layer(a.operation, a.k if a.operation != "pooling" else 1, a.s, a.d) for a in net]
    kernels = [a.k for a in net]
    own = tuple(accumulate((a.d * (a.k - 1) * jump for a, jump in zip(net, _jumps(net), strict=True)), initial=1))[1:]
    wrong = {
        "strides_ignored": (
            _fields(plain, _jumps(plain)),
            "You left the strides out: after a stride, one step is several pixels.",
        ),
        "own_stride": (
            own,
            "You used the jump after the layer; the window moves over its inputs, so use the one before.",
        ),
        "kernels_added": (tuple(accumulate(kernels)), "Windows overlap: a layer adds k - 1 steps, not k."),
        "kernels_multiplied": (
            tuple(accumulate(kernels, mul)),
            "Windows of neighbours overlap, so sizes do not multiply.",
        ),
        "dilation_ignored": (_fields(tight, _jumps(tight)), "You left the dilation out: it spreads the weights."),
        "pooling_skipped": (_fields(seen, _jumps(seen)), "Pooling looks at a window too, and widens the field."),
    }
    return [Slip(name, value if value != right else None, text) for name, (value, text) in wrong.items()]


def _table(net: Sequence[Layer]) -> list[dict[str, Any]]:
    jumps = _jumps(net)
    fields, steps = (1, *_fields(net, jumps)), (1, *jumps)
    return [
        {"operation": a.operation, "k": a.k, "s": a.s, "d": a.d, "before": fields[i], "step": steps[i],
         "field": fields[i + 1], "jump": steps[i + 1]}
        for i, a in enumerate(net)
    ]  # fmt: skip


def _in_letters(d: int) -> Exercise:
    """The field of one, two and L equal layers with stride 1."""
    more = K - 1 if d == 1 else number(d) * (K - 1)
    one, two, many = K if d == 1 else 1 + more, 1 + 2 * more, 1 + L * more
    if d > 1:
        two, many = 1 + 2 * d * (K - 1), 1 + L * d * (K - 1)

    def after(layers: Any) -> Callable[[Earlier], Node]:
        return lambda earlier: 1 + layers * (earlier["R1"] - 1)

    slips = _letter_slips(d, more)
    keys = {"R1": (one, "one layer", None), "R2": (two, "two layers", after(2)), "RL": (many, "$L$ layers", after(L))}
    return Exercise(
        given={"dilation": d, "letters": True},
        shown={"d": d, "one": one.tex(), "two": two.tex(), "many": many.tex()},
        prompt=LETTER_PROMPT,
        parts=[
            Part(name, f"The side length for {text}:", Expression(key, {"k": "natural", "L": "natural"}, square=True),
                 points=2 if name == "RL" else 1, misconceptions=slips[name], follow=rule)
            for name, (key, text, rule) in keys.items()
        ],
        solution=LETTER_SOLUTION,
        work=3.0,
    )  # fmt: skip


def _letter_slips(d: int, more: Node) -> dict[str, list[Slip]]:
    overlap = "Neighbouring windows overlap: a layer adds less than a whole window."
    steps = "These are the steps between the pixels; count the pixels themselves."
    return {
        "R1": [
            Slip("area", K**2, "This counts the weights of the window; its side is asked for."),
            Slip("steps", more, steps),
            Slip(
                "spread",
                number(d) * K if d > 1 else None,
                "The dilation spreads the steps between weights: one fewer than weights.",
            ),
        ],
        "R2": [
            Slip("windows_added", 2 * K, overlap),
            Slip("windows_multiplied", K**2, overlap),
            Slip("steps", 2 * more, steps),
        ],
        "RL": [
            Slip("windows_added", L * K, overlap),
            Slip("windows_multiplied", K**L, overlap),
            Slip("steps", L * more, steps),
            Slip(
                "one_layer_short",
                1 + (L - 1) * more,
                "The first layer adds pixels as well: with L = 0 a unit sees one pixel.",
            ),
        ],
    }


@receptive_field.oracle
def by_tracing(letters: bool, dilation: Any, **given: Any) -> dict[str, Any]:
    """Follow every connection back to the input; in letters, the polynomial through traced numbers."""
    if letters:
        return _traced_letters(dilation)
    kernels, strides, pool = given["kernels"], given["strides"], given["pool"]
    net = [tuple(map(int, layer)) for layer in zip(kernels, strides, dilation, strict=True)]
    ones = [1] * len(net)
    # A net in which every layer slides with the stride of the one behind it: what "own stride" computes.
    shifted = [(1, net[0][1], 1), *((k, s, d) for (k, _, d), (_, s, _) in zip(net, [*net[1:], (1, 1, 1)], strict=True))]
    pooled = [(1 if i == pool else k, s, d) for i, (k, s, d) in enumerate(net, 1)]
    jumps, fields = _each(_jump, net), _each(_span, net)
    found = {
        "jumps.strides_added": [len([i for s in strides[: n + 1] for i in range(int(s))]) for n in range(len(net))],
        "jumps.own_stride_only": [_jump([layer]) for layer in net],
        "jumps.before_the_layer": [1, *jumps[:-1]],
        "fields.strides_ignored": _each(_span, list(zip(kernels, ones, dilation, strict=True))),
        "fields.own_stride": _each(_span, shifted)[1:],
        "fields.kernels_added": [len([i for k in kernels[: n + 1] for i in range(int(k))]) for n in range(len(net))],
        "fields.kernels_multiplied": _each(_paths, net),
        "fields.dilation_ignored": _each(_span, list(zip(kernels, strides, ones, strict=True))),
        "fields.pooling_skipped": _each(_span, pooled),
    }
    right = {"jumps": jumps, "fields": fields}
    return right | {name: None if value == right[name.partition(".")[0]] else value for name, value in found.items()}


def _each(measure: Callable[[Any], int], net: Sequence[Any]) -> list[int]:
    """A measure of the first layer, the first two, ..."""
    return [measure(net[: n + 1]) for n in range(len(net))]


def _reached(net: Sequence[tuple[int, int, int]], output: int = 0) -> Counter[int]:
    """The inputs that this output depends on, each with the number of paths to it."""
    found = Counter({output: 1})
    for k, s, d in reversed(net):
        below: Counter[int] = Counter()
        for position, paths in found.items():
            for weight in range(k):
                below[position * s + weight * d] += paths
        found = below
    return found


def _span(net: Sequence[tuple[int, int, int]]) -> int:
    reached = _reached(net)
    return max(reached) - min(reached) + 1


def _jump(net: Sequence[tuple[int, int, int]]) -> int:
    return min(_reached(net, 1)) - min(_reached(net, 0))


def _paths(net: Sequence[tuple[int, int, int]]) -> int:
    return _reached(net).total()


@cache
def _traced_letters(d: int) -> dict[str, Any]:
    import sympy

    k, layers = sympy.symbols("k L")

    def traced(measure: Callable[[int, int], int], depth: int | None = None) -> Any:
        """The polynomial in k (and L) through the measured values, checked on further ones."""
        rows = [sympy.interpolate([(a, measure(a, n)) for a in (1, 2, 3, 4)], k) for n in (1, 2, 3)]
        found = rows[depth - 1] if depth else sympy.interpolate(list(zip((1, 2, 3), rows, strict=True)), layers)
        assert all(
            found.subs({k: a, layers: n}) == measure(a, n) for a in (5, 6) for n in ([depth] if depth else [4, 5])
        )
        return sympy.expand(found)

    def span(a: int, n: int) -> int:
        return _span([(a, 1, d)] * n)

    def paths(a: int, n: int) -> int:
        return _paths([(a, 1, d)] * n)

    power = k**layers
    assert all(power.subs({k: a, layers: n}) == paths(a, n) == prod([a] * n) for a in (2, 3, 4) for n in (1, 2, 3))
    return {
        "R1": traced(span, 1),
        "R1.area": traced(lambda a, _: paths(a, 2), 1),
        "R1.steps": traced(lambda a, n: span(a, n) - 1, 1),
        "R1.spread": traced(lambda a, _: len(range(0, a * d)), 1) if d > 1 else None,
        "R2": traced(span, 2),
        "R2.windows_added": traced(lambda a, n: len([*range(a)] * n), 2),
        "R2.windows_multiplied": traced(paths, 2),
        "R2.steps": traced(lambda a, n: span(a, n) - 1, 2),
        "RL": traced(span),
        "RL.windows_added": traced(lambda a, n: len([*range(a)] * n)),
        "RL.windows_multiplied": power,
        "RL.steps": traced(lambda a, n: span(a, n) - 1),
        "RL.one_layer_short": traced(lambda a, n: span(a, n - 1)),
    }
