"""Goodfellow et al., Deep Learning, section 7.12: a forward pass through the network that dropout masks leave."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.dropout import Dropout, draw_masks
from problem_bank.subjects.network_figures import drawn
from problem_bank.subjects.network_parts import forward_parts
from problem_bank.subjects.network_texts import described, worked
from problem_bank.subjects.network_texts import masks as mask_list
from problem_bank.subjects.networks import draw_network, products
from problem_bank.subjects.second_routes import unless_right
from problem_bank.values import Number

RESCALED = "Every kept value under a mask is then divided by the keep probability ${{ keep }}$."
UNSCALED = "Kept values stay as they are: they are **not** divided by the keep probability ${{ keep }}$."


@family(
    topic="dropout",
    source="Goodfellow 7.12",
    minutes=9,
    version=2,
    levels={
        "easy": {"hidden": (3,), "masked": (1,)},
        "medium": {"inputs": 3, "hidden": (3, 2), "masked": (0, 1)},
        "hard": {"inputs": 3, "hidden": (3, 2, 2), "masked": (0, 1, 2)},
    },
)
def forward(
    rng: Rng, *, inputs: int = 2, hidden: tuple[int, ...] = (3, 2), masked: tuple[int, ...] = (0, 1),
    keep: Number = Fraction(1, 2), rescale: bool = False,
) -> Exercise:  # fmt: skip
    """Compute a forward pass with fixed dropout masks on the input and on hidden layers."""
    if not 0 < keep <= 1:
        raise BadGiven(f"keep: {keep} is no keep probability; give one above 0 and at most 1")
    widths = (inputs, *hidden)
    dropout = Dropout(draw_masks(rng, widths, masked), keep, rescale)
    masks = dropout.vectors(widths)
    x = rng.ints("x", inputs, 2, 9)
    net = draw_network(rng, x, hidden, masks)
    return Exercise(
        given={**rng.drawn, "inputs": inputs, "hidden": hidden, "masked": masked, "keep": keep, "rescale": rescale},
        shown={
            "described": lambda: described(net),
            "masks": lambda: mask_list(dropout),
            "worked": lambda: worked(net, x, dropout),
        },
        figures={"network": drawn(net, x, dropout)},
        prompt="{{ described() }}\n\nIn this step dropout has drawn these masks (0 drops, 1 keeps):\n\n{{ masks() }}"
        "\n\nA mask on the input multiplies it before the first layer; a mask on a hidden layer multiplies its "
        f"activations **after** ReLU. {RESCALED if rescale else UNSCALED}\n\n"
        "{{ figure('network') }}\n\nCompute the forward pass for $x = {{ x }}$.",
        parts=forward_parts(rng, net, x, dropout),
        solution="{{ worked() }}",
        work=float(products(net, x, masks)),
    )  # fmt: skip


@forward.oracle
def batch(**given: Any) -> dict[str, Any]:
    """Right and wrong masks as one batch of passes, a row each, in NumPy, from the given values alone."""
    exact = 1 / Fraction(given["keep"])
    divided = exact if exact % 1 else int(exact)
    right, other, confusion = (divided, 1, "not_rescaled") if given["rescale"] else (1, divided, "rescaled")
    kinds = {"": (right, 0), "no_mask": (1, 1), "inverted_mask": (0, right), confusion: (other, 0)}
    masks = [_masks(given, i, list(kinds.values())) for i in range(len(given["hidden"]) + 1)]
    values: dict[str, Any] = {}
    h = np.array(given["x"])
    for i, mask in enumerate(masks):
        if i:
            values |= _layer_values(given, i, h, mask[0])
            h = values[f"h{i}"]
        if i in given["masked"]:
            part = f"h{i}_masked" if i else "x_masked"
            values |= dict(zip([f"{part}.{kind}".rstrip(".") for kind in kinds], mask * h, strict=True))
        h = mask[0] * h
    y = given["v"] @ h + given[f"b{len(masks)}"]
    values |= {"y": y, "y.no_bias": given["v"] @ h, "y.relu_output": max(y, 0), **_wrong_outputs(given, masks, kinds)}
    return unless_right(values)


def _layer_values(given: Mapping[str, Any], i: int, h: Any, mask: Any) -> dict[str, Any]:
    """The parts a and h of one layer with their slips, and what an early mask does."""
    w, b = np.array(given[f"W{i}"]), np.array(given[f"b{i}"])
    sums = w @ h
    a = sums + b
    values = {
        f"a{i}": a,
        f"a{i}.no_bias": sums,
        f"h{i}": np.maximum(a, 0),
        f"h{i}.no_relu": a,
        f"h{i}.bias_after_relu": np.maximum(sums, 0) + b,
    }
    if len(w) == len(h):
        values[f"a{i}.transposed"] = w.T @ h + b
    if i in given["masked"]:
        values[f"h{i}.masked_early"] = given[f"m{i}"] * np.maximum(a, 0)
        values[f"h{i}_masked.mask_before_bias"] = np.maximum(mask * sums + b, 0)
    return values


def _wrong_outputs(given: Mapping[str, Any], masks: list[Any], kinds: Iterable[str]) -> dict[str, Any]:
    """The outputs of mistakes made in every layer."""
    c = given[f"b{len(masks)}"]

    def run(layer: Callable[[Any, Any, Any], Any], rows: slice) -> Any:
        h = masks[0][rows] * np.array(given["x"])
        for i, mask in enumerate(masks[1:], start=1):
            h = layer(mask[rows], h @ np.transpose(given[f"W{i}"]), np.array(given[f"b{i}"]))
        return h @ np.array(given["v"]) + c

    first = slice(1)
    outputs = dict(zip(kinds, run(lambda mask, sums, b: mask * np.maximum(sums + b, 0), slice(None)), strict=True))
    outputs["no_biases"] = run(lambda mask, sums, b: mask * np.maximum(sums, 0), first)[0] - c
    outputs["no_relu"] = run(lambda mask, sums, b: mask * (sums + b), first)[0]
    outputs["bias_after_relu"] = run(lambda mask, sums, b: mask * (np.maximum(sums, 0) + b), first)[0]
    outputs["mask_before_bias"] = run(lambda mask, sums, b: np.maximum(mask * sums + b, 0), first)[0]
    return {f"y.{name}": value for name, value in outputs.items() if name}


def _masks(given: Mapping[str, Any], i: int, kinds: list[tuple[Any, Any]]) -> Any:
    """What multiplies layer i, a row for each kind: the factors of kept and of dropped values."""
    if i not in given["masked"]:
        return np.ones((len(kinds), 1), dtype=int)
    return np.array([[kept if bit else dropped for bit in given[f"m{i}"]] for kept, dropped in kinds])
