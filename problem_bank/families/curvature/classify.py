"""Goodfellow et al., Deep Learning, section 4.3.1: the second derivative test in two dimensions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

import numpy as np

from problem_bank.answers import Array, Choice, Interval
from problem_bank.answers.choice import LETTERS
from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise, Part, Rule, Slip
from problem_bank.families.curvature import _by_differences as by_differences
from problem_bank.families.curvature import _hessians as hessians
from problem_bank.families.curvature._classify_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.families.curvature._statements import WRONG, kind_of, statements
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.polynomials import polynomial
from problem_bank.tex import tex
from problem_bank.values import Matrix, Number, Vector

SIGNS = ((1, 1), (-1, -1), (1, -1))
CUBIC = ("x^3", "x^2 y", "x y^2", "y^3")
Bounds: TypeAlias = Callable[[Number, Number], str]
"""From the larger and the smaller eigenvalue to an interval, as text."""
NAMES = {
    False: ("minimum", "maximum", "saddle", "diagonal", "higher_terms", "zero_gradient", "constant"),
    True: ("minimum", "maximum", "saddle", "zero_ignored", "never_decided", "zero_gradient", "constant"),
}  # statements, as they are listed before they are shuffled
EIGENVALUES = ("hessian", "eigenvalues")


@family(
    topic="curvature",
    source="Goodfellow 4.3.1",
    minutes=9,
    version=2,
    levels={
        "easy": {"ask": (*EIGENVALUES, "kind")},
        "medium": {},
        "hard": {"ask": (*EIGENVALUES, "kind", "fourth"), "flat": True},
    },
)
def classify(
    rng: Rng, *, ask: tuple[str, ...] = (*EIGENVALUES, "kind", "convex", "saddle"), flat: bool = False
) -> Exercise:
    """Find the Hessian of a polynomial at a critical point, its eigenvalues, and what kind of point it is."""
    direction = hessians.draw_direction(rng, hessians.DIRECTIONS)
    signs = ((1, 0), (-1, 0)) if flat else SIGNS
    eigenvalues = rng.built(
        "eigenvalues", lambda r: r.choice("pair", hessians.pairs(direction, r.choice("signs", signs)))
    )
    if flat != (eigenvalues[1] == 0) or not eigenvalues[0]:
        raise BadGiven("eigenvalues: the second one must be 0 where `flat` is set, and none otherwise")
    h, form = hessians.hessian(eigenvalues, direction), hessians.linear_form(hessians.across(direction))
    if flat:
        fourth = rng.int("fourth", -6, 6, exclude=(0,))
        higher = [(fourth, f"({form})^4")]
    else:
        fourth, higher = 0, list(zip(rng.ints("cubic", len(CUBIC), -3, 3), CUBIC, strict=True))
    said = statements(h, flat)
    order = rng.shuffle("order", len(said))
    right = kind_of(*((eigenvalues[0], fourth) if flat else eigenvalues))
    options = tuple(NAMES[flat][i] for i in order)
    point = Point(h, eigenvalues[0], fourth)
    high, low = hessians.eigenvalues_of(h)
    return Exercise(
        given={**rng.drawn, "ask": ask, "flat": flat},
        shown={
            "f": polynomial([*hessians.quadratic_terms(h), *higher]), "h": h, "form": form, "high": high,
            "low": low, "trace": high + low, "determinant": high * low,
            "equation": polynomial([(1, r"\mu^2"), (-high - low, r"\mu"), (high * low, "")]),
            "options": [said[name] for name in options],
            "letters": LETTERS, "right": said[right], "fourth": fourth, "fourth_term": f"{tex(fourth)} ({form})^4",
        },
        prompt=PROMPT,
        parts=[point.part(name, options, right) for name in ask],
        solution=SOLUTION,
    )  # fmt: skip


@dataclass(frozen=True)
class Point:
    """The origin: its Hessian, the eigenvalue that is not 0 where one is, and the factor of degree four."""

    h: Matrix
    bend: Number
    fourth: Number

    def part(self, name: str, options: tuple[str, ...], right: str) -> Part:
        """The part of this name."""
        if name == "kind":
            return self._kind(options, right)
        return {"hessian": self._hessian, "eigenvalues": self._eigenvalues, "convex": self._convex,
                "saddle": self._saddle, "fourth": self._fourth}[name]()  # fmt: skip

    def _hessian(self) -> Part:
        (a, b), (_, d) = self.h
        half = Fraction(1, 2)
        wrong = {
            "coefficients": ((a * half, b), (b, d * half)),
            "no_mixed": ((a, 0), (0, d)),
            "form_matrix": ((a * half, b * half), (b * half, d * half)),
        }
        return Part("hessian", PART["hessian"], Array(self.h), 3, _slips(wrong))

    def _eigenvalues(self) -> Part:
        def own(earlier: Earlier) -> Vector:
            return hessians.eigenvalues_of(earlier.get("hessian", self.h))

        wrong = {
            "diagonal": lambda e: _falling(*(row[i] for i, row in enumerate(e.get("hessian", self.h)))),
            "trace_and_determinant": lambda e: None if 0 in own(e) else _falling(sum(own(e)), own(e)[0] * own(e)[1]),
            "negated": lambda e: _falling(*(-v for v in own(e))),
        }
        key = hessians.eigenvalues_of(self.h)
        return Part("eigenvalues", PART["eigenvalues"], Array(key), 3, _slips(wrong), own)

    def _kind(self, options: tuple[str, ...], right: str) -> Part:
        def own(earlier: Earlier) -> int:
            high, low = earlier.get("eigenvalues", hessians.eigenvalues_of(self.h))
            return options.index(kind_of(high or low, self.fourth) if self.fourth else kind_of(high, low))

        slips = [Slip(name, place, WRONG[name]) for place, name in enumerate(options) if name != right]
        answer = Choice(options.index(right), tuple(statements(self.h, bool(self.fourth))[name] for name in options))
        return Part("kind", PART["kind"], answer, misconceptions=slips, follow=own)

    def _convex(self) -> Part:
        diagonal = min(self.h[0][0], self.h[1][1])
        wrong = {
            "larger": lambda high, low: f"({-high}, inf)",
            "sign": lambda high, low: f"({low}, inf)",
            "closed": lambda high, low: f"[{-low}, inf)",
            "by_diagonal": lambda high, low: f"({-diagonal}, inf)",
        }
        return self._interval("convex", "c", lambda high, low: f"({-low}, inf)", wrong)

    def _saddle(self) -> Part:
        wrong = {
            "sign": lambda high, low: f"({low}, {high})",
            "closed": lambda high, low: f"[{-high}, {-low}]",
            "both_positive": lambda high, low: f"({-low}, inf)",
        }
        return self._interval("saddle", "c", lambda high, low: f"({-high}, {-low})", wrong)

    def _fourth(self) -> Part:
        def beyond(bound: Number, down: bool, bracket: str = "()") -> str:
            return f"(-inf, {bound}{bracket[1]}" if down else f"{bracket[0]}{bound}, inf)"

        up = self.bend > 0
        wrong = {
            "sign": lambda high, low: beyond(self.fourth, up),
            "closed": lambda high, low: beyond(-self.fourth, up, "[]"),
            "other_side": lambda high, low: beyond(-self.fourth, not up),
        }
        return self._interval("fourth", "t", lambda high, low: beyond(-self.fourth, up), wrong)

    def _interval(self, name: str, letter: str, right: Bounds, wrong: Mapping[str, Bounds]) -> Part:
        """A part that asks for an interval of this letter, from both eigenvalues."""

        def rule(bounds: Bounds) -> Rule:
            return lambda e: _union(bounds(*e.get("eigenvalues", hessians.eigenvalues_of(self.h))))

        key = rule(right)
        slips = _slips({slip: rule(bounds) for slip, bounds in wrong.items()})
        return Part(name, PART[name], Interval(key({}), letter), 2, slips, key)


def _slips(wrong: Mapping[str, Any]) -> list[Slip]:
    return [Slip(name, value, SAID[name]) for name, value in wrong.items()]


def _falling(*values: Number) -> Vector:
    return tuple(sorted(values, reverse=True))


@cache
def _union(text: str) -> Any:
    return Interval(text).key


@classify.oracle
def on_a_grid(direction: Vector, eigenvalues: Vector, order: Vector, flat: bool, **given: Any) -> dict[str, Any]:
    """Differences and signs of the polynomial itself."""
    f = by_differences.function(direction, eigenvalues, given.get("cubic", ()), given.get("fourth", 0))
    h = by_differences.second_derivatives(f)
    high, low = by_differences.eigenvalues(h)
    diagonal, kind = h.diagonal(), by_differences.kind(f)
    names = NAMES[flat]
    places = {f"kind.{name}": order.index(names.index(name)) for name in names}
    return {
        "hessian": h,
        "hessian.coefficients": h - np.diag(diagonal) / 2,
        "hessian.no_mixed": np.diag(diagonal),
        "hessian.form_matrix": h / 2,
        "eigenvalues": [high, low],
        "eigenvalues.diagonal": sorted(diagonal)[::-1],
        "eigenvalues.trace_and_determinant": None if flat else sorted([sum(diagonal), high * low])[::-1],
        "eigenvalues.negated": [-low, -high],
        **places,
        "kind": places[f"kind.{kind}"],
        **by_differences.intervals(high, low, diagonal, given.get("fourth", 0)),
    }
