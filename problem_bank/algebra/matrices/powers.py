"""Powers: of numbers, of square matrices, and entry by entry."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from problem_bank.algebra.matrices import sizes
from problem_bank.algebra.matrices.show import brief
from problem_bank.algebra.matrices.sizes import NUMBER
from problem_bank.algebra.matrices.tree import Expr
from problem_bank.algebra.matrices.typed import ClashError, Typed
from problem_bank.errors import Unreadable

if TYPE_CHECKING:
    from problem_bank.algebra.matrices.infer import Inference

LARGEST = 100  # exponent of a number or an entry
MATRIX_LARGEST = 12  # exponent of a square matrix


def power(inference: Inference, tree: Expr) -> Typed:
    """Of a number, or of entries where it says .^ or the matrix is not square; else of a square matrix."""
    base, exponent = map(inference.typed, tree.args)
    value = constant(tree.args[1])
    if value is not None and (abs(value) > LARGEST or value.denominator > LARGEST):
        raise Unreadable(f"an exponent beyond {LARGEST} is too large here")
    if not exponent.is_number:
        raise Unreadable(f"an exponent must be a number; write exp(...) for e to the power of {brief(tree.args[1])}")
    if base.is_number or tree.atom == ".^":
        return _entries(base, exponent, value)
    if value is None or value.denominator != 1:
        raise Unreadable(f"{brief(tree)} is not clear; write .^ for a power entry by entry")
    if not inference.bindings.could_fit(base.shape):
        return _of_no_square(tree, base, exponent, value)
    if tree.atom == "**":
        raise Unreadable(f"{brief(tree)} may mean two things; write ^ for a power of the matrix, .^ entry by entry")
    inference.bindings.fit(base.shape)
    return _of_square(base, int(value))


def constant(tree: Expr) -> Fraction | None:
    """The value of a number, with or without a sign, or of a fraction of two."""
    if tree.op == "number":
        return Fraction(tree.atom)
    if tree.op == "neg":
        inner = constant(tree.args[0])
        return None if inner is None else -inner
    if tree.op == "chain" and tree.atom == "/":
        above, below = map(constant, tree.args)
        return above / below if above is not None and below else None
    return None


def _of_no_square(tree: Expr, base: Typed, exponent: Typed, value: Fraction) -> Typed:
    if value < 0:
        said = f"{brief(tree)} inverts {sizes.show(base.shape)}: only square matrices have an inverse"
        raise ClashError(f"{said}; 1 ./ A divides entry by entry")
    return _entries(base, exponent, value)


def _of_square(base: Typed, n: int) -> Typed:
    if abs(n) > MATRIX_LARGEST:
        raise Unreadable(f"a power of a matrix beyond {MATRIX_LARGEST} is too large here")
    inner = base if n >= 0 else Typed("inverse", (base,), base.shape)
    return inner if abs(n) == 1 else Typed("matrix power", (inner,), base.shape, abs(n))


def _entries(base: Typed, exponent: Typed, value: Fraction | None) -> Typed:
    """Entry by entry; ||w||^2 is the sum of the squares, without a root."""
    if base.op == "norm" and value is not None and value > 0 and value % 2 == 0:
        base, value = Typed("squares", base.args, NUMBER), value / 2
    if value is not None:
        exponent = Typed("number", (), NUMBER, value)
    return base if value == 1 else Typed("power", (base, exponent), base.shape)
