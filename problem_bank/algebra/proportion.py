"""Are two trees the same but for a number?"""

from __future__ import annotations

from problem_bank.algebra import modular
from problem_bank.algebra.tree import Node


def proportional(first: Node, second: Node) -> bool:
    """Is one a constant times the other? Functions count as unknown; almost certain where it says yes."""
    try:
        (a, b), (c, d), p = values(first, second)
    except ZeroDivisionError:
        return False
    return bool(a and b) and (a * d - b * c) % p == 0


def values(first: Node, second: Node) -> tuple[tuple[int, int], tuple[int, int], int]:
    """Both trees at two points modulo a prime, and the prime. Raises ZeroDivisionError."""
    point = modular.Point(modular.primes()[0])
    here = point.value(first), point.value(second)
    other = point.elsewhere()
    return here, (other.value(first), other.value(second)), point.prime
