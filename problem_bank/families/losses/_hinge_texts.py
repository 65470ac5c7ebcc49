"""What the exercise on hinge losses says."""

BINARY = r"""
A linear classifier $f(x) = w \cdot x + b$ with $w = {{ w }}$ and $b = {{ b }}$ sees these samples with labels
$t \in \{-1, 1\}$:

| sample | $x$ | $t$ |
|---|---|---|
{% for row in x %}
| {{ loop.index }} | ${{ row }}$ | ${{ t[loop.index0] }}$ |
{% endfor %}

The hinge loss of a sample is $\ell = \max(0,\, 1 - t f(x))$, and $L$ is the **mean** over the samples. Give exact
values.
""".strip()

MULTI = r"""
{% if weights %}
A linear classifier with a row of $W$ for each of {{ classes }} classes gives the scores $s = W x$, where
$$W = {{ W }} \quad \text{and} \quad x = {{ x }}.$$
{% else %}
A classifier gives the {{ classes }} classes the scores $s = {{ s }}$.
{% endif %}
The right class is number {{ label }} (counted from 1). The multi-class hinge loss (SVM) with the margin
$\Delta = {{ delta }}$ is
$$\ell = \sum_{j \ne {{ label }}} \max(0,\; s_j - s_{{ label }} + \Delta).$$
{% if weights %}
With a penalty, $L = \ell + \frac{\lambda}{2} \sum_{ij} W_{ij}^2$ where $\lambda = {{ penalty }}$.
{% endif %}
Give exact values.
""".strip()

BINARY_SOLUTION = r"""
- Margins $t f(x)$, from $f = {{ f }}$: ${{ keys.margins }}$.
- Losses: what a margin lacks to 1, and 0 where it lacks nothing, ${{ keys.losses }}$; their mean is $L = {{ keys.L }}$.
- A sample whose margin is below 1 has the gradient $-t x$, any other has 0. The mean over **all** {{ x | length }}
samples is $\frac{\partial L}{\partial w} = {{ keys.dw }}$.
""".strip()

MULTI_SOLUTION = r"""
{% if weights %}
- Scores: $s = W x = {{ keys.s }}$.
{% endif %}
- Each wrong class against the right one, $s_j - s_{{ label }} + \Delta$:
{%- for j, value in violations %} ${{ value }}$ for class {{ j }}{{ "." if loop.last else "," }}{% endfor %}
 What is negative counts 0, so $\ell = {{ keys.loss }}$.
- Every class that counts has the slope 1 by its own score, and $-1$ by $s_{{ label }}$; there are {{ active }} of them:
$\frac{\partial \ell}{\partial s} = {{ keys.ds }}$.
{% if weights %}
- A row of $W$ is multiplied by $x$, and the penalty adds $\lambda W$:
$$\frac{\partial L}{\partial W} = \frac{\partial \ell}{\partial s} x^\top + \lambda W = {{ keys.dW }}.$$
{% endif %}
""".strip()

PART = {
    "margins": "The margins $t f(x)$ of the samples, as a vector.",
    "losses": r"The losses $\ell$ of the samples, as a vector.",
    "L": "The loss $L$.",
    "dw": r"The gradient $\frac{\partial L}{\partial w}$.",
    "s": "The scores $s$.",
    "loss": r"The loss $\ell$.",
    "ds": r"The gradient $\frac{\partial \ell}{\partial s}$ by the scores.",
    "dW": r"The gradient $\frac{\partial L}{\partial W}$, with the penalty, in the shape of $W$.",
}

SAID = {
    "no_label": "You left the labels out; a negative sample is right where f is negative.",
    "no_bias": "You left the bias out.",
    "no_margin": "You left the margin out: a sample that is right, but by too little, costs something as well.",
    "not_clipped": "You let a loss become negative; a sample beyond the margin costs 0.",
    "sum_for_mean": "You added up over the samples; the loss is their mean.",
    "sign": "The sign is turned round: the loss falls as the score of the right side grows.",
    "every_sample": "A sample beyond the margin has the gradient 0; leave it out.",
    "active_only": "You divided by the number of samples that cost something; the mean is over all of them.",
    "own_class": "You counted the right class as well; the sum is over the wrong ones.",
    "turned": "You took the difference the other way round: a wrong class costs where its score is high.",
    "largest_only": "You took the worst wrong class alone; this loss adds all of them up.",
    "own_once": "The right class loses 1 for each class that counts, not once.",
    "own_forgotten": "The score of the right class occurs in every term, so its entry is not 0.",
    "values": "You took the terms themselves; the slope of each is 1.",
    "columns": "You went down the columns of W; a class has a row.",
    "no_input": "The inputs are missing: a weight counts as much as the input that it multiplies.",
    "no_penalty": "You left the penalty out; it pulls every weight.",
    "penalty_doubled": "The square brings down a 2, which cancels the half of the penalty.",
}
