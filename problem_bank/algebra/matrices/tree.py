"""Matrix expressions as immutable trees that keep what was written; shapes come later."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Expr:
    """One node.

    `op` is one of
    "number" (atom: its value, a terminating decimal of at least 0), "symbol" (its name), "pi",
    "ones", "zeros", "eye" (their sizes: "n", "n,k", or "" where the place decides),
    "+", "neg", "T", "greater",
    "chain" (factors in a row; atom: one character for each gap, see `words.GAPS`),
    "^" (base and exponent; atom: how it was typed, ^ ** or .^),
    "call" (a function of `words.FUNCTIONS`), "own" (a function that the question declares).
    """

    op: str
    args: tuple[Expr, ...] = ()
    atom: Fraction | str = ""

    def show(self) -> str:
        """Text that parses back to this tree."""
        from problem_bank.algebra.matrices.show import show

        return show(self)

    def tex(self) -> str:
        """LaTeX, without dollars."""
        from problem_bank.algebra.matrices.show import tex

        return tex(self)

    def __str__(self) -> str:
        return self.show()


def number(value: int | Fraction) -> Expr:
    """A number that is a terminating decimal, at least 0."""
    return Expr("number", (), Fraction(value))


def negative(tree: Expr) -> Expr:
    """The tree with its sign turned."""
    return Expr("neg", (tree,))


def transposed(tree: Expr) -> Expr:
    """The transpose; twice is none, and 1^T is a row of ones."""
    if tree.op == "T":
        return tree.args[0]
    return Expr("T", (Expr("ones") if tree == number(1) else tree,))


def inverse(tree: Expr) -> Expr:
    """tree^-1"""
    return Expr("^", (tree, negative(number(1))), "^")
