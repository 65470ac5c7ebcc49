"""What stands between factors: a product of matrices, entry by entry, or with a number.

Products without a sign, `@` and dots multiply matrices (`@` and a dot take the inner product of two
vectors, and `@` takes a vector on the left as a row, as NumPy does). `.*` and `./` go entry by entry. A
star means whichever fits; where both do, which needs square matrices, it is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from problem_bank.algebra.matrices import sizes
from problem_bank.algebra.matrices.show import brief
from problem_bank.algebra.matrices.sizes import NUMBER
from problem_bank.algebra.matrices.tree import Expr, number, transposed
from problem_bank.algebra.matrices.typed import ONE, ClashError, Typed, transpose
from problem_bank.errors import Unreadable

if TYPE_CHECKING:
    from problem_bank.algebra.matrices.infer import Inference

Factor: TypeAlias = tuple[Typed, Expr]

_ENTRYWISE, _MATRIX, _KRONECKER, _SCALING = "entry by entry", "a matrix product", "⊗", ""
_KIND = {"⊙": _ENTRYWISE, "÷": _ENTRYWISE, "@": _MATRIX, " ": _MATRIX, "·": _MATRIX, "⊗": _KRONECKER}


def fold(inference: Inference, tree: Expr) -> Typed:
    """A chain of factors, from the left. Raises ClashError or Unreadable."""
    factors, gaps = [inference.typed(arg) for arg in tree.args], str(tree.atom)
    kinds = _written_kinds(factors, gaps)
    result = factors[0]
    for i, right in enumerate(factors[1:], 1):
        _refuse_mixture(kinds, tree)
        _refuse_unclear_divisor(tree, factors, i)
        _refuse_plain_one(tree, factors, i)
        left = tree.args[0] if i == 1 else Expr("chain", tree.args[:i], gaps[: i - 1])
        whole = Expr("chain", tree.args[: i + 1], gaps[:i])
        result, kind = _join(inference, gaps[i - 1], (result, left), (right, tree.args[i]), whole)
        kinds |= {kind} - {_SCALING}
    _refuse_mixture(kinds, tree)
    return result


def _written_kinds(factors: list[Typed], gaps: str) -> set[str]:
    """The kinds of product that stand between arrays, as far as their signs tell."""
    array = next((i for i, factor in enumerate(factors) if not factor.is_number), len(factors))
    later = range(array + 1, len(factors))
    return {_KIND[gaps[i - 1]] for i in later if gaps[i - 1] in _KIND and not factors[i].is_number}


def _join(inference: Inference, gap: str, first: Factor, second: Factor, whole: Expr) -> tuple[Typed, str]:
    """Two factors, and in which of the ways they were joined."""
    (a, left), (b, right) = first, second
    if gap == "⊙":
        return inference.entrywise("times", a, b, whole, "multiplies"), _ENTRYWISE
    if gap == "÷":
        return inference.entrywise("divide", a, b, whole, "divides"), _ENTRYWISE
    if gap == "/":
        return _divided(inference, a, b, whole)
    if gap == "⊗":
        return _kronecker(a, b, left, right), _KRONECKER
    if a.is_number or b.is_number:
        number, array = (a, b) if a.is_number else (b, a)
        return Typed("scale", (number, array), array.shape), _SCALING
    if gap == "*" and _star_is_entrywise(inference, a, b, left, right):
        return Typed("times", (a, b), inference.bindings.shape(a.shape)), _ENTRYWISE
    return _matrix_product(inference, gap, first, second, whole), _MATRIX


def _star_is_entrywise(inference: Inference, a: Typed, b: Typed, left: Expr, right: Expr) -> bool:
    bindings = inference.bindings
    product = bindings.could_fit((a.shape[1], b.shape[0]))
    equal = bindings.could_fit(*zip(a.shape, b.shape, strict=True))
    if product and equal:
        ways = (brief(Expr("chain", (left, right), gap)) for gap in ("@", "⊙"))
        shown = brief(Expr("chain", (left, right), "*"))
        raise Unreadable(f"the star in {shown} may mean two things; write {' or '.join(ways)}")
    return equal and bindings.fit(*zip(a.shape, b.shape, strict=True))


def _matrix_product(inference: Inference, gap: str, first: Factor, second: Factor, whole: Expr) -> Typed:
    a, b = first[0], second[0]
    bindings = inference.bindings
    inner = a.shape[1], b.shape[0]
    both_columns = a.shape[1] == b.shape[1] == 1
    if a.shape[1] == 1 and not bindings.could_fit(inner) and (gap == "@" or (gap == "·" and both_columns)):
        a = transpose(a)
        inner = a.shape[1], b.shape[0]
    if not bindings.fit(inner):
        raise ClashError(_inner_sizes(inference, first, second, whole))
    return Typed("matmul", (a, b), bindings.shape((a.shape[0], b.shape[1])))


def _inner_sizes(inference: Inference, first: Factor, second: Factor, whole: Expr) -> str:
    """What to say of two matrices that cannot be multiplied, with the transposes that could."""
    (a, left), (b, right) = first, second
    said = f"{brief(whole)} multiplies {sizes.show(a.shape)} by {sizes.show(b.shape)}: the inner sizes differ"
    ways = [
        (transpose(a), b, transposed(left), right),
        (a, transpose(b), left, transposed(right)),
        (transpose(a), transpose(b), transposed(left), transposed(right)),
    ]
    fitting = [Expr("chain", (x, y), " ").show() for p, q, x, y in ways
               if inference.bindings.could_fit((p.shape[1], q.shape[0]))]  # fmt: skip
    return f"{said}; did you mean {' or '.join(fitting[:2])}?" if fitting else said


def _divided(inference: Inference, a: Typed, b: Typed, whole: Expr) -> tuple[Typed, str]:
    """A slash divides by a number, or one array by another of its shape, entry by entry."""
    if b.is_number:
        quotient = Typed("divide", (a if a.is_number else ONE, b), NUMBER)
        return quotient if a.is_number else Typed("scale", (quotient, a), a.shape), _SCALING
    square = inference.bindings.could_fit((b.shape[0], b.shape[1]))
    if a.is_number or square:
        raise Unreadable(f"{brief(whole)} may mean two things; write ./ to divide entry by entry, or inv(...)")
    return inference.entrywise("divide", a, b, whole, "divides"), _ENTRYWISE


def _kronecker(a: Typed, b: Typed, left: Expr, right: Expr) -> Typed:
    if a.shape[1] == b.shape[1] == 1 and not (a.is_number or b.is_number):
        outer = brief(Expr("chain", (left, transposed(right)), " "))
        raise Unreadable(f"the ⊗ of two vectors may mean two things; write {outer}, or vec of it, in its place")
    return Typed("kron", (a, b), (sizes.times(a.shape[0], b.shape[0]), sizes.times(a.shape[1], b.shape[1])))


def _refuse_mixture(kinds: set[str], tree: Expr) -> None:
    """X^T G .* H: which comes first?"""
    if len(kinds) > 1:
        raise Unreadable(
            f"{brief(tree)} mixes {' and '.join(sorted(kinds))}; put brackets around what is to be computed first"
        )


def _refuse_unclear_divisor(tree: Expr, factors: list[Typed], i: int) -> None:
    """1/S (P - T) is one thing, since nothing can be divided by a matrix; a/b c is two."""
    if tree.atom[i - 2 : i] != "/ " or i < 2:  # type: ignore[index]  # the atom of a chain is its gaps
        return
    both_plain = tree.args[i - 1].op == "number" and tree.args[i - 2].op == "number"
    if not both_plain and (factors[i].is_number or not factors[i - 1].is_number):
        raise Unreadable("after a division, a product without * can be read in two ways; write a/(b*c) or (a/b)*c")


def _refuse_plain_one(tree: Expr, factors: list[Typed], i: int) -> None:
    """1 s^T: the number, or a vector of ones?"""
    gaps = str(tree.atom)
    alone = i == 1 or gaps[i - 2] != "/"
    if gaps[i - 1] == " " and alone and tree.args[i - 1] == number(1) and not factors[i].is_number:
        raise Unreadable(f"is the 1 in {brief(tree)} a number? Leave it out, or write 1_n for a column of n ones")
