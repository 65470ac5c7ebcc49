"""What the exercise on logistic regression says."""

PROMPT = r"""
A logistic regression with the weights $w = {{ W }}$ and the bias $b = {{ B }}$ gives an input $x$ the probability
$p = \sigma(w \cdot x + b)$ of class 1.
{% if samples == 1 %}
It sees the input $x = {{ x1 }}$, whose label is $y = {{ y[0] }}$.
{% else %}
It sees a batch of {{ samples }} samples:

| sample | $x$ | $y$ |
|---|---|---|
{% for row in rows %}
| {{ loop.index }} | ${{ row.x }}$ | {{ row.y }} |
{% endfor %}

{% endif %}
The loss {{ "of a sample " if samples > 1 else "" }}is the binary cross-entropy
$L = -y \ln p - (1 - y) \ln(1 - p)$ (**natural** logarithm){% if samples > 1 %}, and that of the batch the **mean** over
its samples{% endif %}.
{% if rate %}
Gradient descent takes one step with the learning rate ${{ rate | decimal }}$.
{% endif %}
Give at least 4 significant digits; fractions are read as well.
""".strip()

SOLUTION = r"""
{% for row in rows %}
{% if samples > 1 %}**Sample {{ loop.index }}.**{{ ' ' }}{% endif %}
$z = {{ row.sum }} = {{ row.z }}$, so $p = \frac{1}{1 + e^{-z}} = {{ row.p | decimal(5) }}$. The label is {{ row.y }},
so only one of the two logarithms counts: $L{{ "_" ~ loop.index if samples > 1 else "" }} = {# -#}
-\ln {{ "p" if row.y else "(1 - p)" }} = {{ row.loss | decimal(5) }}$. By the sum $z$, the slope of the sigmoid cancels
against the logarithm: $\frac{\partial L}{\partial z} = p - y = {{ row.error | decimal(5) }}$.

{% endfor %}
{% if samples > 1 %}
The loss of the batch is the mean, ${{ keys.loss | decimal(5) }}$.

{% endif %}
Since $z = w \cdot x + b$, the gradient by the weights is $p - y$ times the input, and that by the bias $p - y$ itself
{{- ", each averaged over the samples" if samples > 1 else "" }}:
$\frac{\partial L}{\partial w} = {{ keys.dw }}$ and $\frac{\partial L}{\partial b} = {{ keys.db | decimal(5) }}$.
{% if rate %}

The step goes against the gradient: $w - {{ rate | decimal }} \cdot \frac{\partial L}{\partial w} = {{ keys.w }}$.
{% endif %}
""".strip()

SAID = {
    "no_bias": "You left the bias out.",
    "minus_bias": "You subtracted the bias; it is added.",
    "other_class": "That is the probability of class 0: check the sign in the exponent, σ(z) = 1/(1 + e^(−z)).",
    "tanh": "You used tanh; a probability comes from the sigmoid.",
    "odds": "That is e^z, the odds; the probability is e^z / (1 + e^z).",
    "base_two": "You took the logarithm to base 2; the loss is defined with the natural one.",
    "other_label": "You used the logarithm that belongs to the other label.",
    "both_labels": "You added both logarithms; the label switches one of them off.",
    "squares": "That is the squared error; the loss here is the cross-entropy.",
    "summed": "You added up over the samples; the loss is their mean.",
    "sign": "The sign is turned: it is p − y, not y − p.",
    "extra_slope": "You multiplied by p(1 − p) as well. This slope has already cancelled against the logarithm.",
    "slope_forgotten": "You went straight on from the derivative by p; the slope of the sigmoid, p(1 − p), comes next.",
    "label_lost": "You multiplied with p; the error is p − y.",
    "uphill": "You added the gradient; a descent subtracts it.",
    "no_rate": "You subtracted the whole gradient; multiply it by the learning rate.",
}
