"""How much there is to compare: which sizes are large enough, how certain an agreement is, how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from problem_bank.algebra.matrices.sizes import value
from problem_bank.algebra.matrices.typed import Typed, nodes

LARGEST = 16  # of the random sizes, about
DEGREE = 7  # beyond which an agreement at these sizes proves nothing
STEPS = 40_000  # products of entries modulo a prime
DIGIT_STEPS = 4_000  # and with many digits


@dataclass(frozen=True)
class Weight:
    """Bounds for a typed expression.

    `degree` counts the arrays multiplied together: matrices of fewer rows obey laws of their own
    (Cayley and Hamilton). `in_sizes` is the degree in the sizes, said as letters or brought in
    unsaid, such as by the sum of n ones; the latter make it `constant`. `entries` is the degree of
    an entry as a fraction of polynomials, `bits` the size of its coefficients.
    """

    degree: int
    in_sizes: int
    constant: bool
    entries: int
    bits: int


def weigh(tree: Typed) -> Weight:
    """The weight of a typed expression."""
    entries, bits = _entries(tree)
    constant = any(map(_is_constant, nodes(tree)))
    return Weight(_degree(tree, _is_array), _degree(tree, _is_size), constant, entries, bits)


def cost(tree: Typed, sizes: Mapping[str, int]) -> int:
    """The products of entries that an evaluation takes, roughly."""
    total = 0
    for node in nodes(tree):
        rows, columns = (value(size, sizes) for size in node.shape)
        inner = value(node.args[0].shape[1], sizes) if node.op in ("matmul", "inverse", "matrix power") else 1
        times = {"inverse": 3, "matrix power": node.atom}.get(node.op, 1)
        total += rows * columns * inner * int(times)
    return total


def affordable(first: Typed, second: Typed, sizes: Mapping[str, int], steps: int = STEPS) -> bool:
    """Are evaluations at these sizes quick?"""
    return cost(first, sizes) + cost(second, sizes) <= steps


def _exponent(node: Typed) -> int:
    if node.op == "matrix power":
        return int(node.atom)
    if node.op == "power" and node.args[1].op == "number":
        return max(1, int(abs(Fraction(node.args[1].atom))))
    return 1


def _is_constant(node: Typed) -> bool:
    """Does it bring in ones, or an identity, unsaid?"""
    if node.op == "power":
        return node.args[1].op != "number" or Fraction(node.args[1].atom) <= 0
    return node.op in ("ones", "eye", "spread", "inverse", "softmax") or (node.op == "divide" and not node.is_number)


def _is_array(node: Typed) -> bool:
    return node.op == "symbol" and not node.is_number


def _is_size(node: Typed) -> bool:
    return node.op == "size" or _is_constant(node)


def _degree(tree: Typed, counts: Callable[[Typed], bool]) -> int:
    """The degree in the parts that count; terms with divisors need a common one, so theirs add up."""
    inner = [_degree(arg, counts) for arg in tree.args]
    own = int(counts(tree))
    match tree.op:
        case "+" | "max" | "min" | "greater" if not any(map(_divides, nodes(tree))):
            return own + max(inner)
        case "squares" | "norm":
            return own + 2 * inner[0]
        case "matrix power" | "power":
            return own + inner[0] * _exponent(tree)
    return own + sum(inner)


def _divides(node: Typed) -> bool:
    return node.op in ("divide", "inverse", "softmax") or (node.op == "power" and _is_constant(node))


def _entries(tree: Typed) -> tuple[int, int]:
    """Degree and bits of an entry; a sum of LARGEST entries may need all their denominators."""
    if tree.op == "number":
        written = Fraction(tree.atom)
        return 0, written.numerator.bit_length() + written.denominator.bit_length()
    if not tree.args:
        return (0 if tree.op in ("ones", "zeros", "eye") else 1), 1
    inner = [_entries(arg) for arg in tree.args]
    degree, bits = sum(d for d, _ in inner) + 1, sum(b for _, b in inner) + 1
    if tree.op in ("matmul", "sum", "sum 0", "sum 1", "squares", "norm", "trace", "softmax", "inverse", "matrix power"):
        degree, bits = degree * LARGEST, bits * LARGEST
    return min(degree * _exponent(tree), 10**30), min(bits * _exponent(tree), 10**30)


def least_size(degree: int) -> int:
    """The smallest size at which an expression of this degree shows what it is."""
    return max(3, degree + 1)
