"""What the exercise on forward mode says: the question, the worked solution, and a line on every misconception."""

from collections.abc import Mapping
from typing import Any

from problem_bank.families.backpropagation._graph_texts import SAID as OF_GRAPHS
from problem_bank.families.backpropagation._graph_texts import definitions, symbol
from problem_bank.subjects.computation_graphs import OPS, Graph, Use, names
from problem_bank.subjects.steps import bracketed
from problem_bank.tex import tex

PROMPT = r"""
A computation graph takes {% for name in used -%}
${{ name }} = {{ start[name] }}${{ "" if loop.last else ", " }}
{%- endfor %} and computes, in this order,

{% for line in definitions %}
- {{ line }}
{% endfor %}

**Forward mode** carries a pair through the graph: the value of a node, and its tangent, which is the derivative of this
value along a direction of the inputs, here $({{ used | join(", ") }}) + s \cdot {{ direction }}$ at $s = 0$. The
direction is taken as it is, not scaled to length 1; its entries are the tangents of the inputs.
{%- if rounded %}
 Logarithms are natural. Give at least 4 significant digits.
{%- else %}
 Give exact values.
{%- endif %}
""".strip()

SOLUTION = r"""
The tangent of a node adds up, over its inputs, the local derivative times the tangent of the input.

{% for line in lines %}
- {{ line }}
{% endfor %}
{% if "cost" in ask %}

One forward pass follows one direction of the inputs, so a Jacobian takes one for each of the ${{ inputs }}$ inputs. One
reverse pass starts from one output, so it takes one for each of the ${{ outputs }}$ outputs.
{% endif %}
{% if "partial" in ask %}

The derivative by $x$ alone takes a pass of its own, with tangent 1 at $x$ and 0 at all other inputs. The tangents are
then
{{ again }}.
{% endif %}
""".strip()

COST = (
    "Another graph computes ${{ outputs }}$ outputs from ${{ inputs }}$ inputs. How many passes through it takes its "
    "whole "
    "Jacobian at one point, in forward mode and in reverse mode? Write `[forward, reverse]`."
)
PARTIAL = r"The partial derivative $\frac{\partial f}{\partial x}$ at the same point, by another forward pass."

SAID = OF_GRAPHS | {
    "first_input_only": "You followed the first input only; the tangents of both inputs reach the node.",
    "second_input_only": "You followed the second input only; the tangents of both inputs reach the node.",
    "seeds_of_one": "You gave every input the tangent 1; the direction says what they are.",
    "slopes_alone": "Those are the local derivatives; each is multiplied by the tangent of its input.",
    "swapped": "It is the other way round: a forward pass follows one input, a reverse pass one output.",
    "one_direction": "One forward pass gives one direction only; the whole Jacobian needs every input.",
    "every_entry": "A pass gives a whole row or column of the Jacobian, not a single entry.",
    "same_seed": "That is the derivative along the direction; for x alone, all other inputs have tangent 0.",
    "divided": "Dividing by the entry of x does not take out what the other inputs contribute.",
}


def pair(name: str) -> str:
    """The prompt of a node's part."""
    return f"The value and the tangent of ${symbol(name)}$, as `[value, tangent]`."


def shown(nodes: Graph, values: Mapping[str, Any], dots: Mapping[str, Any], again: Mapping[str, Any]) -> dict[str, Any]:
    """What the texts need: the nodes, the lines of the pass, and the tangents of the other pass."""
    tangents = [rf"$\dot{{{symbol(name)}}} = {tex(again[name])}$" for name in names(nodes)]
    return {"definitions": definitions(nodes), "lines": _lines(nodes, values, dots), "again": ", ".join(tangents)}


def _lines(nodes: Graph, values: Mapping[str, Any], dots: Mapping[str, Any]) -> list[str]:
    """Value and tangent of every node, with their numbers."""
    lines = []
    for name, node in zip(names(nodes), nodes, strict=True):
        formula = OPS[node[0]].tex.format(**dict(zip("ab", map(symbol, node[1:]), strict=False)))
        terms = [
            rf"{bracketed(Use(name, node, place).slope(values))} \cdot {bracketed(dots[source])}"
            for place, source in enumerate(node[1:])
        ]
        value = rf"${symbol(name)} = {formula} = {tex(values[name])}$"
        lines.append(rf"{value}, and $\dot{{{symbol(name)}}} = {' + '.join(terms)} = {tex(dots[name])}$.")
    return lines
