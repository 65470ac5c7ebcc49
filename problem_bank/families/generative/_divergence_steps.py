"""The steps of an exercise on divergences: two directions, the mixture, normal distributions."""

from __future__ import annotations

from fractions import Fraction
from math import log, sqrt
from typing import NamedTuple

from problem_bank.algebra import Node, evaluate, names, read
from problem_bank.answers import Array, Expression
from problem_bank.exercise import Earlier
from problem_bank.families.generative._divergence_texts import ASKED
from problem_bank.families.generative._divergences import cross_entropy, discrete, normal
from problem_bank.families.generative._entrywise import each, mean
from problem_bank.subjects.steps import Steps
from problem_bank.tex import decimal
from problem_bank.values import Number, Vector

LETTERS = {"a": "real", "b": "positive"}


def ask_both(steps: Steps, p: Vector, q: Vector) -> None:
    """From entropy and cross-entropy to the divergence, and to the one in the other direction."""
    entropy, cross, back = cross_entropy(p, p), cross_entropy(p, q), cross_entropy(q, p)
    steps.ask("entropy", ASKED["entropy"], entropy, {
        "base_two": entropy / log(2), "sign": -entropy, "entropy_of_q": cross_entropy(q, q),
        "unweighted": -mean(log, p),
    })  # fmt: skip
    steps.ask("cross", ASKED["cross"], cross, {
        "base_two": cross / log(2), "cross_of_q": back, "unweighted": -mean(log, q),
    })  # fmt: skip
    steps.ask("forward", ASKED["forward"], lambda e: e["cross"] - e["entropy"], {
        "sign": lambda e: e["entropy"] - e["cross"], "direction": discrete(q, p), "entropy_kept": lambda e: e["cross"],
    })  # fmt: skip
    reverse = discrete(q, p)
    steps.ask("reverse", ASKED["reverse"], reverse, {
        "sign": -reverse, "direction": lambda e: e["forward"], "entropy_kept": back, "base_two": reverse / log(2),
    })  # fmt: skip


def ask_mixture(steps: Steps, p: Vector, q: Vector) -> None:
    """The divergence of a distribution with a gap, the mixture, and the Jensen-Shannon divergence."""
    forward = discrete(p, q)
    steps.ask("forward", ASKED["forward"], forward, {
        "base_two": forward / log(2), "sign": -forward, "entropy_kept": cross_entropy(p, q),
    })  # fmt: skip
    mixture = each(lambda a, b: Fraction(a + b) / 2, p, q)
    steps.ask("mixture", ASKED["mixture"], mixture, {
        "summed": each(lambda a, b: a + b, p, q), "product": each(lambda a, b: a * b, p, q),
    }, kind=lambda key: Array(key, 1e-4))  # fmt: skip
    steps.ask("p_to_m", ASKED["p_to_m"], lambda e: discrete(p, e["mixture"]), {
        "base_two": lambda e: discrete(p, e["mixture"]) / log(2),
        "entropy_kept": lambda e: cross_entropy(p, e["mixture"]),
    })  # fmt: skip
    shared = tuple(i for i, a in enumerate(p) if a)
    steps.ask("q_to_m", ASKED["q_to_m"], lambda e: discrete(q, e["mixture"]), {
        "gap_skipped": lambda e: discrete([q[i] for i in shared], [e["mixture"][i] for i in shared]),
        "direction": lambda e: discrete(e["mixture"], q), "entropy_kept": lambda e: cross_entropy(q, e["mixture"]),
    })  # fmt: skip
    steps.ask("js", ASKED["js"], lambda e: (e["p_to_m"] + e["q_to_m"]) / 2, {
        "summed": lambda e: e["p_to_m"] + e["q_to_m"], "one_sided": lambda e: e["p_to_m"],
        "roots": lambda e: sqrt((e["p_to_m"] + e["q_to_m"]) / 2),
    })  # fmt: skip


class Normals(NamedTuple):
    """P = N(mean, sd^2), and the numbers that stand for the letters of Q = N(a, b^2)."""

    mean: Number
    sd: Number
    a: Number
    b: Number

    def ask(self, steps: Steps) -> None:
        """The divergence in letters, in numbers, the other way round, and the variance that makes it least."""
        formula = self._read(self.formula(self.sd))
        steps.ask("formula", ASKED["formula"], formula, {
            "direction": self._read(f"ln({self.sd}) - ln(b) + (b^2 + ({self.mean} - a)^2)/(2*({self.sd**2})) - 1/2"),
            "sd_for_variance": self._read(self.formula(self.sd**2)),
            "log_turned": self._read(self.formula(self.sd, log=f"ln({self.sd}) - ln(b)")),
            "no_half": self._read(self.formula(self.sd, constant="")),
            "means_forgotten": self._read(self.formula(self.sd, square="")),
        }, points=2, kind=lambda key: Expression(key, LETTERS))  # fmt: skip
        steps.tolerance = 1e-3
        forward, back = self._divergence(self.sd), normal(self.a, self.b, self.mean, self.sd)
        steps.ask("at", self._prompt("at"), self._value, {
            "direction": back, "sd_for_variance": self._divergence(self.sd**2),
            "means_forgotten": normal(0, self.sd, 0, self.b),
        })  # fmt: skip
        steps.ask("back", self._prompt("back"), back, {
            "direction": forward, "sd_for_variance": normal(self.a, self.b, self.mean, self.sd**2), "sign": -back,
        })  # fmt: skip
        apart = Fraction(self.mean - self.a) ** 2
        steps.ask("best", self._prompt("best"), float(self.sd**2 + apart), {
            "own_variance": self.sd**2, "its_root": sqrt(self.sd**2 + apart), "distance_alone": apart,
            "sd_for_variance": self.sd**4 + apart,
        })  # fmt: skip

    def formula(self, sd: Number, *, log: str = "", square: str | None = None, constant: str = " - 1/2") -> str:
        """KL(P || Q) as an expression in a and b, perhaps with a term changed."""
        distance = f" + ({self.mean} - a)^2" if square is None else square
        return f"{log or f'ln(b) - ln({sd})'} + ({sd**2}{distance})/(2*b^2){constant}"

    def _divergence(self, sd: Number) -> float:
        return normal(self.mean, sd, self.a, self.b)

    def _value(self, e: Earlier) -> float:
        """The student's own formula in numbers. Raises ValueError for one that does not depend on both letters."""
        if names(e["formula"]) != set(LETTERS):
            raise ValueError("nothing is left to compute")
        return float(evaluate(e["formula"], {"a": Fraction(self.a), "b": Fraction(self.b)}))

    def _prompt(self, name: str) -> str:
        return ASKED[name].replace("A$", f"{decimal(self.a)}$").replace("B$", f"{decimal(self.b)}$")

    def _read(self, text: str) -> Node:
        return read(text, LETTERS)
