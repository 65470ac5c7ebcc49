"""What the exercise on label smoothing says."""

RULES = {
    "all": r"the share $\alpha$ is spread **evenly over all {{ classes }} classes, the true one included**",
    "others": r"the share $\alpha$ is spread **evenly over the {{ classes - 1 }} other classes**",
}

PROMPT = r"""
A classifier for {{ classes }} classes is trained with label smoothing: $\alpha = {{ alpha | decimal }}$ of the target's
weight is taken from the true class, and RULE. For one sample, whose
true class is number {{ target }} (counted from 1), the network gives the logits $z = {{ logits }}$ (natural
logarithms). With $p = \mathrm{softmax}(z)$ and the smoothed target $q$, the loss is $L = -\sum_c q_c \ln p_c$
(**natural** logarithm, **sum** over the classes). Give exact values, or at least 4 significant digits.
""".strip()

SOLUTION = r"""
**The target.** Each of the {{ sharing }} classes that share gets
$\alpha / {{ sharing }} = {{ alpha | decimal }} / {{ sharing }} = {{ low }}$, and the true class
{% if spread == "all" %}
keeps $1 - \alpha$ and gets this share too: ${{ 1 - alpha }} + {{ low }} = {{ high }}$.
{% else %}
keeps $1 - \alpha = {{ high }}$.
{% endif %}
So $q = {{ q }}$, which sums to 1.

**The loss.** The exponentials of the logits are ${{ a }}$, so $p = {{ p }}$, and
$L = {% for t, v in terms %}{{ "" if loop.first else " + " }}{{ t }} \cdot (-\ln {{ v }}){% endfor %} {# -#}
= {{ loss | decimal(5) }}$.

**The gradient** of a cross-entropy through the softmax is output minus target, smoothed or not:
$\frac{\partial L}{\partial z} = p - q = {{ dz }}$.
{% if limits %}

**The least loss.** The cross-entropy is least where $p = q$, where it is the entropy of $q$:
$-{{ high }} \ln {{ high }} - {{ classes - 1 }} \cdot {{ low }} \ln {{ low }} = {{ least | decimal(5) }}$. It is not 0.

**The gap.** At $p = q$ the logits differ by the logarithm of the ratio:
$z_{\text{true}} - z_{\text{other}} = \ln \frac{q_{\text{true}}}{q_{\text{other}}} = \ln {{ high / low }} {# -#}
= {{ gap | decimal(5) }}$. With hard targets it would grow without end.
{% endif %}
""".strip()

LEAST = "The least value that $L$ can take for this target, whatever the logits."
GAP = "At this least value: by how much is the logit of the true class above that of any other class?"

SAID = {
    "other_rule": "You spread the share over the wrong classes: read again whether the true class gets a part of it.",
    "too_much": "Your target sums to more or less than 1. What the others get is taken from the true class.",
    "alpha_each": "You gave every other class the whole share; they divide it among themselves.",
    "hard": "You used the hard target; the smoothed one weighs all classes.",
    "inside": "You averaged probabilities inside the logarithm. Average the logarithms, with the targets as weights.",
    "true_only": "You weighed the true class only; the other classes have a part in the loss as well.",
    "base_two": "You took the logarithm to base 2; the loss is defined with the natural one.",
    "sign": "The sign is turned: it is the output minus the target.",
    "by_outputs": "That is the gradient by the probabilities; it still has to pass the softmax.",
    "zero": "A smoothed target cannot be met with loss 0: even at p = q its entropy is left.",
    "uniform": "That is the loss of equal probabilities; the least one is reached at p = q.",
    "difference": "You subtracted the probabilities. A difference of logits is the logarithm of their ratio.",
    "odds": "You took the odds of the true class, against all others together; compare it with one of them.",
}
