"""Expressions whose every operation is settled and whose every part has a shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from problem_bank.algebra.matrices.sizes import NUMBER, Bindings, Shape, Size, is_unknown
from problem_bank.errors import Unreadable


class ClashError(ValueError):
    """Shapes that do not fit together; the message names them and the student's own expressions."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One node with its shape. The arguments of "+", "times", "divide" and "greater" have equal shapes.

    `op` is "number", "symbol", "pi", "size" (atom: the size), "ones", "zeros", "eye", "+", "neg", "T", "spread" (a
    number as every entry), "scale" (a number times an array), "matmul", "times", "divide", "kron", "inverse",
    "matrix power", "power" (of entries, exponent a number), "map", "own", "max", "min", "greater", "softmax" (by
    rows), "sum", "sum 0", "sum 1", "norm", "squares" (the sum of all), "diag", "diagonal", "trace" or "vec".
    """

    op: str
    args: tuple[Typed, ...]
    shape: Shape
    atom: Fraction | str | int = ""

    @property
    def is_number(self) -> bool:
        """Is it 1 × 1?"""
        return self.shape == NUMBER


ONE = Typed("number", (), NUMBER, Fraction(1))


def transpose(tree: Typed) -> Typed:
    """The transpose of a typed expression."""
    return Typed("T", (tree,), (tree.shape[1], tree.shape[0]))


def count(size: Size) -> Typed:
    """A size as a number."""
    return Typed("size", (), NUMBER, size)


def settled(tree: Typed, bindings: Bindings) -> Typed:
    """The tree with all sizes as far as they are known."""
    atom = bindings.size(tree.atom) if tree.op == "size" and not isinstance(tree.atom, Fraction) else tree.atom
    return Typed(tree.op, tuple(settled(arg, bindings) for arg in tree.args), bindings.shape(tree.shape), atom)


def refuse_unclear(tree: Typed, bindings: Bindings) -> None:
    """Raises Unreadable where a size stays open that the shape of the whole will not decide, as in tr(I)."""
    whole = set(bindings.shape(tree.shape))
    for node in nodes(tree):
        sizes = [*node.shape, *([node.atom] if node.op == "size" and isinstance(node.atom, str) else [])]
        if any(is_unknown(size) and size not in whole for size in map(bindings.size, sizes)):
            raise Unreadable("the size of the ones or of the identity is not clear; write it as an index: 1_n, I_n")


def nodes(tree: Typed) -> Iterator[Typed]:
    """Every node of a tree, parents before children."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.args)
