"""Sine, cosine and tangent at simple multiples of pi, exactly: sin(n pi) is 0, and not almost 0."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod

from problem_bank.algebra.functions import UndefinedError
from problem_bank.algebra.tree import Node

_SINES = {Fraction(0): Fraction(0), Fraction(1, 6): Fraction(1, 2), Fraction(1, 2): Fraction(1)}


def half_turns(angle: Node, point: Mapping[str, Fraction]) -> Fraction | None:
    """The r of an angle r pi; None where it is not clearly one."""
    match angle.op:
        case "pi":
            return Fraction(1)
        case "neg":
            inner = half_turns(angle.args[0], point)
            return None if inner is None else -inner
        case "+":
            parts = [half_turns(arg, point) for arg in angle.args]
            known = [part for part in parts if part is not None]
            return sum(known, Fraction(0)) if len(known) == len(parts) else None
        case "*":
            around = [arg for arg in angle.args if not _is_turning(arg)]
            turning = [half_turns(arg, point) for arg in angle.args if _is_turning(arg)]
            factors = [_rational(arg, point) for arg in around]
            if len(turning) == 1 and turning[0] is not None and None not in factors:
                return turning[0] * prod(f for f in factors if f is not None)
    return None


def turned(op: str, half: Fraction) -> Fraction | None:
    """Sine, cosine or tangent of `half` times pi, None where it is irrational. Raises UndefinedError."""
    if op == "tan":
        if half % 1 == Fraction(1, 2):
            raise UndefinedError("the tangent of a right angle")
        return Fraction(0) if half % 1 == 0 else None
    half = (half + Fraction(1, 2) if op == "cos" else half) % 2
    found = _SINES.get(min(half % 1, 1 - half % 1))
    return -found if found and half >= 1 else found


def _is_turning(tree: Node) -> bool:
    """Is this factor the one with pi in it?"""
    return tree.op == "pi" or (tree.op in ("+", "*", "neg") and any(map(_is_turning, tree.args)))


def _rational(tree: Node, point: Mapping[str, Fraction]) -> Fraction | None:
    """The value of a factor made of numbers and letters."""
    match tree.op:
        case "number":
            return tree.value
        case "symbol":
            return point[str(tree.atom)]
        case "inv":
            inner = _rational(tree.args[0], point)
            return 1 / inner if inner else None
        case "neg" | "+" | "*":
            parts = [_rational(arg, point) for arg in tree.args]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            if tree.op == "neg":
                return -known[0]
            return sum(known, Fraction(0)) if tree.op == "+" else prod(known, start=Fraction(1))
    return None
