"""What the exercise on low-rank adapters says."""

PROMPT = r"""
LoRA leaves a weight matrix $W$ with $m$ outputs and $n$ inputs (so $W$ is $m \times n$, and $y = W x$) as it is, and
learns a product of rank $r$ that is added to it:
$$W' = W + \frac{\alpha}{r} B A.$$
$A$ takes the $n$ inputs to $r$ numbers, $B$ takes these to the $m$ outputs. $\alpha$ and $r$ are fixed numbers. Nothing
else is learned; in particular **no biases**.

A transformer has {{ layers }} layers. In each, these matrices get an adapter of rank $r = {{ r }}$, all others none:
{% for n, m in matrices %}
- {{ names[loop.index0] }}: $m = {{ m }}$ outputs, $n = {{ n }}$ inputs
{% endfor %}

{% if "merged" in ask %}
In a small example the rank is {{ small }}, $\alpha = {{ alpha }}$, and
$$W = {{ W }}, \quad B = {{ B }}, \quad A = {{ A }}.$$
{% endif %}
""".strip()

SOLUTION = r"""
**Shape.** $A$ maps {{ n }} numbers to {{ r }}, so it is ${{ r }} \times {{ n }}$; $B$ is ${{ m }} \times {{ r }}$.

**One adapter.** Both factors are learned: ${{ r }} \cdot {{ n }} + {{ m }} \cdot {{ r }} = {{ keys.one }}$, in place of
${{ m }} \cdot {{ n }} = {{ m * n }}$ weights.

{% if "all" in keys %}
**The model.** A layer has ${% for n, m in matrices %}{{ " + " if not loop.first else "" }}{{ r }} ({{ n }} + {{ m }})
{%- endfor %} = {{ keys.all // layers }}$; {{ layers }} layers have ${{ keys.all }}$.

{% endif %}
{% if "share" in keys %}
**Share.** The adapted matrices hold ${{ frozen }}$ weights in all layers: ${{ keys.all }} / {{ frozen }} {# -#}
= {{ keys.share }}$.

{% endif %}
{% if "largest" in keys %}
**Largest rank.** $r (n + m) < m n$ means $r < {{ m * n }} / {{ m + n }} \approx {{ (m * n / (m + n)) | decimal(6) }}$,
so $r$ is at most ${{ keys.largest }}$.

{% endif %}
{% if "change" in keys %}
**The update.** $B A = {{ product }}$, and
$\alpha / r = {% if factor.denominator != small %}{{ alpha }} / {{ small }} = {% endif %}{{ factor }}$, so it is
${{ keys.change }}$.

**Merged.** $W' = W + {{ keys.change }} = {{ keys.merged }}$: as large as $W$, so inference costs nothing more.
{% endif %}
""".strip()

ASK = {
    "shape": "The {{ names[0] }} matrix: what is the shape of $A$?",
    "one": "How many parameters does the adapter of the {{ names[0] }} matrix learn?",
    "all": "How many parameters are learned in the whole model?",
    "share": "What is the ratio of these learned parameters to the frozen weights of the adapted matrices "
    "(an exact fraction)?",
    "largest": "What is the largest rank at which the adapter of the {{ names[0] }} matrix has fewer parameters "
    "than the matrix itself?",
    "change": r"The small example: the update $\frac{\alpha}{r} B A$.",
    "merged": "The small example: the merged matrix $W'$.",
}

SAID = {
    "transposed": "You swapped rows and columns: A is applied to a column of inputs, so it has a column for each.",
    "of_b": "That is the shape of B. A comes first: it takes the inputs.",
    "of_w": "That is the shape of W; A has only as many rows as the rank.",
    "one_factor": "You counted one of the two factors; both are learned.",
    "full": "You counted the whole matrix. It is frozen; only the two thin factors are learned.",
    "rank_once": "You counted the rank once; it is a side of both factors.",
    "same_shape": "You gave both factors the same shape. One has a side of the inputs, the other of the outputs.",
    "biases": "You counted biases as well; here none are learned.",
    "with_frozen": "You added the frozen weights; only those of the adapters are learned.",
    "one_layer": "You counted one layer; every layer has adapters of its own.",
    "first_matrix": "You counted the adapters of the first kind of matrix alone.",
    "among_all": "You divided by the learned and frozen ones together; it is the learned for each frozen one.",
    "upside_down": "Your fraction is upside down.",
    "one_side": "You compared with one side of the matrix. The adapter has r (n + m) parameters, the matrix n m.",
    "rounded_up": "You rounded up; at this rank the adapter has no fewer parameters any more.",
    "half_side": "That is half a side, which holds for square matrices only.",
    "unscaled": "The factor alpha / r is missing.",
    "alpha_alone": "You multiplied by alpha without dividing by the rank.",
    "inverse_factor": "Your factor is upside down: it is alpha over r.",
    "swapped": "You multiplied A B; the inputs meet A first, so it stands on the right.",
    "replaced": "That is the update alone; it is added to W.",
    "subtracted": "You subtracted the update; it is added.",
}
