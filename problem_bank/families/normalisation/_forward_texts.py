"""What the exercise on the forward pass of batch normalisation says."""

PROMPT = r"""
In a minibatch of {{ n }} examples, one unit of a layer takes the values $x = {{ x }}$. The layer is batch-normalised,
and the network is in training mode, so the unit is normalised with the mean $\mu$ and the variance $\sigma^2$ of this
minibatch; the variance divides by $n = {{ n }}$.
{% if epsilon %}
The constant $\varepsilon = {{ epsilon | decimal }}$ is added to the variance, **inside** the square root.
{% else %}
The stabilising constant is $\varepsilon = 0$.
{% endif %}
The scale is $\gamma = {{ gamma }}$, the shift $\beta = {{ beta }}$. Give mean and variance exactly; in vectors,
decimals to at least 4 significant digits will do as well.
""".strip()

SOLUTION = r"""
1. The mean is $\mu = \frac{1}{ {{- n -}} } \sum_i x_i = {{ mean }}$.
2. The distances from it are $x - \mu = {{ centred }}$; their squares are ${{ squares }}$, and the
mean of these is $\sigma^2 = {{ variance }}$.
3. The divisor is $\sqrt{\sigma^2{% if epsilon %} + {{ epsilon | decimal }}{% endif %}} = {{ sd }}$, so
$\hat{x} = \frac{x - \mu}{ {{- sd -}} } = {{ x_hat }}$.
4. Scale, then shift: {# -#}
$y = \gamma \hat{x} + \beta = {{ gamma }} \hat{x} {% if beta > 0 %}+{% endif %}{{ beta }} = {{ y }}$.
""".strip()

SAID = {
    "not_divided": "This is the sum; divide it by the number of examples.",
    "one_too_few": "You divided the sum by n − 1. A mean is the sum over n; n − 1 occurs in a kind of variance only.",
    "unbiased": "You divided the squares by n − 1. Batch normalisation divides by n while it trains.",
    "squares_not_divided": "You added up the squared distances; the variance is their mean, so divide by n.",
    "not_centred": "You used the values themselves. Subtract the mean first: only distances from it count.",
    "deviation": "This is the standard deviation; the variance is its square.",
    "absolute": "You averaged the distances without squaring them; the variance is the mean of their squares.",
    "by_variance": "You divided by the variance. Divide by its square root, so that the result has variance 1.",
    "no_epsilon": "You left ε out: it is added to the variance before the root is taken.",
    "epsilon_outside": "You added ε to the root; here it is added to the variance, inside the root.",
    "no_affine": "These are the normalised values. Scale them by γ and add β.",
    "swapped": "You swapped the two: γ multiplies, β is added.",
    "no_shift": "You scaled but did not shift; add β to every value.",
    "no_scale": "You shifted but did not scale; multiply by γ first.",
    "shift_first": "You added β before you multiplied, so γ scales the shift as well. Scale first, then shift.",
}
