"""A number to some accuracy: "0.4621", "≈ 40.17"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from problem_bank.algebra.tolerance import NEAR, NEARLY
from problem_bank.answers import reading
from problem_bank.answers.answer import SLACK, Answer, Match, Samples, places, unit
from problem_bank.tex import decimal
from problem_bank.values import Number as Exact

DECIMALS = 12  # what was typed as a decimal is shown as one


@dataclass(frozen=True)
class Number(Answer):
    """A real number, right within tolerance * max(floor, |key|): relative above the floor, absolute below.

    Where so many `digits` after the point are asked for, it is right within one unit of the last of them instead.
    """

    kind: ClassVar[str] = "number"
    private: ClassVar[tuple[str, ...]] = ("key", "tolerance", "floor")
    key: Exact | float
    tolerance: float = 1e-3
    floor: float = 1.0
    digits: int | None = None

    def parse(self, raw: Any) -> Exact:
        return reading.number(raw)

    def compare(self, value: Exact | float) -> Match:
        basis = f"within {self.tolerance if self.digits is None else unit(self.digits):g}"
        distance = abs(float(value) - float(self.key))
        if distance <= self.margin:
            return Match(1, basis=basis)
        return Match(0, NEARLY if distance <= NEAR * self.margin else "", basis)

    @property
    def margin(self) -> float:
        """How far a right answer may be from the key."""
        if self.digits is not None:
            return unit(self.digits) * (1 + SLACK)
        return self.tolerance * max(self.floor, abs(float(self.key)))

    def keyed(self, key: Any) -> Self:
        return type(self)(
            key, self.tolerance, self.floor, self.digits
        )  # proofs do this often; replace() takes five times as long

    def rounded(self, digits: int) -> Self:
        return replace(self, digits=digits)

    def show(self, value: Exact | float) -> str:
        if isinstance(value, float):
            return f"{value:.6g}"
        return str(value) if 10**DECIMALS % value.denominator else f"{float(value):.15g}"

    def tex(self, value: Exact | float) -> str:
        return decimal(value, 6)

    @property
    def hint(self) -> str:
        if self.digits is not None:
            return f"a number to {places(self.digits)}, such as {0.46213847:.{self.digits}f}"
        return "a number to at least 4 significant digits, such as 0.4621"

    def samples(self) -> Samples:
        key = float(self.key)
        far = 3 * self.margin
        right = (f"{key:.12f}", f"≈ {key:.12f}", key)
        return Samples(right, (key + far, f"{key - far:.12f}"), ("", "about 3", "1/0", [1.0], float("inf"), None))
