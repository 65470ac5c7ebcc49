"""An expression in matrices and vectors whose sizes are letters: "G^T X", "diag(s) - s s^T"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

from problem_bank.algebra import matrices
from problem_bank.algebra.matrices import Expr, Judgement, Language, Policy
from problem_bank.answers import reading
from problem_bank.answers.answer import UNDECIDED, Answer, Match, Samples
from problem_bank.errors import Unreadable
from problem_bank.values import entries, is_number, shape


@dataclass(frozen=True)
class Instance:
    """What an expression is worth for some arrays: how an oracle tells its numbers.

    `value` is a number, rows, or a plain tuple for a row or a column alike, within `tolerance` of exact.
    """

    arrays: Mapping[str, Any]
    value: Any
    functions: Mapping[str, Any] = field(default_factory=dict)
    tolerance: float = 1e-6

    def is_of(self, answer: MatrixExpression) -> bool:
        """Has the key of this answer this value?"""
        table = matrices.rows_of(answer.written_out(answer.key), answer.language, self.arrays, self.functions)
        plain = tuple(size for size in shape(table) if size > 1)
        if shape(self.value) not in (shape(table), plain):
            return False
        pairs = zip(entries(table), entries(self.value), strict=True)
        return all(abs(mine - other) <= self.tolerance * max(1, abs(other)) for mine, other in pairs)


@dataclass(frozen=True)
class MatrixExpression(Answer):
    """An expression equal to the key for all sizes and entries.

    `key` is a text or a tree of `problem_bank.algebra.matrices`. `shapes` declares the arrays:
    {"X": ("n", "d"), "w": ("d",)}; the letters for sizes are numbers as well. `symbols` declares
    further numbers with their domains, `functions` unknown functions of each entry, `aliases` other
    spellings, `definitions` what some of the arrays stand for ({"Y": "sigmoid(X)"}). A number can be
    added to a matrix only if `entrywise`. `layouts` names the layout of the key; with a second name
    its transpose is right too, as it is for vectors if `loose_vectors`.
    """

    kind: ClassVar[str] = "matrix expression"
    private: ClassVar[tuple[str, ...]] = ("key", "layouts", "loose_vectors")
    key: Any
    shapes: Mapping[str, tuple[int | str, ...]]
    symbols: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)
    entrywise: bool = False
    layouts: tuple[str, ...] = ()
    loose_vectors: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "shapes", {name: tuple(shape) for name, shape in self.shapes.items()})
        if self.key is not None:  # a reader has no key
            object.__setattr__(self, "key", self._tree(self.key))

    @property
    def language(self) -> Language:
        """What the question declares."""
        return matrices.language(self.shapes, self.symbols, self.aliases, self.functions, self.entrywise)

    def parse(self, raw: Any) -> Expr:
        if is_number(raw) or isinstance(raw, float):
            raw = str(raw)
        if not isinstance(raw, str):
            raise Unreadable(
                f"a {reading.kind_of(raw)} stands where a matrix expression is expected; write {self.hint}"
            )
        return matrices.read(raw, self.language)

    def compare(self, value: Any) -> Match:
        found = self._judgement(value)
        if found.equal is None:
            return Match(0, found.reason, UNDECIDED)
        return Match(int(found.equal), found.reason, found.basis)

    def accepts(self, value: Any) -> bool:
        return self.agrees(self._tree(value))

    def agrees(self, key: Any) -> bool:
        """As `compare`, remembered for any names: the same pairs of keys and misconceptions return in many draws.

        An `Instance` agrees if the key has its value.
        """
        if isinstance(key, Instance):
            return key.is_of(self)
        first, _ = matrices.positional(self.written_out(self._tree(key)), self.language)
        second, known = matrices.positional(self.written_out(self.key), self.language)
        return _agree(first, second, known, self._policy)

    def show(self, value: Any) -> str:
        return self._tree(value).show()

    def tex(self, value: Any) -> str:
        return self._tree(value).tex()

    def evaluate(self, tree: Expr, arrays: Mapping[str, Any], functions: Mapping[str, Any] | None = None) -> Any:
        """What an answer gives for the numbers of an exercise; see `matrices.evaluate`."""
        return matrices.evaluate(self.written_out(tree), self.language, arrays, functions)

    def written_out(self, tree: Expr) -> Expr:
        """A tree with the arrays that are defined by others written out."""
        definitions = {name: self._tree(text) for name, text in self.definitions.items()}
        return matrices.replaced(tree, definitions) if definitions else tree

    @property
    def hint(self) -> str:
        names = [f"{name} {_by(shape)}" for name, shape in self.shapes.items()]
        return f"an expression in {', '.join(names)}, such as A^T B, u v^T, A .* B (entry by entry) or sum(A, axis=0)"

    def samples(self) -> Samples:
        shown, unequal = self.key.show(), f"3*({self.key.show()})"
        right = (shown, f" ({shown}) ", f"dL = {shown}", f"${self.key.tex()}$", f"(({shown})ᵀ)'", f"2*({shown})/2")
        wrong = (unequal, f"-({shown})/7") if not self.compare(self.parse(unequal)).right else ("1", "7")
        malformed = ("", "(", "2 +", "unknown_name", "__import__('os')", "[[1, 2], [3, 4]]", [shown], True, "X" * 9999)
        return Samples(right, wrong, malformed)

    @property
    def _policy(self) -> Policy:
        return Policy(self.layouts, self.loose_vectors)

    def _judgement(self, value: Any) -> Judgement:
        mine, key = self.written_out(self._tree(value)), self.written_out(self.key)
        return matrices.judge(mine, key, self.language, self._policy)

    def _tree(self, key: Any) -> Expr:
        """A key, or a value that `parse` has read. A misconception may have any shape that fits."""
        return matrices.read(key, self.language) if isinstance(key, str) else key


@lru_cache(maxsize=4096)
def _agree(first: Expr, second: Expr, known: Language, policy: Policy) -> bool:
    return bool(matrices.judge(first, second, known, policy).equal)


def _by(shape: tuple[int | str, ...]) -> str:
    """A shape in words: (n × d); a vector is a column."""
    return f"({' × '.join(map(str, (*shape, 1) if len(shape) == 1 else shape))})" if shape else "(a number)"
