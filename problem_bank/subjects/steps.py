"""Graded steps: every key is what the step's own rule makes of the values before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from problem_bank.answers import Answer, Array, Number, Rational
from problem_bank.exact import elementwise
from problem_bank.exercise import Part, Rule, Slip
from problem_bank.tex import tex
from problem_bank.values import Number as Exact
from problem_bank.values import Vector


@dataclass
class Steps:
    """Parts in the order of the work; `said` holds the feedback on every misconception, by name.

    Keys are exact unless a `tolerance` is given; it is relative, down to numbers of size 0.001.
    """

    said: Mapping[str, str]
    tolerance: float = 0.0
    parts: list[Part] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)

    def ask(
        self,
        name: str,
        prompt: str,
        right: Any,
        wrong: Mapping[str, Any],
        *,
        points: int = 1,
        kind: Callable[[Any], Answer] | None = None,
    ) -> Any:
        """Append a part and return its key.

        `right` and each of the misconceptions in `wrong` is a rule on the values before it, or a value that
        follows from none of them. `kind` makes the answer from the key where it is not an array, nor an
        exact number.
        """
        follow: Rule = right if callable(right) else lambda earlier: right
        key = self.keys[name] = follow(self.keys)
        if self.tolerance:
            key = self.keys[name] = elementwise(lambda v: v + 0, key)  # no -0.0
        slips = [Slip(slip, rule, self.said[slip]) for slip, rule in wrong.items()]
        self.parts.append(Part(name, prompt, (kind or self._answer)(key), points, slips, follow))
        return key

    def _answer(self, key: Any) -> Answer:
        if isinstance(key, tuple):
            return Array(key, self.tolerance)
        return Number(key, self.tolerance, floor=1e-3) if self.tolerance else Rational(key)


def bracketed(value: Exact | float) -> str:
    """LaTeX of a number, in brackets where it is negative."""
    return f"({tex(value)})" if value < 0 else tex(value)


def products(u: Vector, v: Vector) -> str:
    r"""3 \cdot 1 + (-2) \cdot 4"""
    return " + ".join(rf"{bracketed(a)} \cdot {bracketed(b)}" for a, b in zip(u, v, strict=True))
