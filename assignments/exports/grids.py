"""From a part of an exercise to its fields: one, or one for each cell of an array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeAlias

from assignments.exports import amounts, selections, spellings
from assignments.exports.fields import Field, Mistake
from problem_bank.answers import Answer, Array, Choice, Integer, Number, Rational, Selection, Shape, ShapeOrError
from problem_bank.exercise import Part, Slip
from problem_bank.values import entries, shape

CELLS = 64
"""Arrays with more cells are handed in as a text."""

Slips: TypeAlias = list[tuple[Slip, Any]]
"""The misconceptions of a part, each with the value that it leads to here."""

Grid: TypeAlias = tuple[tuple[Field, ...], ...]


def grid(part: Part, points: Fraction, slips: Slips, several: str) -> Grid:
    """The fields row by row; none where no comparison of values can judge the answer.

    `several` is the assignment's rule for choices of any number of options.
    """
    answer = part.answer
    if isinstance(answer, Array):
        return _cells(part.name, answer, points, slips)
    if isinstance(answer, Integer | Rational | Number):
        return ((_number(part.name, answer, answer.key, points, slips),),)
    if isinstance(answer, Choice):
        return ((_choice(part.name, answer, points, slips),),)
    if isinstance(answer, Selection):
        return ((_selection(part.name, answer, points, slips, several),),)
    if isinstance(answer, Shape | ShapeOrError) and spellings.plain(answer.key):
        return ((_shape(part.name, answer, points, slips),),)
    return ()


def _cells(name: str, key: Array, points: Fraction, slips: Slips) -> Grid:
    """A field for each cell; a mistake of another shape cannot be made there."""
    sizes, right = shape(key.key), list(entries(key.key))
    if not right or len(right) > CELLS:
        return ()
    wrong = [(slip, list(entries(value))) for slip, value in slips if shape(value) == sizes]
    width = sizes[-1]
    fields = [
        _number(_place(name, i, sizes), key, cell, points / len(right), [(slip, cells[i]) for slip, cells in wrong])
        for i, cell in enumerate(right)
    ]
    return tuple(tuple(fields[i : i + width]) for i in range(0, len(fields), width))


def _place(name: str, index: int, sizes: tuple[int, ...]) -> str:
    """Y_2_1 for the first cell of the second row."""
    places: list[int] = []
    for size in reversed(sizes):
        index, place = divmod(index, size)
        places.insert(0, place + 1)
    return "_".join(map(str, (name, *places)))


def _number(name: str, answer: Answer, key: Any, points: Fraction, slips: Slips) -> Field:
    others = [value for _, value in slips]
    margin = amounts.margin(answer, key, others)
    right = amounts.exact(key)
    mistakes = _mistakes(slips, amounts.exact)
    own = [replace(m, margin=amounts.margin(answer, m.value, [key, *others])) for m in mistakes]
    kept = [mistake for mistake in own if abs(Fraction(mistake.value) - right) > margin]
    return Field(name, "number", points, right, margin, _apart(kept))


def _apart(mistakes: list[Mistake]) -> tuple[Mistake, ...]:
    """Mistakes of which no margin covers two: those that it does are told together."""
    found: list[Mistake] = []
    for one in mistakes:
        near = [i for i, m in enumerate(found) if abs(Fraction(m.value) - Fraction(one.value)) <= m.margin]
        if near:
            found[near[0]] = _joined(found[near[0]], one)
        else:
            found.append(one)
    return tuple(found)


def _joined(one: Mistake, other: Mistake) -> Mistake:
    feedback = f"{one.feedback} Or: {other.feedback}" if other.feedback not in one.feedback else one.feedback
    return replace(one, feedback=feedback, credit=min(one.credit, other.credit), names=(*one.names, *other.names))


def _choice(name: str, answer: Choice, points: Fraction, slips: Slips) -> Field:
    return Field(name, "choice", points, Fraction(answer.key), mistakes=_mistakes(slips, Fraction),
                 options=answer.options)  # fmt: skip


def _selection(name: str, answer: Selection, points: Fraction, slips: Slips, rule: str) -> Field:
    wrong = [(slip, value) for slip, value in slips if value != answer.key]
    return Field(name, "several", points, answer.show(answer.key), mistakes=_mistakes(wrong, answer.show),
                 options=(*answer.options, selections.NONE), rule=rule)  # fmt: skip


def _shape(name: str, answer: Shape | ShapeOrError, points: Fraction, slips: Slips) -> Field:
    wrong = [(slip, value) for slip, value in slips if spellings.plain(value) and not answer.compare(value).right]
    mistakes = _mistakes(wrong, answer.show)
    return Field(name, "text", points, answer.show(answer.key), mistakes=mistakes, spellings=spellings.of(answer))


def _mistakes(slips: Slips, form: Callable[[Any], Fraction | str]) -> tuple[Mistake, ...]:
    """The misconceptions by their value; where several lead to one, all are named, and the least credit counts."""
    found: dict[Any, list[Slip]] = {}
    for slip, value in slips:
        found.setdefault(form(value), []).append(slip)
    return tuple(
        Mistake(
            value,
            " Or: ".join(dict.fromkeys(slip.feedback for slip in same)),
            min(Fraction(slip.credit) for slip in same),
            Fraction(0),
            tuple(slip.name for slip in same),
        )
        for value, same in found.items()
    )
