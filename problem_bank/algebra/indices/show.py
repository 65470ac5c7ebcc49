"""Index expressions as text that reads back, and as LaTeX."""

from __future__ import annotations

from collections.abc import Callable

from problem_bank.algebra import show as scalar
from problem_bank.algebra.indices.notation import over
from problem_bank.algebra.tree import Node, symbol


def show(tree: Node) -> str:
    """Text that is read back as this tree."""
    return _written(tree, scalar.show, "sum_{{{}=1}}^{{{}}} ")


def tex(tree: Node) -> str:
    """LaTeX, without dollars."""
    return _written(tree, scalar.tex, r"\sum_{{{}=1}}^{{{}}} ")


def _written(tree: Node, write: Callable[[Node], str], sign: str) -> str:
    """A scalar expression in which symbols stand for the sums, which are put in afterwards."""
    sums: list[str] = []

    def scalars(node: Node) -> Node:
        if node.op == "sum":
            sums.append(f"({_sum(node)})")
            return symbol(f"∑{len(sums) - 1}∑")
        return node if node.op in ("entry", "delta") else Node(node.op, tuple(map(scalars, node.args)), node.atom)

    def _sum(node: Node) -> str:
        body = node.args[0]
        inner = _written(body, write, sign)
        return sign.format(*over(node)) + (f"({inner})" if body.op in ("+", "neg") else inner)

    if tree.op == "sum":
        return _sum(tree)
    text = write(scalars(tree))
    for i, shown in enumerate(sums):
        text = text.replace(rf"\mathrm{{∑{i}∑}}", shown).replace(f"∑{i}∑", shown)
    return text
