"""What the exercise on clipping gradients says."""

PROMPT = r"""
A recurrent network is trained with gradient clipping **by the norm**: a gradient whose Euclidean norm is above the
threshold $v = {{ threshold }}$ is rescaled to the norm $v$; all others stay as they are.

- In the first update the gradient is $g = {{ gradient }}$. The parameters are $\theta = {{ theta }}$, the learning rate
is ${{ rate | decimal }}$.
{% if "small" in ask %}
- In the second update the gradient is $g' = {{ second }}$.
{% endif %}

All values are exact.
""".strip()

SOLUTION = r"""
**The norm** is $\|g\| = \sqrt{ {{- squares | join(" + ") -}} } = {{ keys.norm }}$, which is above ${{ threshold }}$.

**Clipped**, the gradient keeps its direction and gets the length ${{ threshold }}$:
$g \cdot \frac{ {{- threshold -}} }{ {{- keys.norm -}} } = {{ keys.clipped }}$.
{% if "theta" in keys %}

**The step** goes against it: ${{ theta }} - {{ rate | decimal }} \cdot {{ keys.clipped }} = {{ keys.theta }}$.
{% endif %}
{% if "small" in keys %}

**The second gradient** has the norm ${{ least }}$, which is below the threshold, so it stays ${{ second }}$.
{% endif %}
{% if "by_value" in keys %}

**By value**, each entry is cut off at $\pm {{ threshold }}$ on its own: ${{ keys.by_value }}$. This is another
direction than that of $g$.
{% endif %}
""".strip()

ASKED = {
    "norm": r"The norm $\|g\|$.",
    "clipped": "The clipped gradient of the first update.",
    "theta": r"The parameters $\theta$ after the first update.",
    "small": "The gradient that the second update uses.",
    "by_value": r"For comparison: $g$ clipped **by value**, each entry to at most $v$ in size.",
}

SAID = {
    "squared": "You forgot the root: that is the square of the norm.",
    "absolute": "You added absolute values; the Euclidean norm is the root of the sum of the squares.",
    "largest": "You took the largest entry; the Euclidean norm is the root of the sum of the squares.",
    "by_value": "You clipped each entry by itself; clipping by the norm shortens the vector and keeps its direction.",
    "by_norm": "You clipped by the norm; here each entry is cut off by itself.",
    "not_clipped": "You used the gradient as it was; it is longer than the threshold allows.",
    "unit": "You scaled to length 1; the length is to be the threshold.",
    "uphill": "You added the step; a descent subtracts it.",
    "no_rate": "You left the learning rate out.",
    "lengthened": "You made a short gradient longer; clipping only ever shortens.",
    "same_factor": "You used the factor of the first gradient; each gradient is compared with the threshold anew.",
    "sign_lost": "You lost the signs; negative entries are cut off at minus the threshold.",
}
