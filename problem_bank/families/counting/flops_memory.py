"""Goodfellow et al., Deep Learning, sections 6.5 and 9.2: the cost of a network in operations and in memory."""

from itertools import pairwise
from typing import Any

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.counting._cost_parts import PROMPT, SOLUTION, Layer, layer_part, sum_parts
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.second_routes import size
from problem_bank.values import entries

WIDTHS = range(20, 204, 4)
FILTERS = (4, 6, 8, 10, 12, 16, 20, 24, 32)
SIDES = (16, 20, 24, 28, 32, 36, 40)
BATCHES = (8, 10, 16, 20, 32, 50, 64)


@family(
    topic="counting",
    source="Goodfellow 6.5, 9.2",
    minutes=10,
    levels={
        "easy": {"net": "mlp"},
        "medium": {},
        "hard": {"strides": (2, 1), "outputs": True},
    },
)
def flops_memory(rng: Rng, *, net: str = "cnn", strides: tuple[int, ...] = (1, 2), outputs: bool = False) -> Exercise:
    """Count the operations of a forward pass and the bytes that training keeps in memory."""
    if net not in {"mlp", "cnn"}:
        raise BadGiven(f"net: {net!r} is none of mlp, cnn")
    layers = _convolutions(rng, strides) if net == "cnn" else _dense(rng)
    batch = rng.choice("batch", BATCHES)
    if any(v < 1 or v % 1 for value in rng.drawn.values() for v in entries(value)):
        raise BadGiven("sizes, filters, batch: give whole numbers from 1 up")
    return Exercise(
        given={**rng.drawn, "net": net, "strides": strides, "outputs": outputs},
        shown={"layers": layers, "batch": batch, "macs": sum(layer.macs for layer in layers),
               "weights": sum(layer.parameters for layer in layers), "values": sum(layer.outputs for layer in layers)},
        prompt=PROMPT,
        parts=[*map(layer_part, layers), *sum_parts(layers, batch, outputs)],
        solution=SOLUTION,
        work=float(sum(4 if layer.k else 2 for layer in layers) + 4 + 2 * outputs),
    )  # fmt: skip


def _dense(rng: Rng) -> list[Layer]:
    """Three widths, two dense layers."""
    widths = rng.sample("widths", WIDTHS, 3)
    return [Layer(f"dense{i}", n, m) for i, (n, m) in enumerate(pairwise(widths), 1)]


def _convolutions(rng: Rng, strides: tuple[int, ...]) -> list[Layer]:
    """Convolutions whose border keeps the size but for the stride, then a dense layer on all values."""
    side, k, colours = rng.choice("side", SIDES), rng.choice("k", (3, 5)), rng.choice("colours", (1, 3))
    filters, classes = rng.sample("filters", FILTERS, len(strides)), rng.choice("classes", (4, 5, 10, 20))
    if k % 2 == 0:
        raise BadGiven(f"k: {k} has no middle; give an odd size of the window")
    layers = []
    for i, (stride, (before, after)) in enumerate(zip(strides, pairwise((colours, *filters)), strict=True), 1):
        layers.append(Layer(f"conv{i}", before, after, side=side, k=k, stride=stride))
        side = layers[-1].out_side
    return [*layers, Layer("dense", filters[-1] * side**2, classes)]


@flops_memory.oracle
def by_arrays(**given: Any) -> dict[str, Any]:
    """The sizes of NumPy arrays that would hold every single product, weight and output; nothing is stored."""
    values: dict[str, Any] = {}
    weights, biases, held = 0, 0, 0
    shapes = _conv_shapes(given) if given["net"] == "cnn" else _dense_shapes(given["widths"])
    for name, places, inputs_places, kernel in shapes:
        units, rest = kernel[0], kernel[1:]
        key, own = size(*places, *kernel), size(*kernel)
        wrong = {"doubled": size(2, *places, *kernel), "biases_counted": key + size(*places, units)}
        if places:
            wrong |= {
                "input_size": size(*inputs_places, *kernel),
                "not_every_place": own,
                "no_channels": size(*places, units, *rest[1:]),
                "line": size(*places, *kernel[:-1]),
            }
        values |= {f"{name}.{slip}": value if value != key else None for slip, value in wrong.items()}
        values[name] = key
        weights, biases, held = weights + own, biases + units, held + size(*places, units)
    names, batch = [row[0] for row in shapes], given["batch"]
    one = sum(values[name] for name in names)
    both = weights + biases
    values |= {
        "flops": size(2, batch, one), "flops.macs": size(batch, one), "flops.one_example": size(2, one),
        "flops.whole_training_step": size(3, 2, batch, one),
        "parameters": both, "parameters.no_bias": weights,
        "memory": size(4, 4, both), "memory.parameters_only": size(4, both), "memory.no_moments": size(2, 4, both),
        "memory.one_moment": size(3, 4, both), "memory.no_gradients": size(3, 4, both),
        "memory.per_example": size(batch, 4, 4, both),
    }  # fmt: skip
    if given["outputs"]:
        values |= {
            "kept": size(batch, held, 4),
            "kept.one_example": size(held, 4),
            "kept.no_bytes": size(batch, held),
            "kept.parameters_kept": size(batch, held, 4) + size(4, both),
        }
    return values


def _dense_shapes(widths: Any) -> list[Any]:
    return [(f"dense{i}", (), (), (m, n)) for i, (n, m) in enumerate(pairwise(widths), 1)]


def _conv_shapes(given: dict[str, Any]) -> list[Any]:
    """For each layer: its name, where its units stand, where its inputs stand, and the shape of its weights."""
    side, k, rows = given["side"], given["k"], []
    channels = (given["colours"], *given["filters"])
    for i, stride in enumerate(given["strides"], 1):
        out = len(range(0, side + 2 * (k // 2) - k + 1, stride))
        rows.append((f"conv{i}", (out, out), (side, side), (channels[i], channels[i - 1], k, k)))
        side = out
    return [*rows, ("dense", (), (), (given["classes"], channels[-1] * side * side))]
