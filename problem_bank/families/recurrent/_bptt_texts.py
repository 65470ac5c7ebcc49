"""What the exercise on backpropagation through time says."""

CELLS = {
    "linear": "h_t = w h_{t-1} + u x_t",
    "leaky": r"h_t = \varphi(w h_{t-1} + u x_t)",
    "tanh": r"h_t = \tanh(w h_{t-1} + u x_t)",
}

PROMPT = r"""
A recurrent network with one unit has the state ${{ formula }}$
{%- if cell == "leaky" %} with the leaky ReLU $\varphi(a) = a$ for $a > 0$ and $\varphi(a) = a / 2$ for $a \leq 0$
{%- endif %}. Its weights are $w = {{ w | decimal }}$ and $u = {{ u | decimal }}$
{%- if b %}, its bias is $b = {{ b | decimal }}${% endif %}, it starts at $h_0 = {{ h0 }}$, and it
reads {% for v in x %}$x_{{ loop.index }} = {{ v }}${{ ", " if not loop.last else "" }}{% endfor %}. The loss looks at
the last state only: $L = \frac{1}{2} (h_{ {{- steps -}} } - y)^2$ with the target $y = {{ y }}$.

{{ "Give at least 4 significant digits." if cell == "tanh" else "All values are exact." }}
""".strip()

SOLUTION = r"""
**Forward.**
{% for row in rows %}

- $h_{{ loop.index }}$: the sum is ${{ row.sum }}$, so $h_{{ loop.index }} = {{ row.h }}$, and the slope there is
${{ row.slope }}$.
{% endfor %}

**Backward.** $\frac{\partial L}{\partial h_{{ steps }} } = h_{{ steps }} - y = {{ rows[-1].d }}$. One step back, the
gradient is multiplied by the slope of the later state and by $w$:
{% for row in rows[:-1] | reverse %}

- $\frac{\partial L}{\partial h_{{ steps - loop.index }} } = {{ row.back }} = {{ row.d }}$.
{% endfor %}

**Weights.** They are shared by all steps, so the steps add up. With
$\delta_t = \frac{\partial L}{\partial h_t} \cdot \text{slope}_t$,
{% for row in rows %}{{ ", " if not loop.first else "" }}$\delta_{{ loop.index }} = {{ row.delta }}${% endfor %}:
$$ \frac{\partial L}{\partial w} = \sum_t \delta_t h_{t-1} = {{ dw }}, \qquad {# -#}
\frac{\partial L}{\partial u} = \sum_t \delta_t x_t = {{ du }}. $$
""".strip()

SAID = {
    "no_recurrence": "You left the earlier state out: w times the state before is added in every step.",
    "no_activation": "You left the activation out.",
    "swapped": "You swapped the weights: w belongs to the state, u to the input.",
    "doubled": "The factor 2 of the derivative cancels against the half in front of the loss.",
    "sign": "The sign is turned: it is the state minus the target.",
    "no_slope": "You left out the slope of the activation; the gradient passes it in every step.",
    "no_weight": "You left out w: the later state depends on this one through w.",
    "wrong_weight": "You went back through u; from state to state the gradient passes w.",
    "not_passed_on": "You handed the gradient on as it was; each step multiplies it by slope and weight.",
    "last_step": "You took the last step only. The weight is used in every step, and all of these uses add up.",
    "own_state": "You multiplied with the state of the same step; w is multiplied with the state before.",
    "averaged": "You divided by the number of steps; the gradients of shared weights add up.",
}
