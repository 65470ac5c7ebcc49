"""An equation in declared letters: "y = 2*x + 1", "2*x - y + 1 = 0"; or an assignment, "theta = theta - rate*g"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from problem_bank import algebra
from problem_bank.algebra import Node, equations
from problem_bank.answers import reading
from problem_bank.answers.answer import UNDECIDED, Answer, Match, Samples
from problem_bank.errors import Unreadable


@dataclass(frozen=True)
class Equation(Answer):
    """An equation with the same solutions as the key, however it is written.

    `key` is a text with one "=", and `symbols` and `aliases` are as in `Expression`. With `left`,
    the name on the left side, it is an assignment instead: the right sides must be equal, and the
    left side may be left out.
    """

    kind: ClassVar[str] = "equation"
    key: Any
    symbols: Mapping[str, str] | tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    left: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "symbols", algebra.domains_of(self.symbols))
        if isinstance(self.key, str):
            object.__setattr__(self, "key", self._read(self.key))

    @property
    def domains(self) -> Mapping[str, str]:
        """The letters and what they may stand for."""
        assert isinstance(self.symbols, Mapping)  # since __post_init__
        return self.symbols

    def parse(self, raw: Any) -> equations.Equation:
        if not isinstance(raw, str):
            raise Unreadable(f"a {reading.kind_of(raw)} stands where {self._what} is expected; write {self.hint}")
        return self._read(raw)

    def compare(self, value: equations.Equation) -> Match:
        compared = equations.compare_assignments if self.left else equations.compare_equations
        found = compared(value, self.key, self.domains)
        if found.equal is None:
            return Match(0, found.reason, UNDECIDED)
        remark = "" if found.equal else found.reason or self._remark(value)
        return Match(int(found.equal), remark, found.basis)

    def show(self, value: equations.Equation) -> str:
        return value.show()

    def tex(self, value: equations.Equation) -> str:
        return value.tex()

    @property
    def hint(self) -> str:
        names = list(self.domains)
        if self.left:
            return f"an assignment in {', '.join(names)}, such as {self.left} = 3*{names[0]} + {names[-1]}^2"
        return f"an equation in {', '.join(names)}, such as 3*{names[0]} = {names[-1]} + 4"

    def samples(self) -> Samples:
        left, right = self.key.left.show(), self.key.right.show()
        wrong: tuple[str, ...] = (f"{left} = ({right})*2 + 1/3", f"{left} = {right} + 1", "0 = 0", "1 = 2")
        malformed = ("", "=", "2 +", f"{left} = ", f"{left} = {right} = 1", "y = __import__('os')", 3, [left], True)
        shown: tuple[str, ...] = (f"{left} = {right}", f" {left}={right} ", f"${self.key.tex()}$")
        if self.left:
            return Samples((*shown, f"{left} := {right}", right), wrong[:2], malformed)
        turned = (f"{right} = {left}", f"2*({left}) = 2*({right})", f"{left} - ({right}) = 0")
        return Samples((*shown, *turned), wrong, (*malformed, left))

    @property
    def _what(self) -> str:
        return "an assignment" if self.left else "an equation"

    def _read(self, text: str) -> equations.Equation:
        if self.left:
            name = algebra.read(self.left, self.domains, self.aliases)
            return equations.read_assignment(text, name, self.domains, self.aliases)
        return equations.read_equation(text, self.domains, self.aliases)

    def _remark(self, value: equations.Equation) -> str:
        sides: tuple[Node, Node] = value.right, self.key.right
        return algebra.relation(*sides, self.domains) if self.left else ""
