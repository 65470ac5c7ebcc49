"""A whole number: "42", "-3", "78,500"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from problem_bank.answers import reading
from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.errors import Unreadable


@dataclass(frozen=True)
class Integer(Answer):
    """A whole number; groups of three may be set off by commas."""

    kind: ClassVar[str] = "integer"
    key: int

    def parse(self, raw: Any) -> int:
        value = reading.number(raw, grouped=True)
        if not isinstance(value, int):
            raise Unreadable(f"{reading.clip(raw)} is not a whole number, and one is asked for")
        return value

    def compare(self, value: int) -> Match:
        return Match(int(value == self.key))

    def show(self, value: int) -> str:
        return str(value)

    def tex(self, value: int) -> str:
        return str(value)

    @property
    def hint(self) -> str:
        return "a whole number, such as 12"

    def samples(self) -> Samples:
        right = (str(self.key), self.key, f" {self.key} ", f"n = {self.key}", f"{self.key:,}", f"${self.key}$")
        wrong = (str(self.key + 1), -self.key - 1)
        return Samples(right, wrong, ("", "many", "1.5", "1e999", [3], "9" * 100, "1_000", True))
