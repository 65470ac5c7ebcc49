"""What the exercise on squared, absolute and Huber errors says."""

PROMPT = r"""
{% if linear %}
The model $\hat y = w x$ with the one weight $w = {{ w }}$ is compared with these data:

| $x$ | {{ x | join(" | ") }} |
|---|{{ "---|" * (x | length) }}
| $y$ | {{ y | join(" | ") }} |

{% else %}
A model predicts $\hat y$ where $y$ is right:

| $\hat y$ | {{ predicted | join(" | ") }} |
|---|{{ "---|" * (y | length) }}
| $y$ | {{ y | join(" | ") }} |

{% endif %}
With the errors $r = \hat y - y$, each loss is the **mean** over the {{ y | length }} data of

- squared error: $r^2$
- absolute error: $|r|$
{% if delta %}
- Huber's loss with $\delta = {{ delta }}$: $\frac{1}{2} r^2$ where $|r| \le \delta$, else {# -#}
$\delta \left(|r| - \frac{1}{2} \delta\right)$
{% endif %}

Give exact values.
""".strip()

SOLUTION = r"""
The errors are $r = {{ keys.r }}$.

{% if "mse" in keys %}
- Squared: $({{ squares }}) / {{ n }} = {{ keys.mse }}$.
- Absolute: $({{ sizes }}) / {{ n }} = {{ keys.mae }}$.
{% endif %}
{% if "huber" in keys %}
- Huber: small errors count half their square, large ones grow in a line: $({{ hubers }}) / {{ n }} = {{ keys.huber }}$.
{% endif %}
{% if "best" in keys %}
- The mean of the squares is least at the **mean** of $y$, the mean of the sizes at the **median**: ${{ keys.best }}$.
The outlier pulls the mean, and leaves the median where it is.
{% endif %}
{% if "slopes" in keys %}
- By an error, Huber's loss has the slope $r$ where $|r| \le \delta$, and $\pm\delta$ beyond; divided by {{ n }} for the
mean: ${{ keys.slopes }}$.
{% endif %}
{% if "gradients" in keys %}
- By $w$, an error changes with $x$: the mean of $2 r x$, of $\mathrm{sign}(r)\, x$, and of $r x$ with $r$ cut off at
$\pm\delta$. That is ${{ keys.gradients }}$. Only the first grows with the size of the outlier.
{% endif %}
""".strip()

PART = {
    "r": "The errors $r$, as a vector.",
    "mse": "The mean squared error.",
    "mae": "The mean absolute error.",
    "huber": "Huber's loss.",
    "best": "A model that predicts the same constant for all of these data: which constant has the least mean squared "
    "error, and which the least mean absolute error? Write `[squared, absolute]`.",
    "slopes": r"The gradient of Huber's loss by the predictions, $\frac{\partial L}{\partial \hat y}$, as a vector.",
    "gradients": r"The derivatives by $w$ of the three losses, as `[squared, absolute, Huber]`.",
}

SAID = {
    "turned": "The sign is turned round: an error is the prediction minus the right value.",
    "sum_for_mean": "You added up; every loss here is a mean.",
    "halved": "You took half of the squares; here the squared error has no factor 1/2.",
    "root": "That is the sum of errors, squared at the end; square every error by itself.",
    "signed": "You added errors with their signs; positive and negative ones must not cancel.",
    "all_squared": "You took half the square for the large errors as well; beyond δ the loss grows in a line.",
    "line_alone": "Beyond δ you took δ |r|; a half of δ² is subtracted, so that the pieces meet.",
    "all_lines": "You took the line for the small errors as well; up to δ they count half their square.",
    "swapped": "You exchanged them: the mean belongs to squares, the median to sizes.",
    "uncut": "Beyond δ the slope no longer grows: it is δ with the sign of the error.",
    "no_mean": "You left out the division by the number of data.",
    "sign_only": "Up to δ the slope is the error itself, not only its sign.",
    "no_input": "The input is missing: the prediction changes with w as fast as x is large.",
    "two_lost": "The derivative of a square is twice its base; the first loss has no factor 1/2.",
}
