"""What a formula is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Row:
    """Things one after another."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Symbol:
    """One character (a letter, a sign, a bracket), and how it is read aloud."""

    char: str
    spoken: str


@dataclass(frozen=True)
class Number:
    """Digits, perhaps with a decimal point."""

    digits: str


@dataclass(frozen=True)
class Name:
    """A function's name, set upright and apart from its argument; `limits` stand under it in a display."""

    name: str
    limits: bool = False


@dataclass(frozen=True)
class Text:
    """Upright words, with their own spaces."""

    text: str


@dataclass(frozen=True)
class Space:
    """White space of this many ems; it may be negative."""

    ems: float


@dataclass(frozen=True)
class Fraction:
    """One thing over another; `size` is display, text, or empty for what the place asks. No bar: a binomial."""

    above: Node
    below: Node
    size: str = ""
    bar: bool = True


@dataclass(frozen=True)
class Root:
    """A square root, or one of another degree."""

    radicand: Node
    degree: Node | None = None


@dataclass(frozen=True)
class Script:
    """A base with something below and above it to the right, or under and over it for sums and the like."""

    base: Node
    below: Node | None
    above: Node | None


@dataclass(frozen=True)
class Accent:
    """A mark over or under a body, by its LaTeX name, such as hat."""

    mark: str
    body: Node


@dataclass(frozen=True)
class Style:
    """A body in another alphabet or size, by its LaTeX name, such as mathbf."""

    name: str
    body: Node


@dataclass(frozen=True)
class Stack:
    """A base, such as an arrow, with something right over or under it; an arrow grows with that."""

    base: Node
    over: Node | None
    under: Node | None


@dataclass(frozen=True)
class Fenced:
    """A body between brackets that grow with it; an empty bracket is none."""

    left: str
    body: Node
    right: str


@dataclass(frozen=True)
class Middle:
    """A bar inside brackets that grows with them."""

    char: str


@dataclass(frozen=True)
class Table:
    """Rows of cells: a matrix, cases, an array or aligned lines, by the LaTeX name of its environment.

    `columns` is the format of an array, such as c|c.
    """

    kind: str
    rows: tuple[tuple[Node, ...], ...]
    columns: str = ""


Node: TypeAlias = (
    Row
    | Symbol
    | Number
    | Name
    | Text
    | Space
    | Fraction
    | Root
    | Script
    | Accent
    | Style
    | Stack
    | Fenced
    | Middle
    | Table
)
