"""Operations and bytes of a network: the questions with their misconceptions and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from problem_bank.answers import Integer
from problem_bank.exercise import Part, Rule, Slip

BYTES = 4  # of a number in single precision
COPIES = 4  # parameters, gradients, and the two moments of Adam


@dataclass(frozen=True)
class Layer:
    """A dense layer, or (k > 0) a convolution on a square of `side` pixels whose border keeps the size at stride 1."""

    name: str
    before: int
    after: int
    side: int = 1
    k: int = 0
    stride: int = 1

    @property
    def out_side(self) -> int:
        """Pixels a side of the output; 1 for a dense layer."""
        return (self.side - 1) // self.stride + 1

    @property
    def weights(self) -> int:
        """Without biases."""
        return self.before * self.after * max(self.k, 1) ** 2

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.weights + self.after

    @property
    def outputs(self) -> int:
        """Values that the layer computes for one example."""
        return self.after * self.out_side**2

    @property
    def macs(self) -> int:
        """Products, each added to a sum, for one example."""
        return self.weights * self.out_side**2


PROMPT = r"""
{% if net == "mlp" %}
A network has two dense layers with the widths {# -#}
${{ layers[0].before }} \to {{ layers[1].before }} \to {{ layers[1].after }}$.
{% else %}
An image of {{ side }} × {{ side }} pixels with {{ colours }} channel{{ "s" if colours > 1 else "" }} passes
{% for layer in layers if layer.k -%}
a convolution with {{ layer.after }} filters and stride {{ layer.stride }},{{ " " }}
{%- endfor %}
and, flattened, a dense layer with {{ classes }} units. All filters are {{ k }} × {{ k }}. Their input gets a border of
zeros, {{ k // 2 }} wide on every side, so that stride 1 would keep its size.
{% endif %}
Every unit{% if net == "cnn" %} and every filter{% endif %} has a bias. Activation functions cost nothing here.

Count **multiply-accumulates** (MACs): a product that is added to a sum is one MAC.
{% if net == "cnn" %}
Products with the zeros of a border count like all others.
{% endif %}
Adding the bias is not counted. One MAC is two floating-point operations (FLOPs). A number takes 4 bytes.
""".strip()

SOLUTION = r"""
{% for layer in layers %}
{% if layer.k %}
- Convolution {{ loop.index }}: its output has ${{ layer.out_side }} \times {{ layer.out_side }}$ places in {# -#}
{{ layer.after }} channels, and each value takes ${{ layer.k }} \cdot {{ layer.k }} \cdot {{ layer.before }}$ {# -#}
MACs, so ${{ layer.out_side }}^2 \cdot {{ layer.after }} \cdot {{ layer.k }}^2 \cdot {{ layer.before }} {# -#}
= {{ layer.macs }}$. It has {{ layer.weights }} weights and {{ layer.after }} biases.
{% else %}
- Dense layer: every one of {{ layer.after }} units takes {{ layer.before }} MACs, {# -#}
${{ layer.before }} \cdot {{ layer.after }} = {{ layer.macs }}$. It has as many weights, and {{ layer.after }} biases.
{% endif %}
{% endfor %}
- One example takes {{ macs }} MACs, so a minibatch takes {# -#}
$2 \cdot {{ batch }} \cdot {{ macs }} = {{ 2 * batch * macs }}$ FLOPs.
- There are {{ weights }} parameters. Adam keeps four numbers for each (the parameter, its gradient, two moments) of 4
bytes: $4 \cdot 4 \cdot {{ weights }} = {{ 16 * weights }}$ bytes.
{% if outputs %}
- The layers compute {{ values }} values for one example, and {# -#}
$4 \cdot {{ batch }} \cdot {{ values }} = {{ 4 * batch * values }}$ bytes for the minibatch.
{% endif %}
""".strip()

SAID = {
    "doubled": "You counted FLOPs; a product that is added to a sum is one MAC.",
    "biases_counted": "You counted the biases as well; adding them is not counted here.",
    "input_size": "You counted a window for every pixel of the input. One is computed for every place of the output.",
    "not_every_place": "These are the weights. The filter is applied anew at every place of the output.",
    "no_channels": "You left the input channels out; a filter reaches through all of them.",
    "line": "You counted k products for a window; it is k wide and k high.",
    "macs": "You counted MACs; each of them is two FLOPs.",
    "one_example": "This is for one example; there is a whole minibatch.",
    "whole_training_step": "You counted a whole training step; its backward pass costs about twice as much again. Only "
    "the forward pass is asked for.",
    "no_bias": "You left the biases out.",
    "parameters_only": "These are the parameters alone. Training with Adam keeps gradients and two moments as well.",
    "no_moments": "You left out the moments of Adam; there are two for every parameter.",
    "one_moment": "You counted one moment; Adam keeps two, of the gradient and of its square.",
    "no_gradients": "You left the gradients out; they are as many as the parameters.",
    "per_example": "You multiplied by the minibatch. Parameters and moments are kept once, not for every example.",
    "no_bytes": "These are the numbers; each of them takes 4 bytes.",
    "parameters_kept": "You added the parameters; only the outputs of the layers are asked for here.",
}


def layer_part(layer: Layer) -> Part:
    """The multiply-accumulates of one layer."""
    places, key = layer.out_side**2, layer.macs
    wrong = {"doubled": 2 * key, "biases_counted": key + layer.outputs}
    if layer.k:
        wrong |= {"input_size": layer.weights * layer.side**2, "not_every_place": layer.weights,
                  "no_channels": places * layer.after * layer.k**2, "line": key // layer.k}  # fmt: skip
    slips = [Slip(name, value if value != key else None, SAID[name]) for name, value in wrong.items()]
    number = layer.name.removeprefix("conv").removeprefix("dense")
    kind = "convolution" if layer.k else "dense layer"
    said = f"{kind} {number}" if number else f"the {kind}"
    return Part(layer.name, f"How many MACs does {said} take for one example?", Integer(key), misconceptions=slips)


def sum_parts(layers: Sequence[Layer], batch: int, outputs: bool) -> list[Part]:
    """Operations of a minibatch, parameters, and the bytes that training keeps."""
    names = [layer.name for layer in layers]
    weights, parameters = sum(layer.weights for layer in layers), sum(layer.parameters for layer in layers)
    values = sum(layer.outputs for layer in layers)

    def macs(factor: int) -> Rule:
        return lambda e: factor * sum(e[name] for name in names)

    def stored(factor: int) -> Rule:
        return lambda e: factor * BYTES * e["parameters"]

    parts = [
        _part("flops", f"How many FLOPs does a forward pass of a minibatch of {batch} examples take?",
              2 * batch * sum(layer.macs for layer in layers), macs(2 * batch),
              {"macs": macs(batch), "one_example": macs(2), "whole_training_step": macs(6 * batch)}),
        _part("parameters", "How many parameters does the network have (weights and biases)?", parameters, None,
              {"no_bias": weights}),
        _part("memory", "Training with Adam keeps the parameters, their gradients, and what Adam remembers of each. "
              f"How many bytes are that, with minibatches of {batch}?", COPIES * BYTES * parameters, stored(COPIES),
              {"parameters_only": stored(1), "no_moments": stored(2), "one_moment": stored(3),
               "no_gradients": stored(3), "per_example": stored(COPIES * batch)}),
    ]  # fmt: skip
    if outputs:
        kept = batch * values * BYTES
        parts.append(
            _part("kept", "The backward pass needs the outputs of all layers (not the input), one value for each unit "
                  f"and place. How many bytes are that for a minibatch of {batch} examples?", kept, None,
                  {"one_example": values * BYTES, "no_bytes": batch * values,
                   "parameters_kept": kept + BYTES * parameters})
        )  # fmt: skip
    return parts


def _part(name: str, said: str, key: int, follow: Any, wrong: dict[str, Any]) -> Part:
    slips = [Slip(slip, value, SAID[slip]) for slip, value in wrong.items()]
    return Part(name, said, Integer(key), misconceptions=slips, follow=follow)
