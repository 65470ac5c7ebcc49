"""The arrays and symbols that tests of matrix expressions speak of."""

from __future__ import annotations

from typing import Any

from problem_bank.algebra.matrices import Decision, decide_matrix, language
from problem_bank.algebra.matrices.tree import Expr

SHAPES = {
    "X": ("n", "d"), "W": ("k", "d"), "G": ("n", "k"), "P": ("n", "k"), "T": ("n", "k"), "w": ("d",), "s": ("d",),
    "A": ("d", "d"), "B": ("d", "d"), "y": ("n",),
}  # fmt: skip
SYMBOLS = {"c": "real", "lam": "positive"}
LANGUAGE = language(SHAPES, SYMBOLS, functions=("h", "h'"))


def decide(student: str, key: str, **options: Any) -> Decision:
    return decide_matrix(student, key, shapes=SHAPES, symbols=SYMBOLS, functions=("h", "h'"), **options)


def with_carets(tree: Expr) -> Expr:
    """LaTeX has one sign for powers; where both are accepted, ^ and ** mean the same."""
    atom = "^" if (tree.op, tree.atom) == ("^", "**") else tree.atom
    return Expr(tree.op, tuple(map(with_carets, tree.args)), atom)
