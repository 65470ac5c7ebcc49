"""Functions that are read as what they stand for: cot x as cos x / sin x."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import islice

from problem_bank.algebra.tree import Node, apply, nodes, number
from problem_bank.errors import Unreadable

_MOST = 400  # nodes of an argument: it is written twice, and within others again and again

_COMPOSED: dict[str, Callable[[Node], Node]] = {
    "sec": lambda x: apply("inv", apply("cos", x)),
    "csc": lambda x: apply("inv", apply("sin", x)),
    "cot": lambda x: apply("cos", x) / apply("sin", x),
    "sech": lambda x: apply("inv", apply("cosh", x)),
    "csch": lambda x: apply("inv", apply("sinh", x)),
    "coth": lambda x: apply("cosh", x) / apply("sinh", x),
    "cbrt": lambda x: apply("sign", x) * apply("^", apply("abs", x), number(Fraction(1, 3))),
    "silu": lambda x: x * apply("sigmoid", x),
    "erfc": lambda x: 1 - apply("erf", x),
    "Phi": lambda x: (1 + apply("erf", x / apply("sqrt", 2))) / 2,
    "gelu": lambda x: x * _COMPOSED["Phi"](x),
}


def compose(name: str, argument: Node) -> Node | None:
    """The function applied, as what it stands for; None for functions of their own. Raises Unreadable."""
    if name not in _COMPOSED:
        return None
    if next(islice(nodes(argument), _MOST, None), None):
        raise Unreadable(f"the argument of {name} is too long")
    return _COMPOSED[name](argument)
