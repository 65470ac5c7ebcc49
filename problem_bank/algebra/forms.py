"""Is an answer in the form that was asked for? A look at the tree as it was typed; its value is another matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations
from math import gcd

from problem_bank.algebra.caps import constant
from problem_bank.algebra.factors import factors_of, splits
from problem_bank.algebra.polynomial import degree, polynomial
from problem_bank.algebra.proportion import proportional
from problem_bank.algebra.tree import Node, nodes

Predicate = Callable[[Node], str]


def form_of(tree: Node, forms: str | tuple[str, ...]) -> str:
    """What is missing from the wanted forms, in a sentence; "" where nothing is. Raises ValueError for others."""
    for name in (forms,) if isinstance(forms, str) else forms:
        if name not in FORMS:
            raise ValueError(f"{name!r} is no form; choose from {', '.join(FORMS)}")
        said = FORMS[name](tree)
        if said:
            return said
    return ""


def expanded(tree: Node) -> str:
    """No product and no power of a sum, no two terms alike."""
    for node in _outside_functions(tree):
        many = node.op == "*" and any(_sum_inside(arg) for arg in node.args)
        if many or _power_of_sum(node) or (node.op == "neg" and _sum_inside(node.args[0])):
            return "It should be expanded: multiply the brackets out."
    return _like_terms(tree)


def factored(tree: Node) -> str:
    """A product (or a single factor) of which no factor can be split further."""
    for factor in factors_of(tree):
        terms = _sum_inside(factor)
        if terms and splits(factor):
            return "It should be factored: a sum in it can still be written as a product."
    return ""


def numbers(tree: Node) -> str:
    """Every part without letters is one number, or one fraction in lowest terms."""
    for node in nodes(tree):
        if not _is_evaluated(node):
            return "Some numbers in it can still be worked out."
    return ""


def single_fraction(tree: Node) -> str:
    """At most one fraction bar, over all of it."""
    bare = tree.args[0] if tree.op == "neg" else tree
    below = [node for node in nodes(tree) if node.op == "inv"]
    if not below or (len(below) == 1 and (bare is below[0] or (bare.op == "*" and below[0] in bare.args))):
        return ""
    return "It should be one fraction: bring it to a common denominator."


def no_negative_exponents(tree: Node) -> str:
    """No x^-2."""
    for node in nodes(tree):
        if node.op == "^" and (constant(node.args[1]) or Fraction(0)) < 0:
            return "It should have no negative exponents: write them as fractions."
    return ""


def simplified(tree: Node) -> str:
    """Nothing left to collect, to cancel or to work out."""
    return numbers(tree) or _like_terms(tree) or _idle(tree) or _like_factors(tree) or _cancels(tree)


FORMS: dict[str, Predicate] = {
    "factored": factored,
    "expanded": expanded,
    "numbers": numbers,
    "single_fraction": single_fraction,
    "no_negative_exponents": no_negative_exponents,
    "simplified": simplified,
}
"""The forms that a question may ask for, by name."""


def _outside_functions(tree: Node) -> Iterator[Node]:
    """The nodes that are no arguments of functions, and no exponents."""
    yield tree
    if tree.op in ("+", "*", "neg", "inv", "^"):
        for arg in tree.args[:1] if tree.op == "^" else tree.args:
            yield from _outside_functions(arg)


def _sum_inside(tree: Node) -> bool:
    return tree.op == "+" or (tree.op == "neg" and _sum_inside(tree.args[0]))


def _power_of_sum(node: Node) -> bool:
    n = constant(node.args[1]) if node.op == "^" else None
    return n is not None and n.denominator == 1 and n > 1 and node.args[0].op in ("+", "*")


def _is_evaluated(node: Node) -> bool:
    """A number alone, or a fraction p/q in lowest terms; parts with letters or functions are not looked at here."""
    if node.op in ("+", "*", "^"):
        values = [v for v in map(_plain, node.args) if v is not None]
        if node.op == "^":
            return len(values) < 2 or values[1].denominator != 1 or values[1] == -1
        if node.op == "*":
            return _is_ratio(node)
        return len(values) < 2
    return not (node.op == "sqrt" and _is_square(node.args[0])) and not (
        node.op == "inv" and node.args[0].op == "number" and node.args[0].atom == 1
    )


def _plain(node: Node) -> Fraction | None:
    """The value of a number, a fraction or their negative."""
    if node.op == "number":
        return node.value
    if node.op == "neg":
        inner = _plain(node.args[0])
        return None if inner is None else -inner
    if node.op == "*" and len(node.args) == 2 and node.args[1].op == "inv":
        above, below = _plain(node.args[0]), _plain(node.args[1].args[0])
        return above / below if above is not None and below else None
    return None


def _is_ratio(product: Node) -> bool:
    """At most one number above and one below, without a common divisor."""
    above = [v for arg in product.args if arg.op != "inv" and (v := _plain(arg)) is not None]
    below = [v for arg in product.args if arg.op == "inv" and (v := _plain(arg.args[0])) is not None]
    if len(above) > 1 or len(below) > 1:
        return False
    if not (above and below):
        return True
    whole = above[0].denominator == below[0].denominator == 1
    return whole and gcd(above[0].numerator, below[0].numerator) == 1 and below[0] != 1


def _is_square(node: Node) -> bool:
    from problem_bank.algebra.functions import exact

    value = _plain(node)
    return value is not None and value >= 0 and exact("sqrt", value) is not None


def _like_terms(tree: Node) -> str:
    """Two terms of one sum that differ by a number alone."""
    for node in nodes(tree):
        if node.op == "+" and any(proportional(a, b) for a, b in combinations(node.args, 2)):
            return "Terms of the same kind can still be collected."
    return ""


def _like_factors(tree: Node) -> str:
    for node in nodes(tree):
        if node.op == "*":
            bases = [base for arg in node.args for base in _base(arg)]
            if any(proportional(a, b) for a, b in combinations(bases, 2)):
                return "Equal factors can still be put together, or cancelled."
    return ""


def _base(factor: Node) -> Iterator[Node]:
    """What a factor is a power of; numbers are none."""
    factor = factor.args[0] if factor.op in ("neg", "inv") else factor
    if factor.op == "*":
        for inner in factor.args:
            yield from _base(inner)
    elif _plain(factor) is None:
        yield factor.args[0] if factor.op == "^" else factor


def _idle(tree: Node) -> str:
    """+ 0, times 1, to the power 1, --x."""
    for node in nodes(tree):
        values = [_plain(arg) for arg in node.args]
        idle = (
            (node.op == "+" and 0 in values)
            or (node.op == "*" and 0 in values)
            or (node.op == "*" and node.args[0].op != "inv" and 1 in values and node.args[-1].op != "inv")
            or (node.op == "^" and values[1] in (0, 1))
            or (node.op in ("neg", "inv") and node.args[0].op == node.op)
        )
        if idle:
            return "Something in it can still be left out, such as a factor 1 or a 0."
    return ""


def _cancels(tree: Node) -> str:
    """A fraction of polynomials with a common divisor."""
    for node in nodes(tree):
        above = Node("*", tuple(arg for arg in node.args if arg.op != "inv") or (Node("number", (), Fraction(1)),))
        below = Node("*", tuple(arg.args[0] for arg in node.args if arg.op == "inv"))
        if node.op == "*" and below.args and _common(above, below):
            return "The fraction can still be cancelled."
    return ""


def _common(above: Node, below: Node) -> bool:
    p, q = polynomial(above), polynomial(below)
    if not p or not q or not degree(p) or not degree(q):
        return False
    from problem_bank.algebra.factors import share_a_factor

    return share_a_factor(p, q)
