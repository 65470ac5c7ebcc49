"""Goodfellow et al., Deep Learning, section 7.12: what dropout does to the mean and the variance of a unit's input."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from problem_bank.errors import BadGiven
from problem_bank.exact import dot, times
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps, products
from problem_bank.tex import tex
from problem_bank.values import Number, Vector, whole

ASK = ("kept", "test", "mean", "variance")
DROPS = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 3), Fraction(1, 5), Fraction(2, 5))

PROMPT = r"""
A unit adds up $y = w^\top \tilde{h} + b$ with $w = {{ w }}$ and $b = {{ b }}$. The activations below it are
$h = {{ h }}$.
**During training**, dropout sets each of them to zero with probability $p = {{ p }}$, independently of the others.
{% if inverted %}
This is **inverted** dropout: during training, kept activations are rescaled so that the mean of $\tilde{h}$ is $h$,
and the network is used without any change afterwards.
{% else %}
This is **plain** dropout: during training, kept activations stay as they are. At test time nothing is dropped, but
every activation is rescaled so that it equals the mean of $\tilde{h}$ in training.
{% endif %}
Give exact values.
""".strip()

SOLUTION = r"""
The keep probability is $1 - p = {{ keep }}$.

- A kept activation is handed on {{ "divided by the keep probability" if inverted else "as it is" }} in training:
${{ kept }}$.
- At test time it is handed on {{ "as it is" if inverted else "times the keep probability" }}: ${{ test }}$.
- On average $\tilde{h}$ is ${{ test }}$, so $y$ is on average ${{ terms }} + ({{ b }}) = {{ mean }}$. That is what
the test-time network computes.
{% if "variance" in ask %}
- The masks are independent, so the variances of the terms add up. A term is $w_i$ times the kept value or 0, with
variance $p (1 - p)$ times its square, and the bias does not vary:
$$ {{ p }} \cdot {{ keep }} \cdot ({{ squares }}) = {{ variance }}. $$
{% endif %}
""".strip()

PART = {
    "kept": r"What is $\tilde{h}$ in a training step in which nothing happens to be dropped?",
    "test": r"What are the activations that the unit receives at **test** time?",
    "mean": r"The mean of $y$ over the masks, in training.",
    "variance": r"The variance of $y$ over the masks, in training.",
}

SAID = {
    "multiplied": "You multiplied by the keep probability; to make up for dropped values, kept ones must grow.",
    "unscaled": "Inverted dropout rescales kept activations during training.",
    "scaled_in_training": "Plain dropout leaves kept activations as they are; it rescales at test time.",
    "by_drop": "You scaled by the drop probability p; what counts is the keep probability 1 − p.",
    "both": "You rescaled at test time too; inverted dropout has done that in training already.",
    "not_scaled": "At test time nothing is dropped, so plain dropout scales the activations down to their mean.",
    "grown": "You made them larger; without dropping they must be scaled down to the mean in training.",
    "bias_scaled": "You scaled the bias as well; dropout acts on the activations, not on the bias.",
    "nothing_dropped": "This is y if nothing is dropped; average over the masks.",
    "no_bias": "You left the bias out of the mean.",
    "one_chance": "A value that is kept with probability 1 − p has the variance p (1 − p) times its square.",
    "kept_not_rescaled": "You forgot that kept activations are larger here; the variance grows with their squares.",
    "kept_rescaled": "You rescaled the kept activations; plain dropout does not in training.",
    "square_of_sum": "You squared the sum; the terms are independent, so add up their own variances.",
    "second_moment": "These are the means of the squared terms; take the squares of their means away.",
}


@family(
    topic="dropout",
    source="Goodfellow 7.12",
    minutes=7,
    levels={
        "easy": {"ask": ASK[:3], "units": 2},
        "medium": {},
        "hard": {"units": 4},
    },
)
def expectation(rng: Rng, *, units: int = 3, ask: tuple[str, ...] = ASK) -> Exercise:
    """Find mean and variance of a unit's input under dropout, plain or inverted."""
    inverted = rng.choice("scaling", ("plain", "inverted")) == "inverted"
    w, h = rng.ints("w", units, -3, 5, exclude=(0,)), rng.ints("h", units, 1, 8)
    b, p = rng.int("b", -5, 5, exclude=(0,)), rng.choice("p", DROPS)
    if not 0 < p < 1:
        raise BadGiven(f"p: {p} is no drop probability; give one between 0 and 1")
    rng.require(dot(w, h) != 0 and len(set(h)) == units, "the sum is not zero, and the activations differ")
    dropped = Dropped(w, h, b, p, inverted)
    steps = Steps(SAID)
    for name in ask:
        right, wrong = dropped.rules(name)
        steps.ask(name, PART[name], right, wrong, points=2 if name == "variance" else 1)
    values = {name: dropped.rules(name)[0]({}) for name in ASK}
    return Exercise(
        given={**rng.drawn, "units": units, "ask": ask},
        shown={**values, "inverted": inverted, "keep": 1 - p, "terms": products(w, values["test"]),
               "squares": " + ".join(f"({tex(v)})^2" for v in times(w, values["kept"]))},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(units * len(ask)),
    )  # fmt: skip


