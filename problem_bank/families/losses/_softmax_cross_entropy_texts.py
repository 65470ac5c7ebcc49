"""What the exercise on softmax and cross-entropy says."""

PROMPT = r"""
{% if samples == 1 %}
A classifier gives one sample the logits $z = {{ logits[0] }}$
{{- " (natural logarithms)" if logarithms else "" }}.
{% if soft %}
Its target is not one class but the distribution $t = {{ rows[0].t }}$.
{% else %}
Its true class is number {{ targets[0] }}, counted from 1, so the target is $t = {{ rows[0].t }}$.
{% endif %}
With $p = \mathrm{softmax}(z)$, the loss is the cross-entropy $L = -\sum_c t_c \ln p_c$ (**natural** logarithm, **sum**
over the classes).
{% else %}
A classifier gives {{ samples }} samples these logits $z$; classes are counted from 1:

| sample | $z$ | true class |
|---|---|---|
{% for z in logits %}
| {{ loop.index }} | ${{ z }}$ | {{ targets[loop.index0] }} |
{% endfor %}

With $p = \mathrm{softmax}(z)$ for each sample, the loss of a sample is $L_s = -\ln p_{\text{true class}}$ (**natural**
logarithm). The loss of the batch, $L$, is the **mean** over its samples.
{% endif %}
Give at least 4 significant digits; fractions are read as well.
""".strip()

SOLUTION = r"""
{% for row in rows %}
{% if samples > 1 %}**Sample {{ loop.index }}.**{{ ' ' }}{% endif %}
The exponentials of the logits are ${{ row.powers }}$, with the sum ${{ row.total }}$. Divided by it,
$p = {{ row.p }}$.

{% if soft %}
The loss weighs the logarithms by the targets:
$L = {% for t, q in row.terms %}{{ "" if loop.first else " + " }}{{ t }} \cdot (-\ln {{ q }}){% endfor %} {# -#}
= {{ row.loss | decimal(5) }}$.
{% else %}
Only the probability of the true class counts:
$L{% if samples > 1 %}_{{ loop.index }}{% endif %} = -\ln {{ row.terms[0][1] }} \approx {{ row.loss | decimal(5) }}$.
{% endif %}

{% endfor %}
{% if samples > 1 %}
**The batch.** The mean is $L = {{ mean | decimal(5) }}$.

{% endif %}
**The gradient.** Through the softmax and the logarithm everything but the difference of output and target cancels:
{% if samples > 1 %}
$\frac{\partial L}{\partial z} = \frac{1}{ {{- samples -}} } (p - t) = {{ dz }}$, one row for each sample.
{% else %}
$\frac{\partial L}{\partial z} = p - t = {{ dz }}$.
{% endif %}
Its entries sum to 0{{ " in each row" if samples > 1 else "" }}: raising all the logits of a sample changes nothing.
""".strip()

SAID = {
    "not_normalised": "These are the exponentials. Divide them by their sum: probabilities sum to 1.",
    "logits_shared": "You divided the logits by their sum. The softmax takes exponentials first.",
    "columns_normalised": "You divided by sums over the samples. Each sample has a softmax of its own: use its row.",
    "base_two": "You took the logarithm to base 2; the loss is defined with the natural one.",
    "largest": "You used the largest probability. The loss looks at the target's, whether it is the largest or not.",
    "all_classes": "You summed over all classes alike; each logarithm is weighed by its target.",
    "over_classes": "You divided by the number of classes; the loss sums over them.",
    "complement": "You took one minus the probability; the cross-entropy is minus its logarithm.",
    "divergence": "You subtracted the entropy of the target: that is the KL divergence, not the cross-entropy.",
    "summed": "You added the losses up; the loss of the batch is their mean.",
    "over_entries": "You divided by the number of all entries; the mean is over the samples only.",
    "sign": "The sign is turned: it is the output minus the target.",
    "by_outputs": "That is the gradient by the probabilities; it still has to pass the softmax.",
    "extra_slope": "You multiplied by p(1 − p) as well. This slope has already cancelled against the logarithm.",
    "no_mean": "The loss is a mean: every sample's gradient is divided by their number.",
    "targets_lost": "The target is missing: subtract it from the output.",
}
