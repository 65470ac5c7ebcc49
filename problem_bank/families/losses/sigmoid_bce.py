"""Goodfellow et al., Deep Learning, sections 5.7.1 and 6.2.2.2: logistic regression and its loss, in numbers."""

from dataclasses import dataclass
from fractions import Fraction
from math import exp, log, log1p, tanh
from operator import mul
from typing import Any

import numpy as np

from problem_bank.exact import dot
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.losses._sigmoid_bce_texts import PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.softmax import sigmoid
from problem_bank.subjects.steps import Steps, products
from problem_bank.values import Number, Vector, whole

TENTHS = tuple(whole(Fraction(n, 10)) for n in range(-12, 13) if n)
RATES = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2))


@family(
    topic="losses",
    source="Goodfellow 6.2.2.2",
    minutes=8,
    levels={"easy": {}, "medium": {"step": True}, "hard": {"samples": 3, "step": True}},
)
def sigmoid_bce(rng: Rng, *, samples: int = 1, features: int = 2, step: bool = False) -> Exercise:
    """Take a logistic regression from its input to the loss, and back to its gradients."""
    w, b = rng.choices("w", TENTHS, features), rng.choice("b", TENTHS)
    x: tuple[Vector, ...] = tuple(rng.ints(f"x{s}", features, -3, 4, exclude=(0,)) for s in range(1, samples + 1))
    y = rng.ints("y", samples, 0, 1)
    z: list[Any] = [dot(w, row) + b for row in x]
    rng.require(all(Fraction(2, 5) <= abs(v) <= 3 for v in z), "no sum is tiny or huge")
    rng.require(len(set(x)) == samples, "no two inputs are the same")
    rng.require(samples == 1 or 0 < sum(y) < samples, "the batch holds both classes")
    rate = rng.choice("rate", RATES) if step else 0
    steps = Steps(SAID, tolerance=1e-3)
    _Regression(w, b, x, y, rate).ask(steps)
    return Exercise(
        given={**rng.drawn, "samples": samples, "features": features, "step": step},
        shown={"W": tuple(float(v) for v in w), "B": float(b), "keys": steps.keys, "rate": rate,
               "rows": [_line(w, b, *sample) for sample in zip(x, y, strict=True)]},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(samples),
    )  # fmt: skip


@dataclass(frozen=True)
class _Regression:
    """The parameters and the data; a single sample is answered with numbers in place of vectors."""

    w: Vector
    b: Number
    x: tuple[Vector, ...]
    y: Vector
    rate: Number

    def ask(self, steps: Steps) -> None:
        """Append the parts, from the sum to the step."""
        of = " of each sample, as a vector" if len(self.x) > 1 else ""
        sums = {"no_bias": self.sums(0), "minus_bias": self.sums(-self.b)}
        steps.ask("z", f"The sum $z = w \\cdot x + b${of}.", lambda e: self.sums(self.b), sums)
        outputs = {"other_class": self.each(lambda z: sigmoid(-z)), "tanh": self.each(tanh), "odds": self.each(exp)}
        steps.ask("p", f"The probability $p${of}.", self.each(sigmoid), outputs)
        steps.ask("loss", f"The loss $L${' of the batch' if of else ''}.", self.mean(_loss), self.wrong_losses())
        for name, by in (("dw", "w"), ("db", "b")):
            steps.ask(name, rf"The gradient $\partial L / \partial {by}$.", self.gradient(name, lambda p, y: p - y),
                      self.wrong_gradients(name))  # fmt: skip
        if self.rate:
            wrong = {"uphill": self.moved(-self.rate), "no_rate": self.moved(1)}
            steps.ask("w", "The weights $w$ after the step.", self.moved(self.rate), wrong)

    def sums(self, b: Number) -> Any:
        """w x + b"""
        return self.pack([float(dot(self.w, row) + b) for row in self.x])

    def pack(self, values: list[Any]) -> Any:
        """The values, or the only one."""
        return tuple(values) if len(values) > 1 else values[0]

    def list(self, value: Any) -> Any:
        """A value for each sample."""
        return value if len(self.x) > 1 else (value,)

    def each(self, rule: Any) -> Rule:
        """A function of every sum."""
        return lambda e: self.pack([rule(z) for z in self.list(e["z"])])

    def mean(self, rule: Any, divisor: int = 0) -> Rule:
        """The mean of a function of output and label, or its sum over another divisor."""
        n = divisor or len(self.x)
        return lambda e: sum(rule(p, y) for p, y in zip(self.list(e["p"]), self.y, strict=True)) / n

    def gradient(self, name: str, rule: Any, divisor: int = 0) -> Rule:
        """The mean of a function of output and label, times the inputs for the weights."""
        if name == "db":
            return self.mean(rule, divisor)
        n = divisor or len(self.x)

        def apply(e: Earlier) -> Any:
            errors = [rule(p, y) for p, y in zip(self.list(e["p"]), self.y, strict=True)]
            columns: list[Vector] = list(zip(*self.x, strict=True))
            return tuple(sum(map(mul, errors, column), 0.0) / n for column in columns)

        return apply

    def moved(self, rate: Number) -> Rule:
        """w - rate * dw"""
        return lambda e: tuple(float(v) - float(rate) * g for v, g in zip(self.w, e["dw"], strict=True))

    def wrong_losses(self) -> dict[str, Any]:
        """Misconceptions of the loss."""
        return {
            "base_two": self.mean(lambda p, y: _loss(p, y) / log(2)),
            "other_label": self.mean(lambda p, y: _loss(p, 1 - y)),
            "both_labels": self.mean(lambda p, y: _loss(p, y) + _loss(p, 1 - y)),
            "squares": self.mean(lambda p, y: (p - y) ** 2),
            "summed": self.mean(_loss, 1) if len(self.x) > 1 else None,
        }

    def wrong_gradients(self, name: str) -> dict[str, Any]:
        """Misconceptions of the error p - y."""
        return {
            "sign": self.gradient(name, lambda p, y: y - p),
            "extra_slope": self.gradient(name, lambda p, y: (p - y) * p * (1 - p)),
            "slope_forgotten": self.gradient(name, lambda p, y: (p - y) / (p * (1 - p))),
            "label_lost": self.gradient(name, lambda p, y: p) if any(self.y) else None,
            "summed": self.gradient(name, lambda p, y: p - y, 1) if len(self.x) > 1 else None,
        }


