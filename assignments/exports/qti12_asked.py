"""Questions as Canvas knows them: numerical, multiple choice, blanks, essay and file upload.

Blanks compare texts and count the same each. Where the parts of a question are worth differently, or take rounded
numbers, each part is a question by itself; cells of an array are blanks in any case, with all fitting roundings.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assignments.exports.fields import Block, Entry, Field
from assignments.exports.text import block, grader_notes, inline, table
from problem_bank.answers import Array

_TYPES = {"number": "numerical_question", "choice": "multiple_choice_question", "several": "multiple_answers_question"}


@dataclass(frozen=True)
class Asked:
    """One question of a quiz. `type` is Canvas' name for its kind, `text` and `solution` are HTML."""

    name: str
    title: str
    type: str
    points: Fraction
    text: str
    solution: str
    fields: tuple[Field, ...]


def in_blanks(entry: Entry) -> bool:
    """Can all parts share one question with blanks, each worth the same and told by its text?"""
    fields = [field for one in entry.blocks for field in one.fields]
    told = all(field.kind == "text" or (field.kind == "number" and not field.margin) for field in fields)
    closed = len(entry.blocks) > 1 and all(one.fields for one in entry.blocks)
    return closed and told and len({field.points for field in fields}) == 1


def asked_of(entry: Entry, *, together: bool) -> list[Asked]:
    """What becomes of a question: one with blanks for all parts, or one for each part."""
    if together:
        return [_blanks(entry, entry.id, entry.blocks, entry.points)]
    alone = len(entry.blocks) == 1
    return [_part(entry, one, entry.id if alone else f"{entry.id}.{one.place}") for one in entry.blocks]


def _part(entry: Entry, one: Block, name: str) -> Asked:
    if not one.fields:
        return _marked_by_hand(entry, one, name)
    kind = one.fields[0].kind
    if kind == "text" or isinstance(one.part.answer, Array):
        return _blanks(entry, name, (one,), one.points)
    text = f"{block(entry.prompt)}\n{_prompt(one)}"
    return Asked(name, entry.title, _TYPES[kind], one.points, text, block(entry.solution), one.fields)


def _marked_by_hand(entry: Entry, one: Block, name: str) -> Asked:
    type = "file_upload_question" if one.asked.is_code else "essay_question"
    text, solution = f"{block(entry.prompt)}\n{_prompt(one)}", f"{block(entry.solution)}\n{grader_notes(one)}"
    return Asked(name, entry.title, type, one.points, text, solution, ())


def _blanks(entry: Entry, name: str, blocks: tuple[Block, ...], points: Fraction) -> Asked:
    fields = tuple(field for one in blocks for field in one.fields)
    text = "\n".join([block(entry.prompt), *(f"{_prompt(one)}\n{_places(one)}" for one in blocks)])
    type = "fill_in_multiple_blanks_question"
    return Asked(name, entry.title, type, points, text, block(entry.solution), fields)


def _prompt(one: Block) -> str:
    hint = f"\n<p><em>{inline(one.hint)}</em></p>" if one.hint else ""
    return block(one.prompt) + hint


def _places(one: Block) -> str:
    rows = ("".join(f"<td>[{field.name}]</td>" for field in row) for row in one.grid)
    return table(one, rows)
