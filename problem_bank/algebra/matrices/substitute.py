"""What an expression says for the numbers of one exercise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from problem_bank.algebra.matrices.evaluate import Evaluation, Rows
from problem_bank.algebra.matrices.exact import Exact
from problem_bank.algebra.matrices.infer import Inference
from problem_bank.algebra.matrices.language import Language
from problem_bank.algebra.matrices.tree import Expr
from problem_bank.algebra.matrices.typed import settled


def evaluate(tree: Expr, known: Language, arrays: Mapping[str, Any], functions: Mapping[str, Any] | None = None) -> Any:
    """The exact value for given numbers: nested tuples, a plain one for a row or a column, or a number.

    `functions` gives those that are not rational, or that the language leaves open. Raises ValueError
    where shapes do not fit, ArithmeticError where a value is not rational or does not exist.
    """
    table = rows_of(tree, known, arrays, functions)
    if len(table) == 1:
        return table[0] if len(table[0]) > 1 else table[0][0]
    return table if len(table[0]) > 1 else tuple(row[0] for row in table)


def rows_of(
    tree: Expr, known: Language, arrays: Mapping[str, Any], functions: Mapping[str, Any] | None = None
) -> tuple[tuple[Any, ...], ...]:
    """As `evaluate`, but always rows."""
    inference = Inference(known)
    typed = settled(inference.typed(tree), inference.bindings)
    tables = {name: _rows(name, value, known) for name, value in arrays.items()}
    sizes = _sizes(tables, known)
    rows = Evaluation(Exact(tables, sizes, functions or {}), sizes).rows(typed)
    return tuple(tuple(whole(v) for v in row) for row in rows)


def _sizes(tables: Mapping[str, Rows], known: Language) -> dict[str, int]:
    """The letters in numbers."""
    sizes: dict[str, int] = {}
    for name, rows in tables.items():
        for size, count in zip(known.shape[name], (len(rows), len(rows[0])), strict=True):
            if sizes.setdefault(str(size), count) != count:
                raise ValueError(f"{name}: {size} is {count} here and {sizes[str(size)]} elsewhere")
    return sizes


def _rows(name: str, value: Any, known: Language) -> Rows:
    """A given array as rows: a vector is a column unless it is declared as a row."""
    if not isinstance(value, tuple):
        return [[value]]
    if isinstance(value[0], tuple):
        return [list(row) for row in value]
    return [list(value)] if known.shape[name][0] == 1 else [[entry] for entry in value]


def replaced(tree: Expr, definitions: Mapping[str, Expr]) -> Expr:
    """The tree with the arrays that are defined by others written out."""
    if tree.op == "symbol" and tree.atom in definitions:
        return definitions[str(tree.atom)]
    return Expr(tree.op, tuple(replaced(arg, definitions) for arg in tree.args), tree.atom)


def positional(tree: Expr, known: Language) -> tuple[Expr, Language]:
    """The tree and the language with A1, A2, ... for what is declared: the same for every choice of names."""
    names = {name: f"A{place}" for place, (name, _) in enumerate(known.shapes, 1)}
    called = replace(
        known,
        shapes=tuple((names[name], shape) for name, shape in known.shapes),
        domains=tuple((names.get(name, name), domain) for name, domain in known.domains),
        aliases=(),
    )
    return replaced(tree, {old: Expr("symbol", (), new) for old, new in names.items()}), called


def whole(value: Fraction) -> int | Fraction:
    """An int where the denominator is 1."""
    return value.numerator if value.denominator == 1 else value
