"""What the exercise on the perceptron says: the question, the worked solution, and a line on every misconception."""

PROMPT = r"""
A perceptron computes the activation $z = w \cdot x + b$ and predicts class ${{ high }}$ if $z \ge 0$ (so also at
$z = 0$), and class ${{ low }}$ otherwise. It starts with $w = {{ start_w }}$ and $b = {{ start_b }}$ and sees these
points once, in this order:

| step | $x$ | target $t$ |
|---|---|---|
{% for x, t in seen %}
| {{ loop.index }} | ${{ x }}$ | ${{ t }}$ |
{% endfor %}

After each point it learns, with learning rate {{ rate }}:
{%- if coding == "01" %}
 $w \leftarrow w + {{ times }}(t - \hat{t})\, x$ and {# -#}
$b \leftarrow b + {{ times }}(t - \hat{t})$, where $\hat{t}$ is the predicted class.
{%- else %}
 if the predicted class $\hat{t}$ is not the target, then $w \leftarrow w + {{ times }}t\, x$ and {# -#}
$b \leftarrow b + {{ times }}t$; otherwise
nothing changes.
{%- endif %}
""".strip()

TABLE = (
    "The whole epoch, a row for each step: the activation $z$ **before** the update, the predicted class, and the "
    "weights and the bias **after** it. The columns are {{ columns }}. Every row is marked from your own row before."
)
AFTER = "The activations of the four points, in their order, under the weights and the bias **after** the epoch."

SOLUTION = r"""
Every step uses the weights that the step before has left.
{% for x, t, w, b, (z, said, new_w, new_b) in worked %}

**Step {{ loop.index }}.** $z = {{ sum_of(w, x, b) }} = {{ z }}$, so the class is ${{ said }}$.
{% if said == t %}
The target is ${{ t }}$ too: nothing changes, $w = {{ new_w }}$ and $b = {{ new_b }}$.
{% else %}
The target is ${{ t }}$, so ${{ times }}x$ and {{ rate }} are {# -#}
{{ "added" if t > said else "subtracted" }}: $w = {{ new_w }}$ and
$b = {{ new_b }}$.
{% endif %}
{% endfor %}
{% if after %}

**After the epoch** the activations are ${{ end }}$: learning a point may undo an earlier one.
{% endif %}
""".strip()

SAID = {
    "not_carried": "You worked every step from the initial weights; each step goes on from what the one before left.",
    "always_updated": "You learned from points that were classified rightly as well; only a mistake changes the "
    "weights.",
    "bias_fixed": "You left the bias as it was; it learns like a weight whose input is always 1.",
    "subtracted": "You moved the weights the wrong way: the activation of a point must move towards its target's side.",
    "zero_low": "You put an activation of 0 on the wrong side; the prompt says to which class it belongs.",
    "target_zero": "You used t · x, the rule for targets ±1. With targets 0 and 1 it never learns from a point of "
    "class 0; "
    "the difference of target and prediction tells the direction.",
    "doubled": "You used the difference of target and prediction, which is ±2 with these classes; the rule here takes "
    "t.",
    "class_zero": "You coded the classes as 0 and 1, but the targets are ±1, so that a point of the negative class "
    "always "
    "looks wrong; keep to one coding.",
    "during": "These are the activations from during the epoch; the weights have changed since.",
    "no_bias": "You left the bias out.",
}
