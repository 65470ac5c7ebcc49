"""Reading and deciding symbolic answers: own parser, own trees, no evaluation of anyone's text.

    >>> from problem_bank.algebra import decide
    >>> decision = decide("theta - 2 epsilon lambda theta", "(1 - 2*lambda*epsilon)*theta",
    ...                   symbols=("theta", "lambda", "epsilon"))
    >>> decision.equal, decision.reading.text
    (True, 'theta - 2*epsilon*lambda*theta')

SymPy and mpmath are imported only when a key or a decision needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from problem_bank.algebra.caps import check
from problem_bank.algebra.decide import UNDECIDED, Judgement, compare, relation
from problem_bank.algebra.numeric import Evaluator
from problem_bank.algebra.parse import parse
from problem_bank.algebra.points import DOMAINS
from problem_bank.algebra.tree import Node, apply, lift, names, number, symbol
from problem_bank.algebra.vocabulary import Vocabulary

Symbols = Mapping[str, str] | Iterable[str]

__all__ = [
    "DOMAINS", "UNDECIDED", "Decision", "Judgement", "Node", "Reading", "apply", "compare", "decide", "domains_of",
    "evaluate", "lift", "names", "number", "read", "relation", "substitute", "symbol", "tree_of",
]  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How a text was understood: as text that reads back, and as LaTeX."""

    text: str
    tex: str


@dataclass(frozen=True)
class Decision:
    """Is the student's expression equal to the key? None: a person should look.

    `basis` says how this was decided (exact, probabilistic with its bound, numeric with its
    digits, undecided), `reason` what to tell the student.
    """

    equal: bool | None
    basis: str
    reading: Reading
    reason: str = ""


def decide(student: str, key: Any, *, symbols: Symbols, aliases: Mapping[str, str] | None = None) -> Decision:
    """Read a student's text and compare it with the key (a text in the same language, a tree, or SymPy's).

    `symbols` declares the names and their domains, {"x": "real", "lambda": "positive"}; a bare list
    means real. `aliases` are further spellings: {"λ'": "mu"}. Raises Unreadable for the student's
    text, ValueError for a key that uses other names.
    """
    domains = domains_of(symbols)
    tree, right = read(student, domains, aliases), tree_of(key, domains, aliases)
    found = compare(tree, right, domains)
    reason = found.reason or (relation(tree, right) if found.equal is False else "")
    return Decision(found.equal, found.basis, Reading(tree.show(), tree.tex()), reason)


def evaluate(tree: Node, point: Mapping[str, int | Fraction]) -> Fraction | float:
    """The value of a tree: exact where it is rational. Raises ArithmeticError where there is none."""
    value = Evaluator({name: Fraction(number) for name, number in point.items()}, digits=30).value(tree)
    return value if isinstance(value, Fraction) else float(value)


def substitute(tree: Node, values: Mapping[str, Node]) -> Node:
    """The tree with other trees in place of symbols."""
    if tree.op == "symbol":
        return values.get(str(tree.atom), tree)
    return Node(tree.op, tuple(substitute(arg, values) for arg in tree.args), tree.atom)


def read(text: str, symbols: Symbols, aliases: Mapping[str, str] | None = None) -> Node:
    """The tree of a text. Raises Unreadable with the place and what would be readable."""
    return parse(text, _vocabulary(tuple(domains_of(symbols)), tuple((aliases or {}).items())))


def tree_of(key: Any, symbols: Symbols, aliases: Mapping[str, str] | None = None) -> Node:
    """A key as a tree: a text, a number, a tree, or an expression of SymPy. Raises ValueError if it does not fit."""
    domains = domains_of(symbols)
    if isinstance(key, str):
        return _key_text(key, tuple(domains), tuple((aliases or {}).items()))
    tree = _lifted(key)
    unknown = sorted(names(tree) - set(domains))
    if unknown:
        raise ValueError(f"the key uses {', '.join(unknown)}; declare every name in symbols")
    check(tree)
    return tree


def domains_of(symbols: Symbols) -> dict[str, str]:
    """Names and their domains; real where none is said."""
    domains = dict(symbols) if isinstance(symbols, Mapping) else dict.fromkeys(symbols, "real")
    for name, domain in domains.items():
        if domain not in DOMAINS:
            raise ValueError(f"{name}: {domain!r} is no domain; choose from {', '.join(DOMAINS)}")
    return domains


@lru_cache(maxsize=256)
def _vocabulary(symbols: tuple[str, ...], aliases: tuple[tuple[str, str], ...]) -> Vocabulary:
    return Vocabulary(symbols, dict(aliases))


@lru_cache(maxsize=1024)
def _key_text(key: str, symbols: tuple[str, ...], aliases: tuple[tuple[str, str], ...]) -> Node:
    return parse(key, _vocabulary(symbols, aliases))


def _lifted(key: Any) -> Node:
    if isinstance(key, Node | int | Fraction):
        return lift(key)
    if hasattr(key, "is_Symbol"):
        from problem_bank.algebra.sympy_tree import from_sympy

        return from_sympy(key)
    raise ValueError(f"{type(key).__name__} is no key of an expression; give a text, a tree or a SymPy expression")
