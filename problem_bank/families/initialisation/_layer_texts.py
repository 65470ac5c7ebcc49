"""What the exercise on variances through the layers says."""

PROMPT = r"""
A network without biases computes $z_l = W_l h_{l-1}$ with $h_0 = x$ and
{% if relu %}
$h_l = \max(0, z_l)$ (ReLU).
{% else %}
$h_l = z_l$ (linear layers).
{% endif %}

| layer | inputs | outputs | variance of a weight |
|---|---|---|---|
{% for inputs, outputs, variance in rows %}
| {{ loop.index }} | {{ inputs }} | {{ outputs }} | ${{ variance }}$ |
{% endfor %}

All weights and all entries of $x$ are independent, with distributions symmetric about 0. An entry of $x$ has variance
${{ inputs }}$. From behind, gradients arrive at $z_{{ rows | length }}$: the entries of
$\frac{\partial L}{\partial z_{{ rows | length }}}$ have mean 0 and variance ${{ gradient }}$, and are uncorrelated. As
usual in this analysis, gradients are taken to be independent of the weights and of the signals of the forward pass.
Give exact values.
{% if deep %}

In a **deep** network of the same kind every layer has {{ deep.width }} inputs and {{ deep.width }} outputs, and the
weights have variance ${{ deep.variance }}$. Find the smallest number of layers $L$ for which $\operatorname{Var}(z_L)$
is {% if deep.grows %}more than {{ deep.bound }} times{% else %}less than $\frac{1}{ {{- deep.bound -}} }$ of{% endif %}
 $\operatorname{Var}(z_1)$.
{% endif %}
""".strip()

SOLUTION = r"""
An entry of $z_l$ is a sum over the inputs of layer $l$, and the variances of its uncorrelated terms add up: number of
inputs, times the variance of a weight, times the mean square of an input.
{% if relu %}
ReLU keeps the positive half of a symmetric distribution, so the mean square of $h_l$ is half of the variance of $z_l$.
The input $x$ has passed no ReLU.
{% endif %}
{% for step, before, after in forward %}

$$\operatorname{Var}(z_{{ loop.index }}) = {{ step.fan }} \cdot {{ step.spread }} \cdot {# -#}
{% if step.share != 1 %}{{ step.share }} \cdot {% endif %}{{ before }} = {{ after }}$$
{% endfor %}

Backward, an entry of the gradient is a sum over the **outputs** of a layer, with the same weights
{%- if relu %}; the slope of ReLU is 1 for half of the units and 0 for the others{% endif %}.
{% for step, before, after in backward %}

$$\operatorname{Var}\left(\frac{\partial L}{\partial {# -#}
{% if loop.last %}x{% else %}z_{{ loop.revindex0 }}{% endif %}} {# -#}
\right) = {{ step.fan }} \cdot {{ step.spread }} \cdot {# -#}
{% if step.share != 1 %}{{ step.share }} \cdot {% endif %}{{ before }} = {{ after }}$$
{% endfor %}
{% if deep %}

**Deep network.** From each layer to the next, the variance is multiplied by ${{ deep.width }} \cdot {# -#}
{{ deep.variance }}{% if relu %} \cdot \frac{1}{2}{% endif %} = {{ deep.ratio }}$. From $z_1$ to $z_L$ these are $L - 1$
factors. The smallest power that passes the bound is ${{ "(" }}{{ deep.ratio }})^{ {{- deep.steps -}} }$, so
$L = {{ deep.steps }} + 1 = {{ deep.steps + 1 }}$.
{% endif %}
""".strip()

SAID = {
    "no_fan": "You left the sum out: as many terms are added up as weights meet there, and their variances add up.",
    "other_fan": "You took the wrong side of the layer. Forward, sum over its inputs; backward, over its outputs.",
    "no_half": "You let everything through. ReLU halves the mean square of a signal symmetric about 0, and lets "
    "half of the gradients through.",
    "needless_half": "You halved where no ReLU has been passed.",
    "added": "You added the variances. That of a product of independent factors with mean 0 is their product.",
    "one_short": "You counted the factors. From the first to the last of L layers there are only L − 1 of them.",
    "deviation": "You used the factor of the standard deviation, which is the root of that of the variance.",
}
