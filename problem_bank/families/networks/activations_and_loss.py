"""Goodfellow et al., Deep Learning, sections 6.2 and 6.3: step, sigmoid and tanh units, and a loss on top."""

from dataclasses import dataclass
from fractions import Fraction
from math import log, log1p
from typing import Any

import numpy as np

from problem_bank.answers import Number as Rounded
from problem_bank.errors import BadGiven
from problem_bank.exact import dot
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.networks._activation_texts import FORMULA, FUNCTION, PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.log_units import LogUnits, draw_log_units, hyperbolic, logistic, power, times_log
from problem_bank.subjects.steps import Steps, bracketed, products
from problem_bank.tex import tex
from problem_bank.values import Matrix, Number, Vector

COUNTS: dict[str, dict[int, tuple[int, ...]]] = {
    "step": {1: (-6, -4, -3, -2, 2, 3, 4, 6)},  # plain weights
    "sigmoid": {2: (-2, -1, 1, 2), 3: (-1, 1)},
    "tanh": {2: (-1, 1), 3: (-1, 1)},
}
TARGETS: dict[str, tuple[int, ...]] = {"logistic": (0, 1), "hinge": (-1, 1), "squared": tuple(range(-6, 7))}


@family(
    topic="networks",
    source="Goodfellow 6.2.2, 6.3.2",
    minutes=8,
    levels={
        "easy": {"hidden": "step", "loss": "logistic", "units": 4},
        "medium": {},
        "hard": {"hidden": "tanh", "loss": "hinge", "units": 4},
    },
)
def activations_and_loss(rng: Rng, *, hidden: str = "sigmoid", loss: str = "squared", units: int = 3) -> Exercise:
    """Compute a forward pass through step, sigmoid or tanh units, and the loss on top."""
    if hidden not in COUNTS or loss not in FORMULA or (loss == "logistic") != (hidden == "step"):
        raise BadGiven(f"hidden {hidden!r}, loss {loss!r}: write step with logistic, or one of sigmoid and tanh with "
                       "squared or hinge")  # fmt: skip
    x = rng.ints("x", 2, 1, 4)
    layer = draw_log_units(rng, (x,), units, COUNTS[hidden])
    v, c = rng.ints("v", units, -3, 3, exclude=(0,)), rng.int("c", -4, 4, exclude=(0,))
    base = rng.choice("base", (2, 3, 5)) if loss == "logistic" else 1
    target = rng.choice("target", TARGETS[loss])
    steps = Steps(SAID)
    net = _Net(layer, x, v, c, base, target)
    net.ask_hidden(steps, hidden)
    net.ask_loss(steps, loss, hidden)
    h: Any = steps.keys["h"]
    y: Any = dot(v, h) + c
    rng.require(len(set(h)) > 1 and len(set(v)) > 1, "units and weights differ")
    rng.require(loss == "logistic" or abs(y) != 1, "no misconception is hidden by an output of 1")
    rng.require(loss != "logistic" or 0 < abs(y) <= 4, "the probability is neither 1/2 nor extreme")
    rng.require(loss != "hinge" or y * target < 1, "the hinge loss is not 0")
    rng.require(loss != "squared" or abs(y - target) not in (0, 2), "halving and squaring change the error")
    return Exercise(
        given={**rng.drawn, "hidden": hidden, "loss": loss, "units": units},
        shown={"lines": [_line(layer, j, hidden) for j in range(units)], "function": FUNCTION[hidden],
               "formula": FORMULA[loss], "factor": rf"\ln {base} \cdot " if base > 1 else "",
               "bias": times_log(c, base) if base > 1 else tex(c), "keys": steps.keys, "base": base,
               "sums": [_sum(layer, j, x, hidden) for j in range(units)], "count": y,
               "p_target": logistic(power(base, y if target else -y)) if base > 1 else 0,
               "products": f"{products(v, h)} + {bracketed(c)}", "bracketed": bracketed},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(3 * units),
    )  # fmt: skip


