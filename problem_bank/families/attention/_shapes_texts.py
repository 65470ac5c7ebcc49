"""What the exercise on shapes and cost of attention says."""

PROMPT = r"""
Attention gets a batch of {{ batch }} sequences, each with
{%- if heads > 1 %} {{ heads }} heads; each head has{% endif %} {{ queries }} queries, {{ keys }} keys of
length {{ d_k }}, and {{ keys }} values of length {{ d_v }}. It computes the scores $Q K^T$, scales them, takes the
softmax, and multiplies the weights with the values
{%- if heads > 1 %}; the outputs of the heads are then **concatenated**, without a further projection{% endif %}.
Count **one** operation for each product of two numbers; scaling and softmax are not counted. A number takes
{{ bytes }} bytes.
""".strip()

SOLUTION = r"""
**Scores.** Every query meets every key: {{ batch }}
{%- if heads > 1 %} × {{ heads }}{% endif %} × {{ queries }} × {{ keys }}. Each score is a sum of {{ d_k }} products:
${{ scores }} \cdot {{ d_k }} = {{ score_cost }}$.

**Output.** Every query gets {{ "from each head " if heads > 1 else "" }}a mean of values, of length {{ d_v }}
{{- ", and these stand side by side" if heads > 1 else "" }}. Each entry is a sum of {{ keys }} products:
${{ scores }} \cdot {{ d_v }} = {{ value_cost }}$.

**Memory.** The weights have as many entries as the scores: ${{ scores }} \cdot {{ bytes }} = {{ memory }}$ bytes.
{% if "grown" in ask %}

**Longer sequences.** With ${{ longer }}$ times the queries and ${{ longer }}$ times the keys, both counts grow by
${{ longer }} \cdot {{ longer }}$: to ${{ grown }}$ products. The cost of attention is quadratic in the length.
{% endif %}
""".strip()

ASKED = {
    "scores": r"The shape of $Q K^T$: batch first{{ ', then heads' if heads > 1 else '' }}.",
    "output": "The shape of the output: batch first.",
    "score_cost": "How many products do all the scores take?",
    "value_cost": "How many products does multiplying the weights with the values take?",
    "memory": "How many bytes do the weights take?",
    "grown": "All sequences become {{ longer }} times as long, queries and keys alike. How many products do the scores "
    "and the multiplication with the values then take, together?",
}

SAID = {
    "transposed": "Your scores are transposed: a row for each query, a column for each key.",
    "inner": "That is the shape of the product over the positions. Scores sum over the length of a key.",
    "no_batch": "You left the batch out; every sequence has its own.",
    "keys_length": "Outputs are means of values, so they have the length of a value, not of a key.",
    "keys_number": "There is one output for every query; the keys and values have been summed over.",
    "heads_apart": "You kept the heads apart; their outputs are concatenated.",
    "no_products": "You counted the results; each is a sum of several products.",
    "linear": "You counted one score for each query; it has one for every key.",
    "doubled": "You counted additions as well; here a product and its addition count once.",
    "other_length": "You took the other length: scores sum over a key's entries, outputs are as long as values.",
    "numbers": "You counted numbers; each takes several bytes.",
    "bits": "You counted bits; bytes are asked for.",
    "values_stored": "Those are the values; the weights have a row for each query and a column for each key.",
    "linearly": "You let the cost grow with the length. Queries and keys both grow, so it grows with the square.",
    "keys_grow": "You forgot the multiplication with the values: it grows as well.",
}
