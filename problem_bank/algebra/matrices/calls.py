"""Functions by name, with the number of their arguments; some are operations by another name."""

from __future__ import annotations

from problem_bank.algebra.matrices import words
from problem_bank.algebra.matrices.tree import Expr, inverse, number, transposed

_AXES = {"-1": "1", "None": ""}


def call(shown: str, name: str, arguments: list[Expr], axis: str) -> Expr:
    """A function of `words.FUNCTIONS`, or one that the question declares. Raises ValueError for wrong arguments."""
    known = name in words.FUNCTIONS.values()
    if name in words.ALONG and len(arguments) == 2:
        *arguments, last = arguments
        axis = last.show()
    name, _, along = name.partition(" ") if known else (name, "", "")
    axis = _AXES.get(axis or along, axis or along)
    wanted = words.ARGUMENTS.get(name, 1)
    if len(arguments) != wanted:
        raise ValueError(f"{shown} takes {('one argument', 'two arguments')[wanted - 1]}")
    if axis not in ("", "0", "1") or (axis and name not in words.ALONG):
        raise ValueError(f"{shown} cannot have this axis; 0 adds up the rows, 1 adds within each row")
    return _called(name, arguments, axis) if known else Expr("own", tuple(arguments), name)


def _called(name: str, arguments: list[Expr], axis: str) -> Expr:
    if name in words.GAPS or name == "kron":
        return Expr("chain", tuple(arguments), "⊗" if name == "kron" else name)
    match name:
        case "transpose":
            return transposed(*arguments)
        case "inv":
            return inverse(*arguments)
        case "outer":
            return Expr("chain", (arguments[0], transposed(arguments[1])), " ")
        case "inner":
            return Expr("chain", (transposed(arguments[0]), arguments[1]), " ")
        case "square":
            return Expr("^", (arguments[0], number(2)), ".^")
    return Expr("call", tuple(arguments), f"{name} {axis}".strip())
