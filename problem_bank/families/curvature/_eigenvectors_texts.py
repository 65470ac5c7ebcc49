"""What the exercise on a Hessian that is given by its eigenvectors says."""

PROMPT = r"""
At {{ "a critical point" if "kind" in ask else "a point" }} of a smooth function of {{ directions[0] | length }}
variables the Hessian $H$ has these orthogonal eigenvectors (not of length 1) and eigenvalues:

{% for u in directions %}
- $u_{{ loop.index }} = {{ u }}$ with $\lambda_{{ loop.index }} = {{ eigenvalues[loop.index0] }}$
{% endfor %}

{% if "bend" in ask %}
A direction is $d = {{ d }}$. {% endif %}
{% if "step" in ask or "newton" in ask %}
The gradient at the point is $g = {{ g }}$. {% endif %}
Give exact values.
""".strip()

SOLUTION = r"""
{% if "trace" in ask %}
- The trace is the sum of the eigenvalues, {{ keys.trace }}; the determinant is their product, {{ keys.determinant }}.
The test: a negative determinant means a saddle point; a positive one a minimum where the trace is positive and a
maximum where it is negative. So this is {{ said }}.
{% endif %}
{% if "hessian" in ask %}
- $H = \sum_i \lambda_i \frac{u_i u_i^\top}{u_i^\top u_i} = {{ keys.hessian }}$.
{% endif %}
{% if "bend" in ask %}
- In the eigenvectors, $d = {{ d_sum }}$. Since they are orthogonal, the curvature along $d$ is the mean of the
eigenvalues with the weights ${{ weights }}$, that is $\frac{d^\top H d}{d^\top d} = {{ keys.bend }}$.
{% endif %}
{% if "condition" in ask %}
- The condition number is the largest eigenvalue by the smallest: ${{ keys.condition }}$.
{% endif %}
{% if "limit" in ask %}
- Along $u_i$ a step multiplies the distance by $1 - \varepsilon \lambda_i$. The largest eigenvalue is the first to make
that $-1$: $\varepsilon = 2 / {{ eigenvalues | max }} = {{ keys.limit }}$.
{% endif %}
{% if "step" in ask %}
- In the eigenvectors, $g = {{ g_sum }}$. With $g^\top g = {{ gg }}$ and $g^\top H g = {{ ghg }}$ the best step against
the gradient is $\frac{g^\top g}{g^\top H g} = {{ keys.step }}$.
{% endif %}
{% if "newton" in ask %}
- In the eigenvectors, $g = {{ g_sum }}$. Newton's method divides each coefficient of $g$ by its eigenvalue:
$-H^{-1} g = {{ keys.newton }}$.
{% endif %}
""".strip()

KINDS = {
    "minimum": "a local minimum",
    "maximum": "a local maximum",
    "saddle": "a saddle point",
    "undecided": "not decided by the second derivatives",
}

PART = {
    "trace": r"The trace of $H$.",
    "determinant": r"The determinant of $H$.",
    "kind": "The critical point is",
    "hessian": "The Hessian $H$ itself.",
    "bend": r"The curvature along $d$: the second derivative in the direction of the **unit** vector "
    r"$d / \lVert d \rVert$.",
    "condition": "The condition number of $H$ (the largest eigenvalue by the smallest).",
    "limit": r"The rate $\varepsilon$ below which gradient descent, $x \leftarrow x - \varepsilon \nabla f(x)$, "
    "converges on the quadratic function with this Hessian.",
    "step": r"The $\varepsilon$ for which $x - \varepsilon g$ is the lowest point of the second-order approximation "
    "along the gradient.",
    "newton": "The Newton step from this point, $-H^{-1} g$.",
}

SAID = {
    "product": "That is the product of the eigenvalues; the trace is their sum.",
    "sum": "That is the sum of the eigenvalues; the determinant is their product.",
    "minimum": "A minimum needs positive curvature in every direction: all eigenvalues above 0.",
    "maximum": "A maximum needs negative curvature in every direction: all eigenvalues below 0.",
    "saddle": "A saddle point needs eigenvalues of both signs.",
    "undecided": "Only an eigenvalue of 0 leaves it open; there is none here.",
    "not_unit": "You did not divide by the squared length: curvature belongs to a direction of length 1.",
    "coordinates": "You weighted the eigenvalues by the coordinates of the vector. What counts are its coefficients in "
    "the eigenvectors.",
    "mean": "You took the plain mean of the eigenvalues; they count by the share of the direction in each eigenvector.",
    "lengths_forgotten": "The eigenvectors do not have length 1: each outer product is divided by the squared length.",
    "inverted": "This is the fraction turned upside down.",
    "difference": "You subtracted; the condition number is a ratio.",
    "smallest": "You took the smallest eigenvalue; the steepest direction is the first to diverge.",
    "half": "At that rate the steepest direction is solved in one step; it converges up to twice as much.",
    "steepest": "That is the best step if the gradient lies along the steepest direction; here it is a mixture.",
    "sign": "You went uphill; the step is minus the inverse Hessian times the gradient.",
    "multiplied": "You multiplied by the Hessian; Newton's step divides by it.",
}
