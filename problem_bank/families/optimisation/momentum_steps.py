"""Goodfellow et al., Deep Learning, sections 8.3.2 and 8.3.3: momentum and Nesterov momentum on a parabola."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.answers import Rational
from problem_bank.exercise import Earlier, Exercise, Part, Rule, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Number

RATES = tuple(Fraction(*pair) for pair in ((1, 2), (1, 4), (1, 8), (1, 10), (1, 5), (2, 5), (3, 10), (1, 20), (3, 4)))
DECAYS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))

PROMPT = r"""
Minimise $L(\theta) = \frac{1}{2} \cdot {{ a }}\, \theta^2$, whose gradient is $g = {{ a }}\, \theta$, by gradient
descent with {{ "**Nesterov**" if nesterov else "**classical**" }} momentum. The learning rate is
$\epsilon = {{ epsilon }}$, the momentum $\alpha = {{ alpha }}$; start at $\theta_0 = {{ theta0 }}$ with velocity
$v_0 = {{ v0 }}$. Every step first updates the velocity, which keeps the share $\alpha$ of itself; the learning rate
multiplies the gradient and nothing else. Then $\theta$ moves by **adding** the new velocity. The gradient is taken
{% if nesterov %}
at the look-ahead point, to which $\alpha$ times the old velocity leads.
{% else %}
at the $\theta$ from before the step.
{% endif %}
Give exact values: fractions, or decimals without rounding.
""".strip()

SOLUTION = r"""
Each step is $v_t = \alpha v_{t-1} - \epsilon g_t$, then $\theta_t = \theta_{t-1} + v_t$, with
{% if nesterov %}
$g_t = {{ a }} (\theta_{t-1} + \alpha v_{t-1})$.
{% else %}
$g_t = {{ a }}\, \theta_{t-1}$.
{% endif %}
{% for t, v, theta, point, new_v, new_theta in rows %}

**Step {{ t }}.**
{% if nesterov %}
The look-ahead point is ${{ theta }} + ({{ alpha }}) \cdot ({{ v }}) = {{ point }}$.
{% endif %}
$g_{{ t }} = {{ a }} \cdot ({{ point }}) = {{ a * point }}$, so
$v_{{ t }} = ({{ alpha }}) \cdot ({{ v }}) - ({{ epsilon }}) \cdot ({{ a * point }}) = {{ new_v }}$ and
$\theta_{{ t }} = {{ theta }} + ({{ new_v }}) = {{ new_theta }}$.
{% endfor %}
""".strip()

SAID = {
    "plain_gradient": "That is gradient descent without momentum: the share α of the old velocity is missing.",
    "averaged": "You averaged, with 1 − α on the gradient; here the learning rate alone multiplies it.",
    "uphill": "You added the gradient, which climbs: it enters the velocity with a minus sign.",
    "alpha_on_gradient": "You put α on the gradient; it belongs to the old velocity.",
    "nesterov_for_classical": "You looked ahead; classical momentum takes the gradient at θ itself.",
    "classical_for_nesterov": "You took the gradient at θ; Nesterov momentum takes it at the look-ahead point.",
    "old_velocity": "You moved by the old velocity; update the velocity first.",
    "subtracted": "You subtracted the velocity; the minus sign is inside it already, so add it.",
    "rate_again": "You multiplied the velocity by the learning rate, which is inside it already.",
}


@family(
    topic="optimisation",
    source="Goodfellow 8.3.2, 8.3.3",
    minutes=8,
    version=2,
    levels={"easy": {"steps": 2, "velocities": (0,)}, "medium": {}, "hard": {"nesterov": True}},
)
def momentum_steps(
    rng: Rng, *, steps: int = 3, nesterov: bool = False, velocities: tuple[int, ...] = (-2, -1, 1, 2)
) -> Exercise:
    """Take steps of gradient descent with momentum on a parabola, exactly."""
    a, alpha, epsilon = rng.choice("a", (1, 2, 3, 4)), rng.choice("alpha", DECAYS), rng.choice("epsilon", RATES)
    rng.require(a * epsilon not in (1, 2), "plain gradient descent would converge, but not at once")
    theta0, v0 = rng.int("theta0", -20, 20, exclude=range(-3, 4)), rng.choice("v0", velocities)
    step = Step(a, alpha, epsilon, alpha if nesterov else 0)
    rows = step.rows(v0, theta0, steps)
    results = [value for row in rows for value in row[-2:]]
    rng.require(all(value.denominator <= 1000 for value in results), "the decimals stay short")
    rng.require(all(results), "no velocity and no parameter is zero")
    return Exercise(
        given={"a": a, "alpha": alpha, "epsilon": epsilon, "theta0": theta0, "v0": v0,
               "steps": steps, "nesterov": nesterov, "velocities": velocities},
        shown={"rows": rows},
        prompt=PROMPT,
        parts=[part for row in rows for part in _parts(step, v0, theta0, row)],
        solution=SOLUTION,
        work=float(sum(4 + len(str(value)) for value in results)),
    )  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One step on the parabola a theta^2 / 2, whose gradient is taken `ahead` times the velocity ahead."""

    a: Number
    alpha: Number
    epsilon: Number
    ahead: Number

    def gradient(self, v: Number, theta: Number) -> Number:
        """The gradient at the point that this rule looks at."""
        return self.a * (theta + self.ahead * v)

    def velocity(self, v: Number, theta: Number) -> Number:
        """The next velocity."""
        return self.alpha * v - self.epsilon * self.gradient(v, theta)

    def rows(self, v: Number, theta: Number, steps: int) -> list[tuple[Number, ...]]:
        """Step by step: its number, the state before, where the gradient is taken, the state after."""
        rows: list[tuple[Number, ...]] = []
        for t in range(1, steps + 1):
            new = self.velocity(v, theta)
            rows.append((t, v, theta, theta + self.ahead * v, new, theta + new))
            v, theta = new, theta + new
        return rows

    def wrong_velocities(self) -> dict[str, Callable[[Number, Number], Number | None]]:
        """Misconceptions, from the state before; None where a velocity of zero hides the mistake."""
        alpha, epsilon, rate, other = self.alpha, self.epsilon, self.epsilon * self.a, self.alpha - self.ahead
        return {
            "plain_gradient": lambda v, theta: -rate * theta if v else None,
            "averaged": lambda v, theta: alpha * v - epsilon * (1 - alpha) * self.gradient(v, theta),
            "uphill": lambda v, theta: alpha * v + epsilon * self.gradient(v, theta),
            "alpha_on_gradient": lambda v, theta: v - alpha * epsilon * self.gradient(v, theta),
            "classical_for_nesterov" if self.ahead else "nesterov_for_classical":
                lambda v, theta: alpha * v - rate * (theta + other * v) if v else None,
        }  # fmt: skip


