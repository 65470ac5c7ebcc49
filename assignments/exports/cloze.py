"""Moodle's embedded answers: fields written into the text, as in {2:NUMERICAL:=0.5:0.001#Right.~%0%2#Turned round.}"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from assignments.exports import amounts
from assignments.exports.alternatives import Alternative, alternatives
from assignments.exports.fields import Block, Entry, Field
from assignments.exports.fractions_list import percent
from assignments.exports.text import block, inline, table

_TYPES = {"number": "NUMERICAL", "choice": "MULTICHOICE_V", "text": "SHORTANSWER"}
_SPECIAL = str.maketrans({c: f"&#{ord(c)};" for c in '{}#~\\/"=%'} | {"&": "&amp;"})


def body(entry: Entry, closed: list[Block]) -> str:
    """The question with its fields. Whole numbers weigh the fields, in the proportion of their points."""
    fields = [field for one in closed for field in one.fields]
    weights = dict(zip((f.name for f in fields), amounts.weights([f.points for f in fields]), strict=True))
    return "\n".join([block(entry.prompt), *(_part(one, weights) for one in closed)])


def _part(one: Block, weights: dict[str, int]) -> str:
    hint = f"<p><em>{inline(one.hint)}</em></p>" if one.hint else ""
    return "\n".join((block(one.prompt), hint, grid(one, lambda field: _field(field, weights[field.name]))))


def grid(one: Block, shown: Callable[[Field], str]) -> str:
    """The fields of a part: alone, or as a table of its cells."""
    if len(one.fields) == 1:
        return f"<p>{shown(one.fields[0])}</p>"
    rows = ("".join(f"<td>{shown(field)}</td>" for field in row) for row in one.grid)
    return table(one, rows)


def _field(field: Field, weight: int) -> str:
    answers = "~".join(_alternative(field.kind, one) for one in alternatives(field))
    return f"{{{weight}:{_TYPES[field.kind]}:{answers}}}"


def _alternative(kind: str, one: Alternative) -> str:
    mark = "=" if one.share == 1 else f"%{percent(one.share)}%"
    feedback = f"#{inline(one.feedback).translate(_SPECIAL)}" if one.feedback else ""
    return f"{mark}{_value(kind, one)}{feedback}"


def _value(kind: str, one: Alternative) -> str:
    if kind == "number":
        return f"{one.value}:{amounts.decimal(one.margin)}"
    return (inline(one.value) if kind == "choice" else escape(one.value)).translate(_SPECIAL)
