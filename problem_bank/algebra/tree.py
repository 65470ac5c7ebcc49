"""Expressions as immutable trees that show themselves as text (which reads back) and as LaTeX.

A tree keeps what was written: sums and products are flat, a - b is a sum with a `neg`, a / b a
product with an `inv`. Python's operators build trees, so that a family may write `theta - rate * grad`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

Operand: TypeAlias = "Node | int | Fraction"


@dataclass(frozen=True, slots=True)
class Node:
    """One node.

    `op` is "number", "symbol", "+", "*", "^", "neg", "inv", "pi" or a function's name; `atom` holds
    the value of a number (a terminating decimal, at least 0) or the name of a symbol.
    """

    op: str
    args: tuple[Node, ...] = ()
    atom: Fraction | str = ""
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.op, self.args, self.atom)))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Node):
            return NotImplemented
        same = self._hash == other._hash and self.op == other.op
        return same and self.atom == other.atom and self.args == other.args

    def __hash__(self) -> int:
        return self._hash  # computed once: trees are looked up often, and hashing goes through all of them

    @property
    def value(self) -> Fraction:
        """The value of a number."""
        return self.atom if isinstance(self.atom, Fraction) else Fraction(self.atom)

    def show(self) -> str:
        """Text that parses back to this tree."""
        from problem_bank.algebra.show import show

        return show(self)

    def tex(self) -> str:
        """LaTeX, without dollars."""
        from problem_bank.algebra.show import tex

        return tex(self)

    def __str__(self) -> str:
        return self.show()

    def __add__(self, other: Operand) -> Node:
        return _flat("+", self, lift(other))

    def __radd__(self, other: Operand) -> Node:
        return _flat("+", lift(other), self)

    def __sub__(self, other: Operand) -> Node:
        return _flat("+", self, -lift(other))

    def __rsub__(self, other: Operand) -> Node:
        return _flat("+", lift(other), -self)

    def __mul__(self, other: Operand) -> Node:
        return _flat("*", self, lift(other))

    def __rmul__(self, other: Operand) -> Node:
        return _flat("*", lift(other), self)

    def __truediv__(self, other: Operand) -> Node:
        return _flat("*", self, apply("inv", lift(other)))

    def __pow__(self, other: Operand) -> Node:
        return apply("^", self, lift(other))

    def __neg__(self) -> Node:
        return apply("neg", self)


@lru_cache(maxsize=1024)
def symbol(name: str) -> Node:
    """A declared name."""
    return Node("symbol", (), name)


@lru_cache(maxsize=1024)
def number(value: int | Fraction) -> Node:
    """An exact number; negative ones and fractions such as 1/3 become small trees."""
    value = Fraction(value)
    if value < 0:
        return -number(-value)
    if value.denominator != 1 and not terminates(value):
        return number(value.numerator) / number(value.denominator)
    return Node("number", (), value)


def lift(value: Operand) -> Node:
    """A number as a tree; trees as they are."""
    return value if isinstance(value, Node) else number(value)


def apply(op: str, *args: Operand) -> Node:
    """The operation or function `op` applied to these arguments."""
    return Node(op, tuple(map(lift, args)))


def nodes(tree: Node) -> Iterator[Node]:
    """Every node of a tree, parents before children."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.args)


def names(tree: Node) -> set[str]:
    """The symbols that occur."""
    found, waiting = set(), [tree]
    while waiting:
        node = waiting.pop()
        if node.op == "symbol":
            found.add(str(node.atom))
        else:
            waiting.extend(node.args)
    return found


def replaced(tree: Node, values: Mapping[Node, Node]) -> Node:
    """The tree with other trees in place of some of its parts."""
    if tree in values:
        return values[tree]
    args = tuple(replaced(arg, values) for arg in tree.args)
    return tree if args == tree.args else Node(tree.op, args, tree.atom)


def terminates(value: Fraction) -> bool:
    """Is this a decimal with an end?"""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _flat(op: str, left: Node, right: Node) -> Node:
    """A sum or product whose left operand is opened if it is one itself: a + b + c is one sum."""
    first = left.args if left.op == op else (left,)
    return Node(op, (*first, right))
