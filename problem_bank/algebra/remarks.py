"""What a good examiner says of a wrong answer: how far off it is, and nothing of the key itself."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations

from problem_bank.algebra import modular
from problem_bank.algebra.equality import compare
from problem_bank.algebra.floats import differ
from problem_bank.algebra.proportion import values
from problem_bank.algebra.tree import Node, names, nodes, number, replaced, symbol

_SMALL = 10  # numerators and denominators of factors that are named
_LONG = 150  # nodes of both trees beyond which only proportions are looked for
_SWAPPED = 5  # letters among which an exchange is looked for
_MULTIPLES = {Fraction(2): "twice", Fraction(1, 2): "half", Fraction(-2): "minus twice", Fraction(-1, 2): "minus half"}


def relation(first: Node, second: Node, domains: Mapping[str, str] | None = None) -> str:
    """What an unequal answer has in common with the key, in words; "" if nothing simple."""
    try:
        simple = _other_base(first, second) or _proportion(first, second)
        if simple or sum(1 for tree in (first, second) for _ in nodes(tree)) > _LONG:
            return simple
        return _swapped(first, second) or _one_sided(first, second, domains or {})
    except ZeroDivisionError:
        return ""


def _proportion(first: Node, second: Node) -> str:
    """A sign, a factor, a reciprocal or a constant; of a plain number only the sign is told."""
    (a, b), (c, d), p = values(first, second)
    if (a + b) % p == 0 and (c + d) % p == 0:
        return "The sign of the whole is the other way round."
    if not names(second):
        return ""
    if a and b and (a * d - b * c) % p == 0:
        return f"This is off by a constant factor{_multiple(a * pow(b, -1, p) % p, p)}."
    if a * b % p == 1 and c * d % p == 1:
        return "This is the reciprocal of the right answer."
    return "This is off by a constant that is added." if (a - b - c + d) % p == 0 else ""


def _multiple(ratio: int, p: int) -> str:
    """The factor in words, where it is a small fraction."""
    for below in range(1, _SMALL + 1):
        above = ratio * below % p
        above = above - p if above > p // 2 else above
        if abs(above) <= _SMALL:
            factor = Fraction(above, below)
            return f": it is {_MULTIPLES.get(factor, f'{factor} times')} the right answer"
    return ""


def _other_base(first: Node, second: Node) -> str:
    """Logarithms to base 2 or 10 where the natural one is right."""
    bases = {node for node in nodes(first) if node.op == "ln" and node.args[0].op == "number"}
    for base in bases:
        tree = replaced(first, {base: number(1)})
        if _same(tree, second):
            return "This would be right with natural logarithms: mind their base."
    return ""


def _swapped(first: Node, second: Node) -> str:
    """Two letters exchanged."""
    letters = sorted(names(first) | names(second))
    if len(letters) > _SWAPPED:
        return ""
    point = modular.points()[0]
    right = point.value(second)
    for x, y in combinations(letters, 2):
        if point.exchanged(x, y).value(first) == right and _same(_exchanged(first, x, y), second):
            return "This would be right with two of its letters exchanged."
    return ""


def _exchanged(tree: Node, x: str, y: str) -> Node:
    return replaced(tree, {symbol(x): symbol(y), symbol(y): symbol(x)})


def _one_sided(first: Node, second: Node, domains: Mapping[str, str]) -> str:
    """Right for positive letters alone, such as x for |x|."""
    signed = {name for name in names(first) | names(second) if domains.get(name) in ("real", "nonzero")}
    if not signed or (modular.is_rational(first) and modular.is_rational(second)):
        return ""
    positive = {**domains, **dict.fromkeys(signed, "positive")}
    if not differ(first, second, positive) and compare(first, second, positive).equal:
        return "This is right for positive letters only; negative ones are allowed too."
    return ""


def _same(first: Node, second: Node) -> bool:
    """Certainly the same, as functions of unknown functions."""
    try:
        points = modular.points()
        return all(point.value(first) == point.value(second) for point in points)
    except ZeroDivisionError:
        return False
