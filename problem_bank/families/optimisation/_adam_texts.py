"""What the exercise on Adam says: the question, the worked solution, and a line on every misconception."""

PROMPT = r"""
Adam receives the gradients {% for value in g -%}
$g_{{ loop.index }} = {{ value }}${{ " " if loop.last else ", " }}
{%- endfor %}
in its first {{ g | length }} steps. It starts at $\theta_0 = {{ theta0 }}$ with $s_0 = r_0 = 0$; the learning rate is
$\epsilon = {{ epsilon | decimal }}$. Here $s$ is the running average of the gradients, in which the old average keeps
the weight $\rho_1 = {{ rho1 | decimal }}$, and $r$ that of the **squared** gradients with
$\rho_2 = {{ rho2 | decimal }}$. Both are corrected for their start at zero, with steps counted from $t = 1$;
$\hat{s}$ and $\hat{r}$ are the corrected ones. The constant $\delta = {{ delta | decimal }}$ is added **outside** the
square root. Give at least 4 significant digits.
""".strip()

SOLUTION = r"""
In step $t$: $s_t = \rho_1 s_{t-1} + (1 - \rho_1) g_t$, $\; r_t = \rho_2 r_{t-1} + (1 - \rho_2) g_t^2$,
$\; \hat{s}_t = \frac{s_t}{1 - \rho_1^t}$, $\; \hat{r}_t = \frac{r_t}{1 - \rho_2^t}$ and
$\theta_t = \theta_{t-1} - \epsilon \frac{\hat{s}_t}{\sqrt{\hat{r}_t} + \delta}$.
{% for old, new in rows %}
{% set t = loop.index %}

**Step {{ t }}.**

- $s_{{ t }} = {{ rho1 | decimal }} \cdot ({{ old.s | decimal(6) }}) + {{ (1 - rho1) | decimal }} {# -#}
\cdot ({{ g[t - 1] }}) {# -#}
= {{ new.s | decimal(6) }}$
- $r_{{ t }} = {{ rho2 | decimal }} \cdot {{ old.r | decimal(6) }} + {{ (1 - rho2) | decimal }} {# -#}
\cdot ({{ g[t - 1] }})^2 {# -#}
= {{ new.r | decimal(6) }}$
- $\hat{s}_{{ t }} = \frac{ {{ new.s | decimal(6) }} }{1 - {{ rho1 | decimal }}^{{ t }}} = {{ new.s_hat | decimal(6) }}$
- $\hat{r}_{{ t }} = \frac{ {{ new.r | decimal(6) }} }{1 - {{ rho2 | decimal }}^{{ t }}} = {{ new.r_hat | decimal(6) }}$
- $\theta_{{ t }} = {{ old.theta | decimal(6) }} - {{ epsilon | decimal }} \cdot {# -#}
\frac{ {{ new.s_hat | decimal(6) }} }{\sqrt{ {{ new.r_hat | decimal(6) }} } + \delta} = {{ new.theta | decimal(6) }}$
{% endfor %}
{% if factor %}

**Bias correction at $t = 1$** multiplies the step by $\frac{1 / (1 - \rho_1)}{1 / \sqrt{1 - \rho_2}} = {# -#}
\frac{\sqrt{1 - {{ rho2 | decimal }}}}{1 - {{ rho1 | decimal }}} = {{ ratio | decimal(6) }}$, whatever the gradient.
{% endif %}
""".strip()

RATIO = (
    r"By what factor does bias correction multiply the length of the step at $t = 1$, compared with a step along "
    r"$s_1 / \sqrt{r_1}$? (Take $\delta = 0$; above 1 means a longer step.)"
)

SAID = {
    "rhos_swapped": "You used the other decay rate: ρ₁ belongs to s, ρ₂ to r.",
    "weights_swapped": "You swapped the weights: the old average keeps ρ, the new value gets 1 − ρ.",
    "weight_missing": "You added the new value in full; in an average it gets the weight 1 − ρ.",
    "not_squared": "You averaged the gradient itself; r averages its square.",
    "no_correction": "You left the bias correction out: divide by 1 − ρ to the power of the step's number.",
    "exponent_missing": "You divided by 1 − ρ in a later step too; ρ is raised to the step's number.",
    "step_too_late": "Your exponent is one too large: steps are counted from 1.",
    "multiplied": "You multiplied by the correction; an average that starts at zero is too small, so divide.",
    "no_root": "The root is missing: r averages squares, so its square root belongs below the fraction.",
    "uncorrected": "You moved with s and r as they are; move with the corrected ones.",
    "only_s_corrected": "You corrected s only; r is corrected as well.",
    "raw_gradient": "You moved along the gradient itself; Adam moves along its corrected average.",
    "uphill": "You added the step; a descent subtracts it.",
    "upside_down": "That is the uncorrected step over the corrected one; the other way round is asked.",
}
