"""Goodfellow et al., Deep Learning, section 7.1.2: a descent step with an L1 penalty, by soft thresholding."""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from problem_bank.exact import add, scale
from problem_bank.exercise import Exercise, Rule
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number, Vector, whole

RATES = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 5))
STRENGTHS = (2, 3, 4, 5, 6)

PROMPT = r"""
The loss is $L(\theta) + \lambda \|\theta\|_1$ with $\lambda = {{ strength }}$. At $\theta = {{ theta }}$ the
gradient of $L$ is $g = {{ g }}$; the learning rate is $\epsilon = {{ epsilon }}$. A **proximal** step first takes
the gradient step of $L$ alone, to $u = \theta - \epsilon g$. Then it moves to the $z$ that minimises
$$\tfrac{1}{2} \|z - u\|^2 + \epsilon \lambda \|z\|_1.$$
{% if "subgradient" in ask %}
A **subgradient** step goes from $\theta$ to $\theta - \epsilon\, (g + \lambda\, \mathrm{sign}(\theta))$ instead.
{% endif %}
Give exact values.
""".strip()

SOLUTION = r"""
- The gradient step: $u = {{ theta }} - {{ epsilon }} \cdot {{ g }} = {{ keys.u }}$.
- The sum falls apart into entries. Away from zero the derivative
$z_i - u_i + \epsilon \lambda\, \mathrm{sign}(z_i)$ must vanish; where $|u_i| \le \epsilon \lambda$ it cannot, and
$z_i = 0$. So every entry comes closer to zero by
$\epsilon \lambda = {{ epsilon }} \cdot {{ strength }} = {{ threshold }}$, but never past it:
$\mathrm{sign}(u_i) \max(|u_i| - \epsilon \lambda, 0)$, which gives ${{ keys.prox }}$.
{% if "subgradient" in ask %}
- The subgradient step is $\theta - \epsilon\, (g + \lambda\, \mathrm{sign}(\theta)) = {{ keys.subgradient }}$. It
makes an entry zero only by accident.
{% endif %}
{% if "largest" in ask %}
- All entries vanish as soon as $\epsilon \lambda$ reaches the largest $|u_i|$, which is
${{ keys.largest * epsilon }}$: $\lambda = {{ keys.largest * epsilon }} / {{ epsilon }} = {{ keys.largest }}$.
{% endif %}
""".strip()

SAID = {
    "uphill": "You added the gradient step; a descent subtracts it.",
    "no_rate": "You subtracted the gradient in full; the learning rate multiplies it.",
    "penalty_included": "You put the penalty into the gradient step; the proximal step treats it afterwards.",
    "hard": "You kept the large entries as they are; they come closer to zero by ελ too.",
    "crossed": "Some entries crossed zero; an entry that reaches zero stays there.",
    "full_strength": "Your threshold is λ; the learning rate multiplies it.",
    "shrunk": "You multiplied the entries, as an L2 penalty does; L1 takes the same amount from each.",
    "from_old": "You thresholded the old parameters; threshold those after the gradient step.",
    "signs_of_u": "You took the signs after the gradient step; a subgradient is taken at the old parameters.",
    "no_penalty": "The penalty is missing: this is the gradient step of L alone.",
    "no_division": "You gave the threshold ελ; divide by the learning rate to find λ.",
    "smallest": "This λ makes only the smallest entry zero; all of them are asked for.",
}


@family(
    topic="optimisation",
    source="Goodfellow 7.1.2",
    minutes=6,
    levels={
        "easy": {"size": 3},
        "medium": {"ask": ("u", "prox", "subgradient")},
        "hard": {"ask": ("u", "prox", "subgradient", "largest")},
    },
)
def l1_proximal(rng: Rng, *, size: int = 4, ask: tuple[str, ...] = ("u", "prox")) -> Exercise:
    """Take a proximal step for a loss with an L1 penalty."""
    theta, g = rng.ints("theta", size, -6, 6, exclude=(0,)), rng.ints("g", size, -9, 9, exclude=(0,))
    epsilon, strength = rng.choice("epsilon", RATES), rng.choice("strength", STRENGTHS)
    step = Step(theta, g, epsilon, strength)
    kept = [_size(v) > epsilon * strength for v in step.u]
    rng.require(any(kept) and not all(kept), "an entry becomes zero, and one does not")
    rng.require(
        all(abs(v) not in (0, epsilon * strength) for v in step.u), "no entry lies on the threshold, or at zero"
    )
    rng.require(2 * sum(kept) >= size and len({*map(abs, step.u)}) == size, "half of the entries stay, all different")
    steps = Steps(SAID)
    for name in ask:
        said, right, wrong = step.asked(name)
        steps.ask(name, said, right, wrong, points=2 if name == "prox" else 1)
    return Exercise(
        given={"theta": theta, "g": g, "epsilon": epsilon, "strength": strength, "size": size, "ask": ask},
        shown={
            "keys": {name: step.asked(name)[1]({}) for name in QUESTIONS},
            "threshold": whole(Fraction(epsilon * strength)),
        },
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(size * len(ask)),
    )


