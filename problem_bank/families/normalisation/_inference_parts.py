"""The questions on running statistics and on test mode, with their misconceptions and texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

from problem_bank.answers import Array, Number
from problem_bank.exercise import Earlier, Part, Rule, Slip
from problem_bank.subjects.normalisation import mean, variance
from problem_bank.values import Matrix, Vector
from problem_bank.values import Number as Exact

PROMPT = r"""
One unit is batch-normalised with the scale $\gamma = {{ gamma }}$ and the shift $\beta = {{ beta }}$; the stabilising
constant is $\varepsilon = 0$.
{% if steps %}
At the start its running mean is $m_0 = {{ mean0 }}$ and its running variance is $v_0 = {{ variance0 }}$.
Training then sees
{% for x in batches -%}
{% if loop.length > 1 %}minibatch {{ loop.index }}{% else %}one minibatch{% endif %}, in which the unit takes the values
${{ x }}${{ ". " if loop.last else ", then " }}
{%- endfor %}
Each minibatch enters both running values with the weight $\rho = {{ momentum | decimal }}$ (the momentum); the old
value keeps the weight $1 - \rho$. What enters the running variance is the **unbiased** variance of the minibatch, which
divides by $n - 1$.

Then the network is switched to test mode
{% else %}
After training its running mean is $m = {{ mean0 }}$ and its running variance is $v = {{ variance0 }}$. The network is
in test mode
{% endif %}
and the unit takes the values ${{ test }}$ for three test examples that arrive together. In test mode the layer is a
fixed line $y = a x + c$. Give at least 4 significant digits.
""".strip()

SOLUTION = r"""
{% for x, mean, spread, old, new in updates %}
**Minibatch {{ loop.index }}**, ${{ x }}$: its mean is ${{ mean }}$, its unbiased variance ${{ spread }}$.

