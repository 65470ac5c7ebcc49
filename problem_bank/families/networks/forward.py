"""Goodfellow et al., Deep Learning, section 6.4: the forward pass of a small ReLU network."""

from collections.abc import Callable
from typing import Any

import numpy as np

from problem_bank.exercise import Exercise
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.dropout import Dropout
from problem_bank.subjects.network_figures import drawn
from problem_bank.subjects.network_parts import forward_parts
from problem_bank.subjects.network_texts import described, worked
from problem_bank.subjects.networks import draw_network, products
from problem_bank.subjects.second_routes import unless_right


@family(
    topic="networks",
    source="Goodfellow 6.4",
    minutes=6,
    version=2,
    levels={"easy": {"hidden": (2,)}, "medium": {"hidden": (3,)}, "hard": {"hidden": (3, 2)}},
)
def forward(rng: Rng, *, inputs: int = 2, hidden: tuple[int, ...] = (3,)) -> Exercise:
    """Compute the sums, the activations and the output of a small ReLU network."""
    x = rng.ints("x", inputs, 2, 9)
    none = Dropout()
    masks = none.vectors((inputs, *hidden))
    net = draw_network(rng, x, hidden, masks)
    return Exercise(
        given={**rng.drawn, "inputs": inputs, "hidden": hidden},
        shown={"described": lambda: described(net), "worked": lambda: worked(net, x, none)},
        figures={"network": drawn(net, x, none)},
        prompt=r"{{ described() }} In a hidden layer, $h_l = \max(0,\, W_l h_{l-1} + b_l)$ with $h_0 = x$."
        "\n\n{{ figure('network') }}\n\nCompute the forward pass for $x = {{ x }}$.",
        parts=forward_parts(rng, net, x, none),
        solution="{{ worked() }}",
        work=float(products(net, x, masks)),
    )


@forward.oracle
def homogeneous(**given: Any) -> dict[str, Any]:
    """Every layer as one matrix [W b] on the vector [h; 1], in NumPy, from the given values alone."""
    depth = len(given["hidden"])
    layers = [_augmented(given[f"W{i}"], given[f"b{i}"]) for i in range(1, depth + 1)]
    top, h = _augmented([given["v"]], [given[f"b{depth + 1}"]]), given["x"]
    values: dict[str, Any] = {}
    for i, layer in enumerate(layers, start=1):
        values |= _layer_values(i, layer, h)
        h = values[f"h{i}"]
    y = _sums(top, h, 1)[0]
    values |= {
        "y": y,
        "y.no_bias": _sums(top, h, 0)[0],
        "y.relu_output": max(y, 0),
        "y.no_biases": _run(layers, top, given["x"], lambda layer, h: _positive(_sums(layer, h, 0)), 0),
        "y.no_relu": _run(layers, top, given["x"], lambda layer, h: _sums(layer, h, 1), 1),
        "y.bias_after_relu": _run(layers, top, given["x"], _late_bias, 1),
    }
    return unless_right(values)


def _layer_values(i: int, layer: Any, h: Any) -> dict[str, Any]:
    a, w = _sums(layer, h, 1), layer[:, :-1]
    values = {f"a{i}": a, f"a{i}.no_bias": _sums(layer, h, 0), f"h{i}": _positive(a), f"h{i}.no_relu": a,
              f"h{i}.bias_after_relu": _late_bias(layer, h)}  # fmt: skip
    if w.shape[0] == w.shape[1]:
        values[f"a{i}.transposed"] = _sums(np.column_stack([w.T, layer[:, -1]]), h, 1)
    return values


def _augmented(w: Any, b: Any) -> Any:
    """The matrix [W b]."""
    return np.column_stack([w, b])


def _sums(layer: Any, h: Any, one: int) -> Any:
    """W h + b, or W h where `one` is 0."""
    return layer @ np.array([*h, one])


def _positive(a: Any) -> Any:
    return np.maximum(a, 0)


def _late_bias(layer: Any, h: Any) -> Any:
    return _positive(_sums(layer, h, 0)) + layer[:, -1]


def _run(layers: list[Any], top: Any, h: Any, hidden: Callable[[Any, Any], Any], one: int) -> Any:
    """The output with another kind of hidden layer."""
    for layer in layers:
        h = hidden(layer, h)
    return _sums(top, h, one)[0]
