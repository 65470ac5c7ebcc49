"""The shares of a mark that Moodle knows; its importer refuses all others."""

from __future__ import annotations

from fractions import Fraction

SHARES = tuple(
    sorted({Fraction(p, q) for q in range(1, 7) for p in range(q + 1)}
           | {Fraction(p, 10) for p in range(11)} | {Fraction(1, q) for q in range(7, 10)} | {Fraction(1, 20)})
)  # fmt: skip
"""All p/q up to q = 6, all tenths, 1/7, 1/8, 1/9 and 1/20."""


def nearest(share: Fraction) -> Fraction:
    """The known share that is nearest, below 0 as above; of two, the smaller."""
    if share < 0:
        return -nearest(-share)
    return min(SHARES, key=lambda known: abs(known - share))


def percent(share: Fraction) -> str:
    """The nearest known share as Moodle writes it: 33.33333."""
    return f"{float(100 * nearest(share)):.5f}".rstrip("0").rstrip(".")
