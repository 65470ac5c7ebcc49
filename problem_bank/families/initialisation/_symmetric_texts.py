"""What the exercise on equal initial weights says."""

from __future__ import annotations

PROMPT = r"""
These networks with two inputs, two hidden units and one output differ only in their activation function $f$:

| network | $f(z)$ |
|---|---|
{% for one in chosen %}
| {{ loop.index }} | ${{ one.tex }}$ |
{% endfor %}

Each computes $h = f(W_1 x + b_1)$, entry by entry, and $y = W_2 h + b_2$. At the start
{% if start.weight %}
both entries of $W_2$ are ${{ start.weight }}$, and all other parameters are 0.
{% else %}
**all** weights and biases are 0.
{% endif %}
Gradient descent with learning rate $\epsilon = {{ start.rate }}$ takes steps on the loss $\frac{1}{2} (y - t)^2$ of one
example, $x = {{ start.x }}$ with $t = {{ start.t }}$. In a step all parameters move together, along the gradient from
before the step. The slope of $\max(0, z)$ at $z = 0$ is taken to be 0. Answer exactly.
""".strip()

ASKED = {
    ("early", False): "In which of the networks does $W_2$ change in **step 1**? Give the set of their numbers.",
    ("late", False): "In which of the networks does $W_1$ change in **step 2**?",
    ("early", True): "In which of the networks does $W_1$ change in **step 1**? Give the set of their numbers.",
    ("late", True): "In which of the networks has neither $W_1$ nor $W_2$ changed after two steps?",
    (
        "xor",
        False,
    ): "From an equal start the two hidden units stay equal for ever, so that $y = v f(w \\cdot x + b) + c$. "
    "For which of the networks can this be XOR on the inputs 0 and 1, with suitable numbers $v$, $w$, $b$ and $c$?",
    "delta": "In network {{ number }}: $\\frac{\\partial L}{\\partial y}$ in step 1.",
    "W2": "In network {{ number }}: both entries of $W_2$ after step 1.",
    "b2": "In network {{ number }}: $b_2$ after step 1.",
    "delta2": "In network {{ number }}: $\\frac{\\partial L}{\\partial y}$ in step 2.",
    "dW1": "In network {{ number }}: the gradient of $W_1$ in step 1, a row for each hidden unit.",
    "dW1_2": "In network {{ number }}: the gradient of $W_1$ in step 2, a row for each hidden unit.",
    "limit": "Take an all-zero network in which only $b_2$ ever moves. It is trained to the end on the sum of the "
    "losses of four examples, whose targets are ${{ targets }}$. Which constant does it output then?",
}
ASKED["xor", True] = ASKED["xor", False]

