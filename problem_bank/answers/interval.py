"""Intervals of real numbers and their unions: "(0, 1]", "x > 3", "(-inf, 0) ∪ [2, 5)", "no solution"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from problem_bank import algebra
from problem_bank.algebra.interval_text import read_union
from problem_bank.algebra.intervals import REALS, Union, compare_unions
from problem_bank.answers import reading
from problem_bank.answers.answer import UNDECIDED, Answer, Match, Samples
from problem_bank.errors import Unreadable


@dataclass(frozen=True)
class Interval(Answer):
    """A set of real numbers made of intervals, however it is cut and written.

    `key` is a text. `variable` is the name that runs through it in conditions such as "x > 3";
    `symbols` are letters that may stand in its ends.
    """

    kind: ClassVar[str] = "interval"
    key: Any
    variable: str = "x"
    symbols: Mapping[str, str] | tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "symbols", algebra.domains_of(self.symbols))
        if isinstance(self.key, str):
            object.__setattr__(self, "key", self.parse(self.key))

    @property
    def domains(self) -> Mapping[str, str]:
        """The letters and what they may stand for."""
        assert isinstance(self.symbols, Mapping)  # since __post_init__
        return self.symbols

    def parse(self, raw: Any) -> Union:
        if not isinstance(raw, str):
            raise Unreadable(f"a {reading.kind_of(raw)} stands where an interval is expected; write {self.hint}")
        return read_union(raw, self.variable, self.domains, self.aliases)

    def compare(self, value: Union) -> Match:
        found = compare_unions(value, self.key, self.domains)
        if found.equal is None:
            return Match(0, found.reason, UNDECIDED)
        return Match(int(found.equal), "" if found.equal else found.reason, found.basis)

    def show(self, value: Union) -> str:
        return value.show()

    def tex(self, value: Union) -> str:
        return value.tex()

    @property
    def hint(self) -> str:
        return f"intervals or conditions, such as (0, 1], {self.variable} > 3, or (-inf, 0) ∪ [2, 5)"

    def samples(self) -> Samples:
        shown = self.key.show()
        right = (shown, f" {shown} ", f"{self.variable} in {shown}", f"${self.key.tex()}$", f"{shown} or (1, 1)")
        wrong = ("{12345}" if self.key.parts else "[0, 1]", "[-1/7, 12345/7)", "{}" if self.key.parts else "R")
        malformed = ("", "(1, 2", "(1, 2, 3)", "[1, inf]", "(inf, 1)", "1 < 2", "(__import__('os'), 1)", [0, 1], True)
        return Samples(right, wrong if self.key != REALS else wrong[:2], malformed)
