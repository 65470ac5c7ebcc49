"""What the exercise on scaled dot-product attention says."""

PROMPT = r"""
{% if projected %}
The rows of $X$ are the tokens of a sequence. Self-attention with one head, without biases, uses
$$ X = {{ X }}, \quad W_Q = {{ W_Q }}, \quad W_K = {{ W_K }}, \quad W_V = {{ W_V }}, $$
so that $Q = X W_Q$, $K = X W_K$ and $V = X W_V$.
{% else %}
The rows of these matrices are queries, keys and values:
$$ Q = {{ q }}, \quad K = {{ k }}, \quad V = {{ v }}. $$
{% endif %}
{% if scaled %}
Attention computes $O = A V$ with $A = \mathrm{softmax}(Q K^T / \sqrt{d})$, where $d = {{ d }}$ is the length of a key
and the softmax runs over **each row**.
{% else %}
Dot-product attention **without scaling** computes $O = A V$ with $A = \mathrm{softmax}(Q K^T)$, where the softmax runs
over **each row**.
{% endif %}
There is no mask. Give exact values, or at least 4 decimal places.
""".strip()

SOLUTION = r"""
{% if projected %}
**Projections.** Every token (row of $X$) is multiplied by the matrix on its right:
$$ Q = X W_Q = {{ q }}, \quad K = X W_K = {{ k }}, \quad V = X W_V = {{ v }}. $$
{% endif %}
**Scores.** Entry $(i, j)$ is the dot product of query $i$ with key $j$; the first is
${{ first }} = {{ scores[0][0] }}$. Together,
$$ Q K^T = {{ scores }}. $$

**Weights.** {% if scaled %}Divide by $\sqrt{ {{- d -}} } = {{ root | decimal(5) }}$, then take{% else %}Take
{%- endif %} the softmax of each row:
{% for row in rows %}

- query {{ loop.index }}: the {{ "scaled " if scaled else "" }}scores ${{ row.scaled }}$ have the exponentials {# -#}
${{ row.powers }}$ with the sum ${{ row.total }}$, so its weights are ${{ row.weights }}$.
{% endfor %}

**Output.** Each row is the mean of the rows of $V$ with these weights:
$$ O = A V = {{ output }}. $$
""".strip()

SAID = {
    "transposed_weights": "You multiplied with the transposed matrix; tokens are rows, so it is X times W.",
    "from_left": "You multiplied from the left; tokens are rows, so the matrix stands on the right of X.",
    "transposed_scores": "Your scores are transposed: row i belongs to query i, column j to key j.",
    "values_for_keys": "You compared the queries with the values; scores compare queries with keys.",
    "unscaled": "You left the scaling out: divide by the root of d before the softmax.",
    "scaled": "You divided by the root of d; here nothing is scaled.",
    "by_d": "You divided by d; it is divided by its square root.",
    "columns": "Your columns sum to 1. Every query shares out its attention over the keys: normalise each row.",
    "not_normalised": "These are the exponentials; divide each row by its sum.",
    "keys_for_values": "You averaged the keys; the weights come from the keys, but what is averaged are the values.",
    "no_softmax": "You weighed the values with the scores; weights go through the softmax first.",
    "transposed_mean": "You used the columns of A as weights; row i of A belongs to query i.",
}
