"""Trees of the algebra in Maxima's syntax, as STACK reads it."""

from __future__ import annotations

import re
from fractions import Fraction

from problem_bank.algebra import Node

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_TAKEN = frozenset([
    "and", "at", "diff", "do", "else", "elseif", "for", "from", "if", "integrate", "in", "limit", "next", "not", "or",
    "product", "step", "sum", "then", "thru", "unless", "while", "e", "i", "j", "pi", "inf", "minf",
])  # fmt: skip
"""Words of Maxima's grammar, and letters to which STACK gives a value."""
_SAME = frozenset([
    "exp", "sqrt", "abs", "floor", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "sec", "csc",
    "cot", "sech", "csch", "coth", "max", "min", "binomial", "erf",
])  # fmt: skip
_CALLS = {
    "ln": "log({})", "ceil": "ceiling({})", "sign": "signum({})", "factorial": "factorial({})",
    "relu": "max(0, {})", "sigmoid": "1/(1 + exp(-({})))", "softplus": "log(1 + exp({}))",
    "silu": "({0})/(1 + exp(-({0})))", "erfc": "1 - erf({})", "cbrt": "({})^(1/3)",
}  # fmt: skip


class NotInMaxima(ValueError):
    """A name or an operation that cannot be written for STACK."""


def maxima(tree: Node) -> str:
    """The tree as text, every operand in brackets that is no atom. Raises NotInMaxima."""
    match tree.op:
        case "number":
            return _number(Fraction(tree.atom))
        case "symbol":
            return name(str(tree.atom))
        case "pi":
            return "%pi"
        case "+":
            return " + ".join(map(_operand, tree.args))
        case "*":
            return "*".join(map(_operand, tree.args))
        case "^":
            return "^".join(map(_operand, tree.args))
        case "neg":
            return f"-{_operand(tree.args[0])}"
        case "inv":
            return f"1/{_operand(tree.args[0])}"
        case op if op in _SAME:
            return f"{op}({', '.join(map(maxima, tree.args))})"
        case op if op in _CALLS and len(tree.args) == 1:
            return f"({_CALLS[op].format(maxima(tree.args[0]))})"
        case op:
            raise NotInMaxima(op)


def name(symbol: str) -> str:
    """A declared name, if it means nothing else to Maxima. Raises NotInMaxima."""
    if symbol in _TAKEN or not _NAME.fullmatch(symbol):
        raise NotInMaxima(symbol)
    return symbol


def _operand(tree: Node) -> str:
    text = maxima(tree)
    return text if text.isalnum() else f"({text})"


def _number(value: Fraction) -> str:
    """Fractions rather than decimals: those are exact in Maxima."""
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
