"""A vector, matrix or tensor of numbers, judged shape first, then cell by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from problem_bank.algebra.tolerance import NEAR, NEARLY
from problem_bank.answers import reading
from problem_bank.answers.answer import SLACK, Answer, Match, Samples, places, unit
from problem_bank.errors import Unreadable
from problem_bank.tex import tex
from problem_bank.values import entries, shape

CELLS = 1_000
_LATEX = re.compile(r"\\(?:begin|end)\{(?:[bpv]?matrix|array)\}(?:\{[clr|]*\})?|\\left|\\right|\\,|\\;")
_TURNED = re.compile(r"(?:\^\s*\{?\s*(?:T|\\top|\\intercal)\s*\}?|ᵀ|\.T)\s*\$?\s*$")
_TOKEN = re.compile(r"[\[\](){},;&\n]|\\\\|[^\s\[\](){},;&]+")


@dataclass(frozen=True)
class Array(Answer):
    """Nested tuples of exact numbers; with a tolerance, right within tolerance * max(1, |key|). Where so many `digits`
    after the point are asked for, within one unit of the last of them instead.

    Readable are [[1, 2], [3, 4]], (1, 2), "1 2; 3 4", NumPy's print and LaTeX's matrix. Cells
    that are right earn credit beyond a guess: (right - guess) / (all - guess), at least 0, where a guess
    gets half of the cells, or those that hold the key's most frequent number if they are more.
    """

    kind: ClassVar[str] = "array"
    private: ClassVar[tuple[str, ...]] = ("key", "tolerance")
    key: tuple[Any, ...]
    tolerance: float = 0.0
    ndim: int = 0
    digits: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "ndim", self.ndim or len(shape(self.key)))

    def parse(self, raw: Any) -> tuple[Any, ...]:
        value = _cells(raw) if isinstance(raw, list | tuple) else _from_text(raw, rows=self.ndim == 2)
        if not isinstance(value, tuple):
            value = (value,)
        try:
            dimensions = len(shape(value))
        except ValueError as error:
            raise Unreadable(f"{error}; write {self.hint}") from None
        return self._same_depth(value, dimensions)

    def compare(self, value: tuple[Any, ...]) -> Match:
        basis = self._basis
        if shape(value) != shape(self.key):
            return Match(0, f"Your answer is {_by(value)}; that shape does not fit here.", basis)
        if value == self.key:
            return Match(1, basis=basis)
        keys = tuple(entries(self.key))
        right = sum(map(self._near, entries(value), keys))
        if right == len(keys):
            return Match(1, basis=basis)
        remark = f"{right} of {len(keys)} entries are right." if right else ""
        if basis != "exact" and all(
            self._near(cell, key, NEAR) for cell, key in zip(entries(value), keys, strict=True)
        ):
            remark = NEARLY
        return Match(max(Fraction(0), self._beyond_a_guess(right, keys)), remark, basis)

    def accepts(self, value: tuple[Any, ...]) -> bool:
        return shape(value) == shape(self.key) and all(map(self._near, entries(value), entries(self.key)))

    def agrees(self, key: tuple[Any, ...]) -> bool:
        """As `compare`, a little beyond the tolerance: shown with six digits, a number must not get across its edge."""
        if self._basis == "exact":
            return bool(key == self.key)
        return replace(self, tolerance=1.01 * self.tolerance).accepts(key)

    def rounded(self, digits: int) -> Self:
        return replace(self, digits=digits)

    def show(self, value: tuple[Any, ...]) -> str:
        return f"[{', '.join(self.show(v) if isinstance(v, tuple) else _cell_text(v) for v in value)}]"

    def tex(self, value: tuple[Any, ...]) -> str:
        return tex(value)

    @property
    def hint(self) -> str:
        example = {1: "[1, -2, 1/2]", 2: "[[1, 2], [-3, 1/2]]"}.get(self.ndim, "[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]")
        asked = f" to {places(self.digits)}" if self.digits is not None else ""
        order = ", row by row," if self.ndim > 1 else ","
        return f"numbers{asked} in brackets{order} such as {example}"

    def samples(self) -> Samples:
        shown = self.show(self.key)
        other = _shift(self.key)
        right = (shown, shown.replace("[", "(").replace("]", ")"), shown.replace(",", " , "), shown.replace("-", "−"))
        malformed = ("", "[[1, 2], [3]]", "[[1,", "[a, b]", {"y": 1}, "[" * 9999, True)
        return Samples(right, (self.show(other), "[99]"), malformed)

    def _beyond_a_guess(self, right: int, keys: Sequence[Any], total: int = 0) -> Fraction:
        """The share that so many right entries earn, counted from half of them or from what one number everywhere gets.

        Below 1 unless all are right. `total` is their number, where it is not that of the keys.
        """
        total = total or len(keys)
        guessed = max(sum(self._near(guess, key) for key in keys) for guess in set(keys))
        start = max(Fraction(total, 2), Fraction(guessed))
        return (right - start) / (total - start) if start < total else Fraction(0)

    @property
    def _basis(self) -> str:
        """How cells are compared, in words."""
        within = self.tolerance if self.digits is None else unit(self.digits)
        return f"within {within:g}" if within else "exact"

    def _near(self, cell: Any, key: Any, times: int = 1) -> bool:
        """Is this cell within so many `times` the distance that is still right?"""
        if self.digits is not None:
            return abs(float(cell) - float(key)) <= times * unit(self.digits) * (1 + SLACK)
        if not self.tolerance:
            return bool(cell == key)
        return abs(float(cell) - float(key)) <= times * self.tolerance * max(1.0, abs(float(key)))

    def _same_depth(self, value: tuple[Any, ...], dimensions: int) -> tuple[Any, ...]:
        """A single row or column stands for a vector, where a vector is asked for."""
        if self.ndim == 1 and dimensions == 2 and 1 in shape(value):
            return tuple(entries(value))
        return value


def _cells(raw: list[Any] | tuple[Any, ...], depth: int = 0) -> tuple[Any, ...]:
    if depth > 5 or len(raw) > CELLS:
        raise Unreadable("the brackets are too deep or hold too many entries")
    return tuple(_cells(v, depth + 1) if isinstance(v, list | tuple) else reading.number(v) for v in raw)


def _from_text(raw: Any, *, rows: bool = False) -> Any:
    r"""Read brackets with commas or spaces between entries, and rows split by ";" or LaTeX's \\.

    Where `rows` are asked for, lines within one pair of brackets are rows; "^T" at the end turns rows into columns.
    """
    if isinstance(raw, str) and (turned := _TURNED.search(raw)):
        value = _from_text(raw[: turned.start()], rows=rows)
        even = isinstance(value, tuple) and len(shape(value)) == 2
        return tuple(zip(*value, strict=True)) if even else value
    if rows and isinstance(raw, str) and raw.count("[") == 1 and not re.search(r",\s*\n", raw):
        raw = raw.strip().replace("\n", ";")
    if isinstance(raw, bool):
        raise Unreadable("a true/false value stands where numbers in brackets are expected")
    if isinstance(raw, str) and "\n" in raw.strip() and "[" not in raw:
        raw = ";".join(raw.strip().splitlines())
    tokens = _TOKEN.findall(_LATEX.sub(" ", reading.text(raw)).replace("\\\\", " ; "))
    if not tokens or len(tokens) > 8 * CELLS:
        raise Unreadable("there is nothing to read" if not tokens else "the answer holds too many entries")
    if not any(token in "[](){}" for token in tokens):
        return _rows(tokens)
    value, rest = _nest(tokens, 0, 0)
    if rest != len(tokens):
        raise Unreadable(f"the brackets close before {reading.clip(tokens[rest])}; put one pair around everything")
    return value


def _rows(tokens: list[str]) -> tuple[Any, ...]:
    """Bare entries: one row, or several split by ";"."""
    rows: list[list[Any]] = [[]]
    for token in tokens:
        if token in (";", "\\\\"):
            rows.append([])
        elif token not in ",&":
            rows[-1].append(reading.number(token))
    full = [tuple(row) for row in rows if row]
    return tuple(full) if len(full) > 1 else full[0] if full else ()


def _nest(tokens: list[str], at: int, depth: int) -> tuple[Any, int]:
    """The value that begins at tokens[at], and where it ends."""
    if tokens[at] not in ("[", "(", "{"):
        return reading.number(tokens[at]), at + 1
    if depth > 5:
        raise Unreadable("the brackets are too deep")
    rows: list[list[Any]] = [[]]
    at += 1
    while at < len(tokens) and tokens[at] not in ("]", ")", "}"):
        if tokens[at] in (";", "\\\\"):
            rows.append([])
            at += 1
        elif tokens[at] in (",", "&", "\n"):
            at += 1
        else:
            value, at = _nest(tokens, at, depth + 1)
            rows[-1].append(value)
    if at == len(tokens):
        raise Unreadable("a bracket is not closed")
    full = [tuple(row) for row in rows if row]
    return (tuple(full) if len(full) > 1 else full[0] if full else ()), at + 1


def _by(value: tuple[Any, ...]) -> str:
    sizes = shape(value)
    return "×".join(map(str, sizes)) if len(sizes) > 1 else f"a vector of {sizes[0]}"


def _cell_text(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _shift(value: Any) -> Any:
    return tuple(_shift(v) for v in value) if isinstance(value, tuple) else value + 1
