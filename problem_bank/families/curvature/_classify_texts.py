"""What the exercise on critical points says: the question, the worked solution, and a line on every misconception."""

PROMPT = r"""
The origin is a critical point of
$$f(x, y) = {{ f }}.$$
{% if "kind" in ask %}
What kind of point is it? One of these statements is right, in its conclusion **and** in its reason. The origin is

{% for option in options %}
- {{ letters[loop.index0] }}. {{ option }}
{% endfor %}
{% endif %}

Give exact values.
""".strip()

SOLUTION = r"""
- Only the terms of degree two have second derivatives at the origin. Differentiating them twice gives
$$H = \begin{pmatrix} f_{xx} & f_{xy} \\ f_{yx} & f_{yy} \end{pmatrix} = {{ h }}.$$
- The eigenvalues have the sum $\mathrm{tr}\, H = {{ trace }}$ and the product $\det H = {{ determinant }}$; they solve
${{ equation }} = 0$, so they are ${{ high }}$ and ${{ low }}$.
{% if flat %}
- Along the eigenvector of eigenvalue $0$ the terms of degree two vanish, and ${{ fourth_term }}$ is left. So the
origin is {{ right }}.
{% else %}
- So the origin is {{ right }}.
{% endif %}
{% if "convex" in ask or "saddle" in ask %}
- Adding $\frac{c}{2} (x^2 + y^2)$ adds $c$ to both eigenvalues. Both are positive where ${{ low }} + c > 0$, and their
signs differ where ${{ low }} + c < 0 < {{ high }} + c$.
{% endif %}
{% if "fourth" in ask %}
- With the new term, the factor of $({{ form }})^4$ is ${{ fourth }} + t$. The origin is a saddle point where its
sign is not that of the other eigenvalue.
{% endif %}
""".strip()

PART = {
    "hessian": "Write the Hessian $H$ of $f$ at the origin.",
    "eigenvalues": "Write both eigenvalues of $H$, the larger one first, as `[larger, smaller]`.",
    "kind": "Which statement is right? Answer with its letter.",
    "convex": r"For which real numbers $c$ are both Hessian eigenvalues of $f(x, y) + \frac{c}{2} (x^2 + y^2)$ at the "
    "origin positive?",
    "fourth": r"For which real numbers $t$ is the origin a saddle point of $f(x, y) + t\, ({{ form }})^4$?",
    "saddle": r"For which real numbers $c$ do the Hessian eigenvalues of $f(x, y) + \frac{c}{2} (x^2 + y^2)$ at the "
    "origin have different signs?",
}

SAID = {
    "coefficients": "You wrote the coefficients of the squares; the second derivative of x² is 2.",
    "no_mixed": "The mixed derivatives are missing: a term in xy gives the entries off the diagonal.",
    "form_matrix": "This is the matrix A of the form zᵀ A z, half of the Hessian; differentiate twice.",
    "diagonal": "You took the diagonal entries for eigenvalues; that needs zeros off the diagonal.",
    "trace_and_determinant": "These are the sum and the product of the eigenvalues, not the eigenvalues.",
    "negated": "Both signs are turned round: the sum of the eigenvalues is the trace.",
    "larger": "You took the larger eigenvalue; the smaller one decides when both are positive.",
    "sign": "The new number is added to the old one, so the bound is minus the old one.",
    "closed": "At the bound a bend is 0, and 0 has no sign.",
    "by_diagonal": "You compared c with the diagonal of H; compare it with the eigenvalues.",
    "other_side": "There f bends the same way in both directions; a saddle point needs opposite ones.",
    "both_positive": "There both eigenvalues are positive; different signs are asked for.",
}
