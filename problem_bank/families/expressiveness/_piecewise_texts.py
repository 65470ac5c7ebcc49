"""What the exercise on piecewise linear functions says."""

PROMPT = r"""
A network with one input $x$ and {{ w | length }} hidden ReLU units computes
$$ f(x) = {{ formula }}, $$
with $\mathrm{ReLU}(a) = \max(0, a)$. It is a piecewise linear function. All values are exact: write fractions.
""".strip()

SOLUTION = r"""
{% for unit in units %}

- Unit {{ loop.index }}: its sum ${{ unit.sum }}$ is 0 at $x = {{ unit.joint }}$, and positive to the
{{ unit.side }} of it. There it adds the slope ${{ unit.v }} \cdot {{ unit.w }} = {{ unit.slope }}$.
{% endfor %}


So the joints are ${{ keys.joints }}$. In each piece, the slopes of the units that are on there add up; from left to
right: ${{ keys.slopes }}$.

{{ figure("graph") }}

At $x = {{ x0 }}$ the sums are ${{ sums }}$, their positive parts ${{ parts }}$, so
$f({{ x0 }}) = {{ terms }} = {{ keys.value }}$.
{% if "corner" in keys %}

In the same way, or going along the pieces from there, $f$ takes the values ${{ keys.corner }}$ at the joints.
{% endif %}
""".strip()

ASKED = {
    "joints": "The joints (the $x$ where the slope changes), in increasing order.",
    "slopes": "The slopes of the pieces, from left to right.",
    "value": "The value $f({{ x0 }})$.",
    "corner": "The values of $f$ at the joints, in increasing order of $x$.",
}

SAID = {
    "sign": "Your joints have the wrong sign: w x + b is 0 at x = −b/w.",
    "bias": "You took the biases; the joint is at −b/w.",
    "upside_down": "You divided the wrong way round: the joint is at −b/w.",
    "all_right": "You switched all units on to the right of their joints; with a negative weight it is to the left.",
    "no_direction": "You turned round the units with a negative weight, but lost the sign of their slope.",
    "not_summed": "You gave each piece the slope of one unit; all units that are on there add up.",
    "outer_only": "You used the outer weights alone; the slope of a unit is v times w.",
    "no_offset": "You left the constant out.",
    "no_relu": "You left the ReLU out: negative sums become 0.",
    "offset_inside": "You added the constant once for every unit.",
    "outer_lost": "You added the units without their outer weights.",
}
