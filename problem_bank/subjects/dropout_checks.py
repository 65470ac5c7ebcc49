"""What checks of inverted dropout share, whatever the interface: they judge what one pass made of its input."""

from __future__ import annotations

import numpy as np

from problem_bank.checks import CheckFailed, close, numeric
from problem_bank.exercise import Slip
from problem_bank.subjects.layer_checks import Array

NOTHING = ("In training nothing is dropped.", "nothing_dropped")


def batch(rng: np.random.Generator, shape: tuple[int, int] = (60, 50)) -> tuple[Array, float]:
    """An input without zeros, and a probability to drop that is not taken for its opposite."""
    return rng.uniform(0.5, 2, shape) * rng.choice([-1, 1], shape), float(rng.choice([0.15, 0.2, 0.3, 0.7, 0.8]))


def kept(value: object, x: Array, what: str) -> Array:
    """The mask that made `value` of x: true where something is left. Raises CheckFailed where that is no array."""
    out = numeric(value, what)
    if out.shape != x.shape:
        raise CheckFailed(f"{what} has shape {out.shape}; expected that of x, {x.shape}.")
    if out.dtype.kind == "c":
        raise CheckFailed(f"{what} holds complex numbers; expected real ones.")
    if not np.isfinite(out).all():
        raise CheckFailed(f"{what} holds entries that are nan or infinite.")
    mask: Array = out != 0
    return mask


def dropped_share(mask: Array, p: float) -> None:
    """Hold the dropped entries against p, within five standard deviations. Raises CheckFailed."""
    if mask.all():
        raise CheckFailed(*NOTHING)
    draws = max(mask.shape) if _shared(mask) else mask.size
    share, allowed = 1 - mask.mean(), 5 * (p * (1 - p) / draws) ** 0.5
    if abs(share - p) <= allowed:
        return
    if abs(share - (1 - p)) <= allowed:
        raise CheckFailed(
            "p is taken for the probability to keep an entry; here it is the one to drop it.", "p_as_keep"
        )
    raise CheckFailed(f"{share:.0%} of the entries are dropped where p is {p:.0%}.")


def kept_values(value: object, x: Array, mask: Array, p: float, what: str) -> None:
    """Hold what is left against x over the probability to be left. Raises CheckFailed.

    Where the mask shows that p was taken for that probability, it is p: `dropped_share` has charged for it.
    """
    if not mask.all() and abs(mask.mean() - p) < abs(mask.mean() - (1 - p)):
        p = 1 - p
    out, left = numeric(value, what), x * mask
    slips = [
        Slip("not_scaled", left, "The kept entries are not scaled; divide them by 1 - p."),
        Slip("scaled_by_p", left / p, "The kept entries are divided by p; divide them by 1 - p."),
        Slip("scaled_down", left * (1 - p), "The kept entries are multiplied by 1 - p; divide by it."),
        Slip("scaled_down", left * p, "The kept entries are multiplied by p; divide them by 1 - p."),
    ]
    close(out, left / (1 - p), what=what, slips=slips)


def independent(first: Array, second: Array) -> None:
    """Hold the masks of two passes against being drawn afresh, entry by entry. Raises CheckFailed."""
    if first.all():
        raise CheckFailed(*NOTHING)
    if np.array_equal(first, second):
        raise CheckFailed("Every pass drops the same entries; draw a new mask each time.", "same_mask")
    if _shared(first):
        raise CheckFailed("Whole rows or columns are dropped together; decide for every entry alone.", "mask_shared")


def evaluation(value: object, x: Array, p: float, what: str) -> None:
    """Hold the output of evaluation against x. Raises CheckFailed."""
    mask = kept(value, x, what)
    if not mask.all():
        raise CheckFailed(
            "In evaluation entries are still dropped; there, nothing may happen.", "dropped_in_evaluation"
        )
    scaled = "In evaluation the entries are scaled; the scaling is done in training already, so leave them as they are."
    factors = (1 - p, p, 1 / (1 - p), 1 / p)
    close(value, x, what=what, slips=[Slip("scaled_in_evaluation", x * factor, scaled) for factor in factors])


def backward(value: object, dout: Array, mask: Array, factor: float) -> None:
    """Hold the gradient against dout, through the mask and the factor of the submission's own forward pass.

    Raises CheckFailed.
    """
    through = dout * mask
    slips = [
        Slip("unmasked", dout, "dout comes back as it is; it passes only where the forward pass kept x."),
        Slip("unmasked", dout * factor, "dout is not masked; it passes only where the forward pass kept x."),
        Slip("gradient_not_scaled", through, "The factor 1/(1 - p) is missing in the gradient."),
        Slip("gradient_scaled_twice", through * factor**2, "The gradient has the factor 1/(1 - p) twice."),
    ]
    passed = kept(value, dout, "The gradient")
    if not passed.all() and not np.array_equal(passed, mask):
        raise CheckFailed("The way back has a mask of its own; use the one of the forward pass.", "fresh_mask")
    close(value, through * factor, what="The gradient", slips=slips)


def factor(value: object, x: Array) -> float:
    """By how much the entries that are left were multiplied; 1 if none is left."""
    ratios = numeric(value, "the output") / x
    return float(np.median(ratios[ratios != 0])) if ratios.any() else 1.0


def _shared(mask: Array) -> bool:
    """Are whole rows or columns dropped together?"""
    mixed = mask.any() and not mask.all()
    return bool(mixed and ((mask == mask[:1]).all() or (mask == mask[:, :1]).all()))


def names(back: bool, careful: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "share scaling masks evaluation" + " gradient" * back + " edge_cases" * careful
    return {part: (part,) for part in parts.split()}
