"""Goodfellow et al., Deep Learning, section 9.2: how many pixels can a unit see, layer after layer?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul
from typing import Any

from problem_bank.answers import Array
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.convolution._depth import in_letters, traced
from problem_bank.families.convolution._trace import each, jump, paths, span
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.second_routes import unless_right
from problem_bank.values import Vector

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
The input itself has jump 1 and field 1. A layer multiplies the jump by its own stride; before that, it widens the field
by $d (k - 1)$ times the jump **of its inputs**.
{% for row in table %}
Layer {{ loop.index }}:
field ${{ row.before }} + {{ row.d }} \cdot ({{ row.k }} - 1) \cdot {{ row.step }} = {{ row.field }}$,
jump ${{ row.step }} \cdot {{ row.s }} = {{ row.jump }}$.

{% endfor %}
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
    version=2,
    levels={"easy": {"dilations": (1,)}, "medium": {}, "hard": {"layers": 4}},
)
def receptive_field(
    rng: Rng, *, layers: int = 3, dilations: tuple[int, ...] = (1, 2), letters: bool = False
) -> Exercise:
    """Follow the field of view from the last layer back to the image."""
    if letters:
        return in_letters(rng.choice("dilation", dilations))
    pool = rng.int("pool", 2, layers)
    kinds = ["pooling" if i == pool else "convolution" for i in range(1, layers + 1)]
    kernels = rng.each("kernels", [(2, 3) if kind == "pooling" else (2, 3, 4, 5, 7, 9) for kind in kinds])
    strides = rng.each("strides", [(2, 3, 4) if kind == "pooling" else (1, 2, 3, 4) for kind in kinds])
    dilation = rng.each("dilation", [(1,) if kind == "pooling" else dilations for kind in kinds])
    net = tuple(map(Layer, kinds, kernels, strides, dilation))
    rng.require(len(dilations) == 1 or 2 in dilation, "some layer is dilated")
    rng.require(set(strides) > {1} and set(strides[:-1]) != {1}, "some layers are strided, and it matters")
    fields = _fields(net, _jumps(net))
    rng.require(fields[-1] <= 250, "the field stays small")
    return Exercise(
        given={"pool": pool, "kernels": kernels, "strides": strides, "dilation": dilation, "letters": False},
        shown={"table": _table(net)},
        prompt=PROMPT,
        parts=[
            Part("jumps", "Give the jumps of all layers, in order.", Array(_jumps(net)),
                 misconceptions=_jump_slips(net)),
            Part("fields", "Give the receptive fields of all layers, in order.", Array(fields), points=6,
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


@receptive_field.oracle
def by_tracing(letters: bool, dilation: Any, **given: Any) -> dict[str, Any]:
    """Follow every connection back to the input; in letters, the polynomial through traced numbers."""
    if letters:
        return traced(dilation)
    kernels, strides, pool = given["kernels"], given["strides"], given["pool"]
    net: list[tuple[int, int, int]] = list(zip(kernels, strides, dilation, strict=True))
    ones = [1] * len(net)
    # A net in which every layer slides with the stride of the one behind it: what "own stride" computes.
    shifted = [(1, net[0][1], 1), *((k, s, d) for (k, _, d), (_, s, _) in zip(net, [*net[1:], (1, 1, 1)], strict=True))]
    pooled = [(1 if i == pool else k, s, d) for i, (k, s, d) in enumerate(net, 1)]
    jumps, fields = each(jump, net), each(span, net)
    values = {
        "jumps": jumps,
        "fields": fields,
        "jumps.strides_added": [len([i for s in strides[: n + 1] for i in range(int(s))]) for n in range(len(net))],
        "jumps.own_stride_only": [jump([layer]) for layer in net],
        "jumps.before_the_layer": [1, *jumps[:-1]],
        "fields.strides_ignored": each(span, list(zip(kernels, ones, dilation, strict=True))),
        "fields.own_stride": each(span, shifted)[1:],
        "fields.kernels_added": [len([i for k in kernels[: n + 1] for i in range(int(k))]) for n in range(len(net))],
        "fields.kernels_multiplied": each(paths, net),
        "fields.dilation_ignored": each(span, list(zip(kernels, strides, ones, strict=True))),
        "fields.pooling_skipped": each(span, pooled),
    }
    return unless_right(values)
