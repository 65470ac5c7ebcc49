"""Functions of one signed sum, and the two-layer networks that compute them knot by knot."""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from problem_bank.answers import TwoLayer
from problem_bank.exact import scale
from problem_bank.values import Number, Vector, whole


@dataclass(frozen=True)
class Target:
    """A function of s = signs . x, by its values at the least s, the next one, and so on.

    The signs are such that reading the values from the left needs the fewest hidden units.
    """

    words: str
    signs: Vector
    profile: Vector
    values: tuple[int, ...] = (0, 1)

    def valued(self, low: int, high: int) -> "Target":
        """The same function with `low` in place of 0 and `high` in place of 1."""
        profile = tuple(low + (high - low) * v for v in self.profile)
        return replace(self, words=self.words.format(low=low, high=high, step=high - low), profile=profile)

    @property
    def first(self) -> int:
        """The least s."""
        return sum(min(int(sign) * v for v in self.values) for sign in self.signs)

    @property
    def formula(self) -> str:
        """The signed sum as LaTeX."""
        terms = "".join(f"{'+' if sign > 0 else '-'} x_{i} " for i, sign in enumerate(self.signs, 1))
        return terms.removeprefix("+ ").strip()

    def knots(self, activation: str) -> list[tuple[int, Number, Number]]:
        """Where the profile needs a hidden unit: the sum s, and what changes there, from and to.

        For ReLU the slope changes at s; for the step the level changes between s - 1 and s.
        """
        f = self.profile
        levels = f if activation == "step" else (0, *(b - a for a, b in pairwise(f)))
        start = self.first if activation == "step" else self.first - 1
        pairs = enumerate(pairwise(levels), start + 1)
        return [(s, old, new) for s, (old, new) in pairs if old != new]

    def network(self, activation: str, coding: str, *, change: bool = True) -> TwoLayer:
        """One unit for each knot, weighted by the change there (or, wrongly, by what comes after it)."""
        knots, steps = self.knots(activation), activation == "step"
        w1 = tuple(scale(2 if steps else 1, self.signs) for _ in knots)
        b1 = tuple(1 - 2 * s if steps else -s for s, _, _ in knots)
        w2 = tuple(new - old if change else new for _, old, new in knots)
        net = TwoLayer(w1, b1, w2, self.profile[0])
        return recoded(net, activation) if coding == "bipolar" else net


def recoded(net: TwoLayer, activation: str) -> TwoLayer:
    """The network for inputs -1 and 1 that does what this one does for 0 and 1: (1 + x) / 2 for x, units doubled."""
    b1 = tuple(2 * b + sum(row) for row, b in zip(net.W1, net.b1, strict=True))
    w2 = net.W2 if activation == "step" else tuple(whole(Fraction(w) / 2) for w in net.W2)
    return TwoLayer(net.W1, b1, w2, net.b2)


TARGETS = {
    "and": Target("{high} if both inputs are true, else {low} (AND)", (1, 1), (0, 0, 1)),
    "or": Target("{high} if at least one input is true, else {low} (OR)", (-1, -1), (1, 1, 0)),
    "nand": Target("{low} if both inputs are true, else {high} (NAND)", (1, 1), (1, 1, 0)),
    "nor": Target("{high} if both inputs are false, else {low} (NOR)", (-1, -1), (0, 0, 1)),
    "implies": Target(
        r"{low} if $x_1$ is true and $x_2$ false, else {high} (the implication $x_1 \Rightarrow x_2$)",
        (1, -1),
        (1, 1, 0),
    ),
    "without": Target("{high} if $x_1$ is true and $x_2$ false, else {low} ($x_1$ and not $x_2$)", (1, -1), (0, 0, 1)),
    "xor": Target("{high} if exactly one of the two inputs is true, else {low} (XOR)", (1, 1), (0, 1, 0)),
    "xnor": Target("{high} if the two inputs are equal, else {low} (XNOR)", (1, 1), (1, 0, 1)),
    "parity": Target("{high} if the number of true inputs is odd, else {low} (parity)", (1, 1, 1), (0, 1, 0, 1)),
    "majority": Target(
        "{high} if at least two of the three inputs are true, else {low} (majority)", (1, 1, 1), (0, 0, 1, 1)
    ),
    "exactly_one": Target("{high} if exactly one of the three inputs is true, else {low}", (1, 1, 1), (0, 1, 0, 0)),
    "distance": Target("${low} + ({step}) |x_1 - x_2|$", (1, -1), (2, 1, 0, 1, 2), (0, 1, 2)),
}


def mistakes(target: Target, activation: str, coding: str) -> dict[str, TwoLayer]:
    """The networks that wrong procedures lead to; some still compute the target."""
    right = target.network(activation, coding)
    return {
        "new_for_change": target.network(activation, coding, change=False),
        "no_bias": replace(right, b1=scale(0, right.b1)),
        "no_output_bias": replace(right, b2=0),
        "swapped_inputs": replace(right, W1=tuple(row[::-1] for row in right.W1)),
        "complement": replace(right, W2=scale(-1, right.W2), b2=min(target.profile) + max(target.profile) - right.b2),
        "wrong_coding": target.network(activation, "binary"),
    }
