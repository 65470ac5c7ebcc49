"""A network and its forward pass in Markdown with LaTeX: the weights, and each sum with its numbers."""

from __future__ import annotations

from problem_bank.exact import affine, dot, relu, times
from problem_bank.subjects.dropout import Dropout
from problem_bank.subjects.network_parts import handed_on
from problem_bank.subjects.networks import Network
from problem_bank.subjects.steps import bracketed, products
from problem_bank.tex import tex
from problem_bank.values import Number, Vector


def described(net: Network) -> str:
    """Its sizes, a list with the weights and bias of each layer, and how they are read."""
    widths, last = "-".join(map(str, (*net.widths, 1))), len(net.widths)
    lines = [rf"- hidden layer {i}: $W_{i} = {tex(w)}$, $b_{i} = {tex(b)}$" for i, (w, b) in enumerate(net.hidden, 1)]
    return "\n".join([
        f"A {widths} network ({net.widths[0]} inputs, one output) has these weights and biases:\n",
        *lines,
        f"- output: $v = {tex(net.v)}$, $b_{last} = {tex(net.c)}$\n",
        "Each **row** of a weight matrix belongs to one unit. Every hidden layer uses ReLU; the output is linear.",
    ])  # fmt: skip


def masks(dropout: Dropout) -> str:
    """A list with the mask of each layer that has one."""
    places = {i: f"on the activations of hidden layer {i}" if i else "on the input" for i in dropout.masks}
    return "\n".join(rf"- {places[i]}: $m_{i} = {tex(m)}$" for i, m in sorted(dropout.masks.items()))


def worked(net: Network, x: Vector, dropout: Dropout) -> str:
    """The forward pass, unit by unit, with every product written out."""
    h, lines = _after_mask(x, 0, dropout)
    for i, (w, b) in enumerate(net.hidden, start=1):
        a = affine(w, h, b)
        units = zip(w, b, a, strict=True)
        lines += [
            rf"**Hidden layer {i}.** A unit's row of $W_{i}$ times ${handed_on(i - 1, dropout)}$, plus its bias:",
            "\n".join(f"- unit {j}: ${_sum(row, h, bias)} = {tex(v)}$" for j, (row, bias, v) in enumerate(units, 1)),
            rf"So $a_{i} = {tex(a)}$; ReLU turns what is negative into 0: $h_{i} = {tex(relu(a))}$.",
        ]
        h, line = _after_mask(relu(a), i, dropout)
        lines += line
    y = dot(net.v, h) + net.c
    lines.append(f"**Output.** There is no ReLU here: $y = {_sum(net.v, h, net.c)} = {tex(y)}$.")
    return "\n\n".join(lines)


def _after_mask(h: Vector, layer: int, dropout: Dropout) -> tuple[Vector, list[str]]:
    """What a layer hands on, and the line that says so if it has a mask."""
    if layer not in dropout.masks:
        return h, []
    m = dropout.masks[layer]
    kept, masked = times(m, h), times(dropout.vector(layer), h)
    name, terms = handed_on(layer, dropout), ",\\, ".join(rf"{bit} \cdot {tex(v)}" for bit, v in zip(m, h, strict=True))
    divided = f" Divided by the keep probability: ${name} = {tex(masked)}$." if dropout.rescale else ""
    return masked, [
        rf"**Mask $m_{layer}$.** Entry by entry, ${'' if divided else f'{name} = '}({terms}) = {tex(kept)}$.{divided}"
    ]


def _sum(row: Vector, h: Vector, bias: Number) -> str:
    r"""3 \cdot 1 + (-2) \cdot 4 + (-1)"""
    return f"{products(row, h)} + {bracketed(bias)}"
