"""Values of typed expressions: lists of rows, whatever the entries are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Protocol, TypeAlias

from problem_bank.algebra.matrices.sizes import Size, value
from problem_bank.algebra.matrices.typed import Typed

Rows: TypeAlias = list[list[Any]]


class Arithmetic(Protocol):
    """What entries must be able to do."""

    def number(self, value: Fraction) -> Any:
        """An exact number."""

    def count(self, size: Size) -> Any:
        """A size as a number."""

    def entry(self, name: str, i: int, j: int) -> Any:
        """An entry of a declared array."""

    def total(self, values: Sequence[Any]) -> Any:
        """The sum."""

    def dot(self, first: Sequence[Any], second: Sequence[Any]) -> Any:
        """The sum of the products."""

    def times(self, first: Any, second: Any) -> Any:
        """The product."""

    def reciprocal(self, value: Any) -> Any:
        """1/value. Raises ZeroDivisionError."""

    def power(self, base: Any, exponent: Any, whole: int | None) -> Any:
        """base^exponent; `whole` is the exponent where that is a whole number."""

    def function(self, name: str, *arguments: Any) -> Any:
        """A function by its name; two arguments for max, min and greater."""

    def pivot(self, column: Sequence[Any]) -> int:
        """Where the best divisor of a column stands. Raises ZeroDivisionError where all are zero."""


class Evaluation:
    """The value of typed expressions, for entries of one arithmetic and sizes in numbers."""

    def __init__(self, arithmetic: Arithmetic, sizes: Mapping[str, int]) -> None:
        self.arithmetic, self.sizes = arithmetic, sizes

    def rows(self, tree: Typed) -> Rows:
        """The rows of a value. Raises ArithmeticError where there is none."""
        if not tree.args:
            return self._leaf(tree)
        arguments = [self.rows(arg) for arg in tree.args]
        return self._combined(tree, *arguments)

    def _leaf(self, tree: Typed) -> Rows:
        rows, columns = (value(size, self.sizes) for size in tree.shape)
        number = self.arithmetic.number
        match tree.op:
            case "symbol":
                entry = self.arithmetic.entry
                return [[entry(str(tree.atom), i, j) for j in range(columns)] for i in range(rows)]
            case "number":
                return [[number(Fraction(tree.atom))]]
            case "size":
                return [[self.arithmetic.count(tree.atom)]]  # type: ignore[arg-type]  # the atom of "size" is one
            case "pi":
                return [[self.arithmetic.function("pi")]]
            case "eye":
                return [[number(Fraction(i == j)) for j in range(columns)] for i in range(rows)]
        return [[number(Fraction(tree.op == "ones"))] * columns for _ in range(rows)]

    def _filled(self, tree: Typed, entry: Any) -> Rows:
        """The same entry everywhere."""
        rows, columns = (value(size, self.sizes) for size in tree.shape)
        return [[entry] * columns for _ in range(rows)]

    def _combined(self, tree: Typed, first: Rows, *rest: Rows) -> Rows:
        a = self.arithmetic
        match tree.op:
            case "matmul":
                columns = transpose(rest[0])
                return [[a.dot(row, column) for column in columns] for row in first]
            case "T":
                return transpose(first)
            case "+":
                return self._entrywise(lambda *entries: a.total(entries), first, *rest)
            case "neg":
                return self._scaled(a.number(Fraction(-1)), first)
            case "scale":
                return self._scaled(first[0][0], rest[0])
            case "power":
                return self._power(tree, first, rest[0][0][0])
            case "inverse":
                return inverse(a, first)
            case "matrix power":
                return self._matrix_power(first, int(tree.atom))
        by_entry = self._by_entry(tree)
        return self._entrywise(by_entry, first, *rest) if by_entry else self._reshaped(tree, first, *rest)

    def _by_entry(self, tree: Typed) -> Callable[..., Any] | None:
        """What an operation does to entries, if it goes entry by entry."""
        a = self.arithmetic
        match tree.op:
            case "times":
                return a.times
            case "divide":
                return lambda x, y: a.times(x, a.reciprocal(y))
            case "map" | "own":
                return partial(a.function, str(tree.atom))
            case "max" | "min" | "greater":
                return partial(a.function, tree.op)
        return None

    def _reshaped(self, tree: Typed, first: Rows, *rest: Rows) -> Rows:
        a, zero = self.arithmetic, self.arithmetic.number(Fraction(0))
        flat = [entry for row in first for entry in row]
        match tree.op:
            case "spread":
                return self._filled(tree, flat[0])
            case "sum":
                return [[a.total(flat)]]
            case "sum 0":
                return [[a.total(column) for column in transpose(first)]]
            case "sum 1":
                return [[a.total(row)] for row in first]
            case "squares":
                return [[a.dot(flat, flat)]]
            case "norm":
                return [[a.function("sqrt", a.dot(flat, flat))]]
            case "trace":
                return [[a.total([row[i] for i, row in enumerate(first)])]]
            case "diag":
                return [[entry if i == j else zero for j in range(len(first))] for i, (entry,) in enumerate(first)]
            case "diagonal":
                return [[row[i]] for i, row in enumerate(first)]
            case "vec":
                return [[entry] for column in transpose(first) for entry in column]
            case "kron":
                return [[a.times(x, y) for x in row for y in other] for row in first for other in rest[0]]
        return [self._softmax(row) for row in first]

    def _entrywise(self, f: Callable[..., Any], *arrays: Rows) -> Rows:
        return [[f(*entries) for entries in zip(*rows, strict=True)] for rows in zip(*arrays, strict=True)]

    def _scaled(self, factor: Any, array: Rows) -> Rows:
        return [[self.arithmetic.times(factor, entry) for entry in row] for row in array]

    def _power(self, tree: Typed, base: Rows, exponent: Any) -> Rows:
        written = tree.args[1]
        whole = None
        if written.op == "number" and Fraction(written.atom).denominator == 1:
            whole = Fraction(written.atom).numerator
        return self._entrywise(lambda entry: self.arithmetic.power(entry, exponent, whole), base)

    def _matrix_power(self, base: Rows, n: int) -> Rows:
        identity = Typed("eye", (), (len(base), len(base)))
        result = self._leaf(identity)
        for _ in range(n):
            result = [[self.arithmetic.dot(row, column) for column in transpose(base)] for row in result]
        return result

    def _softmax(self, row: list[Any]) -> list[Any]:
        a = self.arithmetic
        powers = [a.function("exp", entry) for entry in row]
        below = a.reciprocal(a.total(powers))
        return [a.times(power, below) for power in powers]


def transpose(rows: Rows) -> Rows:
    """The rows as columns."""
    return [list(column) for column in zip(*rows, strict=True)]


def inverse(arithmetic: Arithmetic, rows: Rows) -> Rows:
    """The inverse by Gauss and Jordan. Raises ZeroDivisionError where there is none."""
    n = len(rows)
    work = [[*row, *(arithmetic.number(Fraction(i == j)) for j in range(n))] for i, row in enumerate(rows)]
    minus = arithmetic.number(Fraction(-1))
    for i in range(n):
        at = i + arithmetic.pivot([row[i] for row in work[i:]])
        work[i], work[at] = work[at], work[i]
        below = arithmetic.reciprocal(work[i][i])
        work[i] = [arithmetic.times(below, entry) for entry in work[i]]
        for k in range(n):
            if k != i:
                factor = arithmetic.times(minus, work[k][i])
                pairs = zip(work[k], work[i], strict=True)
                work[k] = [arithmetic.total((x, arithmetic.times(factor, y))) for x, y in pairs]
    return [row[n:] for row in work]
