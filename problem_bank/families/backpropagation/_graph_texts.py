"""What the exercise on computation graphs says: question, worked solution, and a line on every misconception."""

from problem_bank.figures.graph import Graph as Drawn
from problem_bank.figures.graph import Node as Box
from problem_bank.figures.words import indexed, number
from problem_bank.subjects.computation_graphs import OPS, Graph, Node, Use, Uses, Values, names
from problem_bank.tex import tex

PROMPT = r"""
A computation graph takes {% for name in leaves -%}
${{ name }} = {{ known[name] }}${{ "" if loop.last else ", " }}
{%- endfor %} and computes, in this order,

{% for line in definitions() %}
- {{ line }}
{% endfor %}

{{ figure("graph") }}

Go forward through the graph for the values, then backward for the derivatives of $f$. Every derivative is the **total**
one at this point, over all paths to $f$.
{%- if maximum %}
 A maximum passes its derivative to the larger input alone.
{%- endif %}
{% if rounded %}
 Logarithms are natural. Give at least 4 significant digits.
{% else %}
 Give exact values.
{% endif %}
""".strip()

SOLUTION = r"""
**Forward.** Put the numbers in, node by node.

{% for line in forward() %}
- {{ line }}
{% endfor %}

**Backward.** Start at $\frac{\partial f}{\partial f} = 1$. For every edge that leaves a node, multiply the
derivative by the next node with the local derivative of the edge, and add the edges up.
{%- if maximum %}
 The bracket $[a > b]$ is 1 where that is true, and 0 elsewhere.
{%- endif %}


{% for line in backward() %}
- {{ line }}
{% endfor %}
""".strip()

PLAIN = {"+": "{} + {}", "-": "{} − {}", "*": "{} · {}", "max": "max({}, {})", "^2": "{}²", "1/x": "1/{}",
         "exp": "exp {}", "ln": "ln {}"}  # fmt: skip
_ONE_WAY = "A value on the way is used several times, and you followed one of its uses only; add up all of them."
SAID = {
    "first_use_only": _ONE_WAY,
    "last_use_only": _ONE_WAY,
    "local_for_total": "That is the local derivative; multiply it with the derivative of f by the next node.",
    "factors_swapped": "The derivative of a product by one factor is the other factor.",
    "minus_lost": "A difference changes the sign of what its second input gets.",
    "both_of_max": "A maximum passes the derivative to the larger input only; the smaller one gets none.",
    "two_lost": "The derivative of a square is twice its base; the 2 is missing.",
    "reciprocal_sign": "The derivative of 1/a is negative: −1/a².",
    "exp_as_power": "You used the rule for powers; the derivative of the exponential is the exponential itself.",
    "ln_kept": "The logarithm is not its own derivative: that of ln a is 1/a.",
}


def symbol(name: str) -> str:
    """h2 as h_2."""
    return f"h_{{{name[1:]}}}" if name.startswith("h") else name


def definitions(graph: Graph) -> list[str]:
    """h_1 = ln x, and so on."""
    return [f"${symbol(name)} = {_formula(node)}$" for name, node in zip(names(graph), graph, strict=True)]


def figure(graph: Graph, start: Values) -> Drawn:
    """Leaves with their values, and nodes with what they compute."""
    leaves = [Box(name, f"{name} = {number(v)}") for name, v in start.items()]
    nodes = [Box(name, f"{_written(name)} = {PLAIN[op].format(*map(_written, inputs))}", tuple(inputs))
             for name, (op, *inputs) in zip(names(graph), graph, strict=True)]  # fmt: skip
    return Drawn("The computation graph", (*leaves, *nodes))


def _written(name: str) -> str:
    """h2 as h₂."""
    return indexed("h", name[1:]) if name.startswith("h") else name


def forward(graph: Graph, known: Values) -> list[str]:
    """Every node with its numbers: h_1 = ln x = ln 1 = 0."""
    return [
        f"${symbol(name)} = {_formula(node)} = {_formula(node, known)} = {tex(known[name])}$"
        for name, node in zip(names(graph), graph, strict=True)
    ]


def backward(edges: Uses, order: list[str], known: Values) -> list[str]:
    """Every derivative as a sum over the edges that leave the node, in letters and in numbers."""
    lines = []
    for name in order:
        letters = " + ".join(rf"{by(use.name)} \cdot {_slope(use)}" for use in edges[name])
        numbers = " + ".join(
            rf"{_number(known[f'df_d{use.name}'])} \cdot {_number(use.slope(known))}" for use in edges[name]
        )
        lines.append(f"${by(name)} = {letters} = {numbers} = {tex(known[f'df_d{name}'])}$")
    return lines


def _formula(node: Node, known: Values | None = None) -> str:
    """A node in letters, or in numbers where they are known."""
    inputs = [_number(known[name]) if known else symbol(name) for name in node[1:]]
    return OPS[node[0]].tex.format(**dict(zip("ab", inputs, strict=False)))


def _slope(use: Use) -> str:
    inputs = dict(zip("ab", map(symbol, use.node[1:]), strict=False))
    return OPS[use.node[0]].slopes_tex[use.place].format(**inputs)


def by(name: str) -> str:
    """The derivative of f by a node."""
    return rf"\frac{{\partial f}}{{\partial {symbol(name)}}}"


def _number(value: object) -> str:
    """A number that may stand beside others: negative ones and fractions in brackets."""
    shown = tex(value)
    return rf"\left({shown}\right)" if shown.startswith("-") or "frac" in shown else shown