@dataclass(frozen=True)
class _Net:
    """The parts of one forward pass; every rule starts from the student's own earlier values."""

    layer: LogUnits
    x: Vector
    v: Vector
    c: Number
    base: int
    target: int

    def ask_hidden(self, steps: Steps, hidden: str) -> None:
        """The sums, or their exponentials, and the activations."""
        layer, x = self.layer, self.x
        if hidden == "step":
            steps.ask("a", PART["a"], lambda e: layer.counts(x), {"no_bias": layer.counts(x, biased=False)}, points=3)
            steps.ask("h", PART["h"], lambda e: tuple(int(a >= 0) for a in e["a"]), {
                "sums": lambda e: e["a"], "relu": lambda e: tuple(max(a, 0) for a in e["a"]),
                "bipolar": lambda e: tuple(1 if a >= 0 else -1 for a in e["a"]),
            })  # fmt: skip
            return
        counts, key = layer.counts(x), layer.exponentials(x)
        multiplied = tuple(n * k for n, k in zip(counts, layer.bases, strict=True))
        steps.ask("k", PART["k"], lambda e: key, {
            "no_bias": layer.exponentials(x, biased=False), "product": None if multiplied == key else multiplied,
        }, points=3)  # fmt: skip
        right, other = (logistic, hyperbolic) if hidden == "sigmoid" else (hyperbolic, logistic)
        wrong: dict[str, Any] = {"exponential": lambda e: e["k"], "other_curve": lambda e: tuple(map(other, e["k"]))}
        if hidden == "sigmoid":
            wrong["negated"] = lambda e: tuple(1 - logistic(k) for k in e["k"])
        else:
            wrong["half"] = lambda e: tuple(2 * logistic(k) - 1 for k in e["k"])
        steps.ask("h", PART["h"], lambda e: tuple(map(right, e["k"])), wrong, points=2)

    def ask_loss(self, steps: Steps, loss: str, hidden: str) -> None:
        """The output, and the loss."""
        if loss == "logistic":
            self._ask_logistic(steps)
            return
        t = self.target
        wrong: dict[str, Any] = {
            "no_bias": lambda e: dot(self.v, e["h"]),
            "before_activation": lambda e: dot(self.v, e["k"]) + self.c,
        }
        steps.ask("y", PART["y"], self._output, wrong, points=2)
        rules: dict[str, tuple[Rule, dict[str, Any]]] = {
            "squared": (lambda e: Fraction(e["y"] - t) ** 2 / 2, {
                "no_half": lambda e: (e["y"] - t) ** 2, "not_squared": lambda e: abs(Fraction(e["y"] - t)) / 2,
            }),
            "hinge": (lambda e: max(0, 1 - t * e["y"]), {
                "no_margin": lambda e: max(0, -t * e["y"]),
                "label_lost": (lambda e: max(0, 1 - e["y"])) if t == -1 else None,
            }),
        }  # fmt: skip
        steps.ask("loss", PART["loss"], *rules[loss])

    def _ask_logistic(self, steps: Steps) -> None:
        t = self.target

        def odds(e: Earlier) -> Any:
            return power(self.base, self._output(e))

        def nll(p: Any, label: int) -> float:
            return -log(p) if label else -log1p(-p)

        multiplied = self._output(steps.keys) * self.base
        steps.ask("odds", PART["odds"], odds, {
            "no_bias": lambda e: power(self.base, dot(self.v, e["h"])),
            "product": None if multiplied == odds(steps.keys) else lambda e: self._output(e) * self.base,
        })  # fmt: skip
        steps.ask("p", PART["p"], lambda e: logistic(e["odds"]), {
            "negated": lambda e: 1 - logistic(e["odds"]), "exponential": lambda e: e["odds"],
        })  # fmt: skip
        steps.ask("loss", PART["loss"], lambda e: nll(e["p"], t), {
            "other_label": lambda e: nll(e["p"], 1 - t), "base_two": lambda e: nll(e["p"], t) / log(2),
            "squares": lambda e: (float(e["p"]) - t) ** 2,
        }, kind=lambda key: Rounded(key, floor=1e-3))  # fmt: skip

    def _output(self, e: Earlier) -> Any:
        return dot(self.v, e["h"]) + self.c


