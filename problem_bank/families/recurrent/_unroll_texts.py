"""What the exercise on unrolling a recurrent network says."""

PROMPT = r"""
A recurrent network reads the sequence
{%- for v in x %} $x_{{ loop.index }} = {{ v }}${{ "," if not loop.last else "" }}{% endfor %}. Its state is
$$ h_t = {{ name }}(W h_{t-1} + U x_t + b), \quad W = {{ W }}, \; U = {{ U | column }}, \; b = {{ b | column }}, {# -#}
\; h_0 = {{ h0 | column }}, $$
{{ "" if smooth else "with $\\mathrm{ReLU}(a) = \\max(0, a)$ for each entry, " }}and
after the last step the output is $y = v \cdot h_{ {{- x | length -}} } + c$ with $v = {{ v }}$ and $c = {{ c }}$.
{% if smooth %}
Give at least 4 decimal places.
{% else %}
All values are exact.
{% endif %}

{{ figure("unrolled") }}
""".strip()

SOLUTION = r"""
The same weights serve in every step; only the state and the input change.
{% for row in rows %}

- Step {{ loop.index }}: $a_{{ loop.index }} = W h_{ {{- loop.index0 -}} } + U \cdot {{ row.x }} + b {# -#}
= {{ row.wh }} + {{ row.ux }} + {{ b }} = {{ row.a }}$, so $h_{{ loop.index }} = {{ name }}(a_{{ loop.index }}) {# -#}
= {{ row.h }}$.
{% endfor %}

The output is $y = {{ v }} \cdot {{ rows[-1].h }} + {{ offset }} = {{ y }}$.
""".strip()

SAID = {
    "no_recurrence": "You left the earlier state out: W times the state before is added in every step.",
    "start_again": "You started from the first state again; each step goes on from the state before.",
    "no_bias": "You left the bias out.",
    "no_activation": "You left the activation out.",
    "bias_afterwards": "You added the bias after the activation; it belongs inside.",
    "transposed": "You multiplied with the transposed W; row i of W belongs to entry i of the new state.",
    "input_before": "You used the input of the step before; step t reads x with the same number.",
    "state_before": "You read the output from the last state but one.",
    "no_offset": "You left c out.",
    "swapped": "You swapped the entries of v.",
}
