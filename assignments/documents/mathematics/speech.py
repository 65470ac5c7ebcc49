"""The tree in words, for screen readers: what a person would say who reads the formula out."""

from __future__ import annotations

from functools import lru_cache

from assignments.documents.mathematics.parser import parse
from assignments.documents.mathematics.tree import (
    Accent,
    Fenced,
    Fraction,
    Middle,
    Name,
    Node,
    Number,
    Root,
    Row,
    Script,
    Space,
    Stack,
    Style,
    Symbol,
    Table,
    Text,
)

_POWERS = {"2": "squared", "3": "cubed", "⊤": "transpose", "T": "transpose", "∗": "star", "†": "dagger"}
_MARKS = {"widehat": "hat", "widetilde": "tilde", "overline": "bar", "vec": "vector", "underline": "underlined",
          "underbrace": "with a brace under it", "overbrace": "with a brace over it", "ddot": "double dot"}  # fmt: skip
_STYLES = {"mathbf": "bold", "boldsymbol": "bold", "bm": "bold", "mathbb": "double-struck", "mathcal": "script"}
_SETS = {"R": "the real numbers", "N": "the natural numbers", "Z": "the integers", "E": "the expectation of"}
_FENCES = {("|", "|"): "the absolute value of", ("‖", "‖"): "the norm of", ("⌊", "⌋"): "the floor of",
           ("⌈", "⌉"): "the ceiling of", ("(", ")"): "", ("[", "]"): "", ("{", "}"): "the set of"}  # fmt: skip
_BIG = set("∑∏∫⋃⋂")


@lru_cache(maxsize=4096)
def speech(latex: str) -> str:
    """A LaTeX formula in English words. Raises LintError for what is outside the subset."""
    return " ".join(_spoken(parse(latex)).split()).replace(" ,", ",").replace(" ;", ";") or "empty formula"


def _spoken(node: Node) -> str:
    match node:
        case Row(items):
            return " ".join(map(_spoken, items))
        case Symbol(_, spoken):
            return spoken
        case Number(text) | Name(text, _) | Text(text):
            return text
        case Space(ems):
            return " , " if ems >= 1 else " "
        case Middle():
            return "such that"
        case Accent(mark, body):
            return f"{_spoken(body)} {_MARKS.get(mark, mark)}"
        case Style(name, body):
            return _styled(name, _spoken(body))
        case Fenced(left, body, right):
            return _fenced(left, _spoken(body), right)
        case Table():
            return _table(node)
        case _:
            return _built(node)


def _built(node: Fraction | Root | Script | Stack) -> str:
    match node:
        case Fraction(above, below, _, bar):
            return _fraction(above, below) if bar else f"{_spoken(above)} choose {_spoken(below)}"
        case Root(radicand, degree):
            name = "the square root" if degree is None else f"the root of degree {_spoken(degree)}"
            return f"{name} of {_ended(radicand, 'root')}"
        case Script(base, below, above):
            return _script(base, below, above)
        case Stack(base, over, under):
            marks = [f"with {_spoken(mark)} {where} it" for mark, where in ((over, "over"), (under, "under")) if mark]
            return f"{_spoken(base)} {' '.join(marks)}"


def _fraction(above: Node, below: Node) -> str:
    if _short(above) and _short(below):
        return f"{_spoken(above)} over {_spoken(below)}"
    return f"the fraction {_spoken(above)} over {_spoken(below)} end fraction"


def _script(base: Node, below: Node | None, above: Node | None) -> str:
    """Limits of a sum, an index, a power."""
    words = _spoken(base)
    if isinstance(base, Symbol) and base.char in _BIG:
        lower = f" over {_spoken(below)}" if below is not None else ""
        if below is not None and above is not None:
            lower = f" from {_spoken(below)} to {_spoken(above)}"
        return f"{words}{lower} of"
    index = f" sub {_ended(below, 'sub')}" if below is not None else ""
    return words + index + (f" {_power(above)}" if above is not None else "")


def _power(above: Node) -> str:
    alone = above.items[0] if isinstance(above, Row) and len(above.items) == 1 else above
    if isinstance(alone, Row) and all(isinstance(item, Symbol) and item.char == "′" for item in alone.items):
        return _spoken(alone)
    if isinstance(alone, Symbol | Number):
        said = alone.char if isinstance(alone, Symbol) else alone.digits
        if said == "′" or said in _POWERS:
            return _POWERS.get(said, "prime")
    return f"to the power {_ended(above, 'power')}"


def _ended(node: Node, what: str) -> str:
    """Where it ends is said of anything longer than a sign or two."""
    return _spoken(node) if _short(node) else f"{_spoken(node)} end {what}"


def _short(node: Node) -> bool:
    if isinstance(node, Row):
        return len(node.items) <= 2 and all(_short(item) for item in node.items)
    if isinstance(node, Script):
        return _short(node.base) and node.above is None and node.below is not None and _short(node.below)
    return isinstance(node, Symbol | Number | Name | Text)


def _styled(name: str, words: str) -> str:
    if name == "mathbb" and words in _SETS:
        return _SETS[words]
    return f"{_STYLES[name]} {words}" if name in _STYLES else words


def _fenced(left: str, words: str, right: str) -> str:
    if (left, right) == ("", "|"):
        return f"{words} evaluated at"
    name = _FENCES.get((left, right))
    if name is None:
        return f"{f'open {left} ' if left else ''}{words}{f' close {right}' if right else ''}"
    return f"{name} {words} end" if name else f"open bracket {words} close bracket"


def _table(table: Table) -> str:
    rows = [", ".join(_spoken(cell) or "blank" for cell in row) for row in table.rows]
    if table.kind == "cases":
        return "the cases: " + "; ".join(rows)
    if table.kind in ("aligned", "split", "gathered"):
        return "; ".join(row.replace(", ", " ") for row in rows)
    lines = "; ".join(f"row {number}: {row}" for number, row in enumerate(rows, 1))
    columns = max(map(len, table.rows))
    return f"the {len(rows)} by {columns} matrix with {lines}; end matrix"
