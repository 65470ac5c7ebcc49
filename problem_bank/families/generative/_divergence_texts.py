"""What the exercise on divergences says."""

TABLE = r"""
Two distributions on {{ pairs | length }} outcomes:

| outcome | $P$ | $Q$ |
|---|---|---|
{% for a, b in pairs %}
| {{ loop.index }} | {{ a | decimal }} | {{ b | decimal }} |
{% endfor %}

All logarithms are **natural** ones (nats)
{{- ", and $0 \\ln 0 = 0$" if kind == "mixture" else "" }}. Give at least 4 significant digits.
""".strip()

NORMAL = r"""
$P = \mathcal{N}({{ mean | decimal }}, {{ variance | decimal }})$ is fixed, and $Q = \mathcal{N}(a, b^2)$ has the
mean $a$ and the standard deviation $b > 0$. The second parameter of $\mathcal{N}$ is the **variance**. All logarithms
are **natural** ones (nats); give numbers to at least 4 significant digits.
""".strip()

ASKED = {
    "entropy": "The entropy $H(P)$.",
    "cross": "The cross-entropy $H(P, Q) = -\\sum P \\ln Q$.",
    "forward": r"The divergence $\mathrm{KL}(P \,\|\, Q)$.",
    "reverse": r"The divergence $\mathrm{KL}(Q \,\|\, P)$.",
    "mixture": r"The mixture $M = \frac12 (P + Q)$.",
    "p_to_m": r"The divergence $\mathrm{KL}(P \,\|\, M)$.",
    "q_to_m": r"The divergence $\mathrm{KL}(Q \,\|\, M)$.",
    "js": "The Jensen-Shannon divergence of $P$ and $Q$.",
    "formula": r"The divergence $\mathrm{KL}(P \,\|\, Q)$ as an expression in $a$ and $b$.",
    "at": r"Its value at $a = A$ and $b = B$.",
    "back": r"The divergence the other way round, $\mathrm{KL}(Q \,\|\, P)$, at $a = A$ and $b = B$.",
    "best": r"The mean is held at $a = A$. Which **variance** $b^2$ makes $\mathrm{KL}(P \,\|\, Q)$ least?",
}

TABLE_SOLUTION = r"""
{% if kind == "both" %}
**Entropy.** $H(P) = -\sum P \ln P = {% for v in entropies %}{{ "" if loop.first else " + " }}{{ v | decimal }}
{%- endfor %} = {{ entropy | decimal(5) }}$.

**Cross-entropy.** The logarithms are those of $Q$, the weights stay:
$H(P, Q) = {% for v in crosses %}{{ "" if loop.first else " + " }}{{ v | decimal }}{% endfor %} = {# -#}
{{ cross | decimal(5) }}$.

**Forward.** $\mathrm{KL}(P \| Q) = \sum P \ln \frac{P}{Q} = H(P, Q) - H(P) = {{ forward | decimal(5) }}$.

**Reverse.** The other way round the weights are those of $Q$: $\mathrm{KL}(Q \| P) = \sum Q \ln \frac{Q}{P} {# -#}
= {{ reverse | decimal(5) }}$. Neither is negative, and the two differ: a divergence is no distance.
{% else %}
**Forward.** Outcome {{ gap }} has $P = 0$ and counts nothing; the others give $\mathrm{KL}(P \| Q) = {# -#}
\sum P \ln \frac{P}{Q} = {{ forward | decimal(5) }}$. The other way round, $Q \ln \frac{Q}{0}$ makes the divergence
infinite.

**Mixture.** $M = {{ mixed }}$, which is 0 nowhere.

**To the mixture.** $\mathrm{KL}(P \| M) = {{ p_to_m | decimal(5) }}$, and
$\mathrm{KL}(Q \| M) = {{ q_to_m | decimal(5) }}$. In the latter outcome {{ gap }} counts: $M$ is half of $Q$ there,
which gives $Q \ln 2$.

**Jensen-Shannon.** Their mean is ${{ js | decimal(5) }}$: symmetric, finite, and never above $\ln 2$.
{% endif %}
""".strip()

NORMAL_SOLUTION = r"""
**Formula.** $\ln \frac{P(x)}{Q(x)} = \ln b - \ln {{ sd | decimal }} + \frac{(x - a)^2}{2 b^2} {# -#}
- \frac{(x - {{ bracketed }})^2}{2 \cdot {{ variance | decimal }}}$. Under $P$ the expected value of $(x - a)^2$ is
the variance plus the squared distance of the means, and that of the last square is the variance:

$$\mathrm{KL}(P \| Q) = \ln \frac{b}{ {{- sd | decimal -}} } + \frac{ {{- variance | decimal }} + {# -#}
({{ mean | decimal }} - a)^2}{2 b^2} - \frac12.$$

**Forward.** With $a = {{ a | decimal }}$ and $b = {{ b | decimal }}$ it is ${{ at | decimal(5) }}$.

**Reverse.** With the roles exchanged, $\ln \frac{ {{- sd | decimal -}} }{b} + {# -#}
\frac{b^2 + (a - {{ bracketed }})^2}{2 \cdot {{ variance | decimal }}} - \frac12 = {{ back | decimal(5) }}$.

**Best variance.** The derivative by $b$ is
$\frac1b - \frac{ {{- variance | decimal }} + ({{ mean | decimal }} - a)^2}{b^3}$. It is 0 at
$b^2 = {{ variance | decimal }} + ({{ mean | decimal }} - {{ a_bracketed }})^2 = {{ best | decimal(6) }}$: with its
mean in the wrong place, $Q$ spreads to cover $P$.
""".strip()

SAID = {
    "base_two": "You took logarithms to base 2; natural ones are asked for.",
    "sign": "The sign is turned: this quantity is never negative.",
    "direction": "You took the other direction: the first distribution gives the weights.",
    "cross_of_q": "The weights are those of P, the logarithms those of Q; you exchanged them.",
    "entropy_of_q": "That is the entropy of Q.",
    "entropy_kept": "That is the cross-entropy; subtract the entropy of P.",
    "unweighted": "You averaged the logarithms; each is weighed by its probability.",
    "product": "You multiplied; a mixture adds half of each.",
    "summed": "You added both up; the mixture and the Jensen-Shannon divergence take the half of a sum.",
    "gap_skipped": "You left the outcome out at which P is 0; there Q is not, and counts.",
    "roots": "That is the root of it, which is called the Jensen-Shannon distance.",
    "one_sided": "You took the divergence of P alone; Q has the same share.",
    "sd_for_variance": "The second parameter of the normal distribution is its variance here; you used it as the sd.",
    "log_turned": "The logarithm is turned over: it is that of the other standard deviation over this one.",
    "no_half": "The − 1/2 is missing: without it a distribution would differ from itself.",
    "means_forgotten": "You left out the distance of the means.",
    "own_variance": "You took the variance of P, as if the means were the same; they are not.",
    "its_root": "That is the standard deviation; the variance was asked for.",
    "distance_alone": "You left out the variance of P itself.",
}