QUESTIONS = {
    "u": "The point $u$ after the gradient step.",
    "prox": r"The parameters after the proximal step.",
    "subgradient": "The parameters after a subgradient step.",
    "largest": r"The smallest $\lambda$ for which the proximal step makes **all** entries zero.",
}


@dataclass(frozen=True)
class Step:
    """A gradient step with an L1 penalty, in its versions."""

    theta: Vector
    g: Vector
    epsilon: Number
    strength: Number

    @property
    def u(self) -> Vector:
        """After the gradient step of the loss alone."""
        return self.moved(self.g)

    def moved(self, along: Vector) -> Vector:
        """The old parameters after a step against this direction."""
        return add(self.theta, scale(-self.epsilon, along))

    def penalised(self, at: Vector) -> Vector:
        """The gradient plus a subgradient of the penalty at this point."""
        return add(self.g, scale(self.strength, tuple(map(_sign, at))))

    def asked(self, name: str) -> tuple[str, Rule, dict[str, Any]]:
        """A part: its question, its rule and the misconceptions."""
        rule, wrong = {"u": self._u, "prox": self._prox, "subgradient": self._subgradient, "largest": self._largest}[
            name
        ]()
        return QUESTIONS[name], rule, wrong

    def _u(self) -> tuple[Rule, dict[str, Any]]:
        wrong = {
            "uphill": self.moved(scale(-1, self.g)),
            "no_rate": add(self.theta, scale(-1, self.g)),
            "penalty_included": self.moved(self.penalised(self.theta)),
        }
        return lambda e: self.u, wrong

    def _prox(self) -> tuple[Rule, dict[str, Any]]:
        t, keep = self.epsilon * self.strength, 1 - self.epsilon * self.strength
        wrong = {
            "hard": lambda e: tuple(v if _size(v) > t else 0 for v in e.get("u", self.u)),
            "crossed": lambda e: tuple(v - _sign(v) * t for v in e.get("u", self.u)),
            "full_strength": lambda e: _soft(e.get("u", self.u), self.strength),
            "shrunk": lambda e: scale(keep, e.get("u", self.u)),
            "from_old": _soft(self.theta, t),
        }
        return lambda e: _soft(e.get("u", self.u), t), wrong

    def _subgradient(self) -> tuple[Rule, dict[str, Any]]:
        wrong = {
            "signs_of_u": lambda e: self.moved(self.penalised(e.get("u", self.u))),
            "no_penalty": lambda e: e.get("u", self.u),
        }
        return lambda e: self.moved(self.penalised(self.theta)), wrong

    def _largest(self) -> tuple[Rule, dict[str, Any]]:
        def sizes(earlier: Any) -> list[Number]:
            return [_size(v) for v in earlier.get("u", self.u)]

        wrong = {"no_division": lambda e: max(sizes(e)), "smallest": lambda e: min(sizes(e)) / self.epsilon}
        return lambda e: whole(Fraction(max(sizes(e)) / self.epsilon)), wrong


def _sign(value: Number) -> int:
    return int(value > 0) - int(value < 0)


def _size(value: Number) -> Number:
    return value if value > 0 else -value


def _soft(u: Vector, threshold: Number) -> Vector:
    """Every entry this much closer to zero, but not past it."""
    return tuple(_sign(v) * max(_size(v) - threshold, 0) for v in u)


@l1_proximal.oracle
def by_candidates(theta: Vector, g: Vector, epsilon: Number, strength: Number, ask: tuple[str, ...]) -> dict[str, Any]:
    """The minimiser among the only candidates: zero, and the stationary point of either sign."""
    old, slope = np.array(theta, dtype=object), np.array(g, dtype=object)
    u, signs = old - epsilon * slope, np.sign(old.astype(float)).astype(int)

    def prox(point: Any, threshold: Number) -> list[Number]:
        return [min((0, v - threshold, v + threshold), key=partial(objective, v, threshold)) for v in point]

    def objective(v: Any, threshold: Any, z: Any) -> Any:
        return (z - v) ** 2 / Fraction(2) + threshold * abs(z)

    t, u_signs = epsilon * strength, np.sign(u.astype(float)).astype(int)
    far = np.array([z != 0 for z in prox(u, t)])
    parts: dict[str, dict[str, Any]] = {
        "u": {"": u, "uphill": 2 * old - u, "no_rate": old - slope, "penalty_included": u - t * signs},
        "prox": {"": prox(u, t), "hard": u * far, "crossed": u - t * u_signs, "full_strength": prox(u, strength),
                 "shrunk": u - t * u, "from_old": prox(old, t)},
        "subgradient": {"": u - t * signs, "signs_of_u": u - t * u_signs, "no_penalty": u},
        "largest": {"": max(abs(u / epsilon)), "no_division": max(abs(u)), "smallest": min(abs(u / epsilon))},
    }  # fmt: skip
    return {f"{part}.{slip}".rstrip("."): v for part in ask for slip, v in parts[part].items()}
