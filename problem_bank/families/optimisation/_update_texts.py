"""The texts of optimisation.update_rules."""

PROMPT = r"""
A parameter ${{ letters.parameter }}$ is trained with learning rate ${{ letters.rate }}$; `{{ typed.g }}` is the
gradient of the loss at the present ${{ letters.parameter }}$. Write each **new** value in terms of the
**old** ones, in the letters that are named.
{% if "v" in ask or "momentum" in ask %}

- **Momentum** with coefficient ${{ letters.friction }}$ and velocity `v` (old value): the velocity gathers
  {% if gathers == "steps" %}**steps**, learning rate and sign included, and is added to the parameter.
  {% else %}**gradients**, each with weight 1, and the parameter moves against it, times the learning rate.
  {% endif %}
{% endif %}
{% if "s" in ask or "adam" in ask %}

- **Adam** keeps a running mean `{{ typed.s }}` of the gradients with decay ${{ letters.decay1 }}$, and
  `{{ typed.r }}` of their squares with decay ${{ letters.decay2 }}$, both from 0; `p` stands for the first mean after
  the correction of its bias, `q` for the second, and `delta` is added to the root.
{% endif %}

Type the letters as {{ typed.values() | join(", ") }}.
""".strip()

PART = {
    "sgd": "Plain gradient descent: the new parameter.",
    "v": "Momentum: the new velocity.",
    "momentum": "Momentum: the new parameter, from the old velocity `v`.",
    "s": "Adam: the new mean of the gradients, from the old `{{ typed.s }}`.",
    "r": "Adam: the new mean of the squares, from the old `{{ typed.r }}`.",
    "s_hat": r"Adam, in step $t = {{ t }}$: the corrected first mean, from the **new** one, "
    "here written `{{ typed.s }}`.",
    "r_hat": r"Adam, in step $t = {{ t }}$: the corrected second mean, from the **new** one, "
    "here written `{{ typed.r }}`.",
    "adam": "Adam: the new parameter, from `p` and `q`.",
}

SAID = {
    "ascent": "You went uphill: descent moves against the gradient.",
    "no_rate": "You left the learning rate out.",
    "change_alone": "This is the change; the new parameter is the old one plus the change.",
    "sign": "Look at the sign of the gradient in the velocity: it has to fit the way in which the parameter uses it.",
    "averaged": "You averaged; momentum adds the gradient in full, and only the old velocity is damped.",
    "old_velocity": "You used the old velocity; the parameter moves with the new one.",
    "plain": "This is plain gradient descent: the velocity is missing.",
    "not_averaged": "A running mean gives the new value the weight that the decay takes from the old one.",
    "weights_swapped": "You swapped the weights: the decay belongs to the old mean.",
    "not_squared": "The second mean is one of squares.",
    "no_power": "The correction depends on the step: after t steps the weights add up to 1 less the t-th power.",
    "multiplied": "You multiplied; the mean is too small, so it is divided by what its weights add up to.",
    "power_alone": "Divide by 1 minus the power: by what the weights of the averaged gradients add up to.",
    "first_decay": "The mean of the squares has a decay of its own.",
    "no_root": "You left the root out: the step is divided by the root of the mean square.",
    "gradient": "You used the present gradient; Adam moves along the corrected mean.",
}

SOLUTION = r"""
{% if "sgd" in ask %}
- Gradient descent goes against the gradient: ${{ keys.sgd }}$.
{% endif %}
{% if "v" in ask or "momentum" in ask %}
- The old velocity is damped, and the new {{ "step" if gathers == "steps" else "gradient" }} is added: ${{ keys.v }}$.
  The parameter moves with this new velocity: ${{ keys.momentum }}$.
{% endif %}
{% if "s" in ask or "adam" in ask %}
- The means of Adam weigh old and new by the decay and the rest: ${{ keys.s }}$ and ${{ keys.r }}$.
- They start at 0, so after {{ t }} steps their weights add up to less than 1; dividing by that sum corrects them:
  $p = {{ keys.s_hat }}$ and $q = {{ keys.r_hat }}$.
- The step goes along $p$, scaled by the root of $q$: ${{ keys.adam }}$.
{% endif %}
""".strip()
