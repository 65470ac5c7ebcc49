"""Variances forward and backward through random layers: the questions and their misconceptions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import itemgetter
from typing import Any

from problem_bank.answers import Integer, Rational
from problem_bank.exercise import Part, Rule, Slip
from problem_bank.families.initialisation._layer_texts import SAID
from problem_bank.values import Number, Vector

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Step:
    """A sum over a fan: from one variance to the next, of which ReLU on the way lets a share through."""

    fan: Number
    other: Number
    spread: Number
    share: Number

    def applied(self, level: Number) -> Number:
        """The next variance."""
        return self.fan * self.spread * self.share * level

    def wrong(self, level: Number) -> dict[str, Number]:
        """The next variance after a misconception."""
        half = "no_half" if self.share == HALF else "needless_half"
        return {
            "no_fan": self.spread * self.share * level,
            "other_fan": self.other * self.spread * self.share * level,
            half: self.fan * self.spread * (Fraction(3, 2) - self.share) * level,  # a half for 1, or 1 for a half
            "added": self.fan * (self.spread + self.share * level),
        }


@dataclass(frozen=True)
class Layers:
    """Dense layers: their widths, weight variances, and the variances of the input and of the last gradient."""

    relu: bool
    widths: Vector
    variances: Vector
    inputs: Number
    gradient: Number

    def rows(self) -> list[tuple[Number, Number, Number]]:
        """Inputs, outputs and weight variance of every layer."""
        return list(zip(self.widths, self.widths[1:], self.variances, strict=False))

    @cached_property
    def forward(self) -> list[Step]:
        """The way from x to the last pre-activation; x itself passes no ReLU."""
        return [Step(n, m, s, self._share(t)) for t, (n, m, s) in enumerate(self.rows())]

    @cached_property
    def backward(self) -> list[Step]:
        """The way from the last pre-activation back to x."""
        return [Step(m, n, s, self._share(t)) for t, (n, m, s) in reversed(list(enumerate(self.rows())))]

    def forward_parts(self) -> list[Part]:
        """The variance of every pre-activation."""
        names = [f"v{t}" for t in range(1, len(self.variances) + 1)]
        texts = [rf"$\operatorname{{Var}}(z_{t})$, of an entry of $z_{t}$." for t in range(1, len(names) + 1)]
        return _parts(names, texts, self.forward, self.inputs)

    def backward_parts(self) -> list[Part]:
        """The variance of the gradient by every earlier pre-activation, and by x."""
        places = [f"z_{t}" for t in range(len(self.variances) - 1, 0, -1)] + ["x"]
        names = [f"g{t}" for t in range(len(self.variances) - 1, -1, -1)]
        texts = [rf"The variance of an entry of $\frac{{\partial L}}{{\partial {place}}}$." for place in places]
        return _parts(names, texts, self.backward, self.gradient)

    def forward_lines(self) -> list[tuple[Any, ...]]:
        """For the solution: each step, the variance before and after."""
        return _lines(self.forward, self.inputs)

    def backward_lines(self) -> list[tuple[Any, ...]]:
        """For the solution: each step, the variance before and after."""
        return _lines(self.backward, self.gradient)

    def _share(self, t: int) -> Number:
        return HALF if self.relu and t else 1


def _lines(steps: list[Step], level: Number) -> list[tuple[Any, ...]]:
    lines = []
    for step in steps:
        lines.append((step, level, step.applied(level)))
        level = step.applied(level)
    return lines


def _parts(names: list[str], texts: list[str], steps: list[Step], start: Number) -> list[Part]:
    """One part for each step, from the student's own variance before it."""
    parts = []
    for i, (step, _, key) in enumerate(_lines(steps, start)):
        before = itemgetter(names[i - 1]) if i else lambda _: start
        parts.append(_part(texts[i], names[i], step, key, before))
    return parts


def _part(text: str, name: str, step: Step, key: Number, before: Rule) -> Part:
    """One step, from the student's own variance before it."""

    def wrong(slip: str) -> Rule:
        return lambda e: step.wrong(before(e))[slip]

    slips = [Slip(slip, wrong(slip), SAID[slip]) for slip in step.wrong(1)]
    return Part(name, text, Rational(key), misconceptions=slips, follow=lambda e: step.applied(before(e)))


@dataclass(frozen=True)
class Deep:
    """Many equal layers; from one to the next, the variance is multiplied by `ratio`."""

    relu: bool
    width: int
    ratio: Number
    bound: int

    @property
    def variance(self) -> Number:
        """Of the weights."""
        return Fraction(self.ratio) * (2 if self.relu else 1) / self.width

    @property
    def grows(self) -> bool:
        """Does the variance grow from layer to layer?"""
        return self.ratio > 1

    @property
    def steps(self) -> int:
        """How many ratios it takes."""
        return _steps(self.ratio, self.bound)

    def given(self) -> dict[str, Any]:
        """What rebuilds it."""
        return {"deep_width": self.width, "ratio": self.ratio, "bound": self.bound}


def depth_part(deep: Deep) -> Part:
    """The least depth at which the variance has left the range."""
    doubled = 2 * deep.ratio if deep.relu else 1
    same_side = (doubled > 1) == deep.grows and doubled != 1
    wrong = {
        "one_short": deep.steps,
        "no_half": 1 + _steps(doubled, deep.bound) if same_side else None,
        "deviation": 1 + _steps(deep.ratio, deep.bound**2),
    }
    slips = [Slip(name, value, SAID[name]) for name, value in wrong.items()]
    return Part("depth", "The smallest such $L$ for the deep network.", Integer(1 + deep.steps), points=2,
                misconceptions=slips)  # fmt: skip


def _steps(ratio: Number, bound: Number) -> int:
    """The least m with ratio^m above the bound, or below 1 / bound where the ratio is below 1."""
    ratio = Fraction(ratio) if ratio > 1 else 1 / Fraction(ratio)
    product, steps = ratio, 1
    while product <= bound:
        product, steps = product * ratio, steps + 1
    return steps
