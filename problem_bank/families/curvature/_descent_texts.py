"""What the exercise on quadratic descent says: the question, the worked solution, and a line on every misconception."""

PROMPT = r"""
Gradient descent with learning rate $\epsilon = {{ epsilon }}$ runs on
$$L(\theta) = \tfrac{1}{2}\, \theta^\top H \theta - b^\top \theta, \qquad H = {{ h }}, \quad b = {{ b }},$$
from $\theta_0 = {{ theta0 }}$ (vectors are columns, written in a row). $H$ has the eigenvectors
{% for u, value in axes %}
$u_{{ loop.index }} = {{ u }}$ with eigenvalue ${{ value }}${{ "." if loop.last else " and" }}
{% endfor %}
""".strip()

SOLUTION = r"""
- The gradient is $H \theta - b$; at $\theta_0$ it is ${{ keys.gradient }}$.
- One step gives $\theta_0 - \epsilon g = {{ keys.descent }}$.
- Newton's step solves $H d = g$ and goes to $\theta_0 - d = {{ keys.newton }}$. It finds the one point without
gradient{{ ", here a saddle point: Newton's method is drawn to it" if saddle else ", in a single step" }}.
{% if "bound" in ask %}
- Along $u_i$ a step multiplies the distance from the minimum by $1 - \epsilon \lambda_i$. That is above $-1$ for
both as long as $\epsilon < 2 / \lambda_\text{max} = {{ keys.bound }}$.
{% endif %}
{% for value, factor in factors %}
{% if "c%d" % loop.index in ask %}
- $1 - \epsilon \lambda_{{ loop.index }} = 1 - {{ epsilon }} \cdot ({{ value }}) = {{ factor }}$, which is raised to
the power $t$ after $t$ steps.
{% endif %}
{% endfor %}
{% if "escape" in ask %}
- Along $u_2$ the distance grows by the factor ${{ factors[1][1] }}$ in each step:
$({{ factors[1][1] }})^{ {{- keys.escape - 1 -}} } < {{ times }} < ({{ factors[1][1] }})^{ {{- keys.escape -}} }$.
Gradient descent leaves the saddle, slowly at first.
{% endif %}
""".strip()

PART = {
    "gradient": r"The gradient $g$ of $L$ at $\theta_0$.",
    "descent": r"The point $\theta_1$ after one step of gradient descent.",
    "newton": r"The point that one full step of Newton's method reaches from $\theta_0$.",
    "bound": "Below which learning rate does gradient descent converge from every starting point?",
    "c1": "By what has the distance from the critical point **along $u_1$** been multiplied after $t$ steps of "
    "gradient descent, the sign included? (Type `t`.)",
    "c2": "By what has the distance from the critical point **along $u_2$** been multiplied after $t$ steps of "
    "gradient descent, the sign included? (Type `t`.)",
    "escape": "After how many steps of gradient descent is the distance from the critical point along $u_2$ more than "
    "${{ times }}$ times what it was? Give the smallest number. (A calculator helps.)",
}

SAID = {
    "no_linear_term": "You left out b: the linear term has the gradient −b.",
    "halved": "The square brings down a 2, which cancels the half.",
    "plus_b": "The linear term is subtracted, so its gradient is −b.",
    "uphill": "You added the step; a descent subtracts it.",
    "no_rate": "The learning rate is missing.",
    "not_inverted": "You multiplied the gradient by H; Newton's step solves a system with H.",
    "entries_inverted": "You divided by the diagonal entries; that is right only where H is diagonal.",
    "with_rate": "You multiplied by the learning rate; a full Newton step needs none.",
    "one_over": "At this rate the steepest direction converges at once; it still converges up to twice as much.",
    "smallest": "You used the smallest eigenvalue; the steepest direction is the first to diverge.",
    "trace": "You used the trace; each direction has its own eigenvalue.",
    "sign": "A step subtracts: the factor is 1 − ελ, with the eigenvalue's own sign.",
    "linear": "The factor acts in every step, so it is raised to the power t.",
    "one_step": "This is the factor of one step; there are t of them.",
    "added_up": "You added the same amount in every step; the distance is multiplied.",
    "one_short": "At this t the distance is still within the bound.",
}
