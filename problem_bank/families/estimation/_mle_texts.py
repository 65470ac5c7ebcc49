"""What the exercise on maximum likelihood says."""

DENSITIES = {
    "bernoulli": r"a Bernoulli distribution, $P(x = 1) = p$ and $P(x = 0) = 1 - p$ with $0 < p < 1$",
    "poisson": r"a Poisson distribution, $P(x) = \lambda^x e^{-\lambda} / x!$ with $\lambda > 0$ (typed `lambda`)",
    "exponential": r"an exponential distribution with the density $f(x) = \lambda e^{-\lambda x}$, $x \ge 0$, where "
    r"the **rate** is $\lambda > 0$ (typed `lambda`)",
    "gaussian": r"a Gaussian distribution with the density $f(x) = \frac{1}{\sqrt{2 \pi v}} e^{-(x - \mu)^2 / (2 v)}$, "
    r"where the mean is $\mu$ (typed `mu`) and the **variance** $v > 0$",
    "laplace": r"a Laplace distribution with the density $f(x) = \frac{1}{2 b} e^{-|x - \mu| / b}$, where the "
    r"location is $\mu$ and the scale $b > 0$",
}

PROMPT = r"""
The numbers $x = {{ data }}$ were drawn independently from DENSITY.

The **log-likelihood** $\ell$ is the **sum** of the natural logarithms of {# -#}
{{ "the densities" if dense else "the probabilities" }} of all data, with all its constants. The estimates are those of
maximum likelihood. Give exact values and expressions, but for the last number: there, 4 significant digits.
""".strip()

ASKED = {
    "location": r"The estimate of $\mu$.",
    "likelihood": "The log-likelihood $\\ell$ as an expression in ARGUMENT.",
    "slope": "Its derivative by LETTER.",
    "slope_mean": r"Its derivative by $\mu$.",
    "slope_variance": "Its derivative by $v$.",
    "mean": r"The estimate of $\mu$.",
    "variance": "The estimate of $v$.",
    "estimate": "The estimate of LETTER.",
    "curvature": r"The second derivative of $\ell$ at the estimate: it tells a maximum from a minimum.",
    "loss": r"The loss at the estimate, which is the **negative** log-likelihood $-\ell$.",
}

