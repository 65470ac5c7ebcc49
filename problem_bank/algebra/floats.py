"""Values in floating point with bounds for their errors: the quick proof that two trees differ at a point.

A value is a ball: a float, and how far the true value may be from it. Where the balls of two trees
are apart, the trees differ; where they touch, or anything is in doubt, nothing is said. So this only
refutes, and what refutes needs no secrecy: the points are drawn once, and the key's balls kept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import Any

from problem_bank.algebra.balls import Ball, UnsureError, number, rule
from problem_bank.algebra.tree import Node

_SCALES = (1.0, 4.0, 0.3, 1.5, 12.0, 2.0)  # of the points, one after the other
_SIGNED = frozenset(["real", "nonzero", "integer"])
_random = Random()

_Domains = tuple[tuple[str, str], ...]
_Point = Mapping[Any, float]


def differ(first: Node, second: Node, domains: Mapping[str, str]) -> bool:
    """Is there a point of the domains at which both trees surely have values, and these differ?"""
    asked = tuple(domains.items())
    for scale in _SCALES if domains else _SCALES[:1]:
        right = _known(second, asked, scale)
        mine = _value(first, _point(asked, scale)) if right else None
        if mine and right and abs(mine[0] - right[0]) > mine[1] + right[1]:
            return True
    return False


@lru_cache(maxsize=1024)
def _point(domains: _Domains, scale: float) -> _Point:
    """A random point of about this size."""
    return {name: _drawn(domain, scale) for name, domain in domains}


def _drawn(domain: str, scale: float) -> float:
    if domain == "unit":
        return _random.uniform(0.02, 0.98)
    size = _random.uniform(0.2, 1.5) * scale
    if domain in ("integer", "natural"):
        size = float(_random.randint(1, 3) + round(size))
    return -size if domain in _SIGNED and _random.random() < 0.5 else size


@lru_cache(maxsize=1024)
def _known(key: Node, domains: _Domains, scale: float) -> Ball | None:
    """The key's ball at one of the points: those of a whole class are compared with it."""
    return _value(key, _point(domains, scale))


def _value(tree: Node, point: _Point) -> Ball | None:
    """The ball of a tree at a point, None where it cannot be told."""
    try:
        return _ball(tree, point)
    except (ArithmeticError, ValueError):
        return None


def _ball(tree: Node, point: _Point) -> Ball:
    if tree.op == "symbol":
        return point[tree.atom], 0.0  # a float is an exact number
    if tree.op == "number":
        return number(tree.value)
    found = rule(tree.op)([_ball(arg, point) for arg in tree.args])
    if not abs(found[0]) + found[1] < math.inf:
        raise UnsureError(tree.op)
    return found
