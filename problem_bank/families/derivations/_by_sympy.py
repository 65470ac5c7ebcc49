"""The second route to the expressions in derivations: recurrences solved, expectations summed, pixels counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

Values = dict[str, Any]


@cache
def expressions(derivation: str) -> dict[str, Values]:
    """For each blank that asks for an expression its value, under "", and that of each misconception, in SymPy.

    A derivation with such blanks needs a route of its own here.
    """
    route = ROUTES.get(derivation)
    return route() if route else {}


def _adam() -> dict[str, Values]:
    """Sums of weights as solutions of a(t + 1) = rho a(t) + what comes in at each step."""
    from sympy import Symbol, solve

    rho, t, x = Symbol("rho"), Symbol("t"), Symbol("x")

    def total(inflow: Any, *, start: int = 0, keep: Any = rho) -> Any:
        return _recurrence(lambda a: keep * a + inflow, start)

    weights, factor = total(1), total(1 - rho)
    return {
        "sum": {
            "": weights(t),
            "infinite_sum": solve(rho * x + 1 - x, x)[0],
            "one_term_short": weights(t - 1),
            "weights_ignored": total(1, keep=1)(t),
        },
        "factor": {
            "": factor(t),
            "exponent_lost": factor(1),
            "factor_lost": weights(t),
            "weight_of_the_start": total(0, start=1)(t),
        },
    }


def _dropout() -> dict[str, Values]:
    """Expectations over the two values of a mask entry."""
    from sympy import Rational, Symbol

    p, h = Symbol("p"), Symbol("h_i")

    def mean(of: Callable[[int], Any], kept: Any = p) -> Any:
        return of(1) * kept + of(0) * (1 - kept)

    return {
        "mask": {
            "": mean(lambda m: m),
            "drop_for_keep": mean(lambda m: m, 1 - p),
            "equally_likely": mean(lambda m: m, Rational(1, 2)),
        },
        "unit": {
            "": mean(lambda m: m * h / p),
            "scale_forgotten": mean(lambda m: m * h),
            "always_kept": mean(lambda m: m * h / p, 1),
        },
    }


def _receptive_field() -> dict[str, Values]:
    """The growth from pixels counted for several kernels; the field from its recurrence."""
    from sympy import Symbol, interpolate

    k, layer = Symbol("k"), Symbol("L")
    field = 9  # any size of the field before

    def counted(pixels: Callable[[int], int], kernels: tuple[int, ...] = (1, 3, 5)) -> Any:
        return interpolate([(side, pixels(side)) for side in kernels], k)

    growth = counted(lambda side: len({at + pixel for at in range(side) for pixel in range(field)}) - field)
    return {
        "growth": {
            "": growth,
            "kernels_added": counted(lambda side: len(range(side))),
            "both_sides": counted(lambda side: len([pixel for pixel in range(1 - side, side) if pixel])),
            "one_side": counted(lambda side: side // 2),
        },
        "next": {
            "": _recurrence(lambda r: r + growth, 1)(layer + 1),
            "not_advanced": _recurrence(lambda r: r + growth, 1)(layer),
            "kernels_added": _recurrence(lambda r: r + k, 1)(layer + 1),
            "pixel_lost": _recurrence(lambda r: r + growth, 0)(layer + 1),
        },
    }


def _recurrence(step: Callable[[Any], Any], start: int) -> Callable[[Any], Any]:
    """The solution of a(n + 1) = step(a(n)) with a(0) = start, as a function of n."""
    from sympy import Function, Symbol, rsolve, simplify

    n, a = Symbol("n", integer=True, nonnegative=True), Function("a")
    solved = simplify(rsolve(a(n + 1) - step(a(n)), a(n), {a(0): start}))
    return lambda at: solved.subs(n, at)


ROUTES: dict[str, Callable[[], dict[str, Values]]] = {
    "adam_bias_correction": _adam,
    "inverted_dropout": _dropout,
    "receptive_field": _receptive_field,
}
