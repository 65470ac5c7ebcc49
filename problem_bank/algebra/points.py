"""Where two trees are compared: random points of the declared domains, and the corners of piecewise functions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from random import Random, SystemRandom

from problem_bank.algebra.numeric import Evaluator
from problem_bank.algebra.tree import Node, nodes
from problem_bank.algebra.words import KINKED

DOMAINS = ("real", "positive", "nonzero", "integer", "natural", "unit")
"""natural is 1, 2, 3, ...; unit is the open interval (0, 1)."""

Point = Mapping[str, Fraction]

WHOLE = ("integer", "natural")
KINDS = 12  # residues that one whole number goes through
CORNERS = 60  # points at corners, at most
SCALES = (Fraction(1), Fraction(12), Fraction(1, 8), Fraction(90), Fraction(1, 300), Fraction(400))
NEAR = (Fraction(1), Fraction(1, 2), Fraction(2), Fraction(1, 8))  # where nothing is large yet
_PRIMES = (701, 733, 769, 809, 853, 887, 929, 971, 1013, 1051, 1093, 1129, 1181, 1231, 1289, 1361)
_SPECIAL = (Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 2))
_SIGNED = frozenset(["real", "nonzero", "integer"])
_PATTERNS = 4  # symbols whose signs are all combined; those of further ones are drawn
_random = Random(SystemRandom().getrandbits(256))  # quick, and nobody sees its numbers


def random_points(domains: Mapping[str, str], scales: tuple[Fraction, ...] = SCALES) -> Iterator[Point]:
    """Random points without end: all signs of the symbols in turn, near and far in turn, whole numbers of all kinds."""
    signed = [name for name, domain in domains.items() if domain in _SIGNED]
    whole = [name for name, domain in domains.items() if domain in WHOLE]
    patterns = list(itertools.product((1, -1), repeat=min(len(signed), _PATTERNS)))
    for turn, scale in enumerate(itertools.cycle(scales)):
        # Signs (and residues) shift by one in every turn through the scales, so that each meets each.
        signs = patterns[(turn + turn // len(SCALES)) % len(patterns)]
        point = {name: _draw(domain, scale) for name, domain in domains.items()}
        point.update({name: _of_kind(point[name], turn, i, len(whole)) for i, name in enumerate(whole)})
        yield {**point, **{name: sign * abs(point[name]) for name, sign in zip(signed, signs, strict=False)}}


def _of_kind(value: Fraction, turn: int, i: int, letters: int) -> Fraction:
    """A whole number nearby with the residue that is due: one letter goes through all modulo 12, several through
    all combinations of even and odd.
    """
    modulus = KINDS if letters == 1 else 2
    residue = turn + turn // KINDS if letters == 1 else turn + turn // len(SCALES) >> i
    return value + (residue - value) % modulus or Fraction(modulus)  # zero is a corner, and looked at there


def draw(domains: Mapping[str, str]) -> Point:
    """One random point of middling size."""
    return {name: _draw(domain, Fraction(1)) for name, domain in domains.items()}


def corners(trees: tuple[Node, ...], domains: Mapping[str, str]) -> Iterator[Point]:
    """The points 0, 1, -1, 1/2, and those where an argument of floor, abs, max ... reaches a jump or kink."""
    yield from itertools.islice(special(domains), CORNERS // 3)
    found = (point for tree in trees for node in nodes(tree) if node.op in KINKED for point in _kinks(node, domains))
    yield from itertools.islice(found, CORNERS)


def far_points(domains: Mapping[str, str]) -> Iterator[Point]:
    """Points with one letter very large or very small, the others as usual."""
    for name, domain in itertools.islice(domains.items(), _PATTERNS):
        for power in (-9, -6, -5, -4, -3, 3, 4, 5, 6, 9):
            value = Fraction(_random.randint(300, 3000), 1000) * Fraction(10) ** power
            value = Fraction(math.ceil(value)) if domain in WHOLE else 1 - value if domain == "unit" else value
            for x in (value, -value) if domain in _SIGNED else (value,):
                if inside(x, domain):
                    yield {**draw(domains), name: x}


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
        size = _random.randint(1, reach)
        return Fraction(-size if domain == "integer" and _random.getrandbits(1) else size)
    above, below = _random.randint(1, 4000), _random.choice(_PRIMES)
    value = Fraction(above + (above % below == 0), below) * scale  # never whole: (-1)^2 has a value, (-1)^x has none
    return -value if domain in _SIGNED and _random.getrandbits(1) else value


def special(domains: Mapping[str, str]) -> Iterator[Point]:
    """All points of 0, 1, -1 and 1/2 in the domains."""
    allowed = [[value for value in _SPECIAL if inside(value, domain)] for domain in domains.values()]
    for values in itertools.product(*allowed):
        yield dict(zip(domains, values, strict=True))


def _kinks(node: Node, domains: Mapping[str, str]) -> Iterator[Point]:
    """Points at and beside the places where one function's argument turns, along each symbol."""
    inner = [a - b for a, b in itertools.combinations(node.args[:4], 2)] if len(node.args) > 1 else list(node.args)
    for tree in inner:
        for name, domain in domains.items():
            base = draw(domains)
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
    """The value at a point; None where there is none, or none that a float can hold."""
    try:
        value = Evaluator(point, 30).value(tree)
        return value if isinstance(value, Fraction) else Fraction(float(value))
    except (ArithmeticError, ValueError):
        return None
