"""What the exercise on functions known by name says."""

PROMPT = {
    "norm": r"""
A function of a matrix and a vector is the squared length of their product:
$$q = W x, \qquad f(W, x) = \lVert W x \rVert^2 = q_1^2 + q_2^2$$
at $W = {{ W }}$ and $x = {{ x }}$. Go forward for the values, then backward for the gradients; the gradient by a matrix
has its shape. Give exact values.
""",
    "logistic": r"""
A logistic neuron computes
$$f = \frac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}}$$
with $w_0 = {{ w[0] }}$, $w_1 = {{ w[1] }}$, $w_2 = {{ bias }}$, $x_0 = {{ x[0] }}$ and $x_1 = {{ x[1] }}$,
gate by gate:
$$s = w_0 x_0 + w_1 x_1 + w_2, \qquad e = \exp(-s), \qquad d = 1 + e, \qquad f = 1 / d.$$
Go forward for the values, then backward for the derivatives of $f$. Logarithms are natural. Give exact values.
""",
    "softplus": r"""
A softplus unit with a max gate before it computes
$$m = \max(x_1, x_2), \qquad s = w_0 x_0 + w_1 m + w_2, \qquad e = \exp(s), \qquad f = \ln(1 + e)$$
with $w_0 = {{ w[0] }}$, $w_1 = {{ w[1] }}$, $w_2 = {{ bias }}$ and $x = (x_0, x_1, x_2) = {{ x }}$. Go forward for the
values, then backward for the derivatives of $f$. Logarithms are natural. Give $f$ to at least 4 significant digits, and
exact values elsewhere.
""",
}

SOLUTION = {
    "norm": r"""
**Forward.** $q = W x = {{ keys.q }}$, so $f = {{ keys.f }}$.

**Backward.** A square has the slope $2 q_i$, so $\frac{\partial f}{\partial q} = 2 q = {{ keys.dq }}$. The weight
$W_{ij}$ is multiplied by $x_j$ and lands in $q_i$: $\frac{\partial f}{\partial W_{ij}} = 2 q_i x_j$, in all
$${{ keys.dW }}.$$
The input $x_j$ reaches both $q_1$ and $q_2$, through the column $j$ of $W$:
$\frac{\partial f}{\partial x} = W^\top (2 q) = {{ keys.dx }}$.
""",
    "logistic": r"""
**Forward.** $s = {{ products }} + {{ bias }} = {{ log }}$, so $e = {{ keys.e }}$, $d = 1 + e = {{ shown_d }}$ and
$f = {{ keys.f }}$.

**Backward.** Each gate multiplies what arrives by its own slope.

- $1/d$ has the slope $-1/d^2$: $\frac{\partial f}{\partial d} = {{ keys.dd }}$, and adding 1 changes nothing.
- $\exp(-s)$ has the slope $-e$: {# -#}
$\frac{\partial f}{\partial s} = {{ keys.dd }} \cdot (-{{ keys.e }}) = {{ keys.ds }}$. It is $f (1 - f)$.
- A product hands on the other factor: $w_0$ gets $x_0$, $w_1$ gets $x_1$, and $w_2$ is added, so it gets 1: {# -#}
$\frac{\partial f}{\partial w} = {{ keys.dw }}$. The inputs get the weights: {# -#}
$\frac{\partial f}{\partial x} = {{ keys.dx }}$.
""",
    "softplus": r"""
**Forward.** $m = {{ m }}$ and $s = {{ products }} + {{ bias }} = {{ log }}$, so $e = {{ keys.e }}$ and {# -#}
$f = \ln\left(1 + {{ keys.e }}\right) = {{ keys.f | decimal }}$.

**Backward.** Each gate multiplies what arrives by its own slope.

- $\ln d$ has the slope $1/d$ and $\exp(s)$ the slope $e$: {# -#}
$\frac{\partial f}{\partial s} = \frac{e}{1 + e} = {{ keys.ds }}$, the sigmoid of $s$.
- A product hands on the other factor: $w_0$ gets $x_0$, $w_1$ gets $m$, and $w_2$ is added, so it gets 1: {# -#}
$\frac{\partial f}{\partial w} = {{ keys.dw }}$.
- $x_0$ gets $w_0$. The maximum passes $w_1$ on to the larger one of $x_1$ and $x_2$, and 0 to the other: {# -#}
$\frac{\partial f}{\partial x} = {{ keys.dx }}$.
""",
}

PART = {
    "q": "The product $q$.",
    "e": "The value of $e$.",
    "f": "The value of $f$.",
    "dq": r"The gradient $\frac{\partial f}{\partial q}$.",
    "dd": r"The derivative $\frac{\partial f}{\partial d}$.",
    "ds": r"The derivative $\frac{\partial f}{\partial s}$.",
    "dW": r"The gradient $\frac{\partial f}{\partial W}$.",
    "dw": r"The derivatives by the weights, $\left(\frac{\partial f}{\partial w_0}, \frac{\partial f}{\partial w_1}, "
    r"\frac{\partial f}{\partial w_2}\right)$.",
    "dx": r"The derivatives $\frac{\partial f}{\partial x}$ by the inputs, as a vector.",
}

SAID = {
    "columns": "You went down the columns of W; a row of W times x gives an entry of q.",
    "sum_squared": "You squared the sum; the squared length adds up the squares.",
    "two_lost": "The 2 that comes down from the square is missing.",
    "transposed": "This is the transpose: the row belongs to the entry of q, the column to the input.",
    "untransposed": "The way back goes through the transpose of W: an input reaches q along a column.",
    "no_upstream": "That is the local slope; multiply it by the derivative that arrives from f.",
    "sign": "The sign is lost: one over d falls as d grows, so its derivative is negative.",
    "sign_of_exponent": "Mind the sign of the exponent, forward and backward.",
    "no_bias": "You left the last weight out of the sum.",
    "odds": "That is the other probability, 1 − f: check the sign of the exponent.",
    "not_squared": "The derivative of 1/d is −1/d²; you left the square out.",
    "exponential_lost": "The slope of the exponential, the exponential itself, is missing.",
    "one_forgotten": "You took the logarithm of e alone; 1 is added to it first.",
    "base_two": "You took the logarithm to base 2; here it is the natural one.",
    "own_factor": "A product hands on the other factor: the weight gets the input, the input the weight.",
    "no_one": "The last weight is added, not multiplied: its derivative is what arrives, not 0.",
    "both_of_max": "A maximum passes its derivative to the larger input only.",
    "smaller_of_max": "You passed the derivative to the smaller input; the larger one decides the maximum.",
}
