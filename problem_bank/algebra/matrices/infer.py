"""From what was written to what it means: every part gets its shape, every star its meaning.

A clash of shapes is a wrong answer and is told as such (ClashError); what shapes leave open is
refused (Unreadable), with both ways to write it.
"""

from __future__ import annotations

from fractions import Fraction

from problem_bank.algebra.matrices import powers, products, sizes, words
from problem_bank.algebra.matrices.language import Language
from problem_bank.algebra.matrices.show import brief
from problem_bank.algebra.matrices.sizes import NUMBER, Bindings, Shape
from problem_bank.algebra.matrices.tree import Expr, transposed
from problem_bank.algebra.matrices.typed import ONE, ClashError, Typed, count, transpose
from problem_bank.errors import Unreadable


class Inference:
    """The typing of one expression; `bindings` holds what is known of sizes left open."""

    def __init__(self, language: Language) -> None:
        self.language, self.bindings = language, Bindings()

    def typed(self, tree: Expr) -> Typed:
        """A tree with its shape, as far as it is known. Raises ClashError or Unreadable."""
        found = self._typed(tree)
        return Typed(found.op, found.args, self.bindings.shape(found.shape), found.atom)

    def _typed(self, tree: Expr) -> Typed:
        match tree.op:
            case "number":
                return Typed("number", (), NUMBER, Fraction(tree.atom))
            case "symbol":
                return self._symbol(str(tree.atom))
            case "pi":
                return Typed("pi", (), NUMBER)
            case "ones" | "zeros" | "eye":
                return Typed(tree.op, (), self._constant_shape(tree))
            case "neg":
                inner = self.typed(tree.args[0])
                return Typed("neg", (inner,), inner.shape)
            case "T":
                return transpose(self.typed(tree.args[0]))
            case "+":
                return self._sum(tree)
            case "chain":
                return products.fold(self, tree)
            case "^":
                return powers.power(self, tree)
            case "greater":
                return self.together("greater", tree, "compares")
        return self._call(tree, *map(self.typed, tree.args))

    def together(self, op: str, tree: Expr, verb: str) -> Typed:
        """Two arguments of the same shape; a number stands for all entries."""
        first, second = map(self.typed, tree.args)
        return self.entrywise(op, first, second, tree, verb)

    def entrywise(self, op: str, first: Typed, second: Typed, tree: Expr, verb: str) -> Typed:
        """An operation on entries; a number stands for all of them. Tree and verb are for the message."""
        if first.is_number != second.is_number:
            shape = second.shape if first.is_number else first.shape
            first, second = (Typed("spread", (t,), shape) if t.is_number else t for t in (first, second))
        if not self.bindings.fit(*zip(first.shape, second.shape, strict=True)):
            shapes = f"{sizes.show(first.shape)} and {sizes.show(second.shape)}"
            raise ClashError(
                f"{brief(tree)} {verb} {shapes} entry by entry: the shapes must be equal{self._repeated(first, second)}"
            )
        return Typed(op, (first, second), self.bindings.shape(first.shape))

    def _repeated(self, first: Typed, second: Typed) -> str:
        """How to repeat a column or a row, which is never done unasked."""
        for vector, array in ((first, second), (second, first)):
            if vector.shape[1] == 1 and self.bindings.could_fit((vector.shape[0], array.shape[0])):
                return f"; v 1_{array.shape[1]}^T repeats a column v"
            if vector.shape[0] == 1 and self.bindings.could_fit((vector.shape[1], array.shape[1])):
                return f"; 1_{array.shape[0]} v repeats a row v"
        return ""

    def _symbol(self, name: str) -> Typed:
        if name in self.language.shape:
            return Typed("symbol", (), self.language.shape[name], name)
        return count(name)

    def _constant_shape(self, tree: Expr) -> Shape:
        written = [int(s) if s.isdecimal() else s for s in str(tree.atom).split(",") if s]
        rows = written[0] if written else self.bindings.unknown()
        if tree.op == "eye":
            return rows, rows
        return rows, written[1] if len(written) > 1 else 1

    def _sum(self, tree: Expr) -> Typed:
        terms = [self.typed(arg) for arg in tree.args]
        array = next((i for i, term in enumerate(terms) if not term.is_number), None)
        if array is None:
            return Typed("+", tuple(terms), NUMBER)
        for i, term in enumerate(terms):
            if term.is_number and self.language.entrywise:
                terms[i] = Typed("spread", (term,), terms[array].shape)
            elif term.is_number or not self.bindings.fit(*zip(terms[array].shape, term.shape, strict=True)):
                raise ClashError(self._unequal(tree, *((i, array) if i < array else (array, i)), terms))
        return Typed("+", tuple(terms), terms[array].shape)

    def _unequal(self, tree: Expr, i: int, j: int, terms: list[Typed]) -> str:
        """What to say of two terms that cannot be added."""
        first, second = (sizes.show(self.bindings.shape(terms[at].shape)) for at in (i, j))
        pair = brief(Expr("+", (tree.args[i], tree.args[j])))
        if terms[i].is_number or terms[j].is_number:
            return f"{pair} adds {first} and {second}: a number and a matrix cannot be added here; use ones or I"
        said = f"{pair} adds {first} and {second}: terms must have the same shape"
        turned = tuple(reversed(terms[j].shape))
        if not self.bindings.could_fit(*zip(terms[i].shape, turned, strict=True)):
            return said
        return f"{said}; did you mean {brief(Expr('+', (tree.args[i], transposed(tree.args[j]))))}?"

    def _call(self, tree: Expr, first: Typed, *rest: Typed) -> Typed:
        name, _, axis = str(tree.atom).partition(" ")
        if tree.op == "own":
            return Typed("own", (first,), first.shape, name)
        if name == "step":
            return Typed("greater", (first, Typed("zeros", (), first.shape)), first.shape)
        if name in words.ENTRYWISE:
            return Typed("map", (first,), first.shape, name)
        if name in ("max", "min"):
            return self.entrywise(name, first, rest[0], tree, "compares")
        if name in ("sum", "mean"):
            return self._total(name, first, axis)
        if name == "softmax":
            return self._softmax(first, axis)
        return self._shaped(tree, name, first)

    def _total(self, name: str, inner: Typed, axis: str) -> Typed:
        rows, columns = inner.shape
        shape = {"": NUMBER, "0": (1, columns), "1": (rows, 1)}[axis]
        total = Typed(f"sum {axis}".strip(), (inner,), shape)
        if name == "sum":
            return total
        number = count({"": sizes.times(rows, columns), "0": rows, "1": columns}[axis])
        return Typed("scale", (Typed("divide", (ONE, number), NUMBER), total), shape)

    def _softmax(self, inner: Typed, axis: str) -> Typed:
        """By rows; of a column over its entries."""
        if axis == "0" or (not axis and inner.shape[1] == 1):
            return transpose(Typed("softmax", (transpose(inner),), (inner.shape[1], inner.shape[0])))
        return Typed("softmax", (inner,), inner.shape)

    def _shaped(self, tree: Expr, name: str, inner: Typed) -> Typed:
        rows, columns = inner.shape
        match name:
            case "norm":
                return Typed("norm", (inner,), NUMBER)
            case "vec":
                return Typed("vec", (inner,), (sizes.times(rows, columns), 1))
            case "diag" if (rows == 1) != (columns == 1):
                column = inner if columns == 1 else transpose(inner)
                return Typed("diag", (column,), (column.shape[0], column.shape[0]))
            case "diag" | "trace":
                if inner.is_number or not self.bindings.fit((rows, columns)):
                    wanted = "a square matrix" if name == "trace" else "a vector or a square matrix"
                    raise ClashError(f"{brief(tree)} takes {name} of {sizes.show(inner.shape)}: it must be {wanted}")
                return Typed("trace", (inner,), NUMBER) if name == "trace" else Typed("diagonal", (inner,), (rows, 1))
        raise Unreadable(f"{name} cannot be used here")
