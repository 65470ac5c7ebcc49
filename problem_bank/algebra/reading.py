"""From texts and keys to trees, with the question's letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from problem_bank.algebra.caps import check
from problem_bank.algebra.domain_words import SYNONYMS
from problem_bank.algebra.parse import parse
from problem_bank.algebra.points import DOMAINS
from problem_bank.algebra.tree import Node, lift, names
from problem_bank.algebra.vocabulary import Vocabulary

Symbols = Mapping[str, str] | Iterable[str]
Aliases = Mapping[str, str] | None


def read(text: str, symbols: Symbols, aliases: Aliases = None) -> Node:
    """The tree of a text. Raises Unreadable with the place and what would be readable."""
    return parse(text, _vocabulary(tuple(domains_of(symbols)), tuple((aliases or {}).items())))


def tree_of(key: Any, symbols: Symbols, aliases: Aliases = None) -> Node:
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
    """Names and their domains, also by what else they are called; real where none is said."""
    said = symbols if isinstance(symbols, Mapping) else dict.fromkeys(symbols, "real")
    domains = {name: SYNONYMS.get(domain, domain) for name, domain in said.items()}
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
