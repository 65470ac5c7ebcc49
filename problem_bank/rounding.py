"""Asking for rounded numbers: "give every number to 2 decimals", with marks to match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from problem_bank.answers.answer import places
from problem_bank.errors import BadGiven, Rejected
from problem_bank.exercise import Exercise, Part, Slip

DIGITS = "digits"
"""The setting, among those that an instructor gives to any family, that asks for so many digits after the point."""

MOST = 8
_SAID = "\n\n**Give every number to {}**, whatever else is said on that; go on with your rounded numbers if you like."


def asked_digits(given: Mapping[str, Any]) -> int | None:
    """How many digits after the point these settings ask for; None where they say nothing.

    Raises BadGiven for anything but a small whole number.
    """
    digits = given.get(DIGITS)
    if digits is None or (type(digits) is int and 1 <= digits <= MOST):
        return digits
    raise BadGiven(f"{DIGITS}: expected a whole number from 1 to {MOST} (digits after the point), got {digits!r}")


def rounded(exercise: Exercise, digits: int, *, pinned: bool) -> Exercise:
    """The proven exercise, asked for to so many digits after the point.

    Raises Rejected where rounding hides a misconception; a pinned exercise leaves that one out instead.
    Raises BadGiven where there is nothing to round.
    """
    keys = exercise.keys()
    parts = [_rounded(part, digits, keys, pinned) for part in exercise.parts]
    if all(new.answer is old.answer for new, old in zip(parts, exercise.parts, strict=True)):
        raise BadGiven(f"{DIGITS}: no part of this question asks for a number that could be rounded; leave it out")
    return replace(exercise, parts=parts, prompt=exercise.prompt + _SAID.format(places(digits)))


def _rounded(part: Part, digits: int, keys: Mapping[str, Any], pinned: bool) -> Part:
    answer = part.answer.rounded(digits)
    if answer is part.answer:
        return part
    seen = [slip for slip in part.misconceptions if not _hidden(slip, answer.agrees, keys)]
    if len(seen) < len(part.misconceptions) and not pinned:
        raise Rejected(f"to {places(digits)}, a misconception in {part.name} leads to the key")
    return replace(part, answer=answer, misconceptions=seen)


def _hidden(slip: Slip, is_key: Any, keys: Mapping[str, Any]) -> bool:
    """Does this misconception lead to what is now taken for the key?"""
    value = slip.worked(keys)
    return value is not None and bool(is_key(value))
