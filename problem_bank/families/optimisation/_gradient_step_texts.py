"""What the exercise on steps of gradient descent says: question, worked solution, and a line on every misconception."""

from collections.abc import Mapping
from typing import Any

from problem_bank.exact import dot
from problem_bank.subjects.polynomials import polynomial
from problem_bank.subjects.steps import bracketed, products
from problem_bank.tex import decimal, tex
from problem_bank.values import Vector

PROMPT = r"""
{% if logistic %}
Logistic regression predicts the probability $\hat{y} = \sigma(z)$ with $z = {{ formula }}$ and $\sigma(z) = 1 / (1 +
e^{-z})$. The parameters are {{ parameters }}.
{% else %}
Linear regression predicts $\hat{y} = {{ formula }}$. The parameters are {{ parameters }}.
{% endif %}
The data are

| $i$ | $x_i$ | $t_i$ |
|---|---|---|
{% for x, t in data %}
| {{ loop.index }} | ${{ x }}$ | ${{ t }}$ |
{% endfor %}

and the loss is the {{ "**mean**" if mean else "**sum**" }} over all points of
{{ "the cross-entropy" if logistic else "**half** the squared error" if half else "the squared error" }},
$$L = {{ loss }}.$$
Take {{ "one step" if steps == 1 else "%d steps" | format(steps) }} of gradient descent on all points at once, with
learning rate $\eta = {{ rate }}$; all parameters are updated **at the same time**.
{% if logistic %}
Give exact values, but the new parameters to at least 4 significant digits.
{% else %}
Give exact values.
{% endif %}
""".strip()

SOLUTION = r"""
{% for one in worked %}
{% if steps > 1 %}
**Step {{ loop.index }}**, from ${{ one.from }}$.

{% endif %}
- {{ one.sums }}
- The predictions are $\hat{y} = {{ one.prediction }}$, so the residuals are
$r = \hat{y} - t = {{ one.residual }}$.
- {% if logistic %}In the derivative of the loss by $z_i$ the slope of the sigmoid cancels: $r_i$ is left.{% else -%}
The derivative of the square brings down a 2{{ ", which cancels the half" if half else "" }}.{% endif %}
 By $w$ the gradient is ${{ factor }} \sum_i r_i x_i$, by $b$ it is ${{ factor }} \sum_i r_i$; together
${{ one.gradient }}$.
- Times $\eta = {{ rate }}$, subtracted from the old parameters: $(w, b) = {{ one.new }}$.

{% endfor %}
""".strip()

PART = {
    "prediction": r"The predictions $\hat{y}_i$ of all points, as a vector.",
    "residual": r"The residuals $r_i = \hat{y}_i - t_i$ of all points, as a vector.",
    "gradient": "The gradient of the loss, by {{ 'both weights' if features > 1 else 'the weight' }} and, last, by "
    "the bias: "
    "`[{{ 'w1, w2' if features > 1 else 'w' }}, b]`.",
    "new": "The parameters after the step, in the same order.",
}

SAID = {
    "no_bias": "You left the bias out.",
    "other_class": "You took the probability of the other class; a large z makes the prediction close to 1.",
    "sign": "The sign is turned round: the prediction comes first, the target is subtracted.",
    "slope_again": "You multiplied by the slope of the sigmoid; asked is the plain difference.",
    "factor_added": "The square brings down a 2, and the half in the loss cancels it.",
    "factor_lost": "The square brings down a 2; there is no half in this loss to cancel it.",
    "summed": "You took the sum; this loss is the mean over the points.",
    "averaged": "You took the mean; this loss is the sum over the points.",
    "no_input": "The inputs are missing: a weight counts as much as the input that it multiplies.",
    "turned": "The sign is turned round: where predictions are too large, the derivative by the bias is positive.",
    "fixed_bias": "The bias has a gradient as well; its input is 1 at every point.",
    "uphill": "You added the gradient, which climbs; descent subtracts it.",
    "no_rate": "The learning rate is missing.",
    "bias_kept": "You left the bias as it was; it takes a step like every weight.",
    "one_after_another": "You updated the weights first and then took the gradient of the bias; both are taken at the "
    "old "
    "parameters.",
}


def part(name: str, at: str) -> str:
    """The prompt of a part, in the step of this number if there are several."""
    return f"Step {at}. {PART[name]}" if at else PART[name]


def shown(fit: Any, keys: Mapping[str, Any], steps: int) -> dict[str, Any]:
    """What the texts need besides the given values."""
    logistic, n = fit.base > 1, len(fit.inputs)
    share = fit.factor if logistic else fit.factor / 2
    sums = rf"\sum_{{i=1}}^{{{n}}}"
    each = r"-\left[t_i \ln \hat{y}_i + (1 - t_i) \ln(1 - \hat{y}_i)\right]" if logistic else r"(\hat{y}_i - t_i)^2"
    names = [str(step) if steps > 1 else "" for step in range(1, steps + 1)]
    starts = [fit.start, *(keys[f"new{name}"] for name in names)]
    return {
        "logistic": logistic, "half": fit.half, "factor": _times(fit.factor), "loss": f"{_times(share)} {sums} {each}",
        "formula": "w x + b" if len(fit.start) == 2 else r"w \cdot x + b",
        "parameters": _parameters(fit.start, fit.base),
        "data": [(_point(row[:-1]), t) for row, t in zip(fit.inputs, fit.targets, strict=True)],
        "worked": [_worked(fit, start, name, keys) for start, name in zip(starts, names, strict=False)],
    }  # fmt: skip


def _times(factor: Any) -> str:
    return "" if factor == 1 else tex(factor)


def _point(x: Vector) -> Any:
    return x if len(x) > 1 else x[0]


def _parameters(theta: Vector, base: int) -> str:
    r"""$w = (\ln 3, -2 \ln 3)$ and $b = \ln 3$"""
    shown = [polynomial([(v, rf"\ln {base}")]) if base > 1 else tex(v) for v in theta]
    weights = shown[0] if len(shown) == 2 else rf"({', '.join(shown[:-1])})"
    return f"$w = {weights}$ and $b = {shown[-1]}$"


def _worked(fit: Any, start: Vector, name: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """One step of the solution."""
    found = {key: keys[f"{key}{name}"] for key in PART}
    new = tuple(map(decimal, found["new"])) if fit.base > 1 else found["new"]
    return {**found, "new": new, "from": f"(w, b) = {tex(start)}", "sums": "; ".join(_sums(fit, start))}


def _sums(fit: Any, theta: Vector) -> list[str]:
    """Every prediction, with its numbers."""
    lines = []
    for i, (row, y) in enumerate(zip(fit.inputs, fit.predicted(theta), strict=True), start=1):
        written, total = f"{products(theta[:-1], row[:-1])} + {bracketed(theta[-1])}", dot(theta, row)
        if fit.base > 1:
            z = polynomial([(total, rf"\ln {fit.base}")])
            lines.append(rf"$z_{i} = ({written}) \ln {fit.base} = {z}$, $\hat{{y}}_{i} = {tex(y)}$")
        else:
            lines.append(rf"$\hat{{y}}_{i} = {written} = {tex(y)}$")
    return lines
