"""Products of powers of positive trees: which of two is larger, asked without roots and divisions.

sqrt(b/a) > a/b where (b/a)^(3/2) > 1, and so where b > a.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

from problem_bank.algebra.caps import constant
from problem_bank.algebra.ranges import range_of
from problem_bank.algebra.tree import Node, number

_EXPONENT = 24  # in what is compared

Powers = dict[Node, Fraction]
"""Exponents by factor."""


def compared(larger: Node, smaller: Node, domains: Mapping[str, str]) -> Node | None:
    """A difference of products with the sign of larger - smaller; None where both are plain products already,
    or not known to be positive.
    """
    above, below = powers(larger, domains), powers(smaller, domains)
    if above is None or below is None or all(map(_is_plain, (above, below))):
        return None
    ratio = {factor: above.get(factor, Fraction(0)) - below.get(factor, Fraction(0)) for factor in {**above, **below}}
    exponents = [e for e in ratio.values() if e]
    if not exponents:
        return number(0)
    unit = Fraction(math.gcd(*(e.numerator for e in exponents)), math.lcm(*(e.denominator for e in exponents)))
    whole = {factor: int(e / unit) for factor, e in ratio.items() if e}
    if max(map(abs, whole.values())) > _EXPONENT:
        return None
    return _product(whole) - _product({factor: -e for factor, e in whole.items()})


def powers(tree: Node, domains: Mapping[str, str]) -> Powers | None:
    """A tree as a product of powers; None unless all its factors are positive."""
    found: Powers = {}
    for factor, exponent in _factors(tree, Fraction(1), domains):
        if not range_of(factor, domains).positive:
            return None
        if factor != number(1):
            found[factor] = found.get(factor, Fraction(0)) + exponent
    return {factor: exponent for factor, exponent in found.items() if exponent}


def _factors(tree: Node, exponent: Fraction, domains: Mapping[str, str]) -> Iterator[tuple[Node, Fraction]]:
    n = constant(tree.args[1]) if tree.op == "^" else None
    if tree.op == "*":
        for arg in tree.args:
            yield from _factors(arg, exponent, domains)
    elif tree.op == "inv":
        yield from _factors(tree.args[0], -exponent, domains)
    elif tree.op == "sqrt":
        yield from _factors(tree.args[0], exponent / 2, domains)
    elif n is not None:
        yield from _factors(tree.args[0], exponent * n, domains)
    else:
        yield tree, exponent


def _is_plain(found: Powers) -> bool:
    return all(e.denominator == 1 and e > 0 for e in found.values())


def _product(exponents: Mapping[Node, int]) -> Node:
    """The product of those with positive exponents."""
    found = [factor if e == 1 else factor**e for factor, e in exponents.items() if e > 0]
    return Node("*", tuple(found)) if len(found) > 1 else found[0] if found else number(1)
