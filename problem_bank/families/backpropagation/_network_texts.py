"""What the exercise on backpropagation through a network says: the question and the worked solution."""

PROMPT = r"""
A network with {{ x | length }} inputs, {{ units }} hidden units and one output computes
$$a = W x + b, \qquad h = {{ activation }}(a), \qquad y = v^\top h + c$$
with
$$W = {{ W1 }}, \quad b = {{ b1 }}, \quad v = {{ v }}, \quad c = {{ b2 }}.$$
A row of $W$ belongs to a hidden unit. For the input $x = {{ x }}$ and the target $t = {{ target }}$ the loss is
$$L = {{ loss_tex }}.$$
Compute the forward pass, then the gradients. {{ digits }}
{% if kink %}
Take $0$ for the derivative of ReLU at $0$.
{% endif %}
""".strip()

SOLUTION = r"""
Forward:

- $a = W x + b = {{ keys.a }}$
- $h = {{ keys.h }}$
- $y = v^\top h + c = {{ keys.y }}$
{% if loss == "logistic" %}
- $q = \sigma(y) = {{ keys.q }}$
{% endif %}

Backward, from the loss to the weights:

- $\frac{\partial L}{\partial y} = {{ "y - t" if loss == "squared" else "q - t" }} = {{ keys.dy }}$
- $\frac{\partial L}{\partial v} = \frac{\partial L}{\partial y}\, h = {{ keys.dv }}$
- $\frac{\partial L}{\partial a} = \frac{\partial L}{\partial y}\, v \odot f'(a) = {{ keys.da }}$ with
$f'(a) = {{ "h \\odot (1 - h) = " if hidden == "sigmoid" else "" }}{{ slopes }}$
- $\frac{\partial L}{\partial W}$ has the entry $\frac{\partial L}{\partial a_i} x_j$ in row $i$, column $j$:
${{ keys.dW }}$
""".strip()

ACTIVATION = {"relu": r"\mathrm{ReLU}", "sigmoid": r"\sigma"}
LOSS = {
    "squared": r"\tfrac{1}{2} (y - t)^2",
    "logistic": r"-t \ln q - (1 - t) \ln(1 - q), \qquad q = \sigma(y) = \frac{1}{1 + e^{-y}}",
}
DIGITS = {True: "Give exact values.", False: "Give exact values, or at least 4 significant digits."}
