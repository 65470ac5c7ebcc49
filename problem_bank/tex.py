"""Values as LaTeX."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from problem_bank.values import shape


def tex(value: Any) -> str:
    """LaTeX of a number, vector (a row in round brackets), matrix or tensor; other values as text.

    Anything with a `_latex_` or SymPy's `_latex` method prints itself.
    """
    if isinstance(value, Fraction):
        return _fraction(value)
    if isinstance(value, tuple):
        return _tuple(value)
    if hasattr(value, "tex"):
        return str(value.tex())
    if hasattr(value, "_latex"):
        from sympy import latex

        return str(latex(value))
    return decimal(value) if isinstance(value, float) else str(value)


def decimal(value: float | Fraction | int, digits: int = 4) -> str:
    """A number to so many significant digits, without an exponent where that stays short."""
    shown = f"{float(value):.{digits}g}"
    mantissa, e, exponent = shown.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else shown


def _fraction(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _tuple(value: tuple[Any, ...]) -> str:
    if len(shape(value)) < 2:
        return r"(" + r",\, ".join(map(tex, value)) + ")"
    if len(shape(value)) > 2:
        return r"\left[" + r",\; ".join(map(tex, value)) + r"\right]"
    rows = r" \\ ".join(" & ".join(map(tex, row)) for row in value)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