def _parts(step: Step, v0: Number, theta0: Number, row: tuple[Number, ...]) -> list[Part]:
    t, *_, new_v, new_theta = row

    def before(earlier: Earlier) -> tuple[Number, Number]:
        return (earlier[f"v{t - 1}"], earlier[f"theta{t - 1}"]) if t > 1 else (v0, theta0)

    def velocity(rule: Callable[[Number, Number], Number | None]) -> Rule:
        return lambda earlier: rule(*before(earlier))

    wrong: dict[str, Rule] = {
        "old_velocity": lambda earlier: sum(before(earlier)),
        "subtracted": lambda earlier: before(earlier)[1] - earlier[f"v{t}"],
        "rate_again": lambda earlier: before(earlier)[1] + step.epsilon * earlier[f"v{t}"],
    }
    return [
        Part(f"v{t}", f"The velocity $v_{t}$ of step {t}.", Rational(new_v), follow=velocity(step.velocity),
             misconceptions=[Slip(name, velocity(rule), SAID[name]) for name, rule in step.wrong_velocities().items()]),
        Part(f"theta{t}", rf"The parameter $\theta_{t}$ after step {t}.", Rational(new_theta),
             follow=lambda earlier: before(earlier)[1] + earlier[f"v{t}"],
             misconceptions=[Slip(name, rule, SAID[name]) for name, rule in wrong.items()]),
    ]  # fmt: skip


@momentum_steps.oracle
def linear_maps(**given: Any) -> dict[str, Any]:
    """All rules are linear in the state (v, theta): one matrix product a step gives key and misconceptions."""
    state, values = np.array([given["v0"], given["theta0"]], dtype=object), {}
    names, table = _table(given["a"] * given["epsilon"], given["alpha"], given["epsilon"], given["nesterov"])
    for t in range(1, given["steps"] + 1):
        results = dict(zip(names, table @ state, strict=True))
        for name, value in results.items():
            part, dot, slip = name.partition(".")
            hidden = not state[0] and slip in {"plain_gradient", "nesterov_for_classical", "classical_for_nesterov"}
            values[f"{part}{t}{dot}{slip}"] = None if hidden else value
        state = np.array([results["v"], results["theta"]], dtype=object)
    return values


def _table(rate: Number, alpha: Number, epsilon: Number, nesterov: bool) -> tuple[list[str], Any]:
    """One row (factor of v, factor of theta) for every value; `rate` is the learning rate times a."""
    v = np.array([alpha - rate * alpha if nesterov else alpha, -rate], dtype=object)
    decay, theta = np.array([alpha, 0], dtype=object), np.array([0, 1], dtype=object)
    pull = v - decay  # what the gradient adds
    rows = {
        "v": v,
        "v.plain_gradient": -rate * theta,
        "v.averaged": decay + (1 - alpha) * pull,
        "v.uphill": decay - pull,
        "v.alpha_on_gradient": np.array([1, 0], dtype=object) + alpha * pull,
        "theta": theta + v,
        "theta.old_velocity": np.array([1, 1], dtype=object),
        "theta.subtracted": theta - v,
        "theta.rate_again": theta + epsilon * v,
    }
    if nesterov:
        rows["v.classical_for_nesterov"] = decay - rate * theta
    else:
        rows["v.nesterov_for_classical"] = v - rate * decay
    return list(rows), np.array([*rows.values()], dtype=object)
