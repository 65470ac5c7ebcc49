"""What the exercise on Taylor approximations says: question, worked solution, and a line on every misconception."""

PROMPT = r"""
Near the point $\theta_0 = {{ point }}$, approximate
$$f(x, y) = {{ formula }}$$
by its Taylor polynomials, for the step $\delta = {{ step }}$ to $\theta_0 + \delta = {{ new }}$. Vectors are columns,
written in a row. {{ "Give exact values; where a power of e is left, at least 4 significant digits."
if "true" in ask and exponential else "Give exact values." }}
""".strip()

SOLUTION = r"""
- $\frac{\partial f}{\partial x} = {{ slopes[0] }}$ and $\frac{\partial f}{\partial y} = {{ slopes[1] }}$. At $\theta_0$
that is $g = {{ keys.gradient }}$.
- Differentiated once more, at $\theta_0$: $H = {{ keys.hessian }}$, with the mixed derivative in both places.
- First order: $f(\theta_0) + g^\top \delta = {{ value }} + ({{ moved }}) = {{ keys.first }}$.
- Second order: $+ \frac{1}{2} \delta^\top H \delta$, where $\delta^\top H \delta = {{ squared }}$; that gives
${{ keys.first }} + \frac{1}{2} \cdot ({{ squared }}) = {{ keys.second }}$.
{% if "true" in ask %}
- The function itself is ${{ keys.true }}$ there: the second order is {{ closer }} than the first.
{% endif %}
{% if "best" in ask %}
- Along $-g$ the second order is $f(\theta_0) - \epsilon\, g^\top g + \frac{1}{2} \epsilon^2 g^\top H g$. Its derivative
by $\epsilon$ is 0 at $\epsilon = \frac{g^\top g}{g^\top H g} = \frac{ {{- gg -}} }{ {{- ghg -}} }{{ best }}$.
{% endif %}
""".strip()

PART = {
    "gradient": r"The gradient $g$ of $f$ at $\theta_0$.",
    "hessian": r"The Hessian $H$ of $f$ at $\theta_0$.",
    "first": r"The **first-order** approximation of $f(\theta_0 + \delta)$.",
    "second": r"The **second-order** approximation of $f(\theta_0 + \delta)$.",
    "true": r"The true value $f(\theta_0 + \delta)$.",
    "best": r"Gradient descent goes from $\theta_0$ to $\theta_0 - \epsilon g$. For which $\epsilon$ is the "
    r"**second-order approximation** of $f$ there least?",
}

SAID = {
    "at_new_point": "You differentiated at the new point; a Taylor polynomial takes everything at the old one.",
    "swapped": "The derivative by x comes first.",
    "chain_forgotten": "The exponential keeps its value, but the derivative of its exponent is a factor.",
    "mixed_lost": "The mixed derivative is missing; it stands in both places beside the diagonal.",
    "diagonal_halved": "You wrote half the second derivatives on the diagonal; the half belongs to the Taylor "
    "polynomial.",
    "no_start": "That is the change alone; it is added to the value at the old point.",
    "point_for_step": "You multiplied by the new point; the gradient is multiplied by the step.",
    "no_half": "The second-order term has the factor ½.",
    "mixed_once": "The mixed term occurs twice in the quadratic form, once for each of its places.",
    "no_gradient": "You left the first-order term out.",
    "old_value": "That is the value at the old point.",
    "approximated": "That is an approximation; put the new point into the function itself.",
    "inverted": "That is the curvature along the gradient; the best step is larger where it is smaller.",
    "doubled": "That is twice the best step, where the approximation is back at its old value.",
    "halved": "The derivative of ε² brings down a 2, which cancels the ½.",
}
