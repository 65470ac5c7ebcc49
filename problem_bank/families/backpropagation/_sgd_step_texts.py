"""What the exercise on one step of gradient descent says."""

PROMPT = r"""
A network with two inputs, {{ units }} hidden units and one output computes
$$a_i = \textstyle\sum_j W_{ij} x_j + b_i, \qquad h_i = \sigma(a_i) = \frac{1}{1 + e^{-a_i}}, {# -#}
\qquad y = v \cdot h + c.$$
The parameters of its hidden units, rows of $W$ and entries of $b$, are

{% for line in lines %}
- unit {{ loop.index }}: ${{ line }}$
{% endfor %}

and its output has $v = {{ v }}$, $c = {{ c }}$.
{% if samples == 1 %}
For the input $x = {{ inputs[0] }}$ with the target $t = {{ targets[0] }}$ the loss is {# -#}
$L = {{ formula }}$.
{% else %}
The loss of a sample is $\ell = {{ formula }}$, and $L$ is its **{{ reduction }}** over this batch:

| sample | $x$ | $t$ |
|---|---|---|
{% for row in inputs %}
| {{ loop.index }} | ${{ row }}$ | {{ targets[loop.index0] }} |
{% endfor %}

{% endif %}
Gradient descent takes one step with the learning rate $\eta = {{ rate | decimal }}$: all gradients are taken at the
parameters above, and then all parameters are updated. Logarithms are natural. Give fractions, or at least 4
significant digits.
""".strip()

FORMULA = {
    "squared": r"\tfrac{1}{2} (y - t)^2",
    "logistic": r"-t \ln p - (1 - t) \ln(1 - p) \text{ with } p = \sigma(y)",
}

SOLUTION = r"""
**Forward.** Where a sum is $\ln k$, the sigmoid is $\frac{k}{k + 1}$.

{% for row in rows %}
- {% if samples > 1 %}Sample {{ loop.index }}: {% endif %}$a = ({{ row.sums }})$, so $h = {{ row.h }}$, {# -#}
$y = {{ row.y | decimal }}${% if loss == "logistic" %}, $p = {{ row.p | decimal }}${% endif %}, {# -#}
and $\delta = {{ "p" if loss == "logistic" else "y" }} - t = {{ row.error | decimal }}$
{% endfor %}

{% if loss == "logistic" %}
The slope $p(1 - p)$ of the last sigmoid has cancelled against the derivative of the logarithm, so the error $\delta$ by
$y$ is $p - t$.
{% endif %}

**Backward.** {% if samples > 1 %}With the {{ reduction }} over the samples, {% endif %}$\frac{\partial L}{\partial v}$
is $\delta\, h$: ${{ keys.dv }}$. On the way to $W_{ {{- i }}{{ j -}} }$ lie the **old** weight $v_{{ i }}$, the slope
$h_{{ i }} (1 - h_{{ i }})$ and the input $x_{{ j }}$:
$$\frac{\partial L}{\partial W_{ {{- i }}{{ j -}} }} = {{ terms }} = {{ keys.dw | decimal }}.$$

**Step.** $v - \eta\, \frac{\partial L}{\partial v} = {{ keys.v_new }}$, and
$W_{ {{- i }}{{ j -}} } = {{ weight | decimal }}$ becomes ${{ keys.w_new | decimal }}$.
""".strip()

PART = {
    "h": r"The activations $h${of}.",
    "y": r"The output $y${of}.",
    "p": r"The probability $p = \sigma(y)${of}.",
    "delta": r"The error $\delta$: the derivative of {loss} by $y${of}.",
    "dv": r"The gradient $\frac{{\partial L}}{{\partial v}}$.",
    "v_new": r"The weights $v$ after the step.",
    "dw": r"The derivative $\frac{{\partial L}}{{\partial W_{{{i}{j}}}}}$ by the one weight from input {j} to hidden "
    "unit {i}, at the parameters before the step.",
    "w_new": r"The weight $W_{{{i}{j}}}$ after the step.",
}

SAID = {
    "negated": "The sign of the exponent is turned round: a large sum gives a value close to 1.",
    "odds": "That is the exponential of the sum; the sigmoid is k / (k + 1) for a sum of ln k.",
    "no_bias": "You left the bias out.",
    "sign": "The sign is turned round: where the output is too large, its derivative is positive.",
    "doubled": "The square brings down a 2, which cancels the half.",
    "slope_again": "You multiplied by the slope p (1 − p) of the sigmoid; with the cross-entropy it has cancelled.",
    "weights": "You multiplied by v; the gradient by v takes the activations that v multiplies.",
    "mean_for_sum": "You divided by the number of samples; the loss of this batch is their sum.",
    "sum_for_mean": "You added up over the samples; the loss of this batch is their mean.",
    "uphill": "You added the gradient; descent subtracts it.",
    "no_rate": "You subtracted the whole gradient; multiply it by the learning rate.",
    "no_slope": "The slope of the hidden sigmoid, h (1 − h), is missing.",
    "value_for_slope": "You multiplied by the activation h; the slope is h (1 − h).",
    "transposed": "You took the weight with the indices the other way round; the first one is the unit.",
    "updated_weights": "You went back through the weights v after the step; all gradients are taken before it.",
    "no_weights": "The way back leads through the weight v of the unit; it is missing.",
}
