"""SymPy's expressions as trees: keys are made with SymPy, students' texts never meet it."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from problem_bank.algebra.tree import Node, apply, number, symbol

_SAME = {
    "exp": "exp", "log": "ln", "Abs": "abs", "sign": "sign", "floor": "floor", "ceiling": "ceil", "Max": "max",
    "Min": "min", "tanh": "tanh", "sinh": "sinh", "cosh": "cosh", "sin": "sin", "cos": "cos", "tan": "tan",
    "asin": "asin", "acos": "acos", "atan": "atan", "erf": "erf", "factorial": "factorial", "binomial": "binomial",
}  # fmt: skip


@lru_cache(maxsize=1024)
def from_sympy(expression: Any) -> Node:
    """The tree of a SymPy expression. Raises ValueError for what trees cannot say."""
    kind = type(expression).__name__
    if expression.is_Symbol:
        return symbol(expression.name)
    if expression.is_Rational:
        return number(Fraction(int(expression.p), int(expression.q)))
    if kind in ("Exp1", "Pi"):
        return apply("exp", 1) if kind == "Exp1" else Node("pi")
    if expression.is_Add:
        return _joined("+", expression.as_ordered_terms())
    if expression.is_Mul:
        return _product(expression)
    if expression.is_Pow:
        return _power(*expression.args)
    if kind in _SAME:
        return apply(_SAME[kind], *map(from_sympy, expression.args))
    raise ValueError(f"no tree can say SymPy's {kind}: {expression}")


def _joined(op: str, parts: list[Any]) -> Node:
    return Node(op, tuple(from_sympy(part) for part in parts))


def _product(expression: Any) -> Node:
    if expression.could_extract_minus_sign():
        return -from_sympy(-expression)
    return _joined("*", expression.as_ordered_factors())


def _power(base: Any, exponent: Any) -> Node:
    if exponent == -1:
        return Node("*", (number(1), apply("inv", from_sympy(base))))
    if exponent.is_Rational and (exponent.p, exponent.q) == (1, 2):
        return apply("sqrt", from_sympy(base))
    return apply("^", from_sympy(base), from_sympy(exponent))
