"""What the exercise on decoupled decay says: the question, the worked solution, and a line on every misconception."""

PROMPT = r"""
The parameters are $\theta = {{ theta }}$, the gradient of the loss is $g = {{ g }}$, the learning rate is
$\epsilon = {{ epsilon }}$, and $\lambda = {{ strength }}$. Take the **first** step of Adam ($t = 1$; both averages
are zero before it), with bias correction and $\delta = 0$, in two ways:

- **L2 inside Adam**: the penalty $\frac{\lambda}{2} \|\theta\|^2$ is part of the loss, so its gradient enters both
averages, and $\theta \leftarrow \theta - \epsilon\, \hat{s} / \sqrt{\hat{r}}$.
- **AdamW**: the averages see the gradient of the loss alone, and
$\theta \leftarrow \theta - \epsilon\, (\hat{s} / \sqrt{\hat{r}} + \lambda \theta)$.
{% if "sgd" in ask %}
- For comparison, **plain gradient descent** takes a step on the loss with the same penalty.
{% endif %}
{% if "second" in ask %}

In the second step the gradient of the loss is $g$ once more.
{% endif %}

Give exact values.
""".strip()

SOLUTION = r"""
At $t = 1$ the corrected averages are the gradient and its square, so $\hat{s} / \sqrt{\hat{r}}$ is the **sign** of the
gradient that the averages have seen, whatever its size.

- With L2 that gradient is $g + \lambda \theta = {{ keys.total }}$, and
$\theta - \epsilon\, \mathrm{sign}(g + \lambda \theta) = {{ keys.l2 }}$.
- With AdamW it is $g$, and $\theta - \epsilon\, (\mathrm{sign}(g) + \lambda \theta) = {{ keys.adamw }}$.
{% if "sgd" in ask %}
- Plain gradient descent gives $\theta - \epsilon\, (g + \lambda \theta) = {{ keys.sgd }}$, whether the decay stands
inside the gradient or beside it: the place matters only where gradients are rescaled.
{% endif %}
{% if "second" in ask %}
- Averages of equal values are that value, so the second step of AdamW has the same signs but decays the new
parameters: ${{ keys.second }}$.
{% endif %}
""".strip()

SAID = {
    "no_penalty": "The gradient of the penalty is missing: λθ is added to the gradient of the loss.",
    "doubled": "The penalty is λ/2 times the square, so its gradient is λθ without a 2.",
    "minus": "The penalty is added to the loss, so its gradient is added too.",
    "not_normalised": "You took a plain gradient step; Adam divides by the root of r, which at t = 1 leaves a sign.",
    "beside": "That is AdamW: you added the decay beside the step. Here the penalty is inside the gradient.",
    "inside": "That is L2 inside Adam: you put the decay into the averages. AdamW keeps it out of them.",
    "no_rate": "You took λθ away in full; the learning rate multiplies the decay as well.",
    "growth": "Your decay makes the parameters grow; it is subtracted.",
    "uphill": "You added the step; a descent subtracts it.",
    "no_decay": "The decay is missing: this is Adam without any penalty.",
    "signs": "You took the sign of the gradient; plain gradient descent steps along the gradient itself.",
    "old_decay": "You decayed by the first parameters again; the second step decays those it starts from.",
}
