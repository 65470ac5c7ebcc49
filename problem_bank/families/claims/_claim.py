"""A false claim: what it says, what is asked for, and how it is decided for one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from problem_bank import algebra
from problem_bank.algebra import Node, number
from problem_bank.algebra.effort import TooLongError, limited
from problem_bank.algebra.numeric import Outcome, difference_at
from problem_bank.answers.counterexample import LETTER, CannotTellError, NoValueError, Reason, Values
from problem_bank.answers.named import brief
from problem_bank.subjects.softmax import softmax as exactly
from problem_bank.values import Number, Vector

Numbers: TypeAlias = tuple[int, int, int]
"""What is drawn for a claim: a pin that the object has to meet, and two whole numbers from 2 to 9."""

X = algebra.symbol(LETTER)


@dataclass(frozen=True)
class Claim:
    """`says` and `asks` are LaTeX with the places {pin}, {a} and {b}; `why` is the lesson of the solution,
    and `check` works the example out, as LaTeX.

    `judge` decides for an object. `mistakes` are objects that are no counter-examples, by the name
    of the reason; `said` teaches what to look for.
    """

    topic: str
    says: str
    asks: str
    objects: tuple[tuple[str, Any], ...]
    judge: Callable[[Values, Numbers], Reason | None]
    example: Callable[[Numbers], Values]
    mistakes: Callable[[Numbers], Mapping[str, Values]]
    said: Mapping[str, str]
    why: str
    check: Callable[[Numbers], str]


def holds(name: str, left: Any, right: Any = None, *, sign: str = "and", where: str = "") -> Reason:
    """The claim holds for this object: with both sides, or with what stands there in their place."""
    sides = f"both sides are {shown(left)}" if right is None else f"the sides are {shown(left)} {sign} {shown(right)}"
    return Reason(name, f"For your answer the claim still holds: {where}{sides}.")


def shown(value: Any) -> str:
    """A value as messages show it."""
    if isinstance(value, tuple | list):
        return f"({', '.join(map(shown, value))})"
    if isinstance(value, Node):
        return about(value)
    return brief(value) if isinstance(value, int | Fraction) else f"about {float(value):.4g}"


def about(tree: Node) -> str:
    """The value of a tree without letters, for messages."""
    try:
        return shown(algebra.evaluate(tree, {}))
    except ArithmeticError:
        return "a number too large to show"


def softmax(z: Vector) -> tuple[float, ...]:
    """Rounded, for messages only."""
    return tuple(round(p, 4) for p in exactly(z))


def at(g: Node, x: Number) -> Node:
    """g(x) as a tree without letters."""
    return algebra.substitute(g, {LETTER: number(x)})


def order(left: Node, right: Node) -> int:
    """-1, 0 or 1 as the left value is smaller, equal or larger. Raises NoValueError and CannotTellError."""
    try:
        with limited():
            outcome, sign = difference_at(left, right, {})
    except (TooLongError, ArithmeticError):
        raise CannotTellError("The values of your function could not be compared with certainty.") from None
    if outcome is Outcome.UNKNOWN:
        raise CannotTellError("The values of your function could not be compared with certainty.")
    if outcome not in (Outcome.SAME, Outcome.DIFFERENT):
        raise NoValueError("Your function has no real value at a point where the claim needs one.")
    return sign if outcome is Outcome.DIFFERENT else 0  # of equals, rounding decides the sign


def same_everywhere(left: Node, right: Node) -> bool:
    """Are these equal for all real x? Raises CannotTellError."""
    found = algebra.compare(left, right, {LETTER: "real"})
    if found.equal is None:
        raise CannotTellError("This function could not be judged for all x with certainty.")
    return found.equal
