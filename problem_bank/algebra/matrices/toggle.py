"""The same expression with another kind of product."""

from __future__ import annotations

from problem_bank.algebra.matrices.tree import Expr


def toggled(tree: Expr, gap: str) -> Expr:
    """Every product of the other kind as one by `gap`: "⊙" entry by entry, "@" as matrices."""
    others = "⊙" if gap == "@" else "@ ·*"
    atom = "".join(gap if c in others else c for c in tree.atom) if tree.op == "chain" else tree.atom  # type: ignore[union-attr]
    return Expr(tree.op, tuple(toggled(arg, gap) for arg in tree.args), atom)
