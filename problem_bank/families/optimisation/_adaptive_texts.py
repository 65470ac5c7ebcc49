"""What the exercise on AdaGrad and RMSProp says: question, worked solution, and a line on every misconception."""

PROMPT = r"""
A model has {{ theta0 | length }} parameters, which start at $\theta_0 = {{ theta0 }}$. The learning rate is
$\epsilon = {{ epsilon }}$. Every parameter has its own entry of $r$, which starts at $0$. A step first updates $r$
with the new gradient; then it subtracts $\epsilon\, g / \sqrt{r}$ from $\theta$. (The small constant $\delta$ that is
usually added to the divisor is $0$ here.)

{% if "adagrad" in rules %}
- **AdaGrad** adds up squared gradients. It receives
{% for g in steps_of(adagrad) %}
$g_{{ loop.index }} = {{ g }}${{ "." if loop.last else ", then" }}
{% endfor %}
{% endif %}
{% if "rmsprop" in rules %}
- **RMSProp** keeps a running average of squared gradients, in which the old average has the weight
$\rho = {{ rho }}$. It receives
{% for g in steps_of(rmsprop) %}
$g_{{ loop.index }} = {{ g }}${{ "." if loop.last else ", then" }}
{% endfor %}
{% endif %}

All squares, products and quotients are taken entry by entry. Give exact values.
""".strip()

SOLUTION = r"""
{% for title, formula, lines in worked %}
**{{ title }}**: ${{ formula }}$, then $\theta_t = \theta_{t-1} - \epsilon\, g_t / \sqrt{r_t}$, entry by entry.

{% for line in lines %}
- {{ line }}
{% endfor %}

{% endfor %}
A parameter with large gradients gets a large $r$, so its steps shrink the most.
""".strip()

SAID = {
    "not_squared": "You took the gradient itself into r; r collects its square.",
    "shared": "You used one r for all parameters; each has its own.",
    "forgotten": "You kept the newest square only; the old r stays in.",
    "averaged": "You averaged over the steps; AdaGrad adds the squares up and never divides.",
    "accumulated": "That is AdaGrad: you added the squares up. RMSProp averages them with the weights ρ and 1 − ρ.",
    "weight_missing": "You added the new square in full; in a running average it gets the weight 1 − ρ.",
    "weights_swapped": "You swapped the weights: the old average keeps ρ, the new square gets 1 − ρ.",
    "no_root": "The root is missing: r holds squares, so divide by its square root.",
    "old_r": "You divided by the root of the old r; update r with the new gradient first.",
    "unscaled": "That is plain gradient descent: the gradient is divided by the root of r.",
    "uphill": "You added the step; a descent subtracts it.",
}
