"""Several expressions at once: "{1, -3/2}", "x = 1 or x = 2", "±2"; or a list of them, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from problem_bank import algebra
from problem_bank.algebra import sets
from problem_bank.algebra.sets import Collection
from problem_bank.answers import reading
from problem_bank.answers.answer import UNDECIDED, Answer, Match, Samples
from problem_bank.errors import Unreadable
from problem_bank.values import is_number


@dataclass(frozen=True)
class Set(Answer):
    """A set of expressions, or with `ordered` a list of them.

    `key` is a text, or a list of texts, numbers and trees. Right elements earn credit, of which each
    needless one costs as much as a right one brings: (2 (right - needless) + 1 - all) / (all + 1), at least 0.
    So one element, typed everywhere, earns nothing from sets of three or more.
    """

    kind: ClassVar[str] = "set"
    key: Any
    symbols: Mapping[str, str] | tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    ordered: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "symbols", algebra.domains_of(self.symbols))
        if self.key is not None:
            key = sets.collection_of(self.key, self.domains, self.aliases, ordered=self.ordered)
            object.__setattr__(self, "key", key)

    @property
    def domains(self) -> Mapping[str, str]:
        """The letters and what they may stand for."""
        assert isinstance(self.symbols, Mapping)  # since __post_init__
        return self.symbols

    def parse(self, raw: Any) -> Collection:
        if isinstance(raw, list | tuple) and all(isinstance(entry, str) or is_number(entry) for entry in raw):
            raw = ", ".join(map(str, raw)) if raw else "{}"
        elif is_number(raw) or isinstance(raw, float):
            raw = str(raw)
        if not isinstance(raw, str):
            raise Unreadable(f"a {reading.kind_of(raw)} stands where a set is expected; write {self.hint}")
        return sets.read_collection(raw, self.domains, self.aliases, ordered=self.ordered)

    def compare(self, value: Collection) -> Match:
        found = sets.compare_collections(value, self.key, self.domains)
        if found.equal is None:
            return Match(0, found.reason, UNDECIDED)
        return Match(1 if found.equal else self._share(value), "" if found.equal else found.reason, found.basis)

    def show(self, value: Collection) -> str:
        return value.show()

    def tex(self, value: Collection) -> str:
        return value.tex()

    @property
    def hint(self) -> str:
        return "a list, such as [2, -1/2]" if self.ordered else "a set, such as {2, -1/2}, or {} if it is empty"

    def samples(self) -> Samples:
        shown = self.key.show()
        elements = [element.show() for element in self.key.elements]
        right = [shown, f" {shown} ", f"${self.key.tex()}$"]
        if elements:
            right.append(", ".join(elements))
        if elements and not self.ordered:
            right += [f"{{{', '.join(reversed(elements))}}}", " or ".join(f"x = {e}" for e in elements)]
        wrong = (f"{{{', '.join([*elements, '12345'])}}}", "{}" if elements else "{0}", "{98765}")
        if self.ordered:
            wrong = (f"[{', '.join([*elements, '12345'])}]", "[98765]", "[]" if elements else "[0]")
        return Samples(
            tuple(right), wrong, ("", "{1, }", "{1,, 2}", "{1 2}", "{__import__('os')}", {"a": 1}, True, "∓1")
        )

    def _share(self, value: Collection) -> Fraction:
        """What the right elements earn beyond the needless ones, and beyond a guess."""
        met = sets.overlap(value, self.key, self.domains)
        size = len(self.key.elements)
        return max(Fraction(0), Fraction(2 * (met.hits - met.extra) + 1 - size, size + 1))
