"""The value that a piece of Python source stands for, or else its text. Nothing is run."""

from __future__ import annotations

import ast
from typing import Any

_WRAPPERS = {"array", "asarray", "tensor", "list", "tuple", "float", "int", "str", "Matrix", "matrix"}


def literal(node: ast.expr, source: str) -> Any:
    """Numbers, texts, lists and tables as they are; the inside of np.array([...]) and its like;
    for everything else, such as (1 - 2*a)*theta, the source text.
    """
    node = _inside(node)
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return _text(node, source)
    if value is ...:
        return None
    return value if _is_plain(value) else _text(node, source)


def _inside(node: ast.expr) -> ast.expr:
    """The argument of np.array(...), list(...) and the like, however often wrapped."""
    while isinstance(node, ast.Call) and node.args and _name(node.func) in _WRAPPERS:
        node = node.args[0]
    return node


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(node: ast.expr, source: str) -> str:
    fraction = _fraction(node)
    return fraction or ast.get_source_segment(source, node) or ""


def _fraction(node: ast.expr) -> str:
    """For Fraction(1, 3) the text "1/3"; empty for anything else."""
    if isinstance(node, ast.Call) and _name(node.func) == "Fraction" and len(node.args) == 2:
        return "/".join(
            ast.unparse(argument) for argument in node.args if isinstance(argument, ast.Constant | ast.UnaryOp)
        )
    return ""


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_plain(entry) for name, entry in value.items())
    return value is None or isinstance(value, str | int | float)
