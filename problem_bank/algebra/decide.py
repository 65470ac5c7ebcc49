"""Read a student's text and decide: the one door to all kinds of symbolic answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from problem_bank.algebra import equations, sets
from problem_bank.algebra.decision import Decision, Judgement, Reading
from problem_bank.algebra.domain_words import letters_of
from problem_bank.algebra.forms import form_of
from problem_bank.algebra.infinity import compare_infinities, infinity, read_infinity
from problem_bank.algebra.interval_text import read_union
from problem_bank.algebra.intervals import Union, compare_unions
from problem_bank.algebra.modes import MODES, compare_up_to, with_free
from problem_bank.algebra.reading import Aliases, Symbols, domains_of, read, tree_of
from problem_bank.algebra.remarks import relation
from problem_bank.algebra.tolerance import Tolerance, compare_within, tolerance_of
from problem_bank.algebra.tree import Node

_COLLECTIONS = frozenset(["set", "list", "interval"])


@dataclass(frozen=True)
class _Asked:
    """The options of `decide`, read."""

    domains: dict[str, str]
    aliases: Aliases
    mode: str
    tolerance: Tolerance | None
    form: str | tuple[str, ...]
    allow_infinite: bool
    variable: str


def decide(
    student: str,
    key: Any,
    *,
    symbols: Symbols | None = None,
    aliases: Aliases = None,
    mode: str = "equal",
    tolerance: Tolerance | Mapping[str, Any] | None = None,
    form: str | tuple[str, ...] | None = None,
    allow_infinite: bool = False,
    variable: str = "x",
    shapes: Mapping[str, Any] | None = None,
    indices: Mapping[str, str] | None = None,
    **options: Any,
) -> Decision:
    """Read a student's text and compare it with the key (a text in the same language, a tree, or SymPy's).

    `symbols` declares the names and their domains, {"x": "real", "lambda": "positive"}; a bare list
    means real, and without `symbols` the letters of an expression that is the key are. `aliases` are
    further spellings: {"λ'": "mu"}. `mode` is "equal", "up_to_factor", "up_to_constant", "equation",
    "assignment", "set", "list" or "interval", whose conditions speak of `variable`. `tolerance`,
    such as {"relative": 0.01}, is for keys that are numbers; `form` names forms that are wanted beside
    the value (see `forms`); `allow_infinite` reads "∞".

    With `shapes` the texts are matrix expressions, with `indices` (the free ones) index expressions,
    and `options` go to `matrices.decide_matrix` or `indices.decide_index`.

    Raises Unreadable for the student's text, ValueError for a key or an option that does not fit.
    """
    if shapes is not None:
        from problem_bank.algebra.matrices import decide_matrix

        return decide_matrix(student, key, shapes=shapes, symbols=symbols or (), aliases=aliases, **options)
    if indices is not None:
        from problem_bank.algebra.indices import decide_index

        return decide_index(student, key, free=indices, **options)
    if options:
        raise TypeError(f"decide() got unknown options: {', '.join(options)}")
    limit = None if tolerance is None else tolerance_of(tolerance)
    if symbols is None:
        symbols = {} if mode in _COLLECTIONS else letters_of(key)
    asked = _Asked(domains_of(symbols), aliases, mode, limit, form or (), allow_infinite, variable)
    return _KINDS.get(mode, _expression)(student, key, asked)


def _expression(student: str, key: Any, asked: _Asked) -> Decision:
    endless = _endless(student, key, asked) if asked.allow_infinite else None
    if endless is not None:
        return endless
    right = tree_of(key, asked.domains, asked.aliases)
    tree = read(student, with_free(asked.domains, asked.mode), asked.aliases)
    if asked.tolerance is not None:
        return _decision(tree, compare_within(tree, right, asked.tolerance))
    found = compare_up_to(asked.mode, tree, right, asked.domains)
    wrong = found.equal is False and asked.mode == MODES[0]
    remark = partial(relation, tree, right, asked.domains) if wrong else str
    return _decision(tree, found, remark, form_of(tree, asked.form) if found.equal else "")


def _endless(student: str, key: Any, asked: _Asked) -> Decision | None:
    """The decision where the answer or the key is infinite."""
    mine, right = read_infinity(student), infinity(key)
    if mine is None and right is None:
        return None
    tree: Node = read(student, asked.domains, asked.aliases) if mine is None else mine
    return _decision(tree, compare_infinities(tree, right))


def _equation(student: str, key: Any, asked: _Asked) -> Decision:
    right = equations.equation_of(key, asked.domains, asked.aliases)
    left = equations.read_equation(student, asked.domains, asked.aliases)
    return _decision(left, equations.compare_equations(left, right, asked.domains))


def _assignment(student: str, key: Any, asked: _Asked) -> Decision:
    right = equations.equation_of(key, asked.domains, asked.aliases)
    left = equations.read_assignment(student, right.left, asked.domains, asked.aliases)
    found = equations.compare_assignments(left, right, asked.domains)
    return _decision(left, found, str if found.equal else partial(relation, left.right, right.right, asked.domains))


def _collection(student: str, key: Any, asked: _Asked) -> Decision:
    ordered = asked.mode == "list"
    right = sets.collection_of(key, asked.domains, asked.aliases, ordered=ordered)
    mine = sets.read_collection(student, asked.domains, asked.aliases, ordered=ordered)
    return _decision(mine, sets.compare_collections(mine, right, asked.domains))


def _interval(student: str, key: Any, asked: _Asked) -> Decision:
    right = key if isinstance(key, Union) else read_union(key, asked.variable, asked.domains, asked.aliases)
    union = read_union(student, asked.variable, asked.domains, asked.aliases)
    return _decision(union, compare_unions(union, right, asked.domains))


_KINDS: Mapping[str, Callable[[str, Any, _Asked], Decision]] = {
    "equation": _equation,
    "assignment": _assignment,
    "set": _collection,
    "list": _collection,
    "interval": _interval,
}


def _decision(value: Any, found: Judgement, remark: Callable[[], str] = str, form: str = "") -> Decision:
    return Decision(found.equal, found.basis, Reading(value.show, value.tex), found.reason, form, remark)