@dataclass(frozen=True)
class Dropped:
    """w . (m * h) + b, where each entry of m is 0 with probability p."""

    w: Vector
    h: Vector
    b: Number
    p: Fraction
    inverted: bool

    def rules(self, name: str) -> tuple[Rule, dict[str, Any]]:
        """How a part is answered, and the misconceptions; None where they make no difference."""
        return {"kept": self._kept, "test": self._test, "mean": self._mean, "variance": self._variance}[name]()

    def scaled(self, factor: Number) -> Vector:
        """The activations times a factor."""
        return tuple(whole(Fraction(factor * v)) for v in self.h)

    def _own(self, name: str, earlier: Earlier) -> Vector:
        """The student's activations: those that are kept, or those at test time."""
        inside = (name == "kept") == self.inverted
        factor = 1 / (1 - self.p) if name == "kept" else 1 - self.p
        return tuple(earlier.get(name, self.scaled(factor) if inside else self.h))

    def _kept(self) -> tuple[Rule, dict[str, Any]]:
        keep, half = 1 - self.p, self.p == Fraction(1, 2)
        wrong = {"multiplied": self.scaled(keep)}
        if self.inverted:
            wrong |= {"unscaled": self.h}
            return lambda e: self.scaled(1 / keep), wrong | ({} if half else {"by_drop": self.scaled(1 / self.p)})
        return lambda e: self.h, wrong | {"scaled_in_training": self.scaled(1 / keep)}

    def _test(self) -> tuple[Rule, dict[str, Any]]:
        keep, half = 1 - self.p, self.p == Fraction(1, 2)
        if self.inverted:
            return lambda e: self.h, {"both": self.scaled(keep), "grown": self.scaled(1 / keep)}
        wrong = {"not_scaled": self.h, "grown": self.scaled(1 / keep)}
        return lambda e: self.scaled(keep), wrong | ({} if half else {"by_drop": self.scaled(self.p)})

    def _mean(self) -> tuple[Rule, dict[str, Any]]:
        wrong = {
            "nothing_dropped": lambda e: dot(self.w, self._own("kept", e)) + self.b,
            "no_bias": lambda e: dot(self.w, self._own("test", e)),
            "bias_scaled": lambda e: dot(self.w, self._own("test", e)) + (1 - self.p) * self.b,
        }
        return lambda e: whole(Fraction(dot(self.w, self._own("test", e)) + self.b)), wrong

    def _variance(self) -> tuple[Rule, dict[str, Any]]:
        keep = 1 - self.p
        confused = "kept_not_rescaled" if self.inverted else "kept_rescaled"
        factor = keep**2 if self.inverted else 1 / keep**2

        def squares(earlier: Earlier) -> Number:
            terms = times(self.w, self._own("kept", earlier))
            return dot(terms, terms)

        wrong = {
            "one_chance": lambda e: self.p * squares(e),
            "second_moment": lambda e: keep * squares(e) if self.p != Fraction(1, 2) else None,
            confused: lambda e: self.p * keep * factor * squares(e),
            "square_of_sum": lambda e: self.p * keep * dot(self.w, self._own("kept", e)) ** 2,
        }
        return lambda e: whole(Fraction(self.p * keep * squares(e))), wrong


@expectation.oracle
def by_enumeration(w: Vector, h: Vector, b: Number, p: Fraction, scaling: str, **given: Any) -> dict[str, Any]:
    """All masks, one after the other, each with its probability."""
    keep, half, inverted = 1 - p, p == Fraction(1, 2), scaling == "inverted"
    rescaled = [v / keep for v in h]
    kept = rescaled if inverted else list(h)

    def moment(values: Any, power: int, bias: Number) -> Number:
        total = Fraction(0)
        for mask in product((0, 1), repeat=len(h)):
            chance = keep ** sum(mask) * p ** (len(mask) - sum(mask))
            total += chance * (sum(c * m * v for c, m, v in zip(w, mask, values, strict=True)) + bias) ** power
        return total

    def variance(values: Any) -> Number:
        return moment(values, 2, 0) - moment(values, 1, 0) ** 2

    everything = sum(c * v for c, v in zip(w, kept, strict=True))
    chance = p * keep
    return {
        "kept": kept,
        "kept.multiplied": [keep * v for v in h],
        "kept.unscaled": list(h),
        "kept.by_drop": [v / p for v in h],
        "kept.scaled_in_training": rescaled,
        "test": list(h) if inverted else [keep * v for v in h],
        "test.both": [keep * v for v in h],
        "test.not_scaled": list(h),
        "test.grown": rescaled,
        "test.by_drop": [p * v for v in h],
        "mean": moment(kept, 1, b),
        "mean.nothing_dropped": everything + b,
        "mean.no_bias": moment(kept, 1, 0),
        "mean.bias_scaled": moment(kept, 1, 0) + keep * b,
        "variance": variance(kept),
        "variance.one_chance": variance(kept) / keep,
        "variance.second_moment": None if half else variance(kept) / p,
        "variance.kept_not_rescaled": variance(h),
        "variance.kept_rescaled": variance(rescaled),
        "variance.square_of_sum": chance * everything**2,
    }