def _line(layer: LogUnits, j: int, hidden: str) -> str:
    """Weights and bias of a unit in LaTeX; the step units have plain ones."""
    return f"w = {tex(layer.rows[j])}, \\; b = {layer.shifts[j]}" if hidden == "step" else layer.lines[j]


def _sum(layer: LogUnits, j: int, x: Vector, hidden: str) -> str:
    """A unit's sum with its numbers."""
    shown, n, k = f"{products(layer.rows[j], x)} + {bracketed(layer.shifts[j])}", layer.counts(x)[j], layer.bases[j]
    if hidden == "step":
        return f"a_{j + 1} = {shown} = {n}"
    return rf"a_{j + 1} = ({shown}) \cdot \ln {k} = {times_log(n, k)}, \quad e^{{a_{j + 1}}} = {tex(power(k, n))}"


@activations_and_loss.oracle
def by_powers(
    *, x: Vector, W: Matrix, b: Vector, bases: Vector, v: Any, c: int, target: int, hidden: str, loss: str, **given: Any
) -> dict[str, Any]:
    """Exponentials as products of powers, sigmoid as 1 - 1/(1 + k), tanh as a stretched sigmoid, in NumPy."""
    rows, ks = np.array(W, dtype=object), [Fraction(k) for k in bases]
    sums, biases = rows @ np.array(x, dtype=object), np.array(b, dtype=object)
    values: dict[str, Any] = {}
    if hidden == "step":
        a = sums + biases
        h = np.heaviside(a.astype(float), 1).astype(int)
        values |= {"a": a, "a.no_bias": sums, "h": h, "h.sums": a, "h.relu": a * h, "h.bipolar": 2 * h - 1}
    else:
        k = np.array([_powers(base, n * np.array(x), shift) for base, n, shift in zip(ks, rows, biases, strict=True)])
        multiplied = (sums + biases) * np.array(ks)
        curve, other = _sigmoid(k), 2 * _sigmoid(k * k) - 1
        h = curve if hidden == "sigmoid" else other
        values |= {"k": k, "k.no_bias": k / np.array([_powers(base, [s]) for base, s in zip(ks, biases, strict=True)]),
                   "k.product": None if (multiplied == k).all() else multiplied, "h": h, "h.exponential": k,
                   "h.other_curve": other if hidden == "sigmoid" else curve, "h.negated": 1 - curve,
                   "h.half": 2 * curve - 1, "y.before_activation": np.dot(v, k) + c}  # fmt: skip
    y = np.dot(v, h) + c
    if loss == "logistic":
        return values | _logistic_loss(given["base"], int(y), c, target)
    margin, half = target * y, Fraction(1, 2)
    values |= {"y": y, "y.no_bias": y - c}
    if loss == "hinge":
        return values | {"loss": 1 - margin, "loss.no_margin": (abs(margin) - margin) * half,
                         "loss.label_lost": ((1 - y) + abs(1 - y)) * half if target < 0 else None}  # fmt: skip
    square = y * y - 2 * y * target + target * target
    return values | {"loss": square * half, "loss.no_half": square, "loss.not_squared": abs(y - target) * half}


def _powers(base: Fraction, exponents: Any, *more: Any) -> Any:
    """The product of powers of one base."""
    product = Fraction(1)
    for n in (*exponents, *more):
        product *= base ** int(n)
    return product


def _sigmoid(k: Any) -> Any:
    return 1 - 1 / (1 + k)


def _logistic_loss(base: int, y: int, c: int, target: int) -> dict[str, Any]:
    odds = _powers(Fraction(base), [y])
    p, multiplied = _sigmoid(odds), y * base
    own, other = (p, 1 - p) if target else (1 - p, p)
    return {
        "odds": odds, "odds.no_bias": odds / _powers(Fraction(base), [c]),
        "odds.product": None if multiplied == odds else multiplied,
        "p": p, "p.negated": 1 - p, "p.exponential": odds,
        "loss": float(-np.log(float(own))), "loss.other_label": float(-np.log(float(other))),
        "loss.base_two": float(-np.log2(float(own))), "loss.squares": float((1 - own) ** 2),
    }  # fmt: skip
