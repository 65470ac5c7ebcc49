"""Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019): AdamW against L2 inside Adam."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.exact import add, scale
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.optimisation._decay_texts import PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number, Vector

RATES = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 20))
ASK = ("total", "l2", "adamw", "sgd", "second")
STRENGTHS = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 5), Fraction(3, 10))


@family(
    topic="optimisation",
    source="Goodfellow 7.1.1, 8.5.3; Loshchilov and Hutter 2019",
    minutes=7,
    levels={
        "easy": {"size": 2},
        "medium": {"size": 3, "ask": ASK[:4]},
        "hard": {"size": 3, "ask": ASK},
    },
)
def decoupled_decay(rng: Rng, *, size: int = 2, ask: tuple[str, ...] = ASK[:3]) -> Exercise:
    """Compare weight decay in AdamW with an L2 penalty inside Adam, over one step."""
    theta, g = rng.ints("theta", size, -9, 9, exclude=(0,)), rng.ints("g", size, -3, 3, exclude=(0,))
    epsilon, strength = rng.choice("epsilon", RATES), rng.choice("strength", STRENGTHS)
    total = add(g, scale(strength, theta))
    rng.require(all(total), "the penalty cancels no gradient")
    flips = sum(a * b < 0 for a, b in zip(total, g, strict=True))
    rng.require(0 < flips < size, "the penalty turns the sign of one gradient, but not of all")
    rng.require(len(set(theta)) == size, "the parameters differ")
    steps = Steps(SAID)
    step = Step(theta, g, epsilon, strength)
    for name in ask:
        said, right, wrong = step.asked(name)
        steps.ask(name, said, right, wrong)
    return Exercise(
        given={"theta": theta, "g": g, "epsilon": epsilon, "strength": strength, "size": size, "ask": ask},
        shown={"keys": {name: step.asked(name)[1]({}) for name in ASK}},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(size * len(ask)),
    )


@dataclass(frozen=True)
class Step:
    """The first step, in its versions."""

    theta: Vector
    g: Vector
    epsilon: Number
    strength: Number

    def asked(self, name: str) -> tuple[str, Rule, dict[str, Any]]:
        """A part: its question, its rule and the misconceptions."""
        return {"total": self._total, "l2": self._l2, "adamw": self._adamw, "sgd": self._sgd, "second": self._second}[
            name
        ]()

    def penalised(self, factor: Number = 1, theta: Vector | None = None) -> Vector:
        """The gradient of the loss with this multiple of its penalty."""
        return add(self.g, scale(factor * self.strength, theta or self.theta))

    def move(self, along: Vector, decay: Number = 0, start: Vector | None = None) -> Vector:
        """The parameters after a step along a direction, less this multiple of themselves."""
        return tuple(p - self.epsilon * a - decay * p for p, a in zip(start or self.theta, along, strict=True))

    @property
    def decay(self) -> Number:
        """The share of the parameters that AdamW takes away."""
        return self.epsilon * self.strength

    def _total(self) -> tuple[str, Rule, dict[str, Any]]:
        wrong = {"no_penalty": self.g, "doubled": self.penalised(2), "minus": self.penalised(-1)}
        return "L2 inside Adam: the gradient that the averages see.", lambda e: self.penalised(), wrong

    def _l2(self) -> tuple[str, Rule, dict[str, Any]]:
        def along(earlier: Earlier) -> Vector:
            return tuple(earlier.get("total", self.penalised()))

        wrong = {
            "not_normalised": lambda e: self.move(along(e)),
            "beside": self.move(_signs(self.g), self.decay),
            "no_decay": self.move(_signs(self.g)),
            "uphill": lambda e: self.move(scale(-1, _signs(along(e)))),
        }
        return r"L2 inside Adam: $\theta$ after the step.", lambda e: self.move(_signs(along(e))), wrong

    def _adamw(self) -> tuple[str, Rule, dict[str, Any]]:
        signs = _signs(self.g)
        wrong = {
            "inside": self.move(_signs(self.penalised())),
            "no_rate": self.move(signs, self.strength),
            "growth": self.move(signs, -self.decay),
            "no_decay": self.move(signs),
            "not_normalised": self.move(self.penalised()),
        }
        return r"AdamW: $\theta$ after the step.", lambda e: self.move(signs, self.decay), wrong

    def _sgd(self) -> tuple[str, Rule, dict[str, Any]]:
        wrong = {
            "signs": lambda e: self.move(_signs(e.get("total", self.penalised()))),
            "no_decay": self.move(self.g),
            "uphill": lambda e: self.move(scale(-1, e.get("total", self.penalised()))),
        }
        said = r"Plain gradient descent with the penalty: $\theta$ after the step."
        return said, lambda e: self.move(e.get("total", self.penalised())), wrong

    def _second(self) -> tuple[str, Rule, dict[str, Any]]:
        signs = _signs(self.g)

        def start(earlier: Earlier) -> Vector:
            return tuple(earlier.get("adamw", self.move(signs, self.decay)))

        wrong = {
            "old_decay": lambda e: add(self.move(signs, start=start(e)), scale(-self.decay, self.theta)),
            "no_decay": lambda e: self.move(signs, start=start(e)),
            "growth": lambda e: self.move(signs, -self.decay, start(e)),
        }
        return r"AdamW: $\theta$ after the second step.", lambda e: self.move(signs, self.decay, start(e)), wrong


def _signs(u: Vector) -> Vector:
    return tuple((v > 0) - (v < 0) for v in u)


@decoupled_decay.oracle
def full_adam(theta: Vector, g: Vector, epsilon: Number, strength: Number, ask: tuple[str, ...]) -> dict[str, Any]:
    """Adam as it is programmed, with both averages and their corrections, step after step in NumPy."""
    start, loss = np.array(theta, dtype=object), np.array(g, dtype=object)

    def run(inner: Number, outer: Number, n: int = 1) -> Any:
        now, s, r = start, 0 * start, 0 * start
        for t in range(1, n + 1):
            seen = loss + inner * now
            s, r = s * Fraction(9, 10) + seen / Fraction(10), r * Fraction(99, 100) + seen**2 / Fraction(100)
            s_hat, r_hat = s / (1 - Fraction(9, 10) ** t), r / (1 - Fraction(99, 100) ** t)
            roots = np.array([Fraction(float(v) ** 0.5).limit_denominator(10**5) for v in r_hat], dtype=object)
            now = now - epsilon * s_hat / roots - outer * now
        return now

    decay, total = epsilon * strength, loss + strength * start
    plain, l2, adamw = run(0, 0), run(strength, 0), run(0, decay)
    parts = {
        "total": {"": total, "no_penalty": loss, "doubled": 2 * total - loss, "minus": 2 * loss - total},
        "l2": {"": l2, "not_normalised": start - epsilon * total, "beside": adamw, "no_decay": plain,
               "uphill": 2 * start - l2},
        "adamw": {"": adamw, "inside": l2, "no_rate": run(0, strength), "growth": 2 * plain - adamw, "no_decay": plain,
                  "not_normalised": start - epsilon * total},
        "sgd": {"": start - epsilon * total, "signs": l2, "no_decay": start - epsilon * loss,
                "uphill": start + epsilon * total},
        "second": {"": run(0, decay, 2), "old_decay": 2 * adamw - start, "no_decay": adamw + plain - start,
                   "growth": adamw + plain - start + decay * adamw},
    }  # fmt: skip
    return {f"{part}.{slip}".rstrip("."): list(v) for part in ask for slip, v in parts[part].items()}
