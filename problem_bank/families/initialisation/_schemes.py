"""Xavier, He and LeCun initialisation: the rules, what is confused with them, and what the exercise says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

Rule: TypeAlias = Callable[[int, int], Fraction]
"""From fan-in and fan-out to a variance."""


@dataclass(frozen=True)
class Scheme:
    """A way to choose the variance of the weights: its name, title and rule; rules that are confused with it."""

    name: str
    title: str
    aim: str
    rule: Rule
    formula: str
    wrong: Mapping[str, Rule]

    def shown(self, fan_in: int, fan_out: int) -> tuple[Fraction, Fraction]:
        """Variance and squared bound."""
        return self.rule(fan_in, fan_out), 3 * self.rule(fan_in, fan_out)


def _one(n: int, _: int) -> Fraction:
    return Fraction(1) / n


def _one_out(_: int, m: int) -> Fraction:
    return Fraction(1) / m


def _two(n: int, _: int) -> Fraction:
    return Fraction(2) / n


def _two_out(_: int, m: int) -> Fraction:
    return Fraction(2) / m


def _balanced(n: int, m: int) -> Fraction:
    return Fraction(2) / (n + m)


def _half(n: int, m: int) -> Fraction:
    return Fraction(1) / (n + m)


SCHEMES = {
    scheme.name: scheme
    for scheme in (
        Scheme("xavier", "Xavier (Glorot)", "a compromise between both passes: the mean of the fans replaces the fan",
               _balanced, r"\frac{2}{n_{\text{in}} + n_{\text{out}}}",
               {"one_over_sum": _half, "only_fan_in": _one, "doubled": lambda n, m: 2 * _balanced(n, m)}),
        Scheme("he", "He (by fan-in)", "keep the mean square of a ReLU layer, which halves it, in the forward pass",
               _two, r"\frac{2}{n_{\text{in}}}",
               {"no_two": _one, "by_fan_out": _two_out, "as_xavier": _balanced}),
        Scheme("lecun", "LeCun (by fan-in)", "keep the variance of a linear layer in the forward pass",
               _one, r"\frac{1}{n_{\text{in}}}",
               {"as_he": _two, "by_fan_out": _one_out, "as_xavier": _balanced}),
        Scheme("he_backward", "He (by fan-out)", "keep the mean square of the gradients of a ReLU layer",
               _two_out, r"\frac{2}{n_{\text{out}}}",
               {"no_two": _one_out, "by_fan_in": _two, "as_xavier": _balanced}),
    )
}  # fmt: skip

PROMPT = r"""
{% if layer == "conv" %}
A convolution maps {{ inputs }} channels to {{ outputs }} channels with {{ k }} × {{ k }} windows and stride 1. Its fans
count, away from the border, the input values that one output value is computed from (fan-in), and the output values
that one input value enters (fan-out).
{% else %}
A dense layer has {{ inputs }} inputs and {{ outputs }} outputs.
{% endif %}
Its weights are to be drawn independently, with mean 0. Compute their **variance** (not the standard deviation), exactly
as fractions{% if deviation %}, then their standard deviation{% endif %}, for these schemes:
{% for scheme, _, _ in chosen -%}
{{ scheme.title }}{{ "." if loop.last else (" and " if loop.revindex == 2 else ", ") }}
{%- endfor %}
{% if uniform %}
 For each scheme give also the **square** $a^2$ of the bound, if the weights are drawn from the uniform distribution on
$[-a, a]$ with this variance.
{% endif %}
""".strip()

SOLUTION = r"""
{% if layer == "conv" %}
Fan-in: ${{ inputs }} \cdot {{ k }} \cdot {{ k }} = {{ fans[0] }}$. Fan-out: {# -#}
${{ outputs }} \cdot {{ k }} \cdot {{ k }} = {{ fans[1] }}$.

{% endif %}
With $n_{\text{in}} = {{ fans[0] }}$ and $n_{\text{out}} = {{ fans[1] }}$:
{% for scheme, variance, bound in chosen %}

- **{{ scheme.title }}** ({{ scheme.aim }}): $\operatorname{Var}(w) = {{ scheme.formula }} = {{ variance }}$.
{%- if deviation %} Its root is the standard deviation.{% endif %}
{%- if uniform %} A uniform distribution on $[-a, a]$ has variance $\frac{a^2}{3}$, so {# -#}
$a^2 = 3 \operatorname{Var}(w) = {{ bound }}$.
{%- endif %}
{% endfor %}
""".strip()

SAID = {
    "variance_itself": "This is the variance; the standard deviation is its root.",
    "halved": "You halved the variance; the standard deviation is its root.",
    "no_window": "You counted the channels alone; every one of them contributes a whole window.",
    "line": "You counted one row of the window; it is k wide and k high.",
    "no_channels": "You counted one channel; the window reaches through all of them.",
    "other_side": "You took the other side: what flows in has the input channels, what flows out the output channels.",
    "one_over_sum": "You put 1 above the sum of the fans. The fan is replaced by the mean of both, so 2 stands there.",
    "only_fan_in": "You used the fan-in alone. Xavier initialisation looks at both passes, so both fans enter.",
    "doubled": "You doubled for ReLU as well. The factor of 2 for ReLU belongs to He initialisation.",
    "no_two": "The factor 2 is missing: ReLU passes on half of the mean square on average, and this makes up for it.",
    "by_fan_out": "You used the fan-out; the forward pass sums over the inputs of a unit.",
    "by_fan_in": "You used the fan-in; the backward pass sums over the outputs that a value enters.",
    "as_xavier": "That is the variance of Xavier initialisation, which averages both fans.",
    "as_he": "The factor 2 belongs to ReLU layers. This scheme is made for units that pass on everything.",
    "bound_is_deviation": "You took the standard deviation for the bound. Uniform weights lie mostly inside the bound, "
    "so that the bound must be larger.",
    "whole_width": "You took a for the whole width of the interval, from which 12 comes. Here the width is 2a.",
    "inverse_factor": "You divided by 3. The variance is a third of the squared bound, so multiply.",
}
