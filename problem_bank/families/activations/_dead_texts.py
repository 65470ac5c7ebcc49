"""What the exercise on dead units says."""

from problem_bank.figures.points import Border, Points
from problem_bank.values import Matrix, Vector

PROMPT = r"""
A layer of {{ units }} ReLU units computes $h_j = \max(0, z_j)$ with $z_j = w_j \cdot x + b_j$. Row $j$ of

$$W = {{ W }}$$

is $w_j$, and the biases are $b = {{ b }}$. The data set has {{ points }} examples, the rows of

$$X = {{ X }}.$$

A unit is **dead** on this data set if it outputs 0 for every example. (The slope of ReLU at 0 is taken to be 0, so that
no example moves the weights of a dead unit.)
""".strip()

SOLUTION = r"""
{% for number, row, sums, bias, z, top, threshold, is_dead in lines %}
- **Unit {{ number }}:** ${{ row }} \cdot x$ is ${{ sums }}$ for the examples in order; with {# -#}
$b_{{ number }} = {{ bias }}$ this gives $z = {{ z }}$. The largest is ${{ top }}$, so the unit is {# -#}
{% if is_dead %}**dead**{% else %}alive{% endif %}. It is dead as long as the largest $w \cdot x + b$ is not above
0, so for $b \le {{ threshold }}$.
{% endfor %}

The dead units are ${{ dead }}$. The picture shows one of them and one that is alive: a unit is on beyond its line, on
the side of the arrow, and no example lies there for a dead one.

{{ figure("units") }}
""".strip()

SAID = {
    "no_bias": "You left the biases out; add b to every weighted sum of its unit.",
    "transposed": "This is the transpose: a row belongs to a unit, a column to an example.",
    "after_relu": "These are the outputs after ReLU; the pre-activations may be negative.",
    "once_negative": "You named units that are silent for some example. A dead unit is silent for all of them.",
    "mean_negative": "You looked at the mean over the examples. One positive pre-activation keeps a unit alive.",
    "bias_forgotten": "You judged by the weighted sums without the biases.",
    "alive_ones": "You named the units that are alive.",
    "sign": "The sign is wrong: a large weighted sum needs a very negative bias to be silenced.",
    "least_example": "You used the example with the smallest weighted sum. The last one to fall silent is the largest.",
    "change_of_bias": "This is by how much the bias may grow; the bias itself is asked for.",
}


def picture(x: Matrix, w: Matrix, b: Vector, dead: list[int]) -> Points:
    """The first dead unit and the first one that is alive."""
    chosen = sorted((dead[0], next(i for i in range(1, len(w) + 1) if i not in dead)))
    lines = tuple(Border(f"unit {i}", w[i - 1], b[i - 1]) for i in chosen)
    return Points("A dead unit and one that is alive", x, (1,) * len(x), lines)
