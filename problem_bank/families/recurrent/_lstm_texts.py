"""What the exercise on the LSTM says."""

PROMPT = r"""
An LSTM with one unit starts at the state $h_0 = {{ h0 | decimal }}$ and the cell $c_0 = {{ c0 | decimal }}$, and reads
{% for v in x %}$x_{{ loop.index }} = {{ v }}${{ ", " if not loop.last else "" }}{% endfor %}. In each step
$$ f = \sigma(a_f), \quad i = \sigma(a_i), \quad o = \sigma(a_o), \quad g = \tanh(a_g), {# -#}
\quad c_t = f c_{t-1} + i g, \quad h_t = o \tanh(c_t), $$
where $\sigma$ is the sigmoid and each sum is $a = w x_t + u h_{t-1} + b$ with weights of its own:

| | $w$ | $u$ | $b$ |
|---|---|---|---|
{% for name, w, u, b in table %}
| {{ name }} | {{ w }} | {{ u }} | {{ b }} |
{% endfor %}

Give at least 4 significant digits.
""".strip()

SOLUTION = r"""
{% for row in rows %}
{% set t = loop.index %}
**Step {{ t }}** reads $x_{{ t }} = {{ x[t - 1] }}$ with $h_{{ t - 1 }} = {{ row.before.h | decimal }}$ and
$c_{{ t - 1 }} = {{ row.before.c | decimal }}$. The sums are $a_f = {{ row.a.f | decimal }}$,
$a_i = {{ row.a.i | decimal }}$, $a_o = {{ row.a.o | decimal }}$ and $a_g = {{ row.a.g | decimal }}$.

- The gates are $(f, i, o) = {{ row.gates }}$, the candidate is $g = \tanh(a_g) = {{ row.g | decimal }}$.
- The cell keeps $f$ of the old and adds $i$ of the candidate:
$c_{{ t }} = f c_{{ t - 1 }} + i g = {{ row.c | decimal(5) }}$.
- The state shows $o$ of it: $h_{{ t }} = o \tanh(c_{{ t }}) = {{ row.h | decimal(5) }}$.

{% endfor %}
""".strip()

NAMES = {"f": "forget gate $f$", "i": "input gate $i$", "o": "output gate $o$", "g": "candidate $g$"}

SAID = {
    "tanh": "You used tanh for the gates; they are sigmoids, between 0 and 1.",
    "no_state": "You left the state out of the sums: u times the state before belongs to each.",
    "no_bias": "You left the biases out.",
    "cell_for_state": "You put the cell into the sums; they use the state before, h.",
    "swapped_weights": "You swapped the weights: w belongs to the input, u to the state.",
    "sigmoid": "You used the sigmoid; the candidate is a tanh, between −1 and 1.",
    "gates_swapped": "You swapped the gates: the forget gate keeps the old cell, the input gate lets the candidate in.",
    "state_for_cell": "You used the state in place of the cell: what is kept is c, not h.",
    "nothing_forgotten": "You kept the old cell whole; multiply it by the forget gate.",
    "candidate_whole": "You added the whole candidate; multiply it by the input gate.",
    "one_minus": "You used 1 − f for the candidate, as in a GRU; the LSTM has an input gate of its own.",
    "no_tanh": "You left the tanh out: the state is o times tanh of the cell.",
    "tanh_outside": "You took the tanh of the product; only the cell goes through it.",
    "old_cell": "You used the old cell; the state shows the new one.",
    "wrong_gate": "You used the forget gate; the output gate decides what is shown.",
}
