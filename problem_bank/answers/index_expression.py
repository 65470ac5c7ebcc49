"""An expression in entries of arrays and Kronecker deltas: "X_il delta_jk", "s_i (delta_ij - s_j)"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from problem_bank.algebra import indices
from problem_bank.algebra.indices import Notation, Values
from problem_bank.algebra.tree import Node
from problem_bank.answers import reading
from problem_bank.answers.answer import UNDECIDED, Answer, Match, Samples
from problem_bank.errors import Unreadable


@dataclass(frozen=True)
class IndexExpression(Answer):
    """An index expression equal to the key for all sizes and all values of the free indices.

    `key` is a text in the language of `problem_bank.algebra.indices`, or a tree. `arrays` gives the
    dimensions of every array, () for a scalar; `free` the indices of what is asked, in order, with
    the dimension each runs over; `domains` what entries may be, else real.
    """

    kind: ClassVar[str] = "index_expression"
    key: Any
    arrays: Mapping[str, Sequence[str]]
    free: Mapping[str, str]
    domains: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.key is not None:  # a reader has no key
            object.__setattr__(self, "key", self._tree(self.key))

    @cached_property
    def notation(self) -> Notation:
        """What the question declares."""
        return indices.notation(self.arrays, self.free, self.domains)

    def parse(self, raw: Any) -> Node:
        if not isinstance(raw, str | int | float) or isinstance(raw, bool):
            raise Unreadable(f"a {reading.kind_of(raw)} stands where an expression is expected; write {self.hint}")
        tree, note = indices.read(str(raw), self.notation)
        return Node("renamed", (tree,), note) if note else tree

    def compare(self, value: Any) -> Match:
        tree, note = self._tree(value), _note(value)
        found = indices.compare(tree, self.key, self.notation)
        if found.equal is None:
            return Match(0, found.reason, UNDECIDED)
        why = "" if found.equal else found.reason or indices.reason(tree, self.key, self.notation)
        return Match(int(found.equal), f"{note} {why}".strip(), found.basis)

    def accepts(self, value: Any) -> bool:
        return self.agrees(self._tree(value))

    def agrees(self, key: Any) -> bool:
        """As `compare`, remembered for any letters. Numbers from a second route count, too: see `Values`."""
        tree, notation = indices.positional(self.key, self.notation)
        other = key if isinstance(key, Values) else indices.positional(self._tree(key), self.notation)[0]
        return _agree(other, tree, notation)

    def show(self, value: Any) -> str:
        return indices.show(self._tree(value))

    def tex(self, value: Any) -> str:
        return indices.tex(self._tree(value))

    @property
    def hint(self) -> str:
        ranks = self.notation.ranked
        name = min(ranks, default="")
        example = f"2*{name}_{'pqrstu'[: ranks[name]]} + delta_pq" if name else "2*delta_pq"
        asked = ", ".join(self.free) or "no index"
        return f"an expression in {', '.join(sorted(self.arrays))}, deltas and {asked}, such as {example}"

    def samples(self) -> Samples:
        shown = self.show(self.key)
        braced = re.sub(r"_([A-Za-z]+)", r"_{\1}", shown)
        left = f"J_{''.join(self.free)} = {shown}" if self.free else shown
        right = (shown, f" ({shown}) ", braced, left, shown.replace("delta", "δ"), f"${self.tex(self.key)}$")
        wrong = (f"{shown} + 1", f"-({shown}) - 1/7", f"({shown})*2 + 1/3", f"{shown} + 10^-30")
        malformed = ("", "(", "2 +", "unknown_name", "delta", "delta_", "__import__('os')", "9^9^9^9", "sum_", [shown],
                     True, "x" * 9999, "[" * 999, None)  # fmt: skip
        return Samples(right, wrong, malformed)

    def _tree(self, key: Any) -> Node:
        if isinstance(key, Node) and key.op == "renamed":
            return key.args[0]
        return indices.tree_of(key, self.notation)


def _note(value: Any) -> str:
    """How other letters were read."""
    return str(value.atom) if isinstance(value, Node) and value.op == "renamed" else ""


@lru_cache(maxsize=4096)
def _agree(first: Node | Values, second: Node, notation: Notation) -> bool:
    if isinstance(first, Values):
        return first.agree(second, notation)
    return bool(indices.compare(first, second, notation).equal)