SOLUTION = r"""
At the start $z = W_1 x + b_1 = 0$ in every hidden unit, so only $f(0)$ and $f'(0)$ matter. With
$\delta = \frac{\partial L}{\partial y} = y - t$ the gradients are $\frac{\partial L}{\partial b_2} = \delta$,
$\frac{\partial L}{\partial W_2} = \delta\, h$ and $\frac{\partial L}{\partial W_1} = \delta\, f'(z)\, W_2^\top x^\top$
(a row for each unit).

| network | $f(0)$ | $f'(0)$ | $f$ is monotone |
|---|---|---|---|
{% for one in chosen %}
| {{ loop.index }} | ${{ one.value }}$ | ${{ one.slope }}$ | {{ "no" if one.turns else "yes" }} |
{% endfor %}

{% if start.weight %}
- Step 1 moves $W_1$ where $f'(0) \neq 0$, because $W_2$ is not 0.
- $W_2$ moves in step 1 where $f(0) \neq 0$; in step 2 also where step 1 has moved $W_1$, and $z$ and $h$ with it. So
nothing but $b_2$ moves where $f(0) = 0$ and $f'(0) = 0$.
{% else %}
- Step 1 moves $W_2$ where $h = f(0) \neq 0$. Nothing moves $W_1$ yet, because $W_2 = 0$; $b_2$ moves in every network.
- Step 2 moves $W_1$ where $W_2$ has become different from 0 **and** $f'(0) \neq 0$.
{% endif %}
{% if xor %}
- Equal units get equal gradients, so they stay equal. XOR needs $f(b) = f(w_1 + w_2 + b)$ and another value at both
$f(w_1 + b) = f(w_2 + b)$: $f$ has to rise and fall again, so a monotone $f$ cannot do it. A function that turns can;
$z^2$, for example, does with $w = (1, 1)$ and $b = -1$.
{% endif %}

Network {{ number }}, with $f(0) = {{ start.activation.value }}$ and $f'(0) = {{ start.activation.slope }}$:

- Step 1: $y = 2 \cdot ({{ start.weight }}) \cdot {{ start.activation.value }} + 0$, so {# -#}
$\delta = y - t = {{ start.delta }}$.
- Each entry of $W_2$ becomes ${{ start.weight }} - {{ start.rate }} \cdot ({{ start.delta }}) \cdot {# -#}
{{ start.activation.value }} = {{ start.output_weight(start.delta) }}$, and $b_2$ becomes {# -#}
$-{{ start.rate }} \cdot ({{ start.delta }}) = {{ -start.rate * start.delta }}$.
{% if start.weight %}
- Each row of the gradient of $W_1$ is $({{ start.delta }}) \cdot {{ start.activation.slope }} \cdot {# -#}
({{ start.weight }}) \cdot {{ start.x }} = {{ start.gradient(start.delta, start.weight)[0] }}$.
{% else %}
- Step 2: $\delta = 2 \cdot ({{ start.output_weight(start.delta) }}) \cdot {{ start.activation.value }} + {# -#}
({{ -start.rate * start.delta }}) - ({{ start.t }}) = {{ start.later }}$.
- Each row of the gradient of $W_1$ is $({{ start.later }}) \cdot {{ start.activation.slope }} \cdot {# -#}
({{ start.output_weight(start.delta) }}) \cdot {{ start.x }} = {# -#}
{{ start.gradient(start.later, start.output_weight(start.delta))[0] }}$.
{% endif %}

Where only $b_2$ moves, the network is a constant, and the constant with the least squares is the mean of the targets,
${{ mean }}$.
""".strip()

SAID = {
    "value_for_slope": "You looked at f(0). The gradient of W₁ carries the slope f'(0).",
    "slope_for_value": "You used the slope f'(0). The gradient of W₂ carries the value f(0) of the hidden units.",
    "all_move": "You let every network move. A gradient is a product: it is 0 as soon as one of its factors is.",
    "zero_frozen": "Zero weights do not freeze everything: where f(0) is not 0, the hidden units are not 0 either.",
    "slope_alone": "The slope alone is not enough: W₂ must have left 0 first, and for that f(0) must not be 0.",
    "value_alone": "It is right that W₂ must have left 0. The slope f'(0) is a further factor of the gradient of W₁.",
    "value_is_0": "You looked at W₂ in step 1 alone. Where f'(0) is not 0, W₁ moves; then h leaves 0, and W₂ follows.",
    "slope_is_0": "You looked at W₁ alone. Where f(0) is not 0, W₂ moves.",
    "none_stuck": "There are such networks: both gradients vanish where f(0) and f'(0) are 0.",
    "any_bend": "A bend is not enough: f must rise and fall, and a monotone function does only one of the two.",
    "never": "Equal units do rule XOR out for a monotone f. One that turns can give equal values on both sides.",
    "sign": "The sign is wrong: the derivative of (y − t)²/2 by y is y − t.",
    "frozen": "You left it where it was. Multiply the factors of its gradient: none of them is 0 here.",
    "uphill": "You moved along the gradient; descent moves against it.",
    "output_stays": "This is the derivative of step 1. The parameters have moved since, and the output with them.",
    "one_unit": "You counted one hidden unit; both contribute to the output.",
    "transposed": "This is the transpose: a row belongs to a hidden unit, a column to an input.",
    "slope_missing": "The slope of the activation is missing.",
    "weight_missing": "The weight between the hidden unit and the output is missing.",
    "zero": "The output does not stay 0: the gradient of b₂ is the sum of y − t, whatever the hidden units do.",
    "sum": "This is the sum of the targets; the gradient of b₂ vanishes at their mean.",
    "median": "The median minimises the absolute errors. With squares it is the mean.",
}
