"""Equations as answers: "y = 2x + 1" is "2x - y + 1 = 0". And assignments, whose left side has a name.

Two equations are the same where their differences of both sides are so up to a constant factor, or
where each is fulfilled by all solutions of the other: solve one for a letter in which it is linear,
and put that into the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from problem_bank.algebra.decision import UNDECIDED, Judgement
from problem_bank.algebra.equality import compare
from problem_bank.algebra.modes import up_to_factor
from problem_bank.algebra.numeric import Outcome, compare_at
from problem_bank.algebra.points import special
from problem_bank.algebra.reading import Aliases, Symbols, read
from problem_bank.algebra.signs import nonzero
from problem_bank.algebra.texts import cut, tidy
from problem_bank.algebra.tree import Node, apply, names, number, replaced, symbol
from problem_bank.errors import Unreadable

_EQUALS = re.compile(r"==|:=|←|<-|=")
_ZERO, _ONE = number(0), number(1)
_SPECIAL = 64  # simplest points that are tried


@dataclass(frozen=True)
class Equation:
    """Both sides as they were typed."""

    left: Node
    right: Node

    def show(self) -> str:
        """Text that reads back."""
        return f"{self.left.show()} = {self.right.show()}"

    def tex(self) -> str:
        """LaTeX, without dollars."""
        return f"{self.left.tex()} = {self.right.tex()}"

    def __str__(self) -> str:
        return self.show()

    @property
    def difference(self) -> Node:
        """What is zero."""
        if self.right == _ZERO:
            return self.left
        return self.left - self.right


def read_equation(text: str, symbols: Symbols, aliases: Aliases = None) -> Equation:
    """Both sides of one equation. Raises Unreadable."""
    sides = cut(tidy(text), _EQUALS)
    if len(sides) != 2 or not all(side.strip() for side in sides):
        raise Unreadable("one equation is asked for, with one “=” between two expressions, such as y = 2*x + 1")
    return Equation(read(sides[0], symbols, aliases), read(sides[1], symbols, aliases))


def read_assignment(text: str, left: Node, symbols: Symbols, aliases: Aliases = None) -> Equation:
    """`left = right`, where the left side may be left out. Raises Unreadable."""
    sides = cut(tidy(text), _EQUALS)
    if len(sides) > 2:
        raise Unreadable("one assignment is asked for, with one “=”")
    first = read(sides[0], symbols, aliases) if len(sides) == 2 else left
    return Equation(first, read(sides[-1], symbols, aliases))


def equation_of(key: object, symbols: Symbols, aliases: Aliases = None) -> Equation:
    """A key as an equation: one, or a text. Raises ValueError."""
    if isinstance(key, str):
        return read_equation(key, symbols, aliases)
    if isinstance(key, Equation):
        return key
    raise ValueError(f"{type(key).__name__} is no key of an equation; give a text such as y = 2*x + 1")


def compare_equations(first: Equation, second: Equation, domains: Mapping[str, str]) -> Judgement:
    """Have both equations the same solutions?"""
    mine, keys = first.difference, second.difference
    found = up_to_factor(mine, keys, domains)
    if found.equal is not False:
        return found
    if compare(mine, _ZERO, domains).equal:
        return Judgement(False, found.basis, "This holds for all values, so it says nothing.")
    kept = [_keeps(mine, keys, domains), _keeps(keys, mine, domains)]
    if False in kept or _needless(mine, keys, domains):
        return Judgement(False, found.basis)
    if None in kept:
        return Judgement(None, UNDECIDED, "The solutions of this equation could not be compared with certainty.")
    return Judgement(True, "both equations hold where the other does")


def compare_assignments(first: Equation, second: Equation, domains: Mapping[str, str]) -> Judgement:
    """The same left side, and equal right sides."""
    if not compare(first.left, second.left, domains).equal:
        return Judgement(False, "exact", f"The left side should be {second.left.show()}.")
    return compare(first.right, second.right, domains)


def _keeps(first: Node, second: Node, domains: Mapping[str, str]) -> bool | None:
    """Is the second zero wherever the first is? None where the first cannot be solved here."""
    for name in sorted(names(first)):
        solution = _solved(first, name, domains)
        if solution is not None:
            free = {n: d for n, d in domains.items() if n != name}
            return compare(replaced(second, {symbol(name): solution}), _ZERO, free).equal
    return None


def _needless(first: Node, second: Node, domains: Mapping[str, str]) -> bool:
    """Is exactly one of both zero at one of the simplest points?"""
    used = {name: domains[name] for name in sorted(names(first) | names(second))}
    for point in islice(special(used), _SPECIAL):
        zero = [compare_at(tree, _ZERO, point) for tree in (first, second)]
        if set(zero) == {Outcome.SAME, Outcome.DIFFERENT}:
            return True
    return False


def _solved(tree: Node, name: str, domains: Mapping[str, str]) -> Node | None:
    """The letter from tree = 0, where it is linear in this letter and the letter may be any real number."""
    slope = _slope(tree, name) if domains[name] == "real" else None
    if slope is None or not (nonzero(slope, domains) or _is_number(slope, domains)):
        return None
    return -replaced(tree, {symbol(name): _ZERO}) / slope


def _slope(tree: Node, name: str) -> Node | None:
    """What a letter is multiplied by in a linear tree, without needless terms; None for others."""
    if tree == symbol(name):
        return _ONE
    holding = [i for i, arg in enumerate(tree.args) if name in names(arg)]
    slopes = [_slope(tree.args[i], name) for i in holding]
    known = [slope for slope in slopes if slope is not None]
    if not holding or len(known) < len(holding):
        return None
    match tree.op:
        case "+":
            return Node("+", tuple(known)) if len(known) > 1 else known[0]
        case "neg":
            return -known[0]
        case "*" if len(holding) == 1:
            return Node("*", tuple(known[0] if i == holding[0] else arg for i, arg in enumerate(tree.args)))
    return None


def _is_number(slope: Node, domains: Mapping[str, str]) -> bool:
    """Is the slope, whatever its letters are, one number other than zero?"""
    anchor = {symbol(name): apply("inv", number(3 + i)) for i, name in enumerate(sorted(names(slope)))}
    value = replaced(slope, anchor)
    return bool(compare(slope, value, domains).equal) and compare(value, _ZERO, {}).equal is False
