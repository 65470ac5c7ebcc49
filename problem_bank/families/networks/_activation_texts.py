"""What the exercise on other activation functions and a loss on top says."""

PROMPT = r"""
A network with two inputs, {{ units }} hidden units and one output computes
$$a_j = w_j \cdot x + b_j, \qquad h_j = {{ function }}, \qquad y = v \cdot h + c.$$
Its hidden units have

{% for line in lines %}
- unit {{ loop.index }}: ${{ line }}$
{% endfor %}

The output has $v = {{ factor }}{{ v }}$ and $c = {{ bias }}$. For the input $x = {{ x }}$ with the {# -#}
{{ "label" if loss == "hinge" else "target" }} $t = {{ target }}$ the loss is
$$L = {{ formula }}.$$
Compute the forward pass up to the loss. Logarithms are natural. {# -#}
{{ "The loss takes at least 4 significant digits; all other values are exact." if loss == "logistic" else
"All values are exact: write fractions." }}
""".strip()

FUNCTION = {
    "step": r"\begin{cases} 1 & \text{if } a_j \ge 0 \\ 0 & \text{if } a_j < 0 \end{cases}",
    "sigmoid": r"\sigma(a_j) = \frac{1}{1 + e^{-a_j}}",
    "tanh": r"\tanh(a_j) = \frac{e^{a_j} - e^{-a_j}}{e^{a_j} + e^{-a_j}}",
}

FORMULA = {
    "squared": r"\tfrac{1}{2} (y - t)^2",
    "hinge": r"\max(0,\, 1 - t\, y)",
    "logistic": r"-t \ln p - (1 - t) \ln(1 - p), \qquad p = \sigma(y) = \frac{1}{1 + e^{-y}}",
}

SOLUTION = r"""
**Sums.** A unit's weights times the input, plus its bias:

{% for line in sums %}
- unit {{ loop.index }}: ${{ line }}$
{% endfor %}

**Activations.** {% if hidden == "step" %}A unit is on where its sum is not negative: {% elif hidden == "sigmoid" -%}
For $a = \ln k$ the sigmoid is $\frac{1}{1 + 1/k} = \frac{k}{k + 1}$: {% else -%}
For $a = \ln k$ the tangent is $\frac{k - 1/k}{k + 1/k} = \frac{k^2 - 1}{k^2 + 1}$: {% endif -%}
$h = {{ keys.h }}$.

**Output.** {% if loss == "logistic" %}$v \cdot h + c = {{ count }} \cdot \ln {{ base }}$, so {# -#}
$e^y = {{ base }}^{ {{- count -}} } = {{ keys.odds }}$ and $p = \frac{e^y}{1 + e^y} = {{ keys.p }}$.
{% else %}$y = {{ products }} = {{ keys.y }}$.{% endif +%}


**Loss.** {% if loss == "logistic" %}The target is {{ target }}, so one logarithm is left: {# -#}
$L = -\ln {{ "p" if target else "(1 - p)" }} = -\ln {{ p_target }} = {{ keys.loss | decimal }}$.
{% elif loss == "hinge" %}$L = \max(0,\, 1 - {{ bracketed(target) }} \cdot {{ bracketed(keys.y) }}) = {{ keys.loss }}$.
{% else %}$L = \tfrac{1}{2} \left({{ keys.y }} - {{ bracketed(target) }}\right)^2 = {{ keys.loss }}$.{% endif %}
""".strip()

PART = {
    "a": "The sums $a$.",
    "k": r"The exponentials $e^{a_j}$ of the sums (so $3$ for $a_j = \ln 3$), as a vector.",
    "h": "The activations $h$.",
    "y": "The output $y$.",
    "odds": "The exponential $e^y$ of the output.",
    "p": r"The probability $p = \sigma(y)$.",
    "loss": "The loss $L$.",
}

SAID = {
    "no_bias": "You left the bias out.",
    "product": "A multiple of a logarithm is a power: n ln k is the logarithm of k to the power n, not of n times k.",
    "negated": "The sign of the exponent is turned round: a large sum gives a value close to 1.",
    "exponential": "These are the exponentials; the activation function is still to be applied.",
    "other_curve": "You used the other curve with two bends: the sigmoid lies between 0 and 1, tanh between −1 and 1.",
    "half": "You computed (k − 1)/(k + 1). In tanh both exponentials occur, so k comes squared.",
    "sums": "These are the sums; the step function turns each into 0 or 1.",
    "relu": "That is ReLU. The step function hands on 1, whatever the size of a positive sum.",
    "bipolar": "That is the sign, −1 or 1; this step function gives 0 or 1.",
    "before_activation": "You multiplied v by what the hidden units have before the activation function.",
    "no_half": "The factor 1/2 of the loss is missing.",
    "not_squared": "You did not square the error.",
    "no_margin": "You left out the margin: the hinge loss vanishes only where t y is at least 1.",
    "label_lost": "You left the label out; it turns the sign of y for the class −1.",
    "other_label": "You used the logarithm that belongs to the other label.",
    "base_two": "You took the logarithm to base 2; here it is the natural one.",
    "squares": "That is the squared error; the loss here is the cross-entropy.",
}
