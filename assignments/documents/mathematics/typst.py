"""The tree as Typst's math source.

Only single characters, digits and quoted strings of the formula reach the source, and every sign that Typst might
act on is escaped: no formula can call a function or leave math mode.
"""

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
from assignments.documents.paper.literal import literal

_ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "macron", "overline": "overline",
    "underline": "underline", "vec": "arrow", "dot": "dot", "ddot": "dot.double", "check": "caron",
    "underbrace": "underbrace", "overbrace": "overbrace",
}  # fmt: skip
_ALPHABETS = {
    "mathbf": "bold(upright({}))", "boldsymbol": "bold({})", "bm": "bold({})", "mathbb": "bb({})", "mathcal": "cal({})",
    "mathit": "italic({})", "mathsf": "sans({})", "mathtt": "mono({})", "mathrm": "upright({})",
    "display": "display({})", "text": "inline({})",
}  # fmt: skip
_DELIMITERS = {"pmatrix": '"("', "bmatrix": '"["', "Bmatrix": '"{"', "vmatrix": '"|"', "Vmatrix": '"‖"'}
_ALIGNMENTS = {"l": "left", "c": "center", "r": "right"}


@lru_cache(maxsize=4096)
def typst(latex: str) -> str:
    """A LaTeX formula as what stands between Typst's dollars. Raises LintError for what is outside the subset."""
    return _source(parse(latex))


def _source(node: Node) -> str:
    match node:
        case Row(items):
            return _joined([_source(item) for item in items])
        case Symbol(char, _) | Middle(char):
            return f"mid({_sign(char)})" if isinstance(node, Middle) else _sign(char)
        case Number(digits):
            return digits
        case Name(name, limits):
            return f"op({literal(name)}, limits: #{str(limits).lower()})"
        case Text(text):
            return literal(text)
        case Space(ems):
            return f"#h({ems:.3f}em)"
        case Accent(mark, body):
            return f"{_ACCENTS[mark]}({_filled(body)})"
        case Style(name, body):
            return _ALPHABETS[name].format(_filled(body))
        case Fenced(left, body, right):
            return f"lr({_joined([_sign(left), _source(body), _sign(right)])})"
        case Table():
            return _table(node)
        case _:
            return _built(node)


def _built(node: Fraction | Root | Script | Stack) -> str:
    """What is put together of several bodies."""
    match node:
        case Fraction(above, below, size, bar):
            plain = f"{'frac' if bar else 'binom'}({_filled(above)}, {_filled(below)})"
            return _ALPHABETS[size].format(plain) if size else plain
        case Root(radicand, None):
            return f"sqrt({_filled(radicand)})"
        case Root(radicand, degree):
            return f"root({_filled(degree)}, {_filled(radicand)})"
        case Script(Accent("underbrace" | "overbrace") as brace, below, above):
            return _attached(f"limits({_source(brace)})", below, above)
        case Script(base, below, above):
            return _attached(_base(base), below, above)
        case Stack(base, over, under):
            grown = f"stretch({_source(base)}, size: #(100% + 1em))" if _is_arrow(base) else _filled(base)
            return _attached(f"limits({grown})", under, over)


def _attached(base: str, below: Node | None, above: Node | None) -> str:
    under = f"_({_filled(below)})" if below is not None else ""
    return base + under + (f"^({_filled(above)})" if above is not None else "")


def _base(node: Node) -> str:
    """A base of several things is made one, so that its scripts belong to all of it."""
    if not isinstance(node, Row) or len(node.items) == 1:
        return _source(node)
    return f"attach({_source(node)})" if node.items else '""'


def _filled(node: Node | None) -> str:
    return (_source(node) if node is not None else "") or '""'


def _is_arrow(node: Node) -> bool:
    return isinstance(node, Symbol) and node.char in "→←⟶"


def _sign(char: str) -> str:
    """One character; what is neither a letter nor beyond ASCII is escaped."""
    return f"\\{char}" if char.isascii() and char and not char.isalnum() else char


def _joined(pieces: list[str]) -> str:
    """The pieces with a blank only where two names or numbers would run together: elsewhere a blank would show."""
    line = ""
    for piece in pieces:
        line += " " * (_in_a_name(line[-1:]) and _in_a_name(piece[:1])) + piece
    return line


def _in_a_name(char: str) -> bool:
    """May this character stand in an identifier?"""
    return char != "_" and f"a{char}".isidentifier() and bool(char)


def _table(table: Table) -> str:
    if table.kind == "cases":
        lines = ", ".join("& quad ".join(map(_source, row)) for row in table.rows)
        return f"display(cases({lines}))"
    if table.kind in ("aligned", "split", "gathered"):
        lines = "; ".join("&".join(map(_source, row)) or '""' for row in table.rows)
        return f"display(mat(delim: #none, row-gap: #0.7em, {lines}))"
    lines = "; ".join(", ".join(map(_filled, row)) for row in table.rows)
    matrix = f"mat(delim: {_DELIMITERS.get(table.kind, '#none')}{_format(table.columns)}, {lines})"
    return f"inline({matrix})" if table.kind == "smallmatrix" else f"display({matrix})"


def _format(columns: str) -> str:
    """The options that a format such as c|c asks for; all columns are aligned as the first is."""
    if not columns:
        return ""
    letters = columns.replace("|", "")
    rules = [str(len(columns[:at].replace("|", ""))) for at, sign in enumerate(columns) if sign == "|"]
    inner = [rule for rule in rules if rule not in ("0", str(len(letters)))]
    lines = f", augment: #(vline: ({', '.join(inner)},))" if inner else ""
    return f", align: #{_ALIGNMENTS[letters[:1] or 'c']}{lines}"
