"""Where two trees are compared: random points of the declared domains, and the corners of piecewise functions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from random import SystemRandom

from problem_bank.algebra.caps import constant
from problem_bank.algebra.numeric import Evaluator
from problem_bank.algebra.tree import Node, nodes
from problem_bank.algebra.words import KINKED

DOMAINS = ("real", "positive", "nonzero", "integer", "natural", "unit")
"""natural is 1, 2, 3, ...; unit is the open interval (0, 1)."""

Point = Mapping[str, Fraction]

CORNERS = 60  # points at corners, at most
_SCALES = (Fraction(1), Fraction(1, 8), Fraction(12), Fraction(1, 300), Fraction(400))
_SPECIAL = (Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 2))
_SIGNED = frozenset(["real", "nonzero", "integer"])
_RESTRICTED = frozenset(["ln", "sqrt", "asin", "acos"])
_PATTERNS = 4  # symbols whose signs are all combined; those of further ones are drawn
_random = SystemRandom()


def random_points(domains: Mapping[str, str]) -> Iterator[Point]:
    """Random points without end, near and far in turn; each round goes through all signs of the symbols."""
    signed = [name for name, domain in domains.items() if domain in _SIGNED]
    for scale in itertools.cycle(_SCALES):
        for signs in itertools.product((1, -1), repeat=min(len(signed), _PATTERNS)):
            point = {name: _draw(domain, scale) for name, domain in domains.items()}
            yield {**point, **{name: sign * abs(point[name]) for name, sign in zip(signed, signs, strict=False)}}


def round_size(domains: Mapping[str, str]) -> int:
    """The number of points in one round of random points."""
    return 1 << min(sum(domain in _SIGNED for domain in domains.values()), _PATTERNS)


def corners(trees: tuple[Node, ...], domains: Mapping[str, str]) -> Iterator[Point]:
    """The points 0, 1, -1, 1/2, and those where an argument of floor, abs, max ... reaches a jump or kink."""
    yield from itertools.islice(_special(domains), CORNERS // 3)
    found = (point for tree in trees for node in nodes(tree) if node.op in KINKED for point in _kinks(node, domains))
    yield from itertools.islice(found, CORNERS)


def is_piecewise(tree: Node) -> bool:
    """Does it hold a function with jumps or kinks?"""
    return any(node.op in KINKED for node in nodes(tree))


def is_restricted(tree: Node) -> bool:
    """Does it hold a function, or a power, that not every real number has?"""
    return any(node.op in _RESTRICTED or (node.op == "^" and not is_whole(node.args[1])) for node in nodes(tree))


def is_whole(exponent: Node) -> bool:
    """Is this exponent a whole number?"""
    value = constant(exponent)
    return value is not None and value.denominator == 1


def inside(value: Fraction, domain: str) -> bool:
    """Does this value belong to the domain?"""
    if domain in ("integer", "natural"):
        return value.denominator == 1 and (domain == "integer" or value >= 1)
    return {"positive": value > 0, "nonzero": value != 0, "unit": 0 < value < 1}.get(domain, True)


def _draw(domain: str, scale: Fraction) -> Fraction:
    if domain == "unit":
        return Fraction(_random.randint(1, 996), 997)
    if domain in ("integer", "natural"):
        reach = max(3, int(12 * scale))
        return Fraction(_random.randint(1 if domain == "natural" else -reach, reach))
    value = Fraction(_random.randint(1, 4000), _random.randint(701, 1399)) * scale
    return -value if domain in _SIGNED and _random.getrandbits(1) else value


def _special(domains: Mapping[str, str]) -> Iterator[Point]:
    allowed = [[value for value in _SPECIAL if inside(value, domain)] for domain in domains.values()]
    for values in itertools.product(*allowed):
        yield dict(zip(domains, values, strict=True))


def _kinks(node: Node, domains: Mapping[str, str]) -> Iterator[Point]:
    """Points at and beside the places where one function's argument turns, along each symbol."""
    inner = [a - b for a, b in itertools.combinations(node.args[:4], 2)] if len(node.args) > 1 else list(node.args)
    for tree in inner:
        for name, domain in domains.items():
            base = {n: _draw(d, Fraction(1)) for n, d in domains.items()}
            for value in _solve(tree, base, name, jumps=node.op in ("floor", "ceil")):
                yield from ({**base, name: v} for v in _beside(value, domain) if inside(v, domain))


def _solve(tree: Node, base: Point, name: str, *, jumps: bool) -> Iterator[Fraction]:
    """Where the tree is zero (or, with `jumps`, the nearest whole numbers), as if it were linear in this symbol."""
    start, end = _at(tree, base), _at(tree, {**base, name: base[name] + 1})
    if start is None or end is None or start == end:
        return
    for target in (round(start), round(start) + 1) if jumps else (0,):
        yield base[name] + (target - start) / (end - start)


def _beside(value: Fraction, domain: str) -> tuple[Fraction, ...]:
    if domain in ("integer", "natural"):
        whole = math.floor(value)
        return tuple(Fraction(whole + step) for step in (-1, 0, 1, 2))
    return value, value - Fraction(1, 1009), value + Fraction(1, 1009)


def _at(tree: Node, point: Point) -> Fraction | None:
    try:
        value = Evaluator(point, 30).value(tree)
    except ArithmeticError:
        return None
    return value if isinstance(value, Fraction) else Fraction(float(value))
