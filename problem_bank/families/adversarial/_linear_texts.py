"""What the exercise on attacks against a linear classifier says."""

PROMPT = r"""
A linear classifier gives an input $x$ the score $f(x) = w \cdot x + b$ and predicts the class $+1$ where
$f(x) > 0$, and $-1$ where $f(x) < 0$. Its weights are $w = {{ w }}$, its bias is $b = {{ b }}$. The input
$x = {{ x }}$ has the label $y = {{ y }}$. The **margin** is $m(x) = y\, f(x)$, and the loss falls as the margin
grows, as that of the logistic regression does.

An attacker may add a perturbation $\delta$ to $x$. Its size is measured by
{%- if "least_l2" in ask %} one of three norms: $\lVert \delta \rVert_\infty = \max_i |\delta_i|$, {# -#}
$\lVert \delta \rVert_2 = \sqrt{\sum_i \delta_i^2}$ or $\lVert \delta \rVert_1 = \sum_i |\delta_i|$.
{%- else %} $\lVert \delta \rVert_\infty = \max_i |\delta_i|$.
{%- endif %} All values are exact: write fractions, not rounded decimals.
""".strip()

SOLUTION = r"""
**The margin.** $m = {{ y }} \cdot ({{ terms }} + {{ bias }}) = {{ keys.margin }}$. It is positive: the input is
classified correctly.

**The step.** The gradient of the margin by $x$ is $y\, w$, so the loss rises fastest against it. Every entry of $x$
moves by the same $\varepsilon = {{ eps }}$, in the direction $-y\, \mathrm{sign}(w_i)$:
$x' = {{ x }} + {{ eps }} \cdot {{ against }} = {{ keys.attacked }}$.

**The new margin.** Every entry takes away $\varepsilon |w_i|$, so all together take away
$\varepsilon \lVert w \rVert_1 = {{ eps }} \cdot {{ norms.l1 }}$: what is left is
${{ keys.margin }} - {{ eps * norms.l1 }} = {{ keys.after }}$.
{% if "least" in ask %}

**The least $\varepsilon$.** The margin reaches 0 where $\varepsilon \lVert w \rVert_1 = m$, so
$\varepsilon = {{ keys.margin }} / {{ norms.l1 }} = {{ keys.least }}$. Inputs with many entries need very little.
{% endif %}
{% if "least_l2" in ask %}

**Euclidean norm.** All of the length goes along $w$, and takes away $\varepsilon \lVert w \rVert_2$. With
$\lVert w \rVert_2 = {{ norms.l2 }}$ the least length is ${{ keys.margin }} / {{ norms.l2 }} = {{ keys.least_l2 }}$, the
distance from the boundary. The perturbation is
$\delta = -y\, m\, w / \lVert w \rVert_2^2 = {{ keys.delta_l2 }}$.

**1-norm.** What is spent on one entry is missing at the others, so all of it goes to the largest
$|w_i| = {{ norms.max }}$. The least size is ${{ keys.margin }} / {{ norms.max }} = {{ keys.least_l1 }}$.

In each case the margin is divided by the **dual** norm of $w$: that of $\infty$ is 1, that of 1 is $\infty$, and 2 is
its own.
{% endif %}
""".strip()

ASKED = {
    "margin": "The margin $m(x)$.",
    "attacked": r"The fast gradient sign method moves every entry by $\varepsilon = {{ eps }}$ so that the loss rises "
    r"most. The perturbed input $x'$.",
    "after": "The margin $m(x')$ of this perturbed input.",
    "least": r"The least $\varepsilon$ for which some $\delta$ with $\lVert \delta \rVert_\infty = \varepsilon$ brings "
    "the margin to 0.",
    "least_l2": r"The least $\lVert \delta \rVert_2$ that brings the margin to 0.",
    "delta_l2": r"The perturbation $\delta$ of this least Euclidean length.",
    "least_l1": r"The least $\lVert \delta \rVert_1$ that brings the margin to 0.",
}

SAID = {
    "no_bias": "You left the bias out of the score.",
    "no_label": "That is the score. The margin is the score times the label.",
    "helps": "You moved the wrong way: this raises the margin. An attack goes against y w; mind the label as well.",
    "no_sign": "You used the weights themselves. Here only their signs count: every entry moves equally far.",
    "no_epsilon": "You took a whole step; the signs are multiplied by ε.",
    "epsilon_only": "You took ε off the margin. Each entry takes away ε times the size of its weight.",
    "cancelled": "You summed the weights with their signs. The attack picks each sign, so nothing cancels.",
    "largest_only": "You counted the largest weight only; with a bounded maximum all the entries may move at once.",
    "not_scaled": "That is the margin. How much the score changes with the input depends on the size of the weights.",
    "max_norm": "You divided by the largest weight. That belongs to the 1-norm; here all the entries move at once.",
    "l1_norm": "You divided by the sum of the sizes of the weights. That belongs to the ∞-norm of the perturbation.",
    "l2_norm": "You divided by the Euclidean norm of the weights, which belongs to the Euclidean norm alone.",
    "squared": "You divided by the squared norm. That is the factor of w; its length multiplies by the norm again.",
    "not_normalised": "You multiplied the length with w itself. The direction is w divided by its norm.",
    "equal_moves": "You moved every entry equally far. That is best for the ∞-norm; the shortest way is along w.",
}
