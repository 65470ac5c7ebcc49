"""Reading intervals as people write them: "(0, 1]", "x > 3", "1 < x <= 2", "|x| < 1", "x < 0 or x > 1"."""

from __future__ import annotations

import re
from functools import cmp_to_key, reduce
from typing import NamedTuple

from problem_bank.algebra.intervals import INFINITE, REALS, Part, Union, Unordered, order
from problem_bank.algebra.reading import Aliases, Symbols, domains_of, read
from problem_bank.algebra.texts import PIECES, cut, inside, tidy
from problem_bank.algebra.tree import Node
from problem_bank.errors import Unreadable

_EMPTY = re.compile(
    r"(?:∅|\{\s*\}|(?:the )?empty ?set|empty|none|no (?:real )?(?:solutions?|x|values?))\.?", re.IGNORECASE
)
_REALS = re.compile(
    r"(?:ℝ|R|(?:for )?(?:all|every|any) (?:real )?(?:numbers?|values?|reals?|x)|all reals|reals)\.?", re.IGNORECASE
)
_OR = re.compile(r"\s*∪\s*|\s+(?:or|oder)\s+|(?<=[)\]}])\s*[uU]\s*(?=[(\[{])")
_AND = re.compile(r"\s+(?:and|und)\s+|\s*∩\s*|\s*&&?\s*")
_RELATION = re.compile(r"[<>≤≥≠=]")
_COMMA = re.compile(r"[,;]")
_INFINITY = re.compile(r"([+-]?)\s*(?:∞|inf|infty|infinity|oo)", re.IGNORECASE)
_FLIPPED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤", "=": "=", "≠": "≠"}
_EXAMPLES = "such as (0, 1], x > 3, or (-inf, 0) ∪ [2, 5)"


class _Letters(NamedTuple):
    """What the ends may be made of, and the variable that runs through the interval."""

    variable: str
    symbols: Symbols
    aliases: Aliases


def read_union(text: str, variable: str, symbols: Symbols = (), aliases: Aliases = None) -> Union:
    """A union of intervals, or conditions on the variable. Raises Unreadable with what would be readable."""
    letters = _Letters(variable, symbols, aliases)
    tidied = tidy(text)
    if not tidied:
        raise Unreadable(f"there is nothing to read; write intervals, {_EXAMPLES}")
    if _EMPTY.fullmatch(tidied):
        return Union(())
    pieces = cut(tidied, _OR)
    return Union(tuple(part for piece in pieces for part in _all_of(piece, letters).parts))


def _all_of(piece: str, letters: _Letters) -> Union:
    """What fulfils all conditions between the ands."""
    return reduce(_intersection, (_one(condition.strip(), letters) for condition in cut(piece, _AND)))


def _one(piece: str, letters: _Letters) -> Union:
    membership = re.fullmatch(rf"{re.escape(letters.variable)}\s*(?:∈|\bin\b)\s*(.+)", piece, re.DOTALL)
    piece = membership[1].strip() if membership else piece
    if _EMPTY.fullmatch(piece):
        return Union(())
    if _REALS.fullmatch(piece) and piece not in domains_of(letters.symbols):
        return REALS
    whole, *without = cut(piece, re.compile(r"\s*(?:∖|\\)\s*"))
    if without:
        return reduce(
            _intersection, (_around(_points(points, letters)) for points in without), _one(whole.strip(), letters)
        )
    if _RELATION.search(piece):
        return _chain(piece, letters)
    return _brackets(piece, letters)


def _brackets(piece: str, letters: _Letters) -> Union:
    """(a, b], or the points {a, b}."""
    if inside(piece, "{", "}") is not None:
        return Union(tuple(Part(point, point, True, True) for point in _points(piece, letters)))
    held = inside(piece, "([", ")]")
    ends = cut(held, _COMMA) if held is not None else []
    if len(ends) != 2:
        raise Unreadable(f"“{piece[:40]}” is no interval that I can read; write intervals, {_EXAMPLES}")
    low, high = _end(ends[0], "-", letters), _end(ends[1], "+", letters)
    if (low == INFINITE and piece[0] == "[") or (high == INFINITE and piece[-1] == "]"):
        raise Unreadable("an infinite end belongs to no interval; write ( or ) there")
    return Union((Part(low, high, piece[0] == "[", piece[-1] == "]"),))


def _points(piece: str, letters: _Letters) -> list[Node]:
    """The points of {a, b}, or a single one."""
    held = inside(piece, "{", "}")
    return [_finite(point, letters) for point in (cut(held, _COMMA) if held is not None else [piece])]


