"""Where a tree turns: the trees whose signs decide which branch of |u|, max(u, v), sqrt(u) or ln(u) holds.

Between their zeros a tree is analytic. There, and only there, does agreement at random points speak
for all the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product

from problem_bank.algebra.caps import constant
from problem_bank.algebra.series import freed
from problem_bank.algebra.signs import nonzero, sign_factors, touching
from problem_bank.algebra.tree import Node, apply, names, nodes, number
from problem_bank.algebra.words import KINKED

BRANCHES = 16  # of one nested argument
ARGUMENTS = 6  # of one maximum
CONDITIONS = 24
_JUMPS = frozenset(["sign", "floor", "ceil"])
_BRANCHED = frozenset(["ln", "sqrt", "asin", "acos", "atan", "softplus"])  # several-valued in the complex plane
_ONE = number(1)


class TooManyError(Exception):
    """More conditions than can be looked at."""


def is_piecewise(tree: Node) -> bool:
    """Does it hold a function with jumps or kinks?"""
    return any(node.op in KINKED for node in nodes(tree))


def has_jumps(tree: Node, domains: Mapping[str, str]) -> bool:
    """Does it hold a function that jumps, or a power such as 0^(x^2), which is 1 at x = 0?"""
    return any(node.op in _JUMPS or _is_jumping_power(node, domains) for node in nodes(tree))


def _is_jumping_power(node: Node, domains: Mapping[str, str]) -> bool:
    """Is this a power u^v where u and v may be zero at once? u^v is 0 or 1 there, 0^0 is 1."""
    if node.op != "^" or not names(node.args[1]) or nonzero(node.args[0], domains):
        return False
    return not nonzero(node.args[1], domains)


def conditions(trees: tuple[Node, ...], domains: Mapping[str, str]) -> set[Node]:
    """The trees whose zeros may separate the branches of these. Raises TooManyError."""
    found: set[Node] = set()
    for tree in trees:
        opened, letters = freed(tree, domains)
        for node in nodes(opened):
            for turning in _turning(node):
                for branch in _branches(turning):
                    found.update(sign_factors(branch, letters))
            if any(names(condition) - set(domains) for condition in found):
                raise TooManyError("a condition for every term of a sum")
        for node in nodes(tree):
            for argument in (*jumping(node, domains), *_ending(node)):
                for branch in _branches(argument):
                    found.update((*sign_factors(branch, domains), *touching(branch, domains)))
        if len(found) > CONDITIONS:
            raise TooManyError(f"more than {CONDITIONS} conditions")
    return found


def rounded(trees: tuple[Node, ...]) -> set[Node]:
    """The arguments of floor and ceil. Raises TooManyError."""
    found = {node.args[0] for tree in trees for node in nodes(tree) if node.op in ("floor", "ceil")}
    if any(node.op == "index" for tree in found for node in nodes(tree)):
        raise TooManyError("a condition for every term of a sum")
    return found


def _ending(node: Node) -> Iterator[Node]:
    """Where factorials end, and binomial coefficients are zero; every term of a sum has an end of its own."""
    if node.op == "factorial":
        found = [node.args[0]]
    elif node.op == "binomial":
        found = [node.args[1], node.args[0] - node.args[1]]
    else:
        return
    yield from (tree for tree in found if all(inner.op != "index" for inner in nodes(tree)))


def jumping(node: Node, domains: Mapping[str, str]) -> Iterator[Node]:
    """What makes this node jump where it is zero, even if its sign is the same on both sides."""
    if node.op == "sign":
        yield node.args[0]
    elif _is_jumping_power(node, domains):
        yield node.args[1]


def _turning(node: Node) -> Iterator[Node]:
    """What changes its sign where this node changes its branch; rounding is another matter."""
    match node.op:
        case "abs" | "relu" | "sign" | "ln" | "sqrt":
            yield node.args[0]
        case "max" | "min":
            different = set(node.args)
            if len(different) > ARGUMENTS:
                raise TooManyError(f"more than {ARGUMENTS} values in one maximum")
            yield from (a - b for a, b in combinations(different, 2))
        case "asin" | "acos":
            yield _ONE - node.args[0]
            yield _ONE + node.args[0]
        case "^" if not _is_whole(node.args[1]):
            yield node.args[0]
    if node.op in _BRANCHED:
        yield from _poles(node.args[0])


def _poles(tree: Node) -> Iterator[Node]:
    """Divisors inside a several-valued function: beyond a pole it may be on another branch."""
    for node in nodes(tree):
        if node.op == "inv" or (node.op == "^" and (constant(node.args[1]) or 0) < 0):
            yield node.args[0]
        elif node.op == "tan":
            yield apply("cos", node.args[0])


def _branches(tree: Node) -> list[Node]:
    """The trees without kinks, one of which this tree is at each point. Raises TooManyError."""
    match tree.op:
        case "max" | "min":
            found = [branch for arg in tree.args for branch in _branches(arg)]
        case "abs":
            found = [signed for branch in _branches(tree.args[0]) for signed in (branch, -branch)]
        case "relu":
            found = [*_branches(tree.args[0]), number(0)]
        case "sign":
            found = [_ONE, -_ONE, number(0)]
        case _:
            if not is_piecewise(tree):
                return [tree]
            inner = product(*map(_branches, tree.args))
            found = [Node(tree.op, args, tree.atom) for args, _ in zip(inner, range(BRANCHES + 1), strict=False)]
    if len(found) > BRANCHES:
        raise TooManyError(f"more than {BRANCHES} branches")
    return found


def _is_whole(exponent: Node) -> bool:
    value = constant(exponent)
    return value is not None and value.denominator == 1