- $m_{{ loop.index }} = {{ (1 - momentum) | decimal }} \cdot ({{ old[0] | decimal(6) }}) + {# -#}
{{ momentum | decimal }} \cdot ({{ mean | decimal(6) }}) = {{ new[0] | decimal(6) }}$
- $v_{{ loop.index }} = {{ (1 - momentum) | decimal }} \cdot {{ old[1] | decimal(6) }} + {# -#}
{{ momentum | decimal }} \cdot {{ spread | decimal(6) }} = {{ new[1] | decimal(6) }}$

{% endfor %}
**Test mode** uses $m = {{ mean | decimal(6) }}$ and $v = {{ variance | decimal(6) }}$, whatever the test values
are, and changes neither. From $y = \gamma \frac{x - m}{\sqrt{v}} + \beta$:

- $a = \frac{\gamma}{\sqrt{v}} = \frac{ {{ gamma }} }{\sqrt{ {{ variance | decimal(6) }} }} = {{ slope | decimal(6) }}$
- $c = \beta - a m = {{ beta }} - ({{ slope | decimal(6) }}) \cdot ({{ mean | decimal(6) }}) {# -#}
= {{ intercept | decimal(6) }}$
- $y = a x + c$ gives ${{ y }}$, in order.
""".strip()

SAID = {
    "reversed": "You swapped the weights: the minibatch enters with ρ, the old value keeps 1 − ρ.",
    "replaced": "This is the minibatch's own value. A running average moves towards it only a little.",
    "biased": "You let the variance divided by n in; here the one divided by n − 1 enters the running variance.",
    "by_variance": "You divided by the variance; divide by its square root.",
    "no_scale": "You left the scale γ out.",
    "last_batch": "You normalised with the last minibatch. Test mode uses the running values.",
    "not_updated": "You used the running variance from the start; training has changed it since.",
    "not_centred": "At x = 0 the normalised value is not 0: the running mean is subtracted first.",
    "wrong_sign": "The mean is subtracted from x, so its share of the intercept is negative.",
    "mean_not_scaled": "The mean is scaled like x: multiply it by the slope before you subtract it.",
    "test_statistics": "You normalised with mean and variance of the test examples. In test mode an output must not "
    "depend on the examples beside it: use the running values.",
    "no_intercept": "You left the intercept out.",
    "swapped": "You swapped slope and intercept.",
}


@dataclass(frozen=True)
class Running:
    """Running mean and variance over some minibatches, which enter with the weight `momentum`."""

    start: tuple[Exact, Exact]
    batches: Matrix
    momentum: Exact

    @cached_property
    def rows(self) -> list[tuple[Exact, Exact]]:
        """Mean and variance before the first minibatch, and after each."""
        rows = [self.start]
        for x in self.batches:
            m, v = rows[-1]
            rows.append((_mix(m, mean(x), self.momentum), _mix(v, _unbiased(x), self.momentum)))
        return rows

    def lines(self) -> list[tuple[Any, ...]]:
        """For each minibatch: its values, mean and variance, and the running values before and after."""
        pairs = zip(self.batches, self.rows, self.rows[1:], strict=False)
        return [(x, mean(x), _unbiased(x), old, new) for x, old, new in pairs]

    def parts(self) -> list[Part]:
        """Mean and variance after every minibatch, from those before it."""
        return [part for t in range(1, len(self.rows)) for part in (self._mean(t), self._variance(t))]

    def after(self, name: str, t: int, earlier: Earlier) -> Any:
        """The student's running mean or variance after minibatch t."""
        return earlier[f"{name}{t}"] if t else self.start[name == "variance"]

    def _mean(self, t: int) -> Part:
        seen = mean(self.batches[t - 1])
        rules = {"reversed": self._rule("mean", t, seen, 1 - self.momentum), "replaced": seen}
        return Part(f"mean{t}", f"The running mean $m_{t}$ after minibatch {t}.", _number(self.rows[t][0]),
                    follow=self._rule("mean", t, seen, self.momentum), misconceptions=_slips(rules))  # fmt: skip

    def _variance(self, t: int) -> Part:
        x, share = self.batches[t - 1], self.momentum
        rules = {"reversed": self._rule("variance", t, _unbiased(x), 1 - share), "replaced": _unbiased(x),
                 "biased": self._rule("variance", t, variance(x), share)}  # fmt: skip
        return Part(f"variance{t}", f"The running variance $v_{t}$ after minibatch {t}.", _number(self.rows[t][1]),
                    follow=self._rule("variance", t, _unbiased(x), share), misconceptions=_slips(rules))  # fmt: skip

    def _rule(self, name: str, t: int, seen: Exact, share: Exact) -> Rule:
        return lambda earlier: _mix(self.after(name, t - 1, earlier), seen, share)


@dataclass(frozen=True)
class TestMode:
    """The line that the layer is at test time."""

    running: Running
    test: Vector
    gamma: Exact
    beta: Exact

    @property
    def slope(self) -> float:
        """The scale over the root of the running variance."""
        return self.gamma / sqrt(self.running.rows[-1][1])

    @property
    def intercept(self) -> float:
        """The output for an input of 0."""
        return self.beta - self.slope * float(self.running.rows[-1][0])

    def outputs(self, slope: Any, intercept: Any) -> tuple[Any, ...]:
        """The line at the test values."""
        return tuple(slope * x + intercept for x in self.test)

    def parts(self) -> list[Part]:
        """Slope, intercept, and the outputs that follow from them."""
        y = self.outputs(self.slope, self.intercept)
        return [
            Part("slope", "The slope $a$.", _number(self.slope), misconceptions=_slips(self._wrong_slopes()),
                 follow=lambda e: self.gamma / sqrt(self._last("variance", e))),
            Part("intercept", "The intercept $c$.", _number(self.intercept),
                 follow=lambda e: self.beta - e["slope"] * self._last("mean", e),
                 misconceptions=_slips(self._wrong_intercepts())),
            Part("y", "The outputs for the three test examples, in order.", Array(y, 1e-3), points=2,
                 follow=lambda e: self.outputs(e["slope"], e["intercept"]),
                 misconceptions=_slips(self._wrong_outputs())),
        ]  # fmt: skip

    def _last(self, name: str, earlier: Earlier) -> Any:
        return self.running.after(name, len(self.running.batches), earlier)

    def _wrong_slopes(self) -> dict[str, Any]:
        seen = self.running.batches
        return {
            "by_variance": lambda e: self.gamma / self._last("variance", e),
            "no_scale": lambda e: 1 / sqrt(self._last("variance", e)),
            "last_batch": self.gamma / sqrt(variance(seen[-1])) if seen else None,
            "not_updated": self.gamma / sqrt(self.running.start[1]) if seen else None,
        }

    def _wrong_intercepts(self) -> dict[str, Any]:
        return {
            "not_centred": self.beta,
            "wrong_sign": lambda e: self.beta + e["slope"] * self._last("mean", e),
            "mean_not_scaled": lambda e: self.beta - self._last("mean", e),
        }

    def _wrong_outputs(self) -> dict[str, Any]:
        own = self.gamma / sqrt(variance(self.test))
        return {
            "test_statistics": self.outputs(own, self.beta - own * mean(self.test)),
            "no_intercept": lambda e: self.outputs(e["slope"], 0),
            "swapped": lambda e: self.outputs(e["intercept"], e["slope"]),
        }


def _unbiased(x: Vector) -> Exact:
    return variance(x) * len(x) / (len(x) - 1)


def _mix(old: Any, new: Exact, share: Exact) -> Any:
    """The average in which `new` has this share."""
    return (1 - share) * old + share * new


def _slips(rules: dict[str, Any]) -> list[Slip]:
    return [Slip(name, rule, SAID[name]) for name, rule in rules.items()]


def _number(key: Any) -> Number:
    return Number(float(key), floor=0.1)
