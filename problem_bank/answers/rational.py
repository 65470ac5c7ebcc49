"""An exact number: "3/4", "0.75", "-2"."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from problem_bank.answers import reading
from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.number import Number as Decimal
from problem_bank.tex import tex
from problem_bank.values import Number


@dataclass(frozen=True)
class Rational(Answer):
    """An exact integer, fraction or decimal. A rounded decimal is not exact, and is told so."""

    kind: ClassVar[str] = "rational"
    key: Number

    def parse(self, raw: Any) -> Number:
        return reading.number(raw)

    def compare(self, value: Number) -> Match:
        if value == self.key:
            return Match(1)
        size = max(Fraction(1), abs(Fraction(self.key)))
        rounded = abs(Fraction(value) - self.key) <= size / 200
        return Match(0, "Close, but the exact value is asked for: write it as a fraction." if rounded else "")

    def agrees(self, key: Any) -> bool:
        return bool(key == self.key)

    def keyed(self, key: Any) -> Self:
        return type(self)(key)  # proofs do this often; replace() takes five times as long

    def rounded(self, digits: int) -> Decimal:
        return Decimal(self.key, digits=digits)

    def show(self, value: Number) -> str:
        return str(value)

    def tex(self, value: Number) -> str:
        return tex(value)

    @property
    def hint(self) -> str:
        return "an exact number, such as -2, 0.75 or 3/4"

    def samples(self) -> Samples:
        shown = str(self.key)
        wrong = (str(self.key + 1), str(self.key - 1), str(self.key + Fraction(1, 1000)))
        right = (shown, f"y = {shown}", f" {shown} ", shown.replace("-", "−"), f"${shown}$")
        return Samples(
            right, wrong, ("", "three", "1/0", "1/2/3", "1e999999999", {"a": 1}, float("nan"), "__import__('os')")
        )