def _chain(piece: str, letters: _Letters) -> Union:
    """x > 3, 1 < x ≤ 2, |x| < 1: what is fulfilled between each two neighbours, one of which is the variable."""
    sides, signs = [side.strip() for side in cut(piece, _RELATION)], _RELATION.findall(piece)
    at = [i for i, side in enumerate(sides) if _is_variable(side, letters) or _is_absolute(side, letters)]
    if len(at) != 1 or len(sides) > 3 or len(signs) != len(sides) - 1:
        raise Unreadable(
            f"write conditions on {letters.variable}, such as {letters.variable} > 3 or 1 < {letters.variable} <= 2"
        )
    i, found = at[0], REALS
    condition = _beyond_absolute if _is_absolute(sides[i], letters) else _beyond
    if i > 0:
        found = _intersection(found, condition(_FLIPPED[signs[i - 1]], sides[i - 1], letters))
    if i < len(sides) - 1:
        found = _intersection(found, condition(signs[i], sides[i + 1], letters))
    return found


def _beyond(sign: str, text: str, letters: _Letters) -> Union:
    """All x with x `sign` end."""
    infinite = _INFINITY.fullmatch(text)
    if infinite and (sign, infinite[1] or "+") in (("<", "+"), (">", "-")):
        return REALS
    end = _finite(text, letters)
    match sign:
        case "=":
            return Union((Part(end, end, True, True),))
        case "≠":
            return _around([end])
        case "<" | "≤":
            return Union((Part(INFINITE, end, False, sign == "≤"),))
    return Union((Part(end, INFINITE, sign == "≥", False),))


def _beyond_absolute(sign: str, text: str, letters: _Letters) -> Union:
    """All x with |x| `sign` end."""
    end, closed = _finite(text, letters), sign in "≤≥"
    if sign in "<≤":
        return Union((Part(-end, end, closed, closed),))
    if sign in ">≥":
        return Union((Part(INFINITE, -end, False, closed), Part(end, INFINITE, closed, False)))
    raise Unreadable("write the two values of an absolute value one by one, such as x = 1 or x = -1")


def _around(points: list[Node]) -> Union:
    """The real line without some points."""
    ordered = sorted(points, key=cmp_to_key(_numbers_only))
    lows, highs = [INFINITE, *ordered], [*ordered, INFINITE]
    return Union(tuple(Part(low, high) for low, high in zip(lows, highs, strict=True)))


def _intersection(first: Union, second: Union) -> Union:
    """What lies in both. Ends with letters are compared only with infinities."""
    parts = tuple(_overlap(a, b) for a in first.parts for b in second.parts)
    if len(parts) > PIECES:
        raise Unreadable(f"the answer has {len(parts)} parts; {PIECES} are read at most")
    return Union(parts)


def _overlap(a: Part, b: Part) -> Part:
    low, high = a, a
    if a.low == INFINITE or (b.low != INFINITE and _later(b.low, b.low_closed, a.low, a.low_closed)):
        low = b
    if a.high == INFINITE or (b.high != INFINITE and _later(a.high, b.high_closed, b.high, a.high_closed)):
        high = b
    return Part(low.low, high.high, low.low_closed, high.high_closed)


def _later(a: Node, a_closed: bool, b: Node, b_closed: bool) -> bool:
    """Is a larger, or as large but open where b is closed?"""
    sign = 0 if a == b else _numbers_only(a, b)
    return sign > 0 or (sign == 0 and b_closed and not a_closed)


def _numbers_only(a: Node, b: Node) -> int:
    try:
        return order(a, b, {})
    except (Unordered, LookupError):
        raise Unreadable("these conditions cannot be put together here; write the intervals themselves") from None


def _end(text: str, side: str, letters: _Letters) -> Node:
    infinite = _INFINITY.fullmatch(text.strip())
    if not infinite:
        return _finite(text, letters)
    if (infinite[1] or "+") != side:
        raise Unreadable("an interval runs from the smaller end to the larger one, such as (-inf, 3)")
    return INFINITE


def _finite(text: str, letters: _Letters) -> Node:
    return read(text, letters.symbols, letters.aliases)


def _is_variable(side: str, letters: _Letters) -> bool:
    return side == letters.variable


def _is_absolute(side: str, letters: _Letters) -> bool:
    return re.sub(r"\s", "", side) in (f"|{letters.variable}|", f"abs({letters.variable})")
