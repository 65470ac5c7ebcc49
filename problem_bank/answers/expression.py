"""An expression in declared letters: "2*lambda*theta + g", "1 + L(k-1)"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import Any, ClassVar

from problem_bank import algebra
from problem_bank.algebra import Judgement, Node
from problem_bank.algebra.modes import compare_up_to, with_free
from problem_bank.algebra.tolerance import compare_within, tolerance_of
from problem_bank.answers import reading
from problem_bank.answers.answer import UNDECIDED, Answer, Match, Samples
from problem_bank.errors import Unreadable
from problem_bank.values import is_number

_BY = re.compile(r"\s+[xX]\s+|\s*(?:×|✕|⨯|\\times|\bby\b)\s*")
_SQUARE = "Read as the side of this square: one side is what was asked for."


@dataclass(frozen=True)
class Expression(Answer):
    """An expression equal to the key wherever the symbols have values.

    `key` is a text in the language of `problem_bank.algebra`, a tree, or an expression of SymPy.
    `symbols` declares the letters: names (real), or names with their domains. `aliases` maps
    further spellings to them. With `square`, "k x k" is read as its side k.

    `mode` is "equal", "up_to_factor" or "up_to_constant"; `tolerance`, such as {"relative": 0.01}, is
    for keys that are numbers. `form` names forms that are asked for beside the value (see
    `algebra.forms`); they carry `form_share` of the points.
    """

    kind: ClassVar[str] = "expression"
    private: ClassVar[tuple[str, ...]] = ("key", "tolerance", "form_share")
    key: Any
    symbols: Mapping[str, str] | tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    square: bool = False
    mode: str = "equal"
    tolerance: Mapping[str, float] | None = None
    form: tuple[str, ...] = ()
    form_share: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        object.__setattr__(self, "symbols", algebra.domains_of(self.symbols))
        if self.key is not None:  # a reader has no key
            object.__setattr__(self, "key", self._tree(self.key))

    @property
    def domains(self) -> Mapping[str, str]:
        """The letters and what they may stand for."""
        assert isinstance(self.symbols, Mapping)  # since __post_init__
        return self.symbols

    def parse(self, raw: Any) -> Node:
        if is_number(raw) or isinstance(raw, float):
            raw = str(raw)
        if not isinstance(raw, str):
            raise Unreadable(f"a {reading.kind_of(raw)} stands where an expression is expected; write {self.hint}")
        return (self._square(raw) if self.square else None) or self._read(raw)

    def compare(self, value: Any) -> Match:
        tree = self._tree(value)
        if tree.op == "by":
            side = self.compare(tree.args[0])
            return replace(side, remark=_SQUARE) if side.right else side
        found = self._judged(tree)
        if found.equal is None:
            return Match(0, found.reason, UNDECIDED)
        if not found.equal:
            return Match(0, self._remark(tree, found), found.basis)
        said = algebra.form_of(tree, self.form)
        return Match(1 - self.form_share if said else 1, said, found.basis)

    def accepts(self, value: Any) -> bool:
        tree = self._tree(value)
        return self.compare(tree).right if tree.op == "by" or self.form else self.agrees(tree)

    def agrees(self, key: Any) -> bool:
        """Is this the same value? Remembered: the same pairs of keys and misconceptions return in many draws."""
        tree = self._tree(key)
        if self.mode != "equal" or self.tolerance is not None:
            return bool(self._judged(tree).equal)
        return _agree(tree, self.key, tuple(self.domains.items()))

    def show(self, value: Any) -> str:
        return self._tree(value).show()

    def tex(self, value: Any) -> str:
        return self._tree(value).tex()

    @property
    def hint(self) -> str:
        names = list(self.domains)
        example = f"3*{names[0]} + {names[-1]}^2" if names else "2*pi + 1/3"
        return f"an expression in {', '.join(names) or 'numbers'}, such as {example}"

    def samples(self) -> Samples:
        shown = self.key.show()
        signs = shown.replace("*", "·").replace("-", "−")
        right: tuple[str, ...] = (shown, f" ({shown}) ", f"y = {shown}", signs, f"${self.key.tex()}$")
        wrong: tuple[str, ...] = (f"{shown} + 1", f"-({shown}) - 1/7", f"({shown})*2 + 1/3", f"{shown} + 10^-30")
        if not self.form:
            right = (*right, f"2*({shown})/2")
        if self.mode == "up_to_constant":
            right, wrong = (*right, f"{shown} + C", f"{shown} - 3"), (f"2*({shown})", f"-({shown})")
        if self.mode == "up_to_factor":
            right = (*right, f"-3*({shown})")
        if self.tolerance is not None:
            wrong = (f"2*({shown}) + 12345", "12345678")
        malformed = ("", "(", "2 +", "unknown_name", "__import__('os')", "9^9^9^9", [shown], True, "x" * 9999)
        return Samples(right, wrong, malformed)

    def _judged(self, tree: Node) -> Judgement:
        """The value alone, in the mode that was asked for."""
        if self.tolerance is not None:
            return compare_within(tree, self.key, tolerance_of(self.tolerance))
        return compare_up_to(self.mode, tree, self.key, self.domains)

    def _read(self, text: str) -> Node:
        return algebra.read(text, with_free(self.domains, self.mode), self.aliases)

    def _tree(self, key: Any) -> Node:
        return key if isinstance(key, Node) else algebra.tree_of(key, self.domains, self.aliases)

    def _square(self, raw: str) -> Node | None:
        """The two equal sides of "k x k"; None for anything else, a product among them."""
        sides = _BY.split(_unbracketed(raw[: reading.LONGEST].strip("$ ")))
        if len(sides) != 2:
            return None
        try:
            rows, columns = map(self._read, sides)
        except Unreadable:
            return None
        return algebra.apply("by", rows, columns) if _agree(rows, columns, tuple(self.domains.items())) else None

    def _remark(self, tree: Node, found: Judgement) -> str:
        if self.mode != "equal" or self.tolerance is not None:
            return found.reason
        return found.reason or algebra.relation(tree, self.key, self.domains)


def _unbracketed(text: str) -> str:
    """[k x k] without its brackets; (k) x (k) as it is."""
    inner = text[1:-1]
    depths = list(accumulate((c in "([") - (c in ")]") for c in inner))
    return inner if text[:1] in ("(", "[") and text[-1:] in (")", "]") and min(depths, default=0) >= 0 else text


@lru_cache(maxsize=4096)
def _agree(first: Node, second: Node, domains: tuple[tuple[str, str], ...]) -> bool:
    return bool(algebra.compare(first, second, dict(domains)).equal)