SOLUTIONS = {
    "bernoulli": r"""
There are {{ n }} numbers, and {{ total }} of them are 1. Each 1 adds $\ln p$, each 0 adds $\ln(1 - p)$:
$\ell = {{ total }} \ln p + {{ n - total }} \ln(1 - p)$.

The derivative is $\frac{ {{- total -}} }{p} - \frac{ {{- n - total -}} }{1 - p}$; the minus comes from the inner
derivative of $1 - p$. It is 0 where ${{ total }} (1 - p) = {{ n - total }}\, p$, so
$p = {{ keys.estimate }}$, the share of ones.

The second derivative, $-\frac{ {{- total -}} }{p^2} - \frac{ {{- n - total -}} }{(1 - p)^2}$, is
${{ keys.curvature }}$ there: negative, so this is a maximum of $\ell$, and a minimum of the loss
$-\ell = {{ keys.loss | decimal(5) }}$.
""",
    "poisson": r"""
Each number adds $x \ln \lambda - \lambda - \ln x!$. There are {{ n }} numbers with the sum {{ total }}:
$\ell = {{ total }} \ln \lambda - {{ n }} \lambda - {{ constant }}$.

The last term holds no $\lambda$, so it vanishes in the derivative $\frac{ {{- total -}} }{\lambda} - {{ n }}$. That is
0 at $\lambda = {% if keys.estimate.denominator != n %}{{ total }} / {{ n }} = {% endif %}{{ keys.estimate }}$,
the mean.

The second derivative, $-{{ total }} / \lambda^2$, is ${{ keys.curvature }}$ there: negative, so this is a maximum of
$\ell$. The constant does not move it, but belongs to the loss: $-\ell = {{ keys.loss | decimal(5) }}$.
""",
    "exponential": r"""
Each number adds $\ln \lambda - \lambda x$. There are {{ n }} numbers with the sum {{ total }}:
$\ell = {{ n }} \ln \lambda - {{ total }} \lambda$.

The derivative is $\frac{ {{- n -}} }{\lambda} - {{ total }}$, which is 0 at
$\lambda = {% if keys.estimate.denominator != total %}{{ n }} / {{ total }} = {% endif %}{# -#}
{{ keys.estimate }}$: one over the mean.

The second derivative, $-{{ n }} / \lambda^2$, is ${{ keys.curvature }}$ there: negative, so this is a maximum of
$\ell$, and a minimum of the loss $-\ell = {{ keys.loss | decimal(5) }}$.
""",
    "gaussian": r"""
Each number adds $-\frac{1}{2} \ln(2 \pi v) - \frac{(x - \mu)^2}{2 v}$, so
$\ell = -\frac{ {{- n -}} }{2} \ln(2 \pi v) - \frac{1}{2 v} \sum_i (x_i - \mu)^2$.

**By the mean**: $\frac{1}{v} \sum_i (x_i - \mu) = \frac{ {{- total }} - {{ n }} \mu}{v}$. It is 0 where $\mu$ is the
mean, ${% if keys.mean.denominator != n %}{{ total }} / {{ n }} = {% endif %}{{ keys.mean }}$, whatever the variance is.

**By the variance**: $-\frac{ {{- n -}} }{2 v} + \frac{1}{2 v^2} \sum_i (x_i - \mu)^2$. The squares of the differences
from ${{ keys.mean }}$ sum to ${{ squares }}$, so the derivative is 0 at
$v = {% if keys.variance.denominator != n %}{{ squares }} / {{ n }} = {% endif %}{# -#}
{{ keys.variance }}$: divided by $n$, and not by $n - 1$.

There the second term of $\ell$ is just $-{{ n }} / 2$, and the loss is $\frac{ {{- n -}} }{2} (\ln(2 \pi v) + 1) {# -#}
= {{ keys.loss | decimal(5) }}$.
""",
    "laplace": r"""
Each number adds $-\ln(2 b) - \frac{|x - \mu|}{b}$. **The location** makes $\sum_i |x_i - \mu|$ least. Moved to the
right, $\mu$ comes closer to all the numbers on the right and away from those on the left; the two sides balance at the
**median**. In order the numbers are ${{ ordered }}$, so $\mu = {{ keys.location }}$.

The distances from it sum to ${{ distances }}$. With $\mu$ there,
$\ell = -{{ n }} \ln(2 b) - \frac{ {{- distances -}} }{b}$ and
$\frac{\partial \ell}{\partial b} = -\frac{ {{- n -}} }{b} + \frac{ {{- distances -}} }{b^2}$, which is 0 at
$b = {% if keys.estimate.denominator != n %}{{ distances }} / {{ n }} = {% endif %}{# -#}
{{ keys.estimate }}$: the mean distance.

There the second term is just $-{{ n }}$, and the loss is ${{ n }} (\ln(2 b) + 1) = {{ keys.loss | decimal(5) }}$.
""",
}

SAID = {
    "negated": "The sign is turned. That is the loss: it is least where the log-likelihood is greatest.",
    "averaged": "You took the mean over the data; the log-likelihood is the sum.",
    "swapped": "You exchanged the two outcomes: p is the probability of a 1.",
    "constant_dropped": "You dropped a constant. That does not move the estimate, but here all of them are asked for.",
    "scale_dropped": "You dropped a term that depends on the parameter. Only what holds none of the parameters may go.",
    "no_logarithm": "You left the logarithm out in one place: products become sums, and powers become factors.",
    "inner_lost": "You forgot the inner derivative of 1 − p, which is −1.",
    "term_lost": "You lost the term that is linear in the parameter; its derivative is a constant, not 0.",
    "doubled": "You lost the ½: differentiating the square brings a 2, which cancels against it.",
    "power": "The derivative of 1/v is −1/v², not −1/v.",
    "sum": "That is the sum; divide by the number of data.",
    "inverted": "You took one over the right value. Mind which of rate and mean is asked for.",
    "median": "That is the median. Squared distances lead to the mean; the median belongs to absolute ones.",
    "mean": "That is the mean, which minimises squared distances. Absolute ones lead to the median.",
    "midrange": "That is the middle between the extremes; it minimises the largest distance, not their sum.",
    "smoothed": "You added counts that nobody observed. The maximum of the likelihood uses the data alone.",
    "unbiased": "You divided by n − 1. That removes the bias, but the maximum of the likelihood divides by n.",
    "squares_sum": "That is the sum of the squares; divide by the number of data.",
    "not_centred": "You averaged the squares of the data. Subtract the mean first.",
    "about_mean": "You measured distances from the mean; the location here is the median.",
    "squared": "You squared the distances. The Laplace density has absolute ones.",
    "positive": "The sign is turned: this would be a minimum of the log-likelihood.",
    "not_at_estimate": "You used the parameter 1. The second derivative is asked for at the estimate.",
    "log_likelihood": "That is the log-likelihood itself. The loss is its negative, which gets minimised.",
    "base_two": "You took the logarithm to base 2; here it is the natural one.",
}