def _loss(p: Any, y: Any) -> float:
    return -log(p) if y else -log1p(-p)


def _line(w: Vector, b: Number, x: Vector, y: Number) -> dict[str, Any]:
    """The numbers of one sample in the worked solution."""
    z = float(dot(w, x) + b)
    weights: Any = tuple(float(v) for v in w)
    p, shown = sigmoid(z), products(weights, x)
    sign = "+" if b > 0 else "-"
    return {"x": x, "y": y, "z": z, "p": p, "loss": _loss(p, y), "error": p - y,
            "sum": f"{shown} {sign} {abs(float(b))}"}  # fmt: skip


@sigmoid_bce.oracle
def by_margins(samples: int, step: bool, **given: Any) -> dict[str, Any]:
    """Losses ln(1 + exp(-margin)) of the margin (2y - 1) z, in NumPy; gradients by complex steps through them."""
    w, b, y = np.array(given["w"], dtype=float), float(given["b"]), np.array(given["y"])
    x = np.array([given[f"x{s}"] for s in range(1, samples + 1)], dtype=float)
    side, ones = 2 * y - 1, np.column_stack([x, np.ones(samples)])
    z = ones @ np.array([*w, b])
    p = (1 + np.tanh(z / 2)) / 2
    loss, other = np.logaddexp(0, -side * z), np.logaddexp(0, side * z)
    d_all = gradient(lambda v: np.log(1 + np.exp(-side * (ones @ v))).mean(), np.array([*w, b]))

    def weighted(factor: Any) -> Any:
        return gradient(lambda v: (factor * np.log(1 + np.exp(-side * (ones @ v)))).mean(), np.array([*w, b]))

    gradients = {"": d_all, ".sign": -d_all, ".extra_slope": weighted(p * (1 - p)),
                 ".slope_forgotten": weighted(1 / (p * (1 - p)))}  # fmt: skip
    several = {".summed": samples * d_all} if samples > 1 else {}
    labels = {".label_lost": p @ ones / samples} if y.any() else {}
    vectors = {"z": z, "z.no_bias": z - b, "z.minus_bias": z - 2 * b, "p": p, "p.other_class": 1 - p,
               "p.tanh": np.sinh(z) / np.cosh(z), "p.odds": p / (1 - p)}  # fmt: skip
    values = {name: value if samples > 1 else value[0] for name, value in vectors.items()}
    values |= {f"dw{name}": value[:-1] for name, value in (gradients | several | labels).items()}
    values |= {f"db{name}": value[-1] for name, value in (gradients | several | labels).items()}
    rate = float(given.get("rate", 0))
    if step:
        values |= {"w": w - rate * d_all[:-1], "w.uphill": w + rate * d_all[:-1], "w.no_rate": w - d_all[:-1]}
    return values | {
        "loss": loss.mean(), "loss.base_two": np.log2(np.exp(loss)).mean(), "loss.other_label": other.mean(),
        "loss.both_labels": (loss + other).mean(), "loss.squares": ((y - p) ** 2).mean(),
        "loss.summed": loss.sum() if samples > 1 else None,
    }  # fmt: skip
