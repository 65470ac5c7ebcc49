"""Where piecewise functions bend. Random entries never meet a bend such as that of relu(X - 1000), so a student's
bends must be among those of the key; a bend elsewhere is for a person to look at.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from problem_bank.algebra.matrices.evaluate import Evaluation, Rows
from problem_bank.algebra.matrices.modular import Modular
from problem_bank.algebra.matrices.sizes import NUMBER
from problem_bank.algebra.matrices.typed import Typed, nodes

_BENT = frozenset(["relu", "abs", "sign"])
_BETWEEN = frozenset(["max", "min", "greater"])  # they bend where their arguments are equal

_ZERO = Typed("number", (), NUMBER, Fraction(0))

Bends: TypeAlias = frozenset[tuple[int, ...]]


def bends(tree: Typed, arithmetic: Modular) -> Bends:
    """The arguments at which its functions bend, up to a factor. Raises ZeroDivisionError where one has no value."""
    evaluation = Evaluation(arithmetic, arithmetic.sizes)
    found = (_argument(node, evaluation) for node in nodes(tree) if is_bent(node))
    return frozenset(_direction(rows, arithmetic) for rows in found)


def is_bent(node: Typed) -> bool:
    """Does this function bend or jump?"""
    return node.op in _BETWEEN or (node.op == "map" and node.atom in _BENT)


def _argument(node: Typed, evaluation: Evaluation) -> Rows:
    first, second = (node.args[0], None) if node.op == "map" else node.args
    if second is None or _is_zero(second):
        return evaluation.rows(_bent_alike(first))
    if _is_zero(first):
        return evaluation.rows(_bent_alike(second))
    return evaluation.rows(Typed("+", (first, Typed("neg", (second,), second.shape)), first.shape))


def _is_zero(tree: Typed) -> bool:
    return tree.op == "zeros" or (tree.op == "spread" and _is_zero(tree.args[0])) or tree == _ZERO


def _bent_alike(tree: Typed) -> Typed:
    """ReLU(X) is positive where X is, and bends where X does."""
    return _bent_alike(tree.args[0]) if tree.op == "map" and tree.atom == "relu" else tree


def _direction(rows: Rows, arithmetic: Modular) -> tuple[int, ...]:
    """The entries over the first that is not zero, after the number of columns."""
    flat = [entry for row in rows for entry in row]
    first = next((entry for entry in flat if entry), 1)
    factor = arithmetic.reciprocal(first)
    return len(rows[0]), *(arithmetic.times(factor, entry) for entry in flat)
