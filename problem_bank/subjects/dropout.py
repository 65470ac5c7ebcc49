"""Dropout with fixed masks: what each kept and each dropped value is multiplied by, rightly and wrongly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from problem_bank.errors import BadGiven
from problem_bank.rng import Rng
from problem_bank.values import Number, Vector, whole

NO_MASK = "You left the mask out; what it drops hands on 0, whatever its value."
INVERTED_MASK = "You used the mask the wrong way round; 0 drops a value and 1 keeps it."
RESCALED = "You divided by the keep probability; here the masks only multiply."
NOT_RESCALED = "You did not rescale; here every kept value is divided by the keep probability."


class WrongMask(NamedTuple):
    """A misconception about masks: what it multiplies kept and dropped values by."""

    name: str
    kept: Number
    dropped: Number
    feedback: str


@dataclass(frozen=True)
class Dropout:
    """Masks of 0 and 1 by layer (0 is the input); kept values are divided by `keep` if `rescale`."""

    masks: Mapping[int, Vector] = field(default_factory=dict)
    keep: Number = 1
    rescale: bool = False

    @cached_property
    def factor(self) -> Number:
        """What a kept value is multiplied by."""
        return whole(1 / Fraction(self.keep)) if self.rescale else 1

    def vector(self, layer: int) -> Vector:
        """What the values of a masked layer are multiplied by."""
        return _vector(self.masks[layer], self.factor, 0)

    def vectors(self, widths: Sequence[int], wrong: WrongMask | None = None) -> tuple[Vector, ...]:
        """The same for the input and every hidden layer of these widths: ones where no mask is."""
        kept, dropped = (wrong.kept, wrong.dropped) if wrong else (self.factor, 0)
        return tuple(
            _vector(self.masks.get(i, (1,) * n), kept if i in self.masks else 1, dropped) for i, n in enumerate(widths)
        )

    @cached_property
    def wrong_masks(self) -> tuple[WrongMask, ...]:
        """What students do in place of the mask."""
        divided = whole(1 / Fraction(self.keep))
        unscaled = WrongMask("not_rescaled", 1, 0, NOT_RESCALED)
        return (
            WrongMask("no_mask", 1, 1, NO_MASK),
            WrongMask("inverted_mask", 0, self.factor, INVERTED_MASK),
            unscaled if self.rescale else WrongMask("rescaled", divided, 0, RESCALED),
        )


def wrong_vector(mask: Vector, wrong: WrongMask) -> Vector:
    """What a misconception multiplies the values of a masked layer by."""
    return _vector(mask, wrong.kept, wrong.dropped)


def draw_masks(rng: Rng, widths: Sequence[int], masked: Sequence[int]) -> dict[int, Vector]:
    """m0, m1, ... with exactly one zero each, for the `masked` layers (0 is the input).

    Raises BadGiven for a layer that is not there, and for a pinned mask that holds other numbers.
    """
    if not set(masked) <= set(range(len(widths))):
        raise BadGiven(
            f"masked: {masked} names a layer that is not there; 0 is the input, {len(widths) - 1} the last hidden one"
        )
    masks: dict[int, Vector] = {i: rng.sample(f"m{i}", (0,) + (1,) * (widths[i] - 1), widths[i]) for i in masked}
    for i, mask in masks.items():
        if not set(mask) <= {0, 1}:
            raise BadGiven(f"m{i}: {mask} is no mask; write 0 for dropped and 1 for kept")
    return masks


def _vector(mask: Vector, kept: Number, dropped: Number) -> Vector:
    return tuple(kept if bit else dropped for bit in mask)
