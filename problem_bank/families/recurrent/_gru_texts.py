"""What the exercise on the GRU says."""

FORMS = {
    "new": "h_t = (1 - z)\\, h_{t-1} + z\\, n",
    "old": "h_t = z\\, h_{t-1} + (1 - z)\\, n",
}

PROMPT = r"""
A GRU with one unit starts at the state $h_0 = {{ h0 | decimal }}$ and reads
{% for v in x %}$x_{{ loop.index }} = {{ v }}${{ ", " if not loop.last else "" }}{% endfor %}. In each step the reset
gate $r$, the update gate $z$ and the candidate $n$ give
$$ r = \sigma(w_r x_t + u_r h_{t-1} + b_r), \quad z = \sigma(w_z x_t + u_z h_{t-1} + b_z), $$
$$ n = \tanh(w_n x_t + u_n (r\, h_{t-1}) + b_n), \qquad {{ formula }}, $$
where $\sigma$ is the sigmoid. (Sources differ in which of the two $z$ weighs; the line above counts.)

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
**Step {{ t }}** reads $x_{{ t }} = {{ x[t - 1] }}$ with $h_{{ t - 1 }} = {{ row.before | decimal }}$.

- The gates: the sums ${{ row.sums[0] | decimal }}$ and ${{ row.sums[1] | decimal }}$ give $(r, z) = {{ row.gates }}$.
- The candidate sees the reset state $r h_{{ t - 1 }} = {{ row.reset | decimal }}$: the sum is
${{ row.inner | decimal }}$, so $n = {{ row.n | decimal(5) }}$.
- The new state lies between the old one and the candidate: $h_{{ t }} = {{ row.h | decimal(5) }}$.

{% endfor %}
""".strip()

NAMES = {"r": "reset gate $r$", "z": "update gate $z$", "n": "candidate $n$"}

SAID = {
    "tanh": "You used tanh for the gates; they are sigmoids, between 0 and 1.",
    "no_state": "You left the state out of the sums.",
    "no_bias": "You left the biases out.",
    "swapped_weights": "You swapped the weights: w belongs to the input, u to the state.",
    "sigmoid": "You used the sigmoid; the candidate is a tanh.",
    "no_reset": "You left the reset gate out: it multiplies the state that the candidate sees.",
    "update_for_reset": "You used the update gate; the reset gate decides what the candidate sees.",
    "all_reset": "You multiplied the whole sum by the reset gate; only the state is reset.",
    "turned_round": "You gave z to the other one of the two; sources differ, so follow the formula as it stands.",
    "candidate_only": "You took the candidate as the new state; it is mixed with the old one.",
    "reset_for_update": "You mixed with the reset gate; the update gate mixes.",
    "added": "You added state and candidate without weights.",
}
