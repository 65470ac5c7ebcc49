"""Proof lines to be put in order: right is every order in which each line comes after those that it uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from problem_bank.answers import reading
from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.choice import LETTERS
from problem_bank.errors import Unreadable

Order = tuple[int, ...]
_BETWEEN = re.compile(r"(?:\\(?:to|rightarrow|Rightarrow|succ|prec|gt|,|;)(?![a-z])|[\s,;<>→⇒|/.()\[\]{}\"'-])+")


@dataclass(frozen=True)
class Dependencies:
    """For each line, as shown, the lines that it uses; None for a line that does not belong.

    Raises ValueError where lines use each other in a circle or one that does not belong, or where
    nothing fixes the place of a line: it uses no line, and no line uses it.
    """

    uses: tuple[Order | None, ...]

    def __post_init__(self) -> None:
        used = {line for uses in self.uses for line in uses or ()}
        loose = [LETTERS[line] for line in self.order if not self.uses[line] and line not in used]
        if loose:
            raise ValueError(f"nothing fixes the place of line {', '.join(loose)}; say what it uses or is used by")

    @cached_property
    def order(self) -> Order:
        """One right order: always the first line, as shown, that may come next."""
        order: list[int] = []
        left = [line for line, uses in enumerate(self.uses) if uses is not None]
        while left:
            ready = [line for line in left if self._supported(line, tuple(order))]
            if not ready:
                circle = ", ".join(LETTERS[line] for line in left)
                raise ValueError(f"lines {circle} use each other in a circle, or a line that does not belong")
            order.append(ready[0])
            left.remove(ready[0])
        return tuple(order)

    def faults(self, order: Order) -> list[int]:
        """The lines of this order that do not belong, or that come before a line that they use."""
        return [line for place, line in enumerate(order) if not self._supported(line, order[:place])]

    def partial_order(self) -> frozenset[tuple[int, int]]:
        """All pairs of a line and one that it uses, be it through others: what every right order keeps."""
        above: dict[int, set[int]] = {}
        for line in self.order:
            direct = self.uses[line] or ()
            above[line] = set(direct).union(*(above[use] for use in direct))
        return frozenset((use, line) for line, uses in above.items() for use in uses)

    def _supported(self, line: int, before: Order) -> bool:
        uses = self.uses[line]
        return uses is not None and all(use in before for use in uses)


@dataclass(frozen=True)
class Uses:
    """Every order that has this line: what the misconception behind a line that does not belong leads to."""

    line: int


@dataclass(frozen=True)
class Ordering(Answer):
    """The dependencies of the lines in `options`; answered by letters in order: "b, d, a", "bda", "b > d > a".

    A line that uses others is in place if they all come before it. Each such line in place earns one
    share; each line out of place, and each that does not belong, costs one, down to zero. So one slip
    costs little wherever it happens, since the lines that build on it are not charged again; lines
    that use nothing earn nothing, since they can hardly be misplaced; and an order by chance has as
    many lines out of place as in place, so that it earns next to nothing (the tests measure it).

    The value of a misconception is `Uses(line)`. What it costs is part of this measure already.
    """

    kind: ClassVar[str] = "ordering"
    slips_add_up: ClassVar[bool] = True
    key: Dependencies | Uses
    options: tuple[str, ...]

    def parse(self, raw: Any) -> Order:
        tokens = [token for token in _BETWEEN.split(_text(raw).lower()) if token]
        known = LETTERS[: len(self.options)]
        letters = [letter for token in tokens for letter in token]
        strange = [token for token in tokens if not set(token) <= set(known)]
        if strange or not letters:
            said = f"{reading.clip(strange[0])} is no line here" if strange else "there is nothing to read"
            raise Unreadable(f"{said}; write {self.hint}")
        twice = sorted({letter for letter in set(letters) if letters.count(letter) > 1})
        if twice:
            raise Unreadable(f"line {twice[0]} stands there twice; write each line that you use once")
        return tuple(known.index(letter) for letter in letters)

    def compare(self, value: Order) -> Match:
        basis = "dependency graph"
        if isinstance(self.key, Uses):
            return Match(int(self.key.line in value), basis=basis)
        faults, lines = self.key.faults(value), self.key.order
        if not faults and len(value) == len(lines):
            return Match(1, basis=basis)
        worth = sum(bool(self.key.uses[line]) for line in lines)
        earned = sum(bool(self.key.uses[line]) for line in value if line not in faults)
        share = Fraction(max(0, earned - len(faults)), worth)
        return Match(share, _remark(self.key, value, faults), basis)

    def agrees(self, key: Any) -> bool:
        """Do both accept the same orders?"""
        if isinstance(key, Dependencies) and isinstance(self.key, Dependencies):
            return set(key.order) == set(self.key.order) and key.partial_order() == self.key.partial_order()
        return bool(key == self.key)

    def show(self, value: Order | Dependencies | Uses) -> str:
        return ", ".join(LETTERS[line] for line in _example(value))

    def tex(self, value: Order | Dependencies | Uses) -> str:
        return rf"\text{{{'any order with ' if isinstance(value, Uses) else ''}{self.show(value)}}}"

    @property
    def hint(self) -> str:
        return (
            f"the letters (a to {LETTERS[len(self.options) - 1]}) of the lines that you use, in order, such as c, a, b"
        )

    def samples(self) -> Samples:
        order = _example(self.key)
        shown, letters = self.show(order), [LETTERS[line] for line in order]
        right = (shown, "".join(letters), letters, " > ".join(letters).upper(), f"({') ('.join(letters)})",
                 r" \to ".join(letters), f"order = {shown}.")  # fmt: skip
        spare = [line for line in range(len(self.options)) if line not in order]
        wrong = [order[::-1], order[:-1], *((*order, line) for line in spare)]
        malformed = ("", "?", "!" * 3, f"{shown}, {letters[0]}", f"{shown} 7", 3, True, [0, 1], {"a": 1}, "b" * 9999)
        return Samples(right, tuple(map(self.show, wrong)), malformed)


def _text(raw: Any) -> str:
    """The raw answer as one text; a list of letters joined."""
    if isinstance(raw, list | tuple) and all(isinstance(entry, str) for entry in raw):
        raw = ", ".join(raw)
    if not isinstance(raw, str):
        raise Unreadable(f"a {reading.kind_of(raw)} stands where the letters of lines are expected, such as c, a, b")
    return reading.text(raw)


def _example(value: Order | Dependencies | Uses) -> Order:
    if isinstance(value, Uses):
        return (value.line,)
    return value.order if isinstance(value, Dependencies) else value


def _remark(key: Dependencies, value: Order, faults: list[int]) -> str:
    """The first fault; else that something is missing."""
    if not faults:
        return "Each of your lines follows from those before it, but some that the proof needs are missing."
    line, uses = LETTERS[faults[0]], key.uses[faults[0]]
    if uses is None:
        return f"Line {line} does not belong here."
    before = value[: value.index(faults[0])]
    later = [LETTERS[use] for use in uses if use in value and use not in before]
    if later:
        return f"Line {line} uses what line {later[0]} states, which comes later."
    return f"Line {line} uses something that none of your lines states."
