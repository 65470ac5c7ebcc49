"""A sheet's questions as platforms ask them, and the variants of one question side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from assignments.documents.contents import Asked, contents
from assignments.exports.fields import Block, Entry, Note
from assignments.exports.grids import grid
from assignments.exports.pictures import illustrated
from assignments.sheet import Item, Sheet
from problem_bank.exercise import Part


def questions_of(sheets: Sequence[Sheet], folder: str) -> list[tuple[Entry, ...]]:
    """Each question with all its variants. A part that has fields has them in all variants, or in none.

    `folder` is where texts look for pictures, with a slash at its end.
    """
    return [_alike(variants) for variants in zip(*(entries_of(sheet, folder) for sheet in sheets), strict=True)]


def _alike(variants: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Parts are told apart by their place: what is asked there may have another name in every variant."""
    left = {one.place for entry in variants for one in entry.blocks if not one.fields}
    return tuple(
        replace(entry, blocks=tuple(replace(one, grid=()) if one.place in left else one for one in entry.blocks))
        for entry in variants
    )


def entries_of(sheet: Sheet, folder: str = "") -> list[Entry]:
    """The questions of a sheet. Its student's id names the variant."""
    questions = contents(sheet).questions
    entries = (
        _entry(item, question.parts, sheet, "\n\n".join(filter(None, (question.text, question.prompt))))
        for item, question in zip(sheet.items, questions, strict=True)
    )
    figures = (item.variant.exercise.figures for item in sheet.items)
    return [illustrated(entry, found, folder) if found else entry
            for entry, found in zip(entries, figures, strict=True)]  # fmt: skip


def _entry(item: Item, asked: Sequence[Asked], sheet: Sheet, prompt: str) -> Entry:
    truth, several = item.variant.exercise.keys(), sheet.assignment.spec.rules.choice.several
    parts = zip(item.variant.parts, asked, strict=True)
    blocks = tuple(_block(part, one, Fraction(part.points) * item.scale, truth, several) for part, one in parts)
    return Entry(item.id, sheet.student, item.title, item.points, prompt, item.variant.solution.strip(), blocks)


def _block(part: Part, asked: Asked, points: Fraction, truth: dict[str, Any], several: str) -> Block:
    slips = [(slip, value) for slip in part.misconceptions if (value := slip.worked(truth)) is not None]
    answer = part.answer
    notes = tuple(
        Note(slip.name, answer.keyed(value).show(value), slip.feedback, points * Fraction(slip.credit))
        for slip, value in slips
    )
    return Block(asked, part, points, grid(part, points, slips, several), answer.show(answer.key), notes,
                 tuple(value for _, value in slips))  # fmt: skip
