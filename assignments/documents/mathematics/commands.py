r"""The commands of the subset that take arguments."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from assignments.documents.mathematics.symbols import ALPHABETS, BRACKETS, LIMIT_NAMES, NAMES, TABLES
from assignments.documents.mathematics.tree import (
    Fenced,
    Fraction,
    Middle,
    Name,
    Node,
    Root,
    Row,
    Stack,
    Style,
    Symbol,
    Table,
    Text,
)

if TYPE_CHECKING:
    from assignments.documents.mathematics.parser import Parser

_SIZES = {"displaystyle": "display", "textstyle": "text"}
_BIG = re.compile(r"(?:big|Big|bigg|Bigg)[lrm]?")
_WORDS = re.compile(r"[A-Za-z0-9 ]*")
_TEXT_ESCAPE = re.compile(r"\\([_%#&${} ])|~")


def taker(name: str) -> Callable[[Parser], Node] | None:
    """What reads the arguments of this command; None for a command outside the subset."""
    if name in NAMES or name in LIMIT_NAMES:
        return partial(_named, name=name)
    if name in ALPHABETS:
        return partial(_alphabet, name=name)
    if name in _SIZES:
        return lambda parser: Style(_SIZES[name], parser.row(("}",)))
    return _big if _BIG.fullmatch(name) else _TAKERS.get(name)


def _named(parser: Parser, name: str) -> Node:
    r"""A function's name; `\arg\max` is one."""
    if name == "arg" and parser.reader.peek() in (r"\max", r"\min"):
        return Name("arg " + parser.reader.next()[1:], limits=True)
    return Name(name.replace("arg", "arg ") if name in ("argmax", "argmin") else name, name in LIMIT_NAMES)


def _alphabet(parser: Parser, name: str) -> Node:
    r"""A body in another alphabet; upright words are one text."""
    if name == "mathrm" and parser.reader.peek() == "{":
        before = parser.reader.at
        words = parser.reader.group()
        if _WORDS.fullmatch(words):
            return Text(words.replace(" ", ""))
        parser.reader.at = before
    return Style(name, parser.argument())


def _text(parser: Parser) -> Node:
    r"""\text{...}"""
    return Text(_TEXT_ESCAPE.sub(lambda found: found[1] or " ", _plain_group(parser)))


def _plain_group(parser: Parser) -> str:
    start = parser.reader.at
    words = parser.reader.group()
    if stray := re.search(r"\\(?![_%#&${} ])|(?<!\\)[${}]", words):
        raise parser.reader.error(f"{stray[0]} inside a text; end the text before it", start + 1 + stray.start())
    return words


def _operator(parser: Parser) -> Node:
    r"""\operatorname{name}, and \operatorname*{name} with limits"""
    limits = parser.reader.take("*")
    return Name(_TEXT_ESCAPE.sub(lambda found: found[1] or " ", _plain_group(parser)).strip(), limits)


def _fraction(parser: Parser, size: str = "", bar: bool = True) -> Node:
    r"""\frac{above}{below}"""
    return Fraction(parser.argument(), parser.argument(), size, bar)


def _root(parser: Parser) -> Node:
    r"""\sqrt{x} or \sqrt[3]{x}"""
    degree = parser.row(("]",)) if parser.reader.take("[") else None
    if degree is not None and not parser.reader.take("]"):
        raise parser.reader.error("the degree of the root has no ]")
    return Root(parser.argument(), degree)


def _arrow(parser: Parser, char: str, spoken: str) -> Node:
    r"""\xrightarrow[under]{over}"""
    under = parser.row(("]",)) if parser.reader.take("[") else None
    if under is not None and not parser.reader.take("]"):
        raise parser.reader.error("the text under the arrow has no ]")
    return Stack(Symbol(char, spoken), parser.argument(), under)


def _stack(parser: Parser, over: bool) -> Node:
    r"""\overset{mark}{base}, \underset{mark}{base}"""
    mark, base = parser.argument(), parser.argument()
    return Stack(base, mark, None) if over else Stack(base, None, mark)


def _bracket(parser: Parser) -> str:
    r"""What follows \left and \right; empty for a dot."""
    start = parser.reader.at
    token = parser.reader.next()
    if token == ".":
        return ""
    if token == r"\|":
        return "‖"
    if token.lstrip("\\") not in BRACKETS:
        raise parser.reader.error(f"{token or 'nothing'} is no bracket that can grow", start)
    return BRACKETS[token.lstrip("\\")][0]


def _big(parser: Parser) -> Node:
    r"""\big( and its kin: a plain bracket, since those between \left and \right find their own size."""
    char = _bracket(parser)
    return Symbol(char, next((words for sign, words in BRACKETS.values() if sign == char), ""))


def _fenced(parser: Parser) -> Node:
    r"""\left( ... \right)"""
    start = parser.reader.at
    left = _bracket(parser)
    body = parser.row(())
    if not parser.reader.take(r"\right"):
        raise parser.reader.error(r"this \left has no \right", start)
    return Fenced(left, body, _bracket(parser))


def _table(parser: Parser) -> Node:
    r"""\begin{kind} a & b \\ c & d \end{kind}"""
    start = parser.reader.at
    kind = parser.reader.group()
    if kind not in TABLES:
        raise parser.reader.error(f"the environment {kind} is outside the subset", start)
    columns = _columns(parser) if kind == "array" else ""
    rows = [_cells(parser)]
    while parser.reader.take(r"\\"):
        rows.append(_cells(parser))
    if not parser.reader.take(r"\end") or parser.reader.group() != kind:
        raise parser.reader.error(f"\\begin{{{kind}}} has no \\end{{{kind}}}", start)
    if rows[-1] == (Row(()),) and len(rows) > 1:
        rows.pop()  # a \\ after the last row
    return Table(kind, tuple(rows), columns)


def _columns(parser: Parser) -> str:
    start = parser.reader.at
    columns = parser.reader.group().replace(" ", "")
    if not re.fullmatch(r"[lcr|]+", columns):
        raise parser.reader.error("the columns of an array are l, c, r and |", start)
    return columns


def _cells(parser: Parser) -> tuple[Node, ...]:
    cells = [parser.row(())]
    while parser.reader.take("&"):
        cells.append(parser.row(()))
    return tuple(cells)


_TAKERS: dict[str, Callable[[Parser], Node]] = {
    "text": _text,
    "textrm": _text,
    "textbf": lambda parser: Style("mathbf", _text(parser)),
    "texttt": lambda parser: Style("mathtt", _text(parser)),
    "operatorname": _operator,
    "frac": _fraction,
    "dfrac": partial(_fraction, size="display"),
    "tfrac": partial(_fraction, size="text"),
    "binom": partial(_fraction, bar=False),
    "sqrt": _root,
    "xrightarrow": partial(_arrow, char="→", spoken="to"),
    "xleftarrow": partial(_arrow, char="←", spoken="from"),
    "overset": partial(_stack, over=True),
    "underset": partial(_stack, over=False),
    "stackrel": partial(_stack, over=True),
    "left": _fenced,
    "middle": lambda parser: Middle(_bracket(parser)),
    "begin": _table,
}
