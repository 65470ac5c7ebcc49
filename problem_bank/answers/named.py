"""Named pieces of one answer: "W = [[1, 0]], b = 2", one on each line, a table of them, or JSON as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from problem_bank.answers import reading
from problem_bank.answers.array import Array
from problem_bank.errors import Unreadable
from problem_bank.figures.words import counted
from problem_bank.values import Number, shape

BITS = 40  # of a number that messages show exactly

_WRAPPER = re.compile(r"\b(?:(?:np|numpy|torch)\.)?(?<!\{)(?:array|tensor|asarray)\b|\band\b")
_LATEX_NAME = re.compile(r"\\(?:mathbf|mathrm|boldsymbol|bm|vec)\{(\w+)\}|\*\*(\w+)\*\*(?=\s{0,3}[=:])")
_AROUND = re.compile(  # fences and quotes of Markdown, comments, self, bullets in front of a name
    r"`{3}(?:\w*\n)?|`|#[^\n]*|\bself\.|^[ \t]{0,9}[-*•][ \t]{1,3}(?=[A-Za-z]\w{0,9}[ \t]{0,3}[=:])", re.MULTILINE
)
_BELOW = str.maketrans("₀₁₂₃₄", "01234")
_VECTOR, _MATRIX = Array((), ndim=1), Array((), ndim=2)


@dataclass(frozen=True)
class Names:
    """The names of the pieces, such as W1 and b1; W_1 or W^{(1)} are W1, and so is w1, if no other name is."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return counted(self.names)

    def split(self, raw: Any) -> dict[str, Any]:
        """The raw pieces by name, in the order of the names. Raises Unreadable for a missing or repeated one."""
        pairs = self._from_table(raw) if isinstance(raw, Mapping) else self._from_text(raw)
        for name in self.names:
            given = [value for key, value in pairs if key == name]
            if len(given) != 1:
                once = " once each" if len(self.names) > 1 else " once"
                raise Unreadable(f"{name} is {'given twice' if given else 'missing'}; write {self}{once}")
        return {name: dict(pairs)[name] for name in self.names}

    def _from_table(self, raw: Mapping[Any, Any]) -> list[tuple[str, Any]]:
        pattern = _pattern(self.names)
        return [(self._tidy(m) if (m := pattern.fullmatch(f"{k}=")) else str(k), value) for k, value in raw.items()]

    def _from_text(self, raw: Any) -> list[tuple[str, Any]]:
        """Split "W1 = ..., b1 = ..., ..." at the names; without any, a text is the only piece there may be."""
        if not isinstance(raw, str) or len(raw) > reading.LONGEST:
            said = f"a {reading.kind_of(raw)}" if not isinstance(raw, str) else "a text too long to read"
            raise Unreadable(f"{said} stands where {self} {'are' if len(self.names) > 1 else 'is'} expected")
        raw = plain(raw)
        found = list(_pattern(self.names).finditer(raw))
        if not found:
            example = ", ".join(f"{name} = ..." for name in self.names)
            raise Unreadable(f"{reading.clip(raw)} names none of {self}; write {example}")
        ends = [match.start() for match in found[1:]] + [len(raw)]
        return [(self._tidy(m), _clean(raw[m.end() : end])) for m, end in zip(found, ends, strict=True)]

    def _tidy(self, match: re.Match[str]) -> str:
        assert match.lastindex is not None  # one group for each name
        return self.names[match.lastindex - 1]


def plain(raw: str) -> str:
    """A text without what Markdown, LaTeX and Python put around names and values."""
    return _AROUND.sub(" ", _LATEX_NAME.sub(lambda found: found[1] or found[2], raw.translate(_BELOW)))


def numbers(name: str, raw: Any, ndim: int) -> Any:
    """A matrix (ndim 2) or a vector (ndim 1): a row, a column or a bare number. Raises Unreadable, naming the piece."""
    reader = _MATRIX if ndim == 2 else _VECTOR
    try:
        value = reader.parse(_WRAPPER.sub(" ", raw) if isinstance(raw, str) else raw)
    except Unreadable as error:
        raise Unreadable(f"{name}: {error}") from None
    while len(shape(value)) > ndim and len(value) == 1:  # brackets around brackets
        value = value[0]
    if len(shape(value)) > ndim:
        raise Unreadable(f"{name} is {by(value)}; write {reader.hint}")
    return value


def matrix(name: str, raw: Any, columns: int) -> Any:
    """A matrix; a single row may come without its outer brackets, and so may a single column."""
    value = numbers(name, raw, 2)
    if len(shape(value)) == 1:
        value = tuple((entry,) for entry in value) if columns == 1 else (value,)
    return value


def by(value: Any) -> str:
    """The shape of a value in words: 2 by 3."""
    return " by ".join(map(str, shape(value)))


def brief(value: Number) -> str:
    """A number as messages show it: exact where that is short."""
    if value.numerator.bit_length() + value.denominator.bit_length() <= BITS:
        return str(value)
    try:
        return f"about {float(value):.4g}"
    except OverflowError:
        return "a number too large to show"


def row(vector: tuple[Any, ...]) -> str:
    """A vector as messages show it: (1, -1/2)."""
    return f"({', '.join(map(brief, vector))})"


def flat(value: Any) -> str:
    """A number, vector or matrix as text that reads back."""
    return _VECTOR.show(value) if isinstance(value, tuple) else str(value)


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names with its = or :, one group for each."""
    spelled = "|".join(f"({_spelled(name)})" for name in names)
    distinct = len({name.lower() for name in names}) == len(names)  # not so for a number a and a matrix A
    return re.compile(rf"""["']?\b(?:{spelled})["']?\s{{0,3}}(?::=|[=:])""", re.IGNORECASE if distinct else 0)


def _spelled(name: str) -> str:
    """A pattern of one name: its number may stand below or above; a function may name its argument."""
    letters = name.rstrip("0123456789")
    if letters == name:
        return rf"{name}(?:\s?\(\s?[a-z]\s?\))?"
    return rf"{letters}\s{{0,2}}[_^]?\s{{0,2}}[({{\[]{{0,2}}\s?{name[len(letters) :]}\s?[)}}\]]{{0,2}}"


def _clean(piece: str) -> str:
    """One value without the separators around it, and without the bracket that closes the whole table."""
    tidy = piece.strip(" \t\r\n,;$").rstrip(".")
    return tidy.removesuffix("}") if tidy.count("}") > tidy.count("{") else tidy
