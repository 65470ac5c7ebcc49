"""Reading and deciding symbolic answers: own parser, own trees, no evaluation of anyone's text.

    >>> from problem_bank.algebra import decide
    >>> decision = decide("theta - 2 epsilon lambda theta", "(1 - 2*lambda*epsilon)*theta",
    ...                   symbols=("theta", "lambda", "epsilon"))
    >>> decision.equal, decision.reading.text
    (True, 'theta - 2*epsilon*lambda*theta')

SymPy and mpmath are imported only when a key or a decision needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from problem_bank.algebra.decide import decide
from problem_bank.algebra.decision import UNDECIDED, Decision, Judgement, Reading
from problem_bank.algebra.equality import compare
from problem_bank.algebra.forms import form_of
from problem_bank.algebra.numeric import Evaluator
from problem_bank.algebra.points import DOMAINS
from problem_bank.algebra.reading import Symbols, domains_of, read, tree_of
from problem_bank.algebra.remarks import relation
from problem_bank.algebra.tolerance import Tolerance
from problem_bank.algebra.tree import Node, apply, lift, names, number, replaced, symbol

__all__ = [
    "DOMAINS", "UNDECIDED", "Decision", "Judgement", "Node", "Reading", "Symbols", "Tolerance", "apply", "compare",
    "decide", "domains_of", "evaluate", "form_of", "lift", "names", "number", "read", "relation", "substitute",
    "symbol", "tree_of",
]  # fmt: skip


def evaluate(tree: Node, point: Mapping[str, int | Fraction]) -> Fraction | float:
    """The value of a tree: exact where it is rational. Raises ArithmeticError where there is none."""
    value = Evaluator({name: Fraction(number) for name, number in point.items()}, digits=30).value(tree)
    return value if isinstance(value, Fraction) else float(value)


def substitute(tree: Node, values: Mapping[str, Node]) -> Node:
    """The tree with other trees in place of symbols."""
    return replaced(tree, {symbol(name): value for name, value in values.items()})
