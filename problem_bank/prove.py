"""The proof of one draw: both routes agree, and every misconception leads elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from problem_bank.errors import Disproved, Rejected
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.values import freeze, plain


def prove(exercise: Exercise, oracle: Mapping[str, Any], *, pinned: bool) -> Exercise:
    """The exercise, once proven against the oracle's `part` and `part.misconception` values.

    Raises Disproved when the two routes differ (a bug), and Rejected when a misconception leads to
    the key, so that it could not be told from a right answer. In a pinned exercise that
    misconception is left out instead, since nothing can be redrawn.
    """
    keys = exercise.keys()
    parts = [_prove_part(part, keys, oracle, pinned) for part in exercise.parts]
    return replace(exercise, parts=parts)


def _prove_part(part: Part, keys: Mapping[str, Any], oracle: Mapping[str, Any], pinned: bool) -> Part:
    _agree(part, part.name, part.answer.key, oracle)
    if part.follow and not part.answer.agrees(part.follow(keys)):
        raise Disproved(f"{part.name}: follow(keys) gives {plain(part.follow(keys))}, not the key")
    kept = [slip for slip in part.misconceptions if _prove_slip(part, slip, keys, oracle, pinned)]
    return part if len(kept) == len(part.misconceptions) else replace(part, misconceptions=kept)


def _prove_slip(part: Part, slip: Slip, keys: Mapping[str, Any], oracle: Mapping[str, Any], pinned: bool) -> bool:
    """Is this misconception told apart from the key here?"""
    value, name = slip.worked(keys), f"{part.name}.{slip.name}"
    if value is None:
        if oracle.get(name) is not None:
            raise Disproved(f"{name}: the family says it does not apply, the oracle says {plain(oracle[name])}")
        return callable(slip.value)  # a rule may still apply to a student's own earlier values
    if part.answer.agrees(value):
        if not pinned:
            raise Rejected(f"{name} leads to the key")
        return False
    _agree(part, name, value, oracle)
    return True


def _agree(part: Part, name: str, value: Any, oracle: Mapping[str, Any]) -> None:
    if name not in oracle:
        raise Disproved(f"{name}: the oracle has no value; return one under this name")
    second = oracle[name] if isinstance(value, float) else freeze(oracle[name])  # freezing a float takes long
    if second is None or not (value == second or part.answer.keyed(value).agrees(second)):
        raise Disproved(f"{name}: the family says {plain(value)}, the oracle {plain(second)}")
