"""Polynomials in LaTeX."""

from __future__ import annotations

from collections.abc import Iterable

from problem_bank.tex import tex
from problem_bank.values import Number


def polynomial(terms: Iterable[tuple[Number, str]]) -> str:
    """LaTeX of a sum of terms (coefficient, monomial); those with 0 are left out."""
    shown = ""
    for coefficient, monomial in terms:
        if coefficient:
            size = -coefficient if coefficient < 0 else coefficient
            sign = "-" if coefficient < 0 else "+"
            term = (tex(size) if size != 1 or not monomial else "") + monomial
            shown += f" {sign} {term}" if shown else term if sign == "+" else f"-{term}"
    return shown or "0"
