"""The questions on normalising along rows or columns, with their misconceptions and texts."""

from __future__ import annotations

from math import sqrt
from typing import Any

from problem_bank.answers import Array
from problem_bank.exact import add, times, transpose
from problem_bank.exercise import Earlier, Part, Rule, Slip
from problem_bank.subjects.normalisation import mean, root, variance
from problem_bank.values import Matrix, Vector

PROMPT = r"""
A minibatch of {{ rows }} examples with {{ features }} features each is the matrix $X = {{ X }}$: a row is an example, a
column a feature.
{% if batch_norm %}
Normalise it twice, each time starting from $X$: with layer normalisation and with batch normalisation (in training
mode).
{% else %}
Normalise it with **layer** normalisation.
{% endif %}
Variances divide by the number of values they are taken over, and $\varepsilon = 0$.
{% if affine %}
After layer normalisation, feature $j$ is scaled by $\gamma_j$ and shifted by $\beta_j$, where
$\gamma = {{ gamma }}$ and $\beta = {{ beta }}$.{% if batch_norm %} Batch normalisation is not scaled here.{% endif +%}
{% endif %}
Give fractions, or decimals to at least 4 significant digits.
""".strip()

SOLUTION = r"""
{% for kind, lines in table %}
**{{ kind | capitalize }} normalisation** takes its mean and variance over {% if kind == "layer" -%}
the features of one example: along the rows.
{%- else -%}
the examples of the minibatch, for one feature: along the columns.
{%- endif %}


{% for line, mean, variance, normal in lines %}
- {{ "Row" if kind == "layer" else "Column" }} {{ loop.index }}, ${{ line }}$: mean ${{ mean }}$, variance
${{ variance }}$, so it becomes ${{ normal }}$.
{% endfor %}

{% endfor %}
{% if affine %}
**Scale and shift** are the same for every example: $y_{ij} = \gamma_j \hat{x}_{ij} + \beta_j$ gives

$$Y = {{ y }}.$$
{% endif %}
""".strip()

TITLE = {"layer": "Layer normalisation", "batch": "Batch normalisation"}
MEANS = {"layer": "the mean of every example", "batch": "the mean of every feature"}
WRONG_AXIS = {
    "layer": "You went down the columns, which is batch normalisation. Layer normalisation treats every example by "
    "itself: take each row.",
    "batch": "You went along the rows, which is layer normalisation. Batch normalisation compares the examples of the "
    "minibatch: take each column.",
}
WHOLE = {
    "layer": "You took the whole matrix together; every example has a mean and a variance of its own.",
    "batch": "You took the whole matrix together; every feature has a mean and a variance of its own.",
}
SAID = {
    "unbiased": "You divided by one less than the number of values; here the variance divides by their number.",
    "by_variance": "You divided by the variance; divide by its square root.",
    "swapped": "You swapped the two: γ multiplies, β is added.",
    "no_shift": "You scaled but did not shift; add β to every row.",
    "no_affine": "These are the normalised values; scale and shift every feature.",
    "shift_first": "You shifted before you scaled, so that γ scales the shift as well.",
}


def parts_along(kind: str, x: Matrix, lines: Matrix) -> list[Part]:
    """Means and variances of these lines of x (its rows or its columns), and x normalised along them."""
    means, variances = _means(lines), tuple(map(variance, lines))
    other, flat = transpose(lines), tuple(v for row in x for v in row)
    n, said = len(lines[0]), {**SAID, "wrong_axis": WRONG_AXIS[kind], "whole": WHOLE[kind]}

    def turned(values: Matrix) -> Matrix:
        return values if kind == "layer" else transpose(values)

    def slips(rules: dict[str, Any]) -> list[Slip]:
        return [Slip(name, rule, said[name]) for name, rule in rules.items()]

    def divided(power: float, more: float = 1) -> Rule:
        """From the student's own means and variances."""

        def rule(earlier: Earlier) -> Any:
            divisors = [(more * v) ** power for v in earlier[f"{kind}_variances"]]
            return turned(_scaled(lines, earlier[f"{kind}_means"], divisors))

        return rule

    whole = [sqrt(variance(flat))] * len(lines)
    wrong_values = {
        "wrong_axis": turned(transpose(normalise(other))),
        "whole": turned(_scaled(lines, [mean(flat)] * len(lines), whole)),
        "unbiased": divided(0.5, n / (n - 1)),
        "by_variance": divided(1),
    }
    wrong_variances = {"wrong_axis": tuple(map(variance, other)), "whole": (variance(flat),) * len(lines),
                       "unbiased": tuple(variance(line) * n / (n - 1) for line in lines)}  # fmt: skip
    return [
        Part(f"{kind}_means", f"{TITLE[kind]}: {MEANS[kind]}, in order.", Array(means, 1e-3),
             misconceptions=slips({"wrong_axis": _means(other), "whole": (mean(flat),) * len(lines)})),
        Part(f"{kind}_variances", f"{TITLE[kind]}: the variances, in the same order.", Array(variances, 1e-3),
             misconceptions=slips(wrong_variances)),
        Part(f"{kind}_values", f"{TITLE[kind]}: the normalised matrix, an example in each row.",
             Array(turned(normalise(lines)), 1e-3), points=2, follow=divided(0.5), misconceptions=slips(wrong_values)),
    ]  # fmt: skip


def normalise(lines: Matrix) -> Any:
    """Every line with mean 0 and standard deviation 1; exact where its root is rational."""
    return _scaled(lines, _means(lines), [root(variance(line)) or sqrt(variance(line)) for line in lines])


def affine_part(x_hat: Matrix, gamma: Vector, beta: Vector) -> Part:
    """Every feature scaled and shifted, from the student's own normalised values."""

    def rule(a: Vector, b: Vector) -> Rule:
        return lambda e: affine_of(e["layer_values"], a, b)

    none, one = (0,) * len(gamma), (1,) * len(gamma)
    rules = {"swapped": rule(beta, gamma), "no_shift": rule(gamma, none), "no_affine": rule(one, none),
             "shift_first": rule(gamma, times(gamma, beta))}  # fmt: skip
    slips = [Slip(name, value, SAID[name]) for name, value in rules.items()]
    return Part("y", "The output $Y$ of the layer, after scale and shift.", Array(affine_of(x_hat, gamma, beta), 1e-3),
                points=2, follow=rule(gamma, beta), misconceptions=slips)  # fmt: skip


def affine_of(x_hat: Matrix, gamma: Vector, beta: Vector) -> Matrix:
    """gamma * x + beta for every row."""
    return tuple(add(times(gamma, row), beta) for row in x_hat)


def _means(lines: Matrix) -> Vector:
    return tuple(map(mean, lines))


def _scaled(lines: Matrix, centres: Any, divisors: Any) -> Any:
    """(line - centre) / divisor for every line; another number of them raises ValueError."""
    return tuple(
        tuple((v - m) / s for v in line) for line, m, s in zip(lines, centres, divisors, strict=True)
    )  # fmt: skip
