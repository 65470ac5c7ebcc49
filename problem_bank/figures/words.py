"""Numbers and lists as they are written in pictures and read aloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

_NARROW, _WIDE = frozenset(" .,:;|()[]ilj'"), frozenset("mwMW+−=<>≤≥→∞·")
_SMALL = frozenset("₀₁₂₃₄₅₆₇₈₉²")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def number(value: Any, digits: int = 4) -> str:
    """A number as it is written: −3, 1/2, 0.7616."""
    exact = isinstance(value, int | Fraction)
    return (str(value) if exact else f"{float(value):.{digits}g}").replace("-", "−")


def indexed(name: str, index: object) -> str:
    """A letter with a small number: h₁."""
    return name + str(index).translate(_SUBSCRIPT)


def listed(values: Iterable[Any]) -> str:
    """Numbers or texts with commas between them."""
    return ", ".join(value if isinstance(value, str) else number(value) for value in values)


def counted(words: Sequence[str], last: str = "and") -> str:
    """a; a and b; a, b and c."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def text_width(text: str, size: float) -> float:
    """Roughly how wide a text becomes; rather too much than too little, since fonts differ."""
    return size * sum(0.33 if c in _NARROW else 0.82 if c in _WIDE else 0.42 if c in _SMALL else 0.58 for c in text)
